"""What a model learns from: labelled pairs under two questions, and unlabelled negatives."""

import numpy as np
from numpy.typing import NDArray

from matcher.classify.booster import Examples
from matcher.types import Bools, Floats, Ints, Pairs

N_UNLABELLED = 10_000
"""Candidates taken as different; more changed nothing on valid sets."""

UNLABELLED_WEIGHT = 0.3
"""Of a candidate taken as different, beside 1 of a label."""


def to_examples(
    features: Floats, is_match: Bools, weight: float, start: NDArray[np.float64] | None
) -> Examples:
    """Return examples that all weigh the same and start from given margins, or from 0."""
    n_examples = len(is_match)
    return Examples(
        features=features,
        is_match=is_match,
        weights=np.full(n_examples, weight, dtype=np.float32),
        start=np.zeros(n_examples) if start is None else start,
    )


def join_examples(first: Examples, second: Examples) -> Examples:
    """Return the examples of both."""
    return Examples(
        np.concatenate([first.features, second.features]),
        np.concatenate([first.is_match, second.is_match]),
        np.concatenate([first.weights, second.weights]),
        np.concatenate([first.start, second.start]),
    )


def sure_negatives(candidates: Pairs, margin: NDArray[np.float64], matched: Pairs) -> Bools:
    """Return which candidates are safe to take as different without a label.

    Labelled pairs are hand-picked: a model that saw nothing else finds matches everywhere among
    the candidates (walmart-amazon end to end: F1 26, with these negatives 81; see
    docs/decisions/0004-unlabelled-negatives.md). Taking candidates at random would call unlabelled
    matches different. So a candidate is taken only where a first model says no *and* another
    candidate of each of its records is the likelier match.

    Parameters
    ----------
    candidates : Pairs
        All candidate pairs.
    margin : NDArray[np.float64]
        Shape (n_pairs,): margins of a model that was fitted on the labels alone.
    matched : Pairs
        Pairs that are labelled as matches: the likeliest of their records.
    """
    value = margin.copy()
    value[np.isin(candidates.keys(), matched.keys())] = np.inf
    best = np.full(int(candidates.right.max(initial=0)) + 1, -np.inf)
    np.maximum.at(best, candidates.left, value)
    np.maximum.at(best, candidates.right, value)
    is_best = (value >= best[candidates.left]) | (value >= best[candidates.right])
    return np.asarray((margin < 0) & ~is_best)


def assign_folds(pairs: Pairs, n_folds: int, seed: int) -> Ints:
    """Return a fold for each pair, all pairs of one left record in the same fold."""
    records, place = np.unique(pairs.left, return_inverse=True)
    folds = np.random.default_rng(seed).permutation(len(records)) % n_folds
    return folds[place].astype(np.int32)
