"""Trees made ready for one catalogue: the same margins as LightGBM's, some times faster.

Measured for the shipped model of 400 trees on one core: LightGBM needs 15 us a pair, after 10 us
that put the features in its order and look their places up; this needs a third of it.  Values are
turned into bins once, so that a node compares two small numbers, and a block of pairs goes down one
tree after another, step by step and without branches, while the tree stays in the cache.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import kernel
from matcher.types import Floats, Ints, Longs

Doubles = NDArray[np.float64]
Bins = NDArray[np.uint16]

BLOCK = 256
"""Pairs that go down the trees together: their bins stay in the second cache."""

DEFAULT_LEFT, MISSING, MISSING_IS_NAN = 2, 12, 8
"""Bits of LightGBM's ``decision_type``."""


@dataclass(frozen=True, slots=True)
class Splits:
    """The nodes of all trees as LightGBM writes them.

    Attributes
    ----------
    features : Ints
        Shape (n_splits,): number of the feature that is asked.
    thresholds : Doubles
        Shape (n_splits,): at most this goes left.
    missing_left : NDArray[np.bool_]
        Shape (n_splits,): whether a missing value goes left.
    children : Longs
        Shape (n_splits, 2): left and right, a split of the same tree from 0, or ``-1 - leaf``.
    trees : Longs
        Shape (n_trees + 1,): splits of tree i are ``trees[i]`` to ``trees[i + 1]``.
    values : tuple[Doubles, ...]
        For each tree, the values of its leaves.
    """

    features: Ints
    thresholds: Doubles
    missing_left: NDArray[np.bool_]
    children: Longs
    trees: Longs
    values: tuple[Doubles, ...]


@lru_cache(maxsize=16)  # a search asks for the trees of its models again and again
def read_splits(text: str) -> Splits:
    """Read the nodes of numerical trees from LightGBM's text."""

    def numbers(key: str) -> list[Doubles]:
        found = re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)
        return [np.array(line.split(), dtype=np.float64) for line in found]

    features, thresholds, kinds = map(
        _joined, map(numbers, ("split_feature", "threshold", "decision_type"))
    )
    left, right = numbers("left_child"), numbers("right_child")
    # What a missing value is taken for, where it was never seen in training: 0.
    is_known = kinds.astype(np.int64) & MISSING == MISSING_IS_NAN
    missing_left = np.where(is_known, kinds.astype(np.int64) & DEFAULT_LEFT != 0, thresholds >= 0)
    return Splits(
        features.astype(np.int32),
        thresholds,
        missing_left,
        np.stack([_joined(left), _joined(right)], axis=1).astype(np.int64),
        np.cumsum([0, *map(len, left)]),
        tuple(numbers("leaf_value")),
    )


