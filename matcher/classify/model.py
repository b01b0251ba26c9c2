"""A trained model: what it needs to score pairs, and nothing of the catalogue it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.classify.calibrate import Calibration
from matcher.classify.forest import Forest, plant, read_splits
from matcher.classify.ranks import Ranks, rank_features
from matcher.types import Floats, LearnedWords

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Classifier:
    """Trees that answer "the same, except for what is ignored?", calibrated.

    One model serves every set of ignored axes: features come by role, and the axes that are
    ignored are chosen when features are computed.

    Attributes
    ----------
    features : tuple[str, ...]
        Names of the features that the trees see, in their order.
    ranked : tuple[str, ...]
        Names of the features whose mid-ranks among the candidates the trees see too, after the
        features.
    trees : str
        LightGBM's text.
    calibration : Calibration
        From margins to probabilities.
    threshold_exact, threshold_family : float
        Probabilities from which a pair is exact, and from which it is exact or variant.
    card : Mapping[str, Any]
        Where it comes from: numbers of labels, versions, figures; plain JSON values.
    prior : Classifier | None
        The model whose margins the trees start from.
    words : LearnedWords | None
        Words whose margin is a feature; None where there were too few labels to learn any.
    is_general : bool
        Whether it learned from other catalogues than it is for, so that its probabilities have to
        be fitted to each (`matcher.classify.adapt`).
    second : Classifier | None
        What judges "exact?" again, once this one has judged all candidates: it also sees how each
        pair stands among them (`matcher.classify.standing`).
    family : Classifier | None
        What judges whether pairs are of one family, in place of this one, which a few labels
        taught; None where this one does.
    """

    features: tuple[str, ...]
    ranked: tuple[str, ...]
    trees: str
    calibration: Calibration
    threshold_exact: float
    threshold_family: float
    card: Mapping[str, Any] = field(default_factory=dict)
    prior: "Classifier | None" = None
    words: LearnedWords | None = None
    is_general: bool = False
    second: "Classifier | None" = None
    family: "Classifier | None" = None

    def __hash__(self) -> int:
        """Return a hash of this very object, for caches: its arrays have none."""
        return id(self)

    @property
    def is_told(self) -> bool:
        """Whether a general model has learned from labels of the catalogue that it is for."""
        return self.second is not None and self.second.prior is not None

    def asked(self, ignored: int) -> "Classifier":
        """Return what judges pairs with the axes of these bits ignored, at first sight."""
        return self.family if ignored and self.family is not None else self


@dataclass(frozen=True, slots=True)
class Scorer:
    """A model made ready for one catalogue.

    Attributes
    ----------
    model : Classifier
        The model.
    forest : Forest
        Its trees, over the catalogue's features.
    columns : NDArray[np.intp]
        Shape (n_model_features,): column of the catalogue's features for each feature of the
        model, -1 where the catalogue has none.
    ranked_columns : NDArray[np.intp]
        Shape (n_ranked,): likewise for each feature that is ranked.
    ranks : Ranks
        Places of these among the catalogue's candidates.
    prior : Scorer | None
        The prior's scorer.
    """

    model: Classifier
    forest: Forest
    columns: NDArray[np.intp]
    ranked_columns: NDArray[np.intp]
    ranks: Ranks
    prior: "Scorer | None"

    def margin(self, features: Floats) -> Doubles:
        """Return the margins of pairs, shape (n_pairs,), the prior's part included."""
        margin = self.forest.margin(features)
        return margin if self.prior is None else margin + self.prior.logit(features)

    def logit(self, features: Floats) -> Doubles:
        """Return the calibrated log-odds of pairs, shape (n_pairs,)."""
        calibration = self.model.calibration
        return calibration.slope * self.margin(features) + calibration.shift

    def probability(self, features: Floats) -> Doubles:
        """Return the calibrated probability of a match, shape (n_pairs,)."""
        return self.model.calibration.probability(self.margin(features))

    def select(self, features: Floats) -> Floats:
        """Return what the trees see, from the catalogue's features (n_pairs, n_features)."""
        padded = _pad(features)
        places = self.ranks.places(padded[:, self.ranked_columns])
        return np.concatenate([padded[:, self.columns], places], axis=1)


def _pad(features: Floats) -> Floats:
    """Return the features and one more column, all NaN, which column -1 finds."""
    return np.column_stack([features, np.full(len(features), np.nan, dtype=np.float32)])


def make_scorer(model: Classifier, names: tuple[str, ...], sample: Floats) -> Scorer:
    """Make a model ready for a catalogue.

    Parameters
    ----------
    model : Classifier
        The model.
    names : tuple[str, ...]
        Names of the catalogue's features, in order.
    sample : Floats
        Shape (n_sample, n_features): features of a sample of the catalogue's candidates.
    """
    place = {name: column for column, name in enumerate(names)}
    columns = np.array([place.get(name, -1) for name in model.features], dtype=np.intp)
    ranked_columns = np.array([place.get(name, -1) for name in model.ranked], dtype=np.intp)
    ranks = rank_features(_pad(sample)[:, ranked_columns])
    return Scorer(
        model=model,
        forest=_plant(model, columns, ranked_columns, ranks),
        columns=columns,
        ranked_columns=ranked_columns,
        ranks=ranks,
        prior=make_scorer(model.prior, names, sample) if model.prior is not None else None,
    )


@lru_cache(maxsize=8)  # a search asks for the models of its second and third look again and again
def make_unranked_scorer(model: Classifier, names: tuple[str, ...]) -> Scorer:
    """Make a model ready that ranks no feature, or for a catalogue without a sample."""
    return make_scorer(model, names, np.zeros((0, len(names)), dtype=np.float32))


def _plant(
    model: Classifier, columns: NDArray[np.intp], ranked: NDArray[np.intp], ranks: Ranks
) -> Forest:
    """Make the trees ready: what they ask of the place of a value, they ask of the value."""
    splits = read_splits(model.trees)
    asked, thresholds = np.concatenate([columns, ranked])[splits.features], splits.thresholds.copy()
    for number in np.unique(splits.features[splits.features >= len(columns)]):
        nodes = splits.features == number
        feature = int(number) - len(columns)
        if len(ranks.ordered[feature]):
            thresholds[nodes] = ranks.values_at(feature, splits.thresholds[nodes])
        else:
            asked[nodes] = -1  # no place is known
    return plant(splits, asked, thresholds)
