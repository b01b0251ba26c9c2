"""Measures of groups, from counts: no pair is ever enumerated."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.evaluation.pairs import PairMeasures, share
from matcher.types import Longs

Numbers = NDArray[np.integer[Any]]


def pairwise_measures(groups: Numbers, truth: Numbers) -> PairMeasures:
    """Compare which pairs of records are together with which should be.

    With n records of true group j in group i counted by c_ij: tp = sum of c_ij (c_ij - 1) / 2,
    and likewise for all pairs of the groups and of the truth.

    Parameters
    ----------
    groups, truth : NDArray of integers
        Shape (n_records,): group of each record; the numbers themselves mean nothing.

    Examples
    --------
    >>> measures = pairwise_measures(np.array([0, 0, 0, 1]), np.array([5, 5, 7, 7]))
    >>> measures.tp, measures.fp, measures.fn
    (1, 2, 1)
    """
    of_groups, of_truth, cells = _contingency(groups, truth)[:3]
    tp = _n_pairs(cells)
    return PairMeasures.from_counts(tp, _n_pairs(of_groups) - tp, _n_pairs(of_truth) - tp)


def bcubed_measures(groups: Numbers, truth: Numbers) -> PairMeasures:
    """Compare groups record by record (B-cubed), each record counting the same.

    Precision is the mean over records of the share of its group that is of its true group, recall
    the mean share of its true group that is in its group, F1 their harmonic mean.  `tp` is the sum
    of the shares of precision, `fp` and `fn` what the two sums lack to the number of records.

    Parameters
    ----------
    groups, truth : NDArray of integers
        Shape (n_records,).

    References
    ----------
    Bagga and Baldwin, Entity-based cross-document coreferencing using the vector space model, 1998.

    Examples
    --------
    >>> measures = bcubed_measures(np.array([0, 0, 0, 1]), np.array([5, 5, 7, 7]))
    >>> round(measures.precision, 4), round(measures.recall, 4)
    (0.6667, 0.75)
    """
    of_groups, of_truth, cells, rows, columns = _contingency(groups, truth)
    n = len(groups)
    precise = float((cells**2 / of_groups[rows]).sum())
    recalled = float((cells**2 / of_truth[columns]).sum())
    precision, recall = share(precise, n), share(recalled, n)
    f1 = share(2 * precision * recall, precision + recall)
    return PairMeasures(precision, recall, f1, precise, n - precise, n - recalled)


def _contingency(groups: Numbers, truth: Numbers) -> tuple[Longs, Longs, Longs, Longs, Longs]:
    """Return sizes of the groups and of the true groups, and the occupied cells with their ends."""
    _, groups = np.unique(groups, return_inverse=True)
    _, truth = np.unique(truth, return_inverse=True)
    keys, cells = np.unique((groups.astype(np.int64) << 32) | truth, return_counts=True)
    return np.bincount(groups), np.bincount(truth), cells, keys >> 32, keys & 0xFFFFFFFF


def _n_pairs(sizes: Longs) -> int:
    return int((sizes * (sizes - 1) // 2).sum())
