"""Numbers of nodes and groups, and the joining of nodes by pairs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import inner_kernel, kernel, number_keys
from matcher.types import Longs, distinct


def number_by_first(labels: Longs) -> Longs:
    """Renumber labels, none below 0, from 0 in the order in which they first occur.

    Examples
    --------
    >>> number_by_first(np.array([7, 3, 7, 9])).tolist()
    [0, 1, 0, 2]
    """
    return number_keys(labels.astype(np.uint64) + np.uint64(1))  # 0 is no key


def join_nodes(n_nodes: int, left: NDArray[Any], right: NDArray[Any]) -> Longs:
    """Return the connected component of every node, numbered by its smallest node.

    Examples
    --------
    >>> join_nodes(5, np.array([1, 3]), np.array([4, 4])).tolist()
    [0, 1, 2, 1, 1]
    """
    lower = np.arange(n_nodes)
    _join_all(left.astype(np.int64), right.astype(np.int64), lower)
    return lower


@inner_kernel
def root_of(lower: Longs, node: int) -> int:
    """Return the smallest node of the component of a node, and shorten the way to it.

    Parameters
    ----------
    lower : Longs
        Shape (n_nodes,): a smaller node of the same component, or the node itself; changed.
    node : int
        The node.
    """
    while lower[node] != node:
        lower[node] = lower[lower[node]]
        node = lower[node]
    return node


@kernel
def _join_all(left: Longs, right: Longs, lower: Longs) -> None:
    """Write what `join_nodes` returns: every node points to a smaller one of its component."""
    for pair in range(len(left)):
        one, two = root_of(lower, left[pair]), root_of(lower, right[pair])
        lower[max(one, two)] = min(one, two)
    n_components = 0
    for node in range(len(lower)):
        if lower[node] == node:
            lower[node] = n_components
            n_components += 1
        else:
            lower[node] = lower[lower[node]]


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
    return distinct(keys[1:][keys[1:] == keys[:-1]] >> 32)
