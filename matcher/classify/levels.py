"""Thresholds that may be chosen, and how many pairs reach each of them."""

import numpy as np
from numpy.typing import NDArray

Levels = NDArray[np.int8]
"""How many of the thresholds each of some probabilities reaches."""

THRESHOLDS = np.concatenate([np.linspace(0.01, 0.1, 10), np.linspace(0.125, 0.95, 34)])
"""From which one is chosen."""

N_LEVELS = len(THRESHOLDS) + 1


def levels_of(probability: NDArray[np.float64]) -> Levels:
    """Return how many thresholds each probability reaches.

    Examples
    --------
    >>> levels_of(np.array([0.0, 0.015, 0.025, 1.0])).tolist()
    [0, 1, 2, 44]
    """
    return np.searchsorted(THRESHOLDS, probability, side="right").astype(np.int8)


def n_above(levels: Levels, weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Return how many reach each threshold, shape (n_thresholds,), or the sum of their weights."""
    return at_least(np.bincount(levels, weights, minlength=N_LEVELS).astype(np.float64))


def at_least(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what reaches each threshold, of what reaches just 0, 1, ... of them.

    Examples
    --------
    >>> at_least(np.array([5.0, 2.0, 1.0])).tolist()
    [3.0, 1.0]
    """
    return np.asarray(counts[::-1].cumsum(axis=0)[::-1][1:])
