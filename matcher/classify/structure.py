"""What the structure of a catalogue tells: how the chosen pairs contradict each other.

Two lists: an item has one match.  One table: the matches of a record match each other, and most
products are there twice.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.classify.levels import N_LEVELS, Levels, n_above
from matcher.compiled import kernel
from matcher.types import Bools, Ints, Longs, Pairs

Doubles = NDArray[np.float64]

LEAST_COVERAGE = 0.1
"""Share of records in a chosen pair below which contradictions are not made up for."""

N_ASKED = 20_000
"""Records whose matches are asked whether they match each other."""


def matches_by_structure(
    candidates: Pairs, levels: Levels, sources: Ints, *, is_link: bool
) -> Doubles:
    """Return the matches above each threshold, judged by how the chosen pairs contradict.

    Parameters
    ----------
    candidates : Pairs
        The candidates.
    levels : Levels
        Shape (n_candidates,): how many thresholds each reaches.
    sources : Ints
        Shape (n_records,): source of each record.
    is_link : bool
        Whether two tables are linked, sources 0 and 1.
    """
    n_chosen, best = n_above(levels), _best_levels(candidates, levels, len(sources))
    if is_link:
        in_sides = [n_above(best[sources == side]) for side in (0, 1)]
        contradicting = n_chosen - np.minimum(*in_sides)
        sizes = [max(int((sources == side).sum()), 1) for side in (0, 1)]
        coverage = np.maximum(*(n_in / size for n_in, size in zip(in_sides, sizes, strict=True)))
    else:
        n_in = n_above(best)
        closed = _closed_shares(candidates, levels, len(sources))
        contradicting = (n_chosen - n_in / 2) * (1 - closed)
        coverage = n_in / max(len(sources), 1)
    true = n_chosen - contradicting / np.maximum(coverage, LEAST_COVERAGE)
    return np.asarray(np.maximum(true, 0.0))


def _best_levels(pairs: Pairs, levels: Levels, n_records: int) -> Levels:
    """Return the level of the best pair of each record, 0 where it is in none."""
    order = np.argsort(levels, kind="stable")  # of the pairs of a record the last one is the best
    best = np.zeros((2, n_records), dtype=np.int8)
    for side, ends in zip(best, (pairs.left, pairs.right), strict=True):
        side[ends[order]] = levels[order]
    return np.asarray(best.max(axis=0))


def _closed_shares(pairs: Pairs, levels: Levels, n_records: int) -> Doubles:
    """Return how often two matches of a record match each other, at each threshold.

    At most `N_ASKED` records are asked; 1 where none has two matches.
    """
    asked = np.arange(0, n_records, max(n_records // N_ASKED, 1), dtype=np.int64)
    chosen = np.flatnonzero(levels)
    near = chosen[_touch_asked(pairs.take(chosen), asked, n_records)]
    pairs, levels = pairs.take(near), levels[near]
    rows, columns = (
        np.concatenate([pairs.left, pairs.right]),
        np.concatenate([pairs.right, pairs.left]),
    )
    ends = np.tile(levels.astype(np.int32), 2)
    matches = csr_array((ends, (rows, columns)), shape=(n_records, n_records))
    matches.sort_indices()
    counts, twos, closed = np.zeros((3, N_LEVELS), np.int64)
    _count_triangles(
        matches.indptr.astype(np.int64),
        matches.indices.astype(np.int32),
        matches.data,
        asked,
        (counts, twos, closed),
    )
    twos, closed = twos[1:], closed[1:]
    return np.asarray(np.where(twos > 0, closed / np.maximum(twos, 1), 1.0))


def _touch_asked(pairs: Pairs, asked: Longs, n_records: int) -> Bools:
    """Return which pairs count: those of records that are asked, and of those they match."""
    is_asked = np.zeros(n_records, dtype=np.bool_)
    is_asked[asked] = True
    is_near = is_asked.copy()
    is_near[pairs.left[is_asked[pairs.right]]] = True
    is_near[pairs.right[is_asked[pairs.left]]] = True
    return np.asarray(is_near[pairs.left] & is_near[pairs.right])


@kernel
def _count_triangles(
    indptr: Longs,
    others: Ints,
    levels: Ints,
    asked: Longs,
    of_level: tuple[Longs, Longs, Longs],
) -> None:
    """Count pairs of matches of the asked records, and those that match, at each threshold.

    A match of a level is chosen at as many thresholds, the lowest ones.  `of_level` are room and
    both counts, which begin at 0.
    """
    counts, twos, closed = of_level
    for record in asked:
        start, end = indptr[record], indptr[record + 1]
        for level in range(N_LEVELS):
            counts[level] = 0
        for one in range(start, end):
            counts[levels[one]] += 1
            at, other = start, others[one]
            for third in range(indptr[other], indptr[other + 1]):
                while at < end and others[at] < others[third]:
                    at += 1
                if at < end and others[at] == others[third]:
                    closed[min(levels[one], levels[at], levels[third])] += 1
        n_chosen = 0
        for level in range(N_LEVELS - 1, 0, -1):
            n_chosen += counts[level]
            twos[level] += n_chosen * (n_chosen - 1)
    for level in range(N_LEVELS - 1, 0, -1):
        closed[level - 1] += closed[level]
