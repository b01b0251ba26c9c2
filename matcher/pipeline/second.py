"""Learn models that judge "exact?" again, seeing how a pair stands among all candidates."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.classify import (
    STANDING_NAMES,
    Classifier,
    Examples,
    Lesson,
    Standing,
    arrange_standing,
    join_examples,
    train_classifier,
    trees_margin,
    unseen_margins,
)
from matcher.pipeline.stages import Prepared
from matcher.types import Floats, Ints, Labels, Longs, Pairs

Doubles = NDArray[np.float64]

LEAST_FOR_SECOND = 500
"""Labels from which there is a second model: fewer cannot teach one."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a model is learned from, and what is known of the candidates.

    Attributes
    ----------
    lesson : Lesson
        The examples: labels under every question, "exact?" first, then unlabelled candidates.
    features : Floats
        Shape (n_candidates, n_features): of every candidate under "exact?".
    start : Doubles
        Shape (n_candidates,): the margins that trees start from.
    unlabelled : Longs
        The candidates that are taken as different, as in the lesson.
    """

    lesson: Lesson
    features: Floats
    start: Doubles
    unlabelled: Longs


@dataclass(frozen=True, slots=True)
class _Pupils:
    """Who is taught, and which pairs no trees may have seen that judge them.

    Attributes
    ----------
    prepared : Prepared
        The catalogue.
    material : Material
        What its first look was learned from.
    taught, judged : Pairs
        The labelled pairs that it was learned from, and those on which thresholds are chosen.
    folds : Ints
        The fold of each candidate.
    """

    prepared: Prepared
    material: Material
    taught: Pairs
    judged: Pairs | None
    folds: Ints

    @property
    def taught_folds(self) -> Ints:
        """The fold of each labelled pair."""
        return self.material.lesson.folds[: len(self.taught)]

    def labelled(self, lesson: Lesson) -> Examples:
        """Return the labelled pairs of a lesson: its first examples, under "exact?"."""
        return lesson.examples.take(np.arange(len(self.taught)))


@dataclass(frozen=True, slots=True)
class _Said:
    """What a look says: probabilities that pairs match.

    Attributes
    ----------
    taught, unseen : Doubles
        Of the labelled pairs and of all candidates, by trees that have not seen their fold.
    seen, judged : Doubles | None
        Of all candidates and of the pairs on which thresholds are chosen, as in a run; None where
        there are no such pairs.
    """

    taught: Doubles
    unseen: Doubles
    seen: Doubles | None = None
    judged: Doubles | None = None


def add_looks(
    prepared: Prepared,
    material: Material,
    first: Classifier,
    taught: Labels,
    judged: Labels | None,
) -> Classifier:
    """Return a model that looks again, inside one table a third time.

    Each look learns from what the one before it says of pairs whose fold it has not seen, as it
    will judge such pairs; see docs/decisions/0018-a-second-look.md and 0056-company-for-all.md.

    Parameters
    ----------
    prepared : Prepared
        The catalogue.
    material : Material
        What the first was learned from.
    first : Classifier
        The model.
    taught, judged : Labels
        The labelled pairs that it was learned from, and those on which thresholds are chosen.
    """
    lesson, candidates = material.lesson, prepared.candidates.pairs
    of_taught = lesson.folds[: len(taught.pairs)]
    folds = _folds_of(len(prepared.records), candidates, taught.pairs, of_taught)
    asked = None if judged is None else judged.pairs
    pupils = _Pupils(prepared, material, taught.pairs, asked, folds)
    seed = prepared.settings.seed
    said = _hear(pupils, lesson, first, material.features, material.features, material.start)
    again = _lesson(pupils, said)
    second = train_classifier(again, seed, {})
    if not prepared.records.is_link:
        unseen = _extend(pupils, said.unseen)
        seen = None if said.seen is None else _extend(pupils, said.seen)
        said = _hear(pupils, again, second, unseen, seen, np.zeros(len(candidates)))
        third = train_classifier(_lesson(pupils, said), seed, {})
        second = replace(second, second=third, threshold_exact=third.threshold_exact)
    return replace(first, second=second, threshold_exact=second.threshold_exact)


def _hear(
    pupils: _Pupils,
    lesson: Lesson,
    model: Classifier,
    unseen: Floats,
    seen: Floats | None,
    start: Doubles,
) -> _Said:
    """Return what a model says that was learned from a lesson.

    Parameters
    ----------
    pupils : _Pupils
        Of whom.
    lesson : Lesson
        Its labelled pairs are the first examples, what is unlabelled the last.
    model : Classifier
        The model.
    unseen, seen : Floats
        Shape (n_candidates, n_features): the candidates by what was said of unseen ones, and by
        what a run says; None where no threshold is chosen by that.
    start : Doubles
        Shape (n_candidates,): the margins that trees start from.
    """
    n_taught, labelled = len(pupils.taught), pupils.labelled(lesson)
    # Candidates that were taken as different are unseen too, or they would look surer than others.
    every = lesson.folds.copy()
    every[lesson.folds < 0] = pupils.folds[pupils.material.unlabelled]
    both = unseen_margins(
        lesson,
        every,
        pupils.prepared.settings.seed,
        np.concatenate([labelled.features, unseen]),
        np.concatenate([labelled.start, start]),
        np.concatenate([pupils.taught_folds, pupils.folds]),
    )
    own, margin = both[:n_taught], both[n_taught:]
    keys, known = pupils.prepared.candidates.pairs.keys(), pupils.taught.keys()
    is_candidate = np.isin(known, keys)
    # Of the words of a labelled pair its own features know only what the other folds teach.
    margin[np.searchsorted(keys, known[is_candidate])] = own[is_candidate]
    probability = model.calibration.probability
    said = _Said(probability(own), probability(margin))
    if pupils.judged is None or lesson.valid is None or seen is None:
        return said
    asked = lesson.valid.take(np.arange(len(pupils.judged)))
    return replace(
        said,
        seen=probability(trees_margin(model.trees, seen) + start),
        judged=probability(trees_margin(model.trees, asked.features) + asked.start),
    )


def _lesson(pupils: _Pupils, said: _Said) -> Lesson:
    """Return what the next look learns from: all features of pairs, and how they stand."""
    lesson, rows = pupils.material.lesson, pupils.material.unlabelled
    candidates = pupils.prepared.candidates.pairs
    rest = lesson.examples.take(lesson.folds < 0)
    unseen = _arrange(pupils, said.unseen)
    examples = join_examples(
        _stand(pupils.labelled(lesson), unseen.features(pupils.taught, said.taught)),
        _stand(rest, unseen.features(candidates.take(rows), said.unseen[rows])),
    )
    valid = None
    if pupils.judged and lesson.valid and said.seen is not None and said.judged is not None:
        asked = lesson.valid.take(np.arange(len(pupils.judged)))
        seen = _arrange(pupils, said.seen)
        valid = _stand(asked, seen.features(pupils.judged, said.judged))
    folds = np.concatenate([pupils.taught_folds, np.full(len(rows), -1, np.int32)])
    features = (*lesson.features, *STANDING_NAMES)
    return Lesson(features, (), examples, folds, valid, prior=None, words=None)


def _extend(pupils: _Pupils, said: Doubles) -> Floats:
    """Return all features of the candidates, and how they stand by what is said of them."""
    standing = _arrange(pupils, said).features(pupils.prepared.candidates.pairs, said)
    return np.concatenate([pupils.material.features, standing], axis=1)


def _arrange(pupils: _Pupils, said: Doubles) -> Standing:
    records, candidates = pupils.prepared.records, pupils.prepared.candidates.pairs
    return arrange_standing(len(records), candidates, said, is_link=records.is_link)


def _folds_of(n_records: int, candidates: Pairs, labelled: Pairs, folds: Ints) -> Ints:
    """Return the fold of each candidate: that of the labels of its left record, or any."""
    of_record = np.random.default_rng(0).integers(folds.max() + 1, size=n_records, dtype=np.int32)
    of_record[labelled.left] = folds
    return np.asarray(of_record[candidates.left])


def _stand(examples: Examples, standing: Floats) -> Examples:
    """Return examples with more features, which start from nothing: the first model is one."""
    features = np.concatenate([examples.features, standing], axis=1)
    return replace(examples, features=features, start=np.zeros(len(features)))
