"""A model that judges pairs of one catalogue, under any set of ignored axes."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from matcher.classify import Adaptation, Classifier, Scorer, SiblingModels, log_odds
from matcher.features import Comparisons, compare_each
from matcher.pipeline.samples import Sample, sample_of_scorer
from matcher.pipeline.stages import Prepared, scorer_of, with_words
from matcher.types import Pairs

Probabilities = NDArray[np.float64]

SIBLING_ODDS = 2.8
"""What the log-odds of a pair lose that names two models which differ in digits only. On five open
catalogues a general model gave such pairs .40 on average, and 4 % were one product."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a model says of pairs at first sight.

    Attributes
    ----------
    pairs : Pairs
        The pairs.
    same : Probabilities
        Shape (n_pairs,): that they are exact.
    family : Probabilities | None
        Shape (n_pairs,): that they are of one family, whatever their options; None if not asked.
    """

    pairs: Pairs
    same: Probabilities
    family: Probabilities | None


@dataclass(frozen=True, slots=True)
class Judge:
    """A model made ready for a catalogue.

    Attributes
    ----------
    prepared : Prepared
        The catalogue.
    classifier : Classifier
        The model.
    candidates : Pairs
        The candidates among which it judges: all of the catalogue, or those that are possible.
    fitted : Adaptation | None
        How a general model was fitted to the catalogue before; None fits it now.
    ready_scorer : Callable[[int, Comparisons], Scorer] | None
        Gives the model made ready for a question where the catalogue is a part of a larger one;
        None makes it ready for this catalogue.
    """

    prepared: Prepared
    classifier: Classifier
    candidates: Pairs
    fitted: Adaptation | None = None
    ready_scorer: Callable[[int, Comparisons], Scorer] | None = None
    _ready: dict[int, tuple[Comparisons, Scorer]] = field(default_factory=dict)
    _siblings: list[SiblingModels] = field(default_factory=list)

    @property
    def everything(self) -> int:
        """Bits of all axes."""
        return (1 << len(self.prepared.records.axes)) - 1

    def samples(self) -> tuple[Sample, ...]:
        """Return where the values of features lie, by question; none where others told it."""
        if self.ready_scorer is not None:
            return ()
        axes = self.prepared.records.axes
        return tuple(
            sample_of_scorer(
                tuple(axis for bit, axis in enumerate(axes) if ignored >> bit & 1), scorer
            )
            for ignored, (_, scorer) in self._ready.items()
        )

    def comparisons(self, ignored: int) -> Comparisons:
        """Return what the model sees of pairs with the axes of these bits ignored."""
        return self._question(ignored)[0]

    def probabilities(self, pairs: Pairs, ignored: int) -> Probabilities:
        """Return what the model says of pairs with the axes of these bits ignored, (n_pairs,)."""
        comparisons, scorer = self._question(ignored)

        def probability(chunk: Pairs) -> Probabilities:
            return self._weigh(chunk, scorer.probability(comparisons.compare(chunk)))

        chunks = self.prepared.engine.map_chunks("scoring", probability, pairs)
        return np.concatenate([np.zeros(0), *chunks])

    def look_at(self, pairs: Pairs, *, with_families: bool) -> Look:
        """Return what the model says of pairs; most comparisons serve both questions."""
        if not with_families:
            return Look(pairs, self.probabilities(pairs, 0), None)
        asked = [self._question(ignored) for ignored in (0, self.everything)]
        comparisons, scorers = zip(*asked, strict=True)

        def probability(chunk: Pairs) -> Probabilities:
            features = compare_each(comparisons, chunk)
            both = [each.probability(f) for each, f in zip(scorers, features, strict=True)]
            return self._weigh(chunk, np.stack(both))

        chunks = self.prepared.engine.map_chunks("scoring", probability, pairs)
        same, family = np.concatenate([np.zeros((2, 0)), *chunks], axis=1)
        return Look(pairs, same, family)

    def _weigh(self, pairs: Pairs, probability: Probabilities) -> Probabilities:
        """Return the probabilities, shape (..., n_pairs), less sure where models are siblings.

        What a catalogue is like, its own labels teach; this is what all of them have in common.
        """
        if not self.classifier.is_general:
            return probability
        doubtful = np.flatnonzero(self._siblings[0].named(pairs))
        probability[..., doubtful] = expit(log_odds(probability[..., doubtful]) - SIBLING_ODDS)
        return probability

    def _question(self, ignored: int) -> tuple[Comparisons, Scorer]:
        prepared = self.prepared
        if not self._siblings:
            self._siblings.append(SiblingModels.of(prepared.records))
        if ignored not in self._ready:
            plain = prepared.plain if ignored == 0 else prepared.compare(ignored)
            classifier = self.classifier.asked(ignored)
            compared = with_words(prepared, plain, classifier.words)
            if self.ready_scorer is None:
                scorer = scorer_of(prepared, classifier, compared)
            else:
                scorer = self.ready_scorer(ignored, compared)
            self._ready[ignored] = compared, scorer
        return self._ready[ignored]
