"""Values of a property (an axis, a code) of which a group may hold at most one."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from matcher.clustering.edges import Edges
from matcher.types import Bools, Ints, Longs, distinct


@dataclass(frozen=True, slots=True)
class Values:
    """The value of one property that every node holds.

    Only a label can put several values into one node.  Labels are kept, so such a node may still
    grow, but not by a value that it does not hold yet.

    Attributes
    ----------
    codes : Ints
        Shape (n_nodes,): the value, -1 where it is unknown; numbers above every value stand for
        sets of several values, larger sets having larger numbers.
    sets : csr_array | None
        Shape (n_codes, n_values): true where the value is among those that the code stands for;
        None where no node holds several.
    """

    codes: Ints
    sets: csr_array | None

    @staticmethod
    def of_nodes(node: Longs, values: Ints) -> "Values":
        """Collect the values of records, shape (n_records,), in the nodes that they are parts of.

        Examples
        --------
        >>> node, values = np.array([0, 0, 1, 1, 2]), np.array([7, -1, 3, 9, -1], np.int32)
        >>> held = Values.of_nodes(node, values)
        >>> held.codes.tolist(), held.several().tolist()
        ([7, 10, -1], [1])
        """
        codes = np.full(int(node.max(initial=-1)) + 1, -1, np.int32)
        known = np.flatnonzero(values >= 0)
        holder, value = node[known], values[known]
        np.maximum.at(codes, holder, value)
        is_several = np.zeros(len(codes), np.bool_)
        is_several[holder[value != codes[holder]]] = True
        if not is_several.any():
            return Values(codes, None)
        chosen = is_several[holder]
        keys = distinct((holder[chosen] << 32) | value[chosen])
        nodes, which, sizes = np.unique(keys >> 32, return_inverse=True, return_counts=True)
        rank = np.empty(len(nodes), np.int64)
        rank[np.argsort(sizes, kind="stable")] = np.arange(len(nodes))
        single = np.arange(int(value.max()) + 1)
        codes[nodes] = len(single) + rank
        ends = (
            np.concatenate([single, len(single) + rank[which]]),
            np.concatenate([single, keys & 0xFFFFFFFF]),
        )
        shape = (len(single) + len(nodes), len(single))
        return Values(codes, csr_array((np.ones(len(ends[0]), np.int32), ends), shape=shape))

    def several(self) -> Longs:
        """Return the nodes that hold several values."""
        if self.sets is None:
            return np.empty(0, np.int64)
        return np.flatnonzero(self.codes >= self.sets.shape[1])

    def take(self, nodes: Longs) -> "Values":
        """Return a copy with some of the nodes."""
        return Values(self.codes[nodes], self.sets)

    def merge(self, left: Longs, right: Longs) -> None:
        """Let the nodes `left` take in the nodes `right`, between which is no conflict; changes it.

        One of two such nodes holds all that the other does, so no new set comes about.
        """
        self.codes[left] = np.maximum(self.codes[left], self.codes[right])

    def conflict(self, edges: Edges) -> Bools:
        """Return which edges join nodes that add a value to each other, shape (n_edges,)."""
        left, right = self.codes[edges.left], self.codes[edges.right]
        is_conflict = (left != right) & (left >= 0) & (right >= 0)
        if self.sets is not None:
            doubtful = np.flatnonzero(is_conflict & (np.maximum(left, right) >= self.sets.shape[1]))
            first, second = self.sets[left[doubtful]], self.sets[right[doubtful]]
            shared = first.multiply(second).sum(axis=1)
            smaller = np.minimum(first.sum(axis=1), second.sum(axis=1))
            is_conflict[doubtful] = shared < smaller
        return np.asarray(is_conflict, np.bool_)

    def disagreeing(self, group: Longs) -> Longs:
        """Return the groups of nodes, with repetitions, whose nodes do not all hold the same."""
        known = np.flatnonzero(self.codes >= 0)
        holder, code = group[known], self.codes[known]
        highest = np.full(int(group.max(initial=-1)) + 1, -1, np.int32)
        np.maximum.at(highest, holder, code)
        return np.asarray(holder[code != highest[holder]])


def count_values(group: Longs, values: Ints) -> Longs:
    """Return how many different known values each group holds, shape (n_groups,).

    Examples
    --------
    >>> count_values(np.array([0, 0, 0, 1]), np.array([4, 5, 4, -1])).tolist()
    [2, 0]
    """
    known = values >= 0
    keys = distinct((group[known] << 32) | values[known])
    return np.bincount(keys >> 32, minlength=int(group.max(initial=-1)) + 1)
