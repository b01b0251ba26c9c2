"""What is known between two nodes: the sum of the probabilities of the pairs between them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.types import Bools, Floats, Longs, Pairs, as_places

SCALE = 1 << 24
"""Probabilities are summed as multiples of 1 / SCALE, the precision of a float32, because integer
sums do not depend on the order of the summands."""

PARTNERS = 5
"""Pairs with one other group that a record is held to: blocking proposes only a few partners for
each record, so in larger groups most pairs are missing; see docs/decisions/0003-grouping.md."""


def to_units(probabilities: Floats) -> Longs:
    """Return probabilities as whole multiples of 1 / `SCALE`."""
    return np.rint(probabilities.astype(np.float64) * SCALE).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs of nodes between which something was scored: ``left < right``, unique.

    Attributes
    ----------
    left, right : Longs
        Shape (n_edges,): node numbers.
    sums : Longs
        Shape (n_edges,): sum of the probabilities between the two nodes, in units of 1 / `SCALE`.
    scored : Longs
        Shape (n_edges,): number of scored pairs behind the sum.
    links : Longs
        Shape (n_edges,): how many of those pairs were decided to be links.
    """

    left: Longs
    right: Longs
    sums: Longs
    scored: Longs
    links: Longs

    @staticmethod
    def of_pairs(pairs: Pairs, units: Longs, is_link: Bools) -> "Edges":
        """Make edges between records from scored pairs."""
        return Edges(
            pairs.left.astype(np.int64),
            pairs.right.astype(np.int64),
            units,
            np.ones(len(pairs), np.int64),
            is_link.astype(np.int64),
        )

    def join(self, other: "Edges") -> "Edges":
        """Return these edges and, after them, the `other` ones, between other pairs of nodes."""
        return Edges(
            np.concatenate([self.left, other.left]),
            np.concatenate([self.right, other.right]),
            np.concatenate([self.sums, other.sums]),
            np.concatenate([self.scored, other.scored]),
            np.concatenate([self.links, other.links]),
        )

    def take(self, chosen: Bools | Longs) -> "Edges":
        """Return the edges that `chosen`, a mask or positions, picks."""
        places = as_places(chosen)
        return Edges(
            self.left[places],
            self.right[places],
            self.sums[places],
            self.scored[places],
            self.links[places],
        )

    def between(self, node: Longs) -> "Edges":
        """Return the edges after every node i has become a part of node ``node[i]``.

        Edges that now lie inside a node are left out, those between the same nodes are summed up.
        """
        left, right = node[self.left], node[self.right]
        keys = (np.minimum(left, right) << 32) | np.maximum(left, right)
        crossing = np.flatnonzero(left != right)
        order = crossing[np.argsort(keys[crossing], kind="stable")]
        keys = keys[order]
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        if len(starts) == 0:
            return self.take(np.zeros(len(self.left), np.bool_))
        keys = keys[starts]
        return Edges(
            keys >> 32,
            keys & 0xFFFFFFFF,
            np.add.reduceat(self.sums[order], starts),
            np.add.reduceat(self.scored[order], starts),
            np.add.reduceat(self.links[order], starts),
        )

    def means(self, sizes: Longs) -> "Edges":
        """Return edges that count as one scored pair each, with their average as its probability.

        Between two duplicate groups one pair for each record of the smaller one is evidence enough.
        """
        units = np.rint(self.averages(sizes, partners=1)).astype(np.int64)
        ones = np.ones(len(units), np.int64)
        return Edges(self.left, self.right, units, ones, np.minimum(self.links, 1))

    def averages(self, sizes: Longs, partners: int = PARTNERS) -> NDArray[np.float64]:
        """Return the average probability between the two nodes of each edge, times `SCALE`.

        A missing pair counts zero, but each member of the smaller node is held to at most
        `partners` pairs with the other node.

        Parameters
        ----------
        sizes : Longs
            Shape (n_nodes,): members of each node.
        partners : int
            See `PARTNERS`.
        """
        smaller = np.minimum(sizes[self.left], sizes[self.right])
        larger = np.maximum(sizes[self.left], sizes[self.right])
        expected = smaller * np.minimum(larger, partners)
        return np.asarray(self.sums / np.maximum(self.scored, expected), np.float64)
