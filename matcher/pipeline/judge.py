"""A model that judges pairs of one catalogue, under any set of ignored axes."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from matcher.classify import (
    Adaptation,
    Classifier,
    PriceClasses,
    Scorer,
    SiblingModels,
    differing_axes,
    known_axes,
    log_odds,
    make_scorer,
    price_classes,
)
from matcher.features import Compared, Comparisons, Remembered, price_gaps
from matcher.pipeline.samples import Sample, sample_of_scorer
from matcher.pipeline.stages import N_RANKED, Prepared, choose_sample, with_words
from matcher.pipeline.twofold import Twofold
from matcher.types import Bits, Floats, Longs, Pairs

Probabilities = NDArray[np.float64]

SIBLING_ODDS = 2.8
"""What the log-odds of a pair lose that names two models which differ in digits only. On five open
catalogues a general model gave such pairs .40 on average, and 4 % were one product."""

LEAST_LIKELY = 0.01
"""Less likely variants are not asked about again: no threshold is so low."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a model says of pairs at first sight.

    Attributes
    ----------
    pairs : Pairs
        The pairs.
    same : Probabilities
        Shape (n_pairs,): that they are exact.
    related : tuple[Probabilities, ...]
        Shape (n_pairs,) each: that they are of one family, under each question that was asked.
    questions : tuple[int, ...]
        Bits of the axes that each of these ignores.
    """

    pairs: Pairs
    same: Probabilities
    related: tuple[Probabilities, ...]
    questions: tuple[int, ...] = ()

    @property
    def family(self) -> Probabilities | None:
        """That they are of one family under the first question; None if none was asked."""
        return self.related[0] if self.related else None

    def places_of(self, pairs: Pairs) -> Longs:
        """Return the places of other pairs among these, -1 where they are not."""
        keys, wanted = self.pairs.keys(), pairs.keys()
        if not len(keys):
            return np.full(len(pairs), -1)
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[place] == wanted, place, -1)


def look_of(pairs: Pairs, questions: tuple[int, ...], chunks: list[Probabilities]) -> Look:
    """Return what was said of pairs, (1 + n_questions, n_pairs), as a `Look`."""
    same, *related = np.concatenate([np.zeros((1 + len(questions), 0)), *chunks], axis=1)
    return Look(pairs, same, tuple(related), questions)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the records of a catalogue say, made ready once."""

    siblings: SiblingModels
    axes: Bits


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
    seen : Look | None
        What it has said of some pairs already, whatever their options; these it need not compare.
    known : Remembered | None
        What costs much to compare, of some pairs that were compared with nothing ignored.
    """

    prepared: Prepared
    classifier: Classifier
    candidates: Pairs
    fitted: Adaptation | None = None
    ready_scorer: Callable[[int, Comparisons], Scorer] | None = None
    seen: Look | None = None
    known: Remembered | None = None
    _ready: dict[int, tuple[Comparisons, Scorer]] = field(default_factory=dict)
    _twofold: dict[int, Twofold | None] = field(default_factory=dict)
    _of_records: list[_Known] = field(default_factory=list)
    _sample: list[Compared] = field(default_factory=list)
    _prices: list[tuple[Pairs, PriceClasses]] = field(default_factory=list)

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

    def make_ready(self, questions: tuple[int, ...]) -> None:
        """Make the model ready for "exact?" and these questions, here: threads would do it twice.

        Parameters
        ----------
        questions : tuple[int, ...]
            Bits of the axes that each ignores.
        """
        if self.ready_scorer is not None and self.prepared.engine.n_workers == 1:
            return  # a search: most questions concern none of its pairs
        for ignored in (0, *questions):
            self._question(ignored)
        for ignored in questions[:1]:
            if ignored not in self._twofold:
                self._twofold[ignored] = Twofold.of(self._question(0), self._question(ignored))
        self._sample.clear()

    def comparisons(self, ignored: int) -> Comparisons:
        """Return what the model sees of pairs with the axes of these bits ignored."""
        return self._question(ignored)[0]

    def comparisons_again(self) -> Comparisons:
        """Return `comparisons` with nothing ignored, for pairs of which some may be known."""
        comparisons = self.comparisons(0)
        return comparisons if self.known is None else self.known.beside(comparisons)

    def price_classes(self, pairs: Pairs) -> PriceClasses:
        """Return the classes of the prices of pairs, shape (n_pairs,), made once for the last."""
        if not (self._prices and self._prices[0][0].equals(pairs)):
            self._prices[:] = [(pairs, price_classes(price_gaps(self.prepared.records, pairs)))]
        return self._prices[0][1]

    def probabilities(self, pairs: Pairs, ignored: int) -> Probabilities:
        """Return what the model says of pairs with the axes of these bits ignored, (n_pairs,)."""
        self._question(ignored)

        def probability(chunk: Pairs) -> Probabilities:
            return self._say(Compared(chunk), ignored)

        chunks = self.prepared.engine.map_chunks("scoring", probability, pairs)
        return np.concatenate([np.zeros(0), *chunks])

    def look_at(self, pairs: Pairs, questions: tuple[int, ...] = ()) -> Look:
        """Return what the model says of pairs; most comparisons serve all questions.

        Parameters
        ----------
        pairs : Pairs
            The pairs.
        questions : tuple[int, ...]
            Bits of the axes that are ignored under each question of families: the widest first.
            The others say at most what it says, and are asked only of pairs that they can concern.
        """
        self.make_ready(questions)
        seen = self.seen
        if seen is None or questions[:1] not in ((), seen.questions[:1]):
            return self._look(pairs, questions)
        if seen.questions == questions and np.array_equal(seen.pairs.keys(), pairs.keys()):
            return seen
        place = seen.places_of(pairs)
        known, others = np.flatnonzero(place >= 0), np.flatnonzero(place < 0)
        new = self._look(pairs.take(others), questions)
        said = np.empty((1 + len(questions), len(pairs)))
        said[:, others] = np.stack([new.same, *new.related])
        said[0, known] = seen.same[place[known]]
        if questions == seen.questions:
            for row, related in zip(said[1:], seen.related, strict=True):
                row[known] = related[place[known]]
        elif questions:
            again = pairs.take(known)
            said[1:, known] = self._narrow(
                again,
                seen.related[0][place[known]],
                questions,
                lambda asked, ignored: self.probabilities(again.take(asked), ignored),
            )
        return Look(pairs, said[0], tuple(said[1:]), questions)

    def look_at_compared(self, compared: Compared, questions: tuple[int, ...]) -> Probabilities:
        """Return what the model says of a chunk of pairs, some of which may be compared already.

        Parameters
        ----------
        compared : Compared
            The pairs.
        questions : tuple[int, ...]
            As for `look_at`; all must be ready.

        Returns
        -------
        Probabilities
            Shape (1 + n_questions, n_pairs): that they are exact, and of one family.
        """

        def ask(asked: Longs, ignored: int) -> Probabilities:
            return self._say(compared.take(asked, self.comparisons(ignored)), ignored)

        twofold = self._twofold.get(questions[0]) if questions else None
        if twofold is None:
            said = [self._say(compared, ignored) for ignored in (0, *questions[:1])]
        else:
            said = list(self._weigh(compared.pairs, twofold.probabilities(compared)))
        if questions:
            said[1:] = self._narrow(compared.pairs, said[1], questions, ask)
        return np.stack(said)

    def _look(self, pairs: Pairs, questions: tuple[int, ...]) -> Look:
        """Return what the model says of pairs that it has not seen."""

        def said_of(chunk: Pairs) -> Probabilities:
            return self.look_at_compared(Compared(chunk), questions)

        return look_of(pairs, questions, self.prepared.engine.map_chunks("scoring", said_of, pairs))

    def _narrow(
        self,
        pairs: Pairs,
        widest: Probabilities,
        questions: tuple[int, ...],
        ask: Callable[[Longs, int], Probabilities],
    ) -> list[Probabilities]:
        """Return what is said under all questions, given the answer to the widest of them.

        `ask` says what the model does of the pairs at some places under a narrower one.
        """
        said = [widest]
        likely = np.flatnonzero(widest >= LEAST_LIKELY)
        some, known = pairs.take(likely), self._known().axes
        differs = differing_axes(self.prepared.records, some)
        told = known[some.left] | known[some.right]
        for ignored in questions[1:]:
            # Keeping an axis of which neither record says anything changes nothing.
            is_asked = (differs & ~np.uint32(ignored) == 0) & (told & (questions[0] ^ ignored) != 0)
            asked, found = likely[is_asked], widest.copy()
            if len(asked):
                found[asked] = np.minimum(found[asked], ask(asked, ignored))
            said.append(found)
        return said

    def _say(self, compared: Compared, ignored: int) -> Probabilities:
        comparisons, scorer = self._question(ignored)
        return self._weigh(compared.pairs, scorer.probability(compared.by(comparisons)))

    def _weigh(self, pairs: Pairs, probability: Probabilities) -> Probabilities:
        """Return the probabilities, shape (..., n_pairs), less sure where models are siblings.

        What a catalogue is like, its own labels teach; this is what all of them have in common.
        """
        if not self.classifier.is_general:
            return probability
        doubtful = np.flatnonzero(self._known().siblings.named(pairs))
        if len(doubtful):
            probability[..., doubtful] = expit(log_odds(probability[..., doubtful]) - SIBLING_ODDS)
        return probability

    def _known(self) -> _Known:
        if not self._of_records:
            records = self.prepared.records
            self._of_records.append(_Known(SiblingModels.of(records), known_axes(records)))
        return self._of_records[0]

    def _question(self, ignored: int) -> tuple[Comparisons, Scorer]:
        prepared = self.prepared
        self._known()
        if ignored not in self._ready:
            plain = prepared.plain if ignored == 0 else prepared.compare(ignored)
            classifier = self.classifier.asked(ignored)
            compared = with_words(prepared, plain, classifier.words)
            if self.ready_scorer is None:
                scorer = make_scorer(classifier, compared.names, self._features_of_sample(compared))
            else:
                scorer = self.ready_scorer(ignored, compared)
            self._ready[ignored] = compared, scorer
        return self._ready[ignored]

    def _features_of_sample(self, comparisons: Comparisons) -> Floats:
        """Return what `sample_candidates` does; what questions have in common is compared once."""
        if not self._sample:
            chosen = choose_sample(self.prepared)
            self._sample.extend(map(Compared, chosen.chunks(N_RANKED // 4)))
        features = self.prepared.engine.each(lambda some: some.by(comparisons), self._sample)
        return np.concatenate([np.zeros((0, len(comparisons.names)), np.float32), *features])
