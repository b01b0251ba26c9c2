"""Learn a second model, which judges "exact?" again beside all rivals of a pair."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.classify import (
    RIVAL_NAMES,
    Classifier,
    Examples,
    Lesson,
    arrange_rivals,
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


def add_second(
    prepared: Prepared,
    material: Material,
    first: Classifier,
    taught: Labels,
    judged: Labels | None,
) -> Classifier:
    """Return a model with a second one.

    It learns from what the first says of pairs whose fold it has not seen, as it will judge such
    pairs; see docs/decisions/0018-a-second-look.md.

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
    labelled = lesson.examples.take(np.arange(len(taught.pairs)))
    own, unseen = _unseen(prepared, material, first, taught)
    rest = lesson.examples.take(lesson.folds < 0)
    around = arrange_rivals(
        len(prepared.records), candidates, unseen, is_link=prepared.records.is_link
    )
    rows = material.unlabelled
    examples = join_examples(
        _extend(labelled, around.features(taught.pairs, own)),
        _extend(rest, around.features(candidates.take(rows), unseen[rows])),
    )
    valid = None
    if judged is not None and lesson.valid is not None:
        asked = lesson.valid.take(np.arange(len(judged.pairs)))
        seen = first.calibration.probability(
            trees_margin(first.trees, material.features) + material.start
        )
        own = first.calibration.probability(trees_margin(first.trees, asked.features) + asked.start)
        around = arrange_rivals(
            len(prepared.records), candidates, seen, is_link=prepared.records.is_link
        )
        valid = _extend(asked, around.features(judged.pairs, own))
    folds = np.concatenate([lesson.folds[: len(taught.pairs)], np.full(len(rows), -1, np.int32)])
    features = (*lesson.features, *RIVAL_NAMES)
    again = Lesson(features, (), examples, folds, valid, prior=None, words=None)
    second = train_classifier(again, prepared.settings.seed, {})
    return replace(first, second=second, threshold_exact=second.threshold_exact)


def _unseen(
    prepared: Prepared, material: Material, first: Classifier, taught: Labels
) -> tuple[Doubles, Doubles]:
    """Return the probabilities of labelled pairs and of all candidates, of unseen folds each."""
    lesson, candidates = material.lesson, prepared.candidates.pairs
    n_taught, n_records = len(taught.pairs), len(prepared.records)
    labelled, by_pair = lesson.examples.take(np.arange(n_taught)), lesson.folds[:n_taught]
    folds = _folds_of(n_records, candidates, taught.pairs, by_pair)
    # Candidates that were taken as different are unseen too, or they would look surer than others.
    every = lesson.folds.copy()
    every[lesson.folds < 0] = folds[material.unlabelled]
    both = unseen_margins(
        lesson,
        every,
        prepared.settings.seed,
        np.concatenate([labelled.features, material.features]),
        np.concatenate([labelled.start, material.start]),
        np.concatenate([by_pair, folds]),
    )
    own, margin = both[:n_taught], both[n_taught:]
    keys, known = candidates.keys(), taught.pairs.keys()
    is_candidate = np.isin(known, keys)
    # Of the words of a labelled pair its own features know only what the other folds teach.
    margin[np.searchsorted(keys, known[is_candidate])] = own[is_candidate]
    return first.calibration.probability(own), first.calibration.probability(margin)


def _folds_of(n_records: int, candidates: Pairs, labelled: Pairs, folds: Ints) -> Ints:
    """Return the fold of each candidate: that of the labels of its left record, or any."""
    of_record = np.random.default_rng(0).integers(folds.max() + 1, size=n_records, dtype=np.int32)
    of_record[labelled.left] = folds
    return np.asarray(of_record[candidates.left])


def _extend(examples: Examples, standing: Floats) -> Examples:
    """Return examples with more features, which start from nothing: the first model is one."""
    features = np.concatenate([examples.features, standing], axis=1)
    return replace(examples, features=features, start=np.zeros(len(features)))
