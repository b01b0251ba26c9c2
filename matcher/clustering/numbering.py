"""Numbers of nodes and groups, and the joining of nodes by pairs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matcher.types import Longs


def number_by_first(labels: NDArray[Any]) -> Longs:
    """Renumber labels from 0 in the order in which they first occur.

    Examples
    --------
    >>> number_by_first(np.array([7, 3, 7, 9])).tolist()
    [0, 1, 0, 2]
    """
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[inverse], np.int64)


def join_nodes(n_nodes: int, left: NDArray[Any], right: NDArray[Any]) -> Longs:
    """Return the connected component of every node, numbered by its smallest node.

    Examples
    --------
    >>> join_nodes(5, np.array([1, 3]), np.array([4, 4])).tolist()
    [0, 1, 2, 1, 1]
    """
    if len(left) == 0:
        return np.arange(n_nodes, dtype=np.int64)
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(n_nodes, n_nodes))
    return number_by_first(connected_components(graph, directed=False)[1])


def holders_of_twice(holders: NDArray[Any], things: NDArray[Any]) -> Longs:
    """Return the holders, ascending, that hold one thing more than once.

    Parameters
    ----------
    holders, things : NDArray
        Shape (n_holdings,): numbers from 0; ``holders[i]`` holds ``things[i]``.

    Examples
    --------
    >>> holders_of_twice(np.array([5, 5, 3, 3]), np.array([0, 1, 2, 2])).tolist()
    [3]
    """
    keys = np.sort((holders.astype(np.int64) << 32) | things.astype(np.int64))
    return np.unique(keys[1:][keys[1:] == keys[:-1]] >> 32)
