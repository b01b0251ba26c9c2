"""Learn a model from examples: trees, calibration, thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.classify.booster import (
    Examples,
    disjoint_margins,
    fit_fold_trees,
    fit_trees,
    load_trees,
    margins,
    out_of_fold_margins,
    trees_margin,
)
from matcher.classify.calibrate import expected_f1_threshold, fit_calibration
from matcher.classify.model import Classifier
from matcher.errors import LabelsError
from matcher.types import Bools, Floats, Ints, LearnedWords

Doubles = NDArray[np.float64]

FAMILY_QUESTION = "is_family_question"
"""Feature that is 1 where "exact or variant?" is asked, 0 where "exact?" is."""

N_TREES = 400
"""Trees of a model with plenty of labels; more changed nothing on valid sets."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Everything that a model is learned from.

    Attributes
    ----------
    features : tuple[str, ...]
        Names of the feature columns, without places.
    ranked : tuple[str, ...]
        Names of the features whose places the examples hold after the features.
    examples : Examples
        Labelled pairs, then unlabelled candidates taken as different.
    folds : Ints
        Shape (n_examples,): fold of each example for cross-validation; -1 for examples that only
        teach and are never scored.
    valid : Examples | None
        Labelled pairs on which calibration and threshold are chosen; None cross-validates.
    prior : Classifier | None
        The model whose margins are the examples' start.
    words : LearnedWords | None
        Words whose margin is the examples' feature ``word_margin``.
    most_trees : int
        Trees of the model, where there are labels enough.
    sides : Ints | None
        Shape (n_examples, 2): the groups of products that the records of each pair belong to, where
        calibration and threshold are for products that no label names; of the valid pairs only the
        share of matches then counts.
    """

    features: tuple[str, ...]
    ranked: tuple[str, ...]
    examples: Examples
    folds: Ints
    valid: Examples | None
    prior: Classifier | None
    words: LearnedWords | None
    most_trees: int = N_TREES
    sides: Ints | None = None


def train_classifier(lesson: Lesson, seed: int, card: Mapping[str, Any]) -> Classifier:
    """Fit trees, then choose calibration and threshold on pairs that the trees have not seen.

    Raises
    ------
    LabelsError
        The labels are all of one kind.
    """
    return train_with_folds(lesson, seed, card)[0]


def train_with_folds(
    lesson: Lesson, seed: int, card: Mapping[str, Any]
) -> tuple[Classifier, dict[int, str]]:
    """Return a model, and the trees by fold that have not seen it, if they were needed.

    Raises
    ------
    LabelsError
        The labels are all of one kind.
    """
    labelled = lesson.examples.take(lesson.folds >= 0)
    check_kinds(labelled.is_match)
    n_fitted = min(n_trees(len(labelled.is_match)), lesson.most_trees)
    by_fold: dict[int, str] = {}
    trees = fit_trees(lesson.examples, seed, n_fitted)
    if lesson.sides is not None:
        n_labelled = len(labelled.is_match)
        judged = _as_many_matches(labelled, lesson.valid)
        margin = disjoint_margins(lesson.examples, lesson.sides, n_labelled, seed, n_fitted)
    elif lesson.valid is not None and _has_both(lesson.valid.is_match):
        judged = lesson.valid
        margin = trees_margin(trees, judged.features) + judged.start
    else:
        judged = labelled
        by_fold = fit_fold_trees(lesson.examples, lesson.folds, seed, n_fitted)
        every = out_of_fold_margins(lesson.examples, lesson.folds, by_fold)
        margin = every[lesson.folds >= 0]
    calibration = fit_calibration(margin, judged.is_match, judged.weights)
    probability = calibration.probability(margin)
    is_family = _is_family(lesson.features, judged)
    classifier = Classifier(
        features=lesson.features,
        ranked=lesson.ranked,
        trees=trees,
        calibration=calibration,
        threshold_exact=_threshold(probability, judged, ~is_family),
        threshold_family=_threshold(probability, judged, is_family),
        card=dict(card),
        prior=lesson.prior,
        words=lesson.words,
    )
    return classifier, by_fold


def _as_many_matches(labelled: Examples, valid: Examples | None) -> Examples:
    """Return the labelled pairs, weighed so that their share of matches is that of others."""
    if valid is None or not _has_both(valid.is_match):
        return labelled
    odds = [
        each.weights[each.is_match].sum() / each.weights[~each.is_match].sum()
        for each in (valid, labelled)
    ]
    weights = np.where(labelled.is_match, labelled.weights * odds[0] / odds[1], labelled.weights)
    return replace(labelled, weights=weights.astype(np.float32))


def unseen_margins(
    lesson: Lesson, taught: Ints, seed: int, features: Floats, start: Doubles, folds: Ints
) -> Doubles:
    """Return margins of pairs by trees that have not seen the examples of their fold.

    Parameters
    ----------
    lesson : Lesson
        What the trees learn from.
    taught : Ints
        Shape (n_examples,): fold of each example, also of those that the lesson never judges.
    seed : int
        Of the trees.
    features, start, folds : Floats, Doubles, Ints
        Shape (n_pairs, n_features) and twice (n_pairs,): the pairs, the margins that trees start
        from, and their folds.
    """
    n_fitted = n_trees(int((lesson.folds >= 0).sum()))
    result = start.copy()
    for fold in np.unique(folds):
        rest = lesson.examples.take(taught != fold)
        asked = folds == fold
        if _has_both(rest.is_match):
            booster = load_trees(fit_trees(rest, seed, n_fitted))
            result[asked] += margins(booster, features[asked])
    return result


def _is_family(features: tuple[str, ...], examples: Examples) -> Bools:
    """Return which examples ask "exact or variant?"."""
    if FAMILY_QUESTION not in features:
        return np.zeros(len(examples.is_match), dtype=np.bool_)
    return np.asarray(examples.features[:, features.index(FAMILY_QUESTION)] == 1)


def _threshold(probability: Doubles, judged: Examples, asked: Bools) -> float:
    """Return the threshold of one question; where it was hardly asked, that of all answers."""
    if not _has_both(judged.is_match[asked]):
        asked = np.ones(len(probability), dtype=np.bool_)
    return expected_f1_threshold(probability[asked], judged.weights[asked])


def first_margins(examples: Examples, features: Floats, start: Doubles, seed: int) -> Doubles:
    """Return margins of pairs by trees that are fitted on labels alone, shape (n_pairs,).

    Parameters
    ----------
    examples : Examples
        Labelled pairs.
    features : Floats
        Shape (n_pairs, n_features): the pairs to judge.
    start : Doubles
        Shape (n_pairs,): their margins by the prior.
    seed : int
        Of the trees.
    """
    check_kinds(examples.is_match)
    trees = fit_trees(examples, seed, n_trees(len(examples.is_match)))
    return margins(load_trees(trees), features) + start


def check_kinds(is_match: Bools, n_labels: int | None = None) -> None:
    """Check that there are labels of both kinds.

    Parameters
    ----------
    is_match : Bools
        Answers.
    n_labels : int | None
        Labelled pairs for the message, where each gave several answers; None is one each.

    Raises
    ------
    LabelsError
        All labels are of one kind, or there are none.
    """
    if not _has_both(is_match):
        kind = "of the same product" if is_match.any() else "of different products"
        count = len(is_match) if n_labels is None else n_labels
        found = f"all {count} pairs are {kind}" if count else "there are none"
        raise LabelsError(
            f"labels: {found}, a model needs both kinds. "
            "Label some pairs that are the same product and some that are not."
        )


def _has_both(is_match: Bools) -> bool:
    return bool(is_match.any() and not is_match.all())


def n_trees(n_labels: int) -> int:
    """Return a third of the labels: forty labels cannot carry four hundred trees."""
    return int(np.clip(n_labels // 3, 30, N_TREES))
