"""What models say of pairs that may be asked about, why these are worth asking, and how often."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from matcher.classify import (
    Classifier,
    Conflicts,
    SiblingModels,
    find_conflicts,
    log_odds,
    say_the_same,
    to_scores,
    trees_margin,
)
from matcher.labelling import Reason
from matcher.pipeline.exact import SURE
from matcher.pipeline.judge import SIBLING_ODDS, Probabilities
from matcher.pipeline.recalling import Recalled, see
from matcher.types import EXACT, VARIANT, Floats, Longs, Pairs, Scores

RANDOM = 0.25
"""Share of the questions that are a random sample: quality is estimated from them, and they find
what the model is sure of and wrong about."""

DISAGREEMENT = 0.1
"""Share of those about which the newest model contradicts the first one."""

VARIANTS = (0.05, 0.4)
"""Least and most share of those near the boundary of variant and different."""


@dataclass(frozen=True, slots=True)
class Vantage:
    """All that models of few labels see of the same pairs: each such model judges them at once.

    What narrows families further, keeping each kept axis by itself, is left out, as are what the
    new model of families says of exact pairs whose options agree, and the third look, which would
    judge all candidates anew.

    Attributes
    ----------
    pairs : Pairs
        The pairs.
    features, start : Floats, Probabilities
        As `see` returns them.
    is_possible, is_sure : NDArray[np.bool_]
        Shape (n_pairs,): no rule says that they are not exact; they say the same.
    shift : float
        How the catalogue fits the log-odds of exact, as it did before the first label.
    family : tuple[Floats, Probabilities] | None
        Features and margins with all axes ignored; None where nothing is ignored.
    penalty : Probabilities
        Shape (n_pairs,): what the log-odds of families lose for sibling models.
    conflicts : Conflicts
        What speaks against the pairs.
    """

    pairs: Pairs
    features: Floats
    start: Probabilities
    is_possible: NDArray[np.bool_]
    is_sure: NDArray[np.bool_]
    shift: float
    family: tuple[Floats, Probabilities] | None
    penalty: Probabilities
    conflicts: Conflicts

    def judge(self, model: Classifier, cuts: tuple[float, float]) -> Scores:
        """Return what a model that `train_few` made says of the pairs.

        Parameters
        ----------
        model : Classifier
            The model.
        cuts : tuple[float, float]
            Thresholds of exact, and of exact or variant.
        """
        if model.second is None:
            raise ValueError("a model of few labels has a second look")
        margin = trees_margin(model.second.trees, self.features) + self.start + self.shift
        same = np.where(self.is_possible, expit(margin), 0.0)
        same[self.is_sure] = SURE
        related = np.zeros(len(same))
        if self.family is not None and model.family is not None and model.family.prior is not None:
            features, prior = self.family
            kept = model.family.prior.calibration
            margin = trees_margin(model.family.trees, features) + kept.slope * prior + kept.shift
            related = expit(margin - self.penalty)
        return to_scores(self.pairs, same, related, self.conflicts, cuts)


def view(recalled: Recalled, pairs: Pairs, shift: float) -> Vantage:
    """Return all that models of few labels see of pairs, some of those that were looked at.

    Parameters
    ----------
    recalled : Recalled
        What the prior knows.
    pairs : Pairs
        The pairs.
    shift : float
        As in `Vantage`.
    """
    prepared, room = recalled.judge.prepared, recalled.room
    seen = see(recalled, pairs)
    place = recalled.look.pairs.places_of(pairs)
    family = None
    if room is not None:
        compared, logit = room.compare(pairs, 1)  # the second question ignores all axes
        own = recalled.judge.classifier.calibration
        family = compared, (logit - own.shift) / own.slope
    siblings = SiblingModels.of(prepared.records).named(pairs)
    penalty = np.zeros(len(pairs))
    penalty[siblings] = SIBLING_ODDS
    ignored = prepared.ignoring.of_pairs(pairs)
    return Vantage(
        pairs=pairs,
        features=seen.features,
        start=seen.start,
        is_possible=recalled.first[place] > 0,
        is_sure=say_the_same(prepared.records, pairs),
        shift=shift,
        family=family,
        penalty=penalty,
        conflicts=find_conflicts(prepared.records, pairs, ignored),
    )


def rank_questions(
    newest: Scores, first: Scores, cuts: tuple[float, float], *, with_families: bool
) -> dict[Reason, Longs]:
    """Return for each reason the places of the pairs, the best first.

    Parameters
    ----------
    newest, first : Scores
        Of the same pairs, by the newest model and before the first answer.
    cuts : tuple[float, float]
        The model's thresholds of exact, and of exact or variant.
    with_families : bool
        Whether there are variants: where nothing is ignored there are none.
    """
    exact = newest.probabilities[:, EXACT].astype(np.float64)
    family = exact + newest.probabilities[:, VARIANT]
    moved = np.abs(newest.probabilities - first.probabilities).sum(axis=1)
    contradicts = np.flatnonzero(newest.relations != first.relations)
    queues: dict[Reason, Longs] = {
        "boundary-exact": _nearest(exact, cuts[0]),
        "disagreement": contradicts[np.argsort(-moved[contradicts], kind="stable")],
    }
    if with_families:
        queues["boundary-variant"] = _nearest(family, cuts[1])
    return queues


def _nearest(probability: NDArray[np.float64], cut: float) -> Longs:
    """Return the places of the possible pairs, those nearest to a threshold first."""
    far = np.abs(log_odds(probability) - log_odds(np.array(cut)))
    order = np.argsort(far, kind="stable")
    return order[probability[order] > 0]


def share_questions(counts: Mapping[int, int], *, with_families: bool) -> dict[Reason, float]:
    """Return the share of the questions that each reason gets.

    Where answers say variant more often, more is asked about variants.

    Parameters
    ----------
    counts : Mapping[int, int]
        How many answers there are of each relation.
    with_families : bool
        Whether there are variants.
    """
    total = sum(counts.values())
    variants = 0.0
    if with_families:
        variants = float(np.clip((counts.get(VARIANT, 0) + 2) / (total + 10), *VARIANTS))
    exact = 1 - RANDOM - DISAGREEMENT - variants
    return {
        "boundary-exact": exact,
        "boundary-variant": variants,
        "disagreement": DISAGREEMENT,
        "random": RANDOM,
    }
