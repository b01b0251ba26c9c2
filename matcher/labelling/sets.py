"""All pairs inside sets of rows."""

import numpy as np

from matcher.types import Longs


def count_pairs_inside(sets: Longs) -> int:
    """Return how many pairs of rows are in one set.

    Examples
    --------
    >>> count_pairs_inside(np.array([0, 0, 0, 1]))
    3
    """
    sizes = np.unique(sets, return_counts=True)[1]
    return int((sizes * (sizes - 1) // 2).sum())


def pairs_inside(sets: Longs) -> tuple[Longs, Longs]:
    """Return the row numbers of all pairs of rows that are in one set.

    Parameters
    ----------
    sets : Longs
        Shape (n_rows,): number of the set of each row.

    Examples
    --------
    >>> pairs_inside(np.array([0, 1, 0, 0]))
    (array([0, 0, 2]), array([2, 3, 3]))
    """
    order = np.argsort(sets, kind="stable")
    ends = np.cumsum(np.bincount(sets))[sets[order]]
    followers = ends - np.arange(len(order)) - 1
    first = np.repeat(np.arange(len(order)), followers)
    starts = np.repeat(np.cumsum(followers) - followers, followers)
    second = first + 1 + np.arange(len(first)) - starts
    return order[first], order[second]
