"""One-to-one links between two tables."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from matcher.types import EXACT, Bools, Floats, Ints, Longs, Scores

LEAST_PROBABILITY = 1e-6
"""Bounds the log-odds: no single pair outweighs any number of others."""


def one_to_one(scores: Scores, threshold: float) -> Bools:
    """Choose links so that every record has at most one.

    The most likely such choice is taken: it has the largest sum of log-odds of the pairs against
    the threshold.  So one sure pair beats two doubtful ones that exclude it.

    Parameters
    ----------
    scores : Scores
        Pairs across two tables: no record is both a left and a right one.
    threshold : float
        Probability from which a pair is exact.

    Returns
    -------
    Bools
        Shape (n_pairs,): the links that are kept, a subset of the pairs decided exact.

    Examples
    --------
    >>> from matcher.types import Pairs
    >>> pairs = Pairs(np.array([0, 0, 1], np.int32), np.array([2, 3, 2], np.int32))
    >>> exact = np.float32([0.95, 0.55, 0.55])
    >>> probabilities = np.stack([exact, 0 * exact, 1 - exact], axis=1)
    >>> one_to_one(Scores(pairs, probabilities, np.zeros(3, np.int8)), 0.5).tolist()
    [True, False, False]
    """
    kept = np.asarray(scores.relations == EXACT)
    links = np.flatnonzero(kept)
    rows, columns = scores.pairs.left[links], scores.pairs.right[links]
    rivals = np.maximum(np.bincount(rows)[rows], np.bincount(columns)[columns])
    contested = np.flatnonzero(rivals > 1)
    if len(contested) == 0:
        return kept
    kept[links[contested]] = False
    gains = _log_odds(scores.probabilities[links[contested], EXACT], threshold)
    chosen = _assign(rows[contested], columns[contested], gains)
    kept[links[contested[chosen]]] = True
    return kept


def _log_odds(probabilities: Floats, threshold: float) -> NDArray[np.float64]:
    """Return how much each link gains, above 0 even where a rule overruled its probability."""
    bound = (LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
    p = np.clip(probabilities.astype(np.float64), *bound)
    t = np.clip(threshold, *bound)
    gains = np.log(p / (1 - p)) - np.log(t / (1 - t))
    return np.asarray(np.maximum(gains, LEAST_PROBABILITY))


def _assign(lefts: Ints, rights: Ints, gains: NDArray[np.float64]) -> Longs:
    """Return the positions of the links in the assignment of the largest total gain."""
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    left, rows = np.unique(lefts, return_inverse=True)
    right, columns = np.unique(rights, return_inverse=True)
    n_rows, n_columns = len(left), len(right)
    # A column of its own for every row, which costs more than any link: to be left alone.
    alone = np.arange(n_rows)
    worst = gains.max() + 1.0
    costs = np.concatenate([worst - gains, np.full(n_rows, worst)])
    ends = (np.concatenate([rows, alone]), np.concatenate([columns, n_columns + alone]))
    graph = coo_array((costs, ends), shape=(n_rows, n_columns + n_rows)).tocsr()
    partner = min_weight_full_bipartite_matching(graph)[1]
    return np.flatnonzero(partner[rows] == columns)