def _joined(parts: Sequence[Doubles]) -> Doubles:
    return np.concatenate([np.zeros(0), *parts])


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees over the columns of one catalogue's features.

    Attributes
    ----------
    columns : Longs
        Shape (n_used,): the columns that are asked, -1 for one that is always missing.
    starts : Longs
        Shape (n_used + 1,): where in `edges` those of each column are.
    edges : Doubles
        All thresholds of each column, ascending.
    nodes : Ints
        Shape (n_nodes, 5): which of the used columns a node asks; the lowest bin that goes left and
        how many more do, bin 0 being missing; the nodes to the left and right.  A leaf has itself.
    values : Doubles
        Shape (n_nodes,): of leaves.
    roots, depths : Longs
        Shape (n_trees,): first node of each tree, and steps to its deepest leaf.
    """

    columns: Longs
    starts: Longs
    edges: Doubles
    nodes: Ints
    values: Doubles
    roots: Longs
    depths: Longs

    def margin(self, features: Floats) -> Doubles:
        """Return the summed leaves of all trees, shape (n_pairs,)."""
        return descend(
            np.ascontiguousarray(features.T),
            (self.columns, self.starts, self.edges),
            (self.nodes, self.values, self.roots, self.depths),
        )


def plant(splits: Splits, columns: Longs, thresholds: Doubles) -> Forest:
    """Make trees ready for a catalogue.

    Parameters
    ----------
    splits : Splits
        The trees.
    columns : Longs
        Shape (n_splits,): column of the catalogue that each node asks, -1 where it has none.
    thresholds : Doubles
        Shape (n_splits,): of each node, in values of that column.
    """
    used, place = np.unique(columns, return_inverse=True)
    order = np.lexsort((thresholds, place))
    ordered, values = place[order], thresholds[order]
    is_new = np.ones(len(order), np.bool_)
    is_new[1:] = (ordered[1:] != ordered[:-1]) | (values[1:] != values[:-1])
    starts = np.searchsorted(ordered[is_new], np.arange(len(used) + 1))
    bins = np.empty(len(order), np.int64)
    bins[order] = np.cumsum(is_new) - starts[ordered]
    lowest = np.where(splits.missing_left, 0, 1)
    at, children, leaves = _arrange(splits)
    nodes = np.zeros((len(leaves), 5), np.int32)
    nodes[at, :3] = np.stack([place, lowest, bins - lowest], axis=1)
    nodes[:, 3:] = children
    roots = splits.trees + np.cumsum([0, *map(len, splits.values)])
    depths = _depths(children, roots[:-1])
    return Forest(used, starts, values[is_new], nodes, leaves, roots[:-1], depths)


def _arrange(splits: Splits) -> tuple[Longs, Longs, Doubles]:
    """Give every node a number: of each tree its splits and then its leaves.

    Returns
    -------
    tuple[Longs, Longs, Doubles]
        Shapes (n_splits,), (n_nodes, 2) and (n_nodes,): the number of each split, the children of
        each node, and the values of leaves, 0 for splits.
    """
    sizes = np.diff(splits.trees)
    counts = sizes + np.array([len(values) for values in splits.values], np.int64)
    roots = np.cumsum(counts) - counts
    root, size = np.repeat(roots, sizes), np.repeat(sizes, sizes)
    at = root + np.arange(len(root)) - np.repeat(splits.trees[:-1], sizes)
    children = np.repeat(np.arange(counts.sum())[:, None], 2, axis=1)
    leaf = (root + size - 1)[:, None] - splits.children
    children[at] = np.where(splits.children < 0, leaf, root[:, None] + splits.children)
    is_leaf = np.ones(len(children), np.bool_)
    is_leaf[at] = False
    leaves = np.zeros(len(children))
    leaves[is_leaf] = _joined(splits.values)
    return at, children, leaves


def _depths(children: Longs, roots: Longs) -> Longs:
    """Return the number of steps after which every path of each tree has ended."""
    depths = np.zeros(len(roots), np.int64)
    tree, at = np.arange(len(roots)), roots
    while True:
        is_open = children[at, 0] != at
        if not is_open.any():
            return depths
        tree, at = np.repeat(tree[is_open], 2), children[at[is_open]].ravel()
        depths[np.unique(tree)] += 1


@kernel
def descend(
    features: Floats,
    used: tuple[Longs, Longs, Doubles],
    trees: tuple[Ints, Doubles, Longs, Longs],
) -> Doubles:
    """Return the sum of the leaves of each pair, `features` being (n_features, n_pairs)."""
    columns, starts, edges = used
    nodes, values, roots, depths = trees
    n_pairs = features.shape[1]
    out = np.zeros(n_pairs)
    bins = np.zeros((len(columns), BLOCK), np.uint16)
    at = np.empty(BLOCK, np.int32)
    for first in range(0, n_pairs, BLOCK):
        size = min(BLOCK, n_pairs - first)
        for place in range(len(columns)):
            column = columns[place]
            for pair in range(size if column >= 0 else 0):
                value = features[column, first + pair]
                low, high = starts[place], starts[place + 1]
                while low < high:
                    middle = (low + high) // 2
                    if edges[middle] < value:
                        low = middle + 1
                    else:
                        high = middle
                bins[place, pair] = 0 if np.isnan(value) else low - starts[place] + 1
        for tree in range(len(roots)):
            for pair in range(size):
                at[pair] = roots[tree]
            for _ in range(depths[tree]):
                for pair in range(size):
                    node = at[pair]
                    above = np.uint32(bins[nodes[node, 0], pair]) - np.uint32(nodes[node, 1])
                    is_right = np.uint32(above) > np.uint32(nodes[node, 2])
                    at[pair] = nodes[node, 3 + np.int64(is_right)]
            for pair in range(size):
                out[first + pair] += values[at[pair]]
    return out
