"""Measures of probabilities: thresholds, ranking, calibration, and how sure a figure is."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.evaluation.pairs import share
from matcher.types import Bools, Longs

Scores = NDArray[np.floating[Any]]


def best_threshold(truth: Bools, score: Scores) -> tuple[float, float]:
    """Return the threshold with the best F1, and that F1; scores from it upwards are positive.

    Thresholds lie midway between neighbouring scores; of equally good ones the highest is taken.

    Parameters
    ----------
    truth : Bools
        Shape (n_pairs,).
    score : NDArray of floats
        Shape (n_pairs,), without NaN.

    Returns
    -------
    tuple[float, float]
        ``(0.5, 0.0)`` where nothing is true.

    Examples
    --------
    >>> best_threshold(np.array([True, True, False]), np.array([0.75, 0.5, 0.25]))
    (0.375, 1.0)
    """
    if not truth.any():
        return 0.5, 0.0
    values, tp, positives = _cumulated(truth, score)
    f1 = 2 * tp / (positives + np.count_nonzero(truth))
    best = int(f1.argmax())
    below = values[best + 1] if best + 1 < len(values) else values[best]
    return float((values[best] + below) / 2), float(f1[best])


def average_precision(truth: Bools, score: Scores) -> float:
    """Return the area under the precision-recall curve, sum of (R_k - R_k-1) P_k.

    Equal scores are one step, so the order of the pairs does not matter.

    Parameters
    ----------
    truth : Bools
        Shape (n_pairs,).
    score : NDArray of floats
        Shape (n_pairs,), without NaN.

    Examples
    --------
    >>> average_precision(np.array([True, False, True]), np.array([0.9, 0.8, 0.7]))
    0.8333333333333333
    """
    if not truth.any():
        return 0.0
    _, tp, positives = _cumulated(truth, score)
    return float((np.diff(tp, prepend=0) * tp / positives).sum() / tp[-1])


def _cumulated(truth: Bools, score: Scores) -> tuple[NDArray[np.float64], Longs, Longs]:
    """Return the distinct scores, descending, and true and all pairs from each upwards."""
    values, inverse, counts = np.unique(
        score.astype(np.float64), return_inverse=True, return_counts=True
    )
    true = np.bincount(inverse[truth], minlength=len(values))
    return values[::-1], np.cumsum(true[::-1]), np.cumsum(counts[::-1])


def expected_calibration_error(truth: Bools, probability: Scores, bins: int = 15) -> float:
    """Return the mean distance of probability and truth, over equal bins weighted by their pairs.

    sum over bins of n_b / n * |mean probability in b - share of true pairs in b|; 0 of no pairs.
    Where nearly all pairs are surely different it is small whatever the model says of the others.

    Parameters
    ----------
    truth : Bools
        Shape (n_pairs,).
    probability : NDArray of floats
        Shape (n_pairs,), 0 to 1.
    bins : int
        Number of bins of equal width.

    References
    ----------
    Guo, C., Pleiss, G., Sun, Y., Weinberger, K. (2017). On calibration of modern neural networks.

    Examples
    --------
    >>> expected_calibration_error(np.array([True, False]), np.array([0.75, 0.75]))
    0.25
    """
    bin_of = np.minimum((probability * bins).astype(np.int64), bins - 1)
    expected = np.bincount(bin_of, probability, bins)
    return share(np.abs(expected - np.bincount(bin_of, truth, bins)).sum(), len(truth))


def bootstrap_interval(
    n: int,
    measure: Callable[[Longs], float],
    *,
    repeats: int = 200,
    coverage: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the interval in which a measure lies when its items are drawn again.

    Parameters
    ----------
    n : int
        Number of items (pairs, or records).
    measure : Callable[[Longs], float]
        Computes the measure from positions of items, shape (n,), drawn with replacement.
    repeats : int
        How often to draw.
    coverage : float
        Share of the draws inside the interval.
    seed : int
        Of the draws.

    Examples
    --------
    >>> truth = np.array([True] * 80 + [False] * 20)
    >>> low, high = bootstrap_interval(100, lambda rows: float(truth[rows].mean()))
    >>> 0.65 < low < 0.8 < high < 0.95
    True
    """
    random = np.random.default_rng(seed)
    drawn = [measure(random.integers(0, n, n)) for _ in range(repeats)]
    tail = (1 - coverage) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return float(low), float(high)
