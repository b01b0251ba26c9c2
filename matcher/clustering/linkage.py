"""Average linkage that respects constraints, for all components at once.

In every round each group looks for its best partner; two groups that are each other's best become
one.  A merge needs a link between the two and an average probability of at least the cut.
"""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import count
from math import floor

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.clustering.edges import SCALE, Edges
from matcher.clustering.numbering import holders_of_twice, join_nodes
from matcher.clustering.values import Values
from matcher.compiled import kernel
from matcher.types import Bools, Longs, first_of_each

PATIENCE = 32
"""Rounds after which averages are compared in steps of 1 / 64: the few components that last so long
are rows of ever weaker links, in which only one pair at a time is each other's best."""


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Merges that must not be, whatever the scores.

    Attributes
    ----------
    left, right : Longs
        Shape (n_pairs,): nodes that must stay apart.
    nodes, sources : Longs
        Shape (n_memberships,): a member of ``nodes[i]`` comes from ``sources[i]``, and a group may
        hold each source only once; empty where that does not matter.
    values : tuple[Values, ...]
        Properties of which a group may hold one value each.
    """

    left: Longs
    right: Longs
    nodes: Longs
    sources: Longs
    values: tuple[Values, ...] = ()

    def take(self, nodes: Longs, place: Longs) -> "Forbidden":
        """Return what concerns some nodes, node i of which is now called ``place[i]``.

        Parameters
        ----------
        nodes : Longs
            The nodes, ascending.
        place : Longs
            Shape (n_nodes,): places of the nodes among these; -1 for the others.
        """
        left, right, holders = place[self.left], place[self.right], place[self.nodes]
        pairs, members = (left >= 0) & (right >= 0), holders >= 0
        return Forbidden(
            left[pairs],
            right[pairs],
            holders[members],
            self.sources[members],
            tuple(values.take(nodes) for values in self.values),
        )

    def after(self, left: Longs, right: Longs, into: Longs) -> "Forbidden":
        """Return the same once the nodes `right` have become parts of the nodes `left`.

        Every node i is now a part of ``into[i]``.  The values are changed in place: most rounds
        touch few nodes, and a copy would touch all.
        """
        for values in self.values:
            values.merge(left, right)
        return Forbidden(
            into[self.left], into[self.right], into[self.nodes], self.sources, self.values
        )

    def is_empty(self) -> bool:
        """Return whether nothing is forbidden."""
        return not (len(self.left) or len(self.nodes) or self.values)

    def are_apart(self, edges: Edges) -> Bools:
        """Return which edges join nodes that must stay apart, shape (n_edges,)."""
        low, high = np.minimum(self.left, self.right), np.maximum(self.left, self.right)
        return np.isin((edges.left << 32) | edges.right, (low << 32) | high)

    def share_source(self, edges: Edges, n_nodes: int) -> Bools:
        """Return which edges join nodes with members of one source, shape (n_edges,)."""
        if len(self.nodes) == 0:
            return np.zeros(len(edges.left), np.bool_)
        shape = (n_nodes, int(self.sources.max()) + 1)
        ones = np.ones(len(self.nodes), np.int32)
        members = csr_array((ones, (self.nodes, self.sources)), shape=shape)
        shared = members[edges.left].multiply(members[edges.right])
        return np.asarray(shared.sum(axis=1) > 0, np.bool_)

    def differ_in_value(self, edges: Edges) -> Bools:
        """Return which edges join nodes with different values of a property, shape (n_edges,)."""
        differs = np.zeros(len(edges.left), np.bool_)
        for values in self.values:
            differs |= values.conflict(edges)
        return differs


@dataclass(frozen=True, slots=True)
class Linkage:
    """The result of merging nodes.

    Attributes
    ----------
    groups : Longs
        Shape (n_nodes,): group of each node, numbered in the order of their smallest nodes.
    refused : dict[str, int]
        Merges that were good enough but forbidden, counted by reason.
    """

    groups: Longs
    refused: dict[str, int]


def link_nodes(sizes: Longs, edges: Edges, forbidden: Forbidden, cut: float) -> Linkage:
    """Merge nodes by average linkage inside the components that the links form.

    Components in which nothing can go wrong (every two nodes are similar enough, nothing is
    forbidden) become groups at once; the others are merged in rounds.

    Parameters
    ----------
    sizes : Longs
        Shape (n_nodes,): members of each node.
    edges : Edges
        What was scored between the nodes.
    forbidden : Forbidden
        Merges that must not be.
    cut : float
        Least average probability of a merge, 0 to 1.

    Examples
    --------
    >>> edges = Edges(*(np.array(column) for column in (
    ...     [0, 1, 2], [1, 2, 3], [SCALE, SCALE // 2, SCALE], [1, 1, 1], [1, 1, 1])))
    >>> none = np.empty(0, np.int64)
    >>> nothing = Forbidden(none, none, none, none)
    >>> link_nodes(np.ones(4, np.int64), edges, nothing, cut=0.4).groups.tolist()
    [0, 0, 1, 1]
    """
    has_link = np.flatnonzero(edges.links > 0)
    component = join_nodes(len(sizes), edges.left[has_link], edges.right[has_link])
    edges = edges.take(component[edges.left] == component[edges.right])
    least = floor(cut * SCALE)
    is_open = _open_components(component, edges.take(edges.averages(sizes) >= least), forbidden)
    groups = first_of_each(component)[component]
    nodes = np.flatnonzero(is_open[component])
    place = np.full(len(sizes), -1)
    place[nodes] = np.arange(len(nodes))
    edges = edges.take(is_open[component[edges.left]])
    still = _Open(
        nodes,
        component[nodes],
        replace(edges, left=place[edges.left], right=place[edges.right]),
        forbidden.take(nodes, place),
    )
    merged, refused = _merge_in_rounds(still, sizes[nodes], least)
    groups[nodes] = nodes[merged]  # by their smallest nodes so far
    numbers = np.cumsum(groups == np.arange(len(groups))) - 1
    return Linkage(numbers[groups], refused)


@dataclass(frozen=True, slots=True)
class _Open:
    """The nodes that are merged in rounds, numbered by themselves.

    Attributes
    ----------
    nodes, component : Longs
        Shape (n_open,): what they are called among all nodes, ascending, and their components.
    edges, forbidden : Edges, Forbidden
        What concerns them.
    """

    nodes: Longs
    component: Longs
    edges: Edges
    forbidden: Forbidden


def _open_components(component: Longs, enough: Edges, forbidden: Forbidden) -> Bools:
    """Return which components have to be merged in rounds, shape (n_components,)."""
    n_nodes = np.bincount(component)
    n_enough = np.bincount(component[enough.left], minlength=len(n_nodes))
    is_open = np.asarray(n_enough < n_nodes * (n_nodes - 1) // 2)
    inside = component[forbidden.left] == component[forbidden.right]
    is_open[component[forbidden.left[inside]]] = True
    is_open[holders_of_twice(component[forbidden.nodes], forbidden.sources)] = True
    for values in forbidden.values:
        is_open[values.disagreeing(component)] = True
    return is_open & (n_nodes > 1)


def _merge_in_rounds(still: _Open, sizes: Longs, least: int) -> tuple[Longs, dict[str, int]]:
    """Merge the groups that are each other's best partner until none is left.

    `sizes` and the values that are forbidden are changed.  A group goes by its smallest node.
    """
    component, edges, forbidden = still.component, still.edges, still.forbidden
    refused: Counter[str] = Counter()
    groups = np.arange(len(sizes))
    settled, fresh = edges.take(np.zeros(len(edges.left), np.bool_)), edges
    for n_rounds in count():
        edges = settled.join(_refuse(fresh, sizes, least, forbidden, refused))
        ready = edges.take(edges.links > 0)
        averages = ready.averages(sizes)
        enough = np.flatnonzero(averages >= least)
        ready, averages = ready.take(enough), averages[enough]
        if len(averages) == 0:
            break
        if n_rounds >= PATIENCE:
            averages = np.floor(averages * (64 / SCALE))
        is_alive = np.zeros(int(component.max()) + 1, np.bool_)
        is_alive[component[ready.left]] = True
        edges = edges.take(is_alive[component[edges.left]])
        left, right = _mutual_best(ready, averages, still.nodes)
        into = np.arange(len(sizes))
        into[right] = left
        groups = into[groups]
        forbidden = forbidden.after(left, right, into)
        sizes[left] += sizes[right]
        is_changed = np.zeros(len(sizes), np.bool_)
        is_changed[left] = is_changed[right] = True
        is_touched = is_changed[edges.left] | is_changed[edges.right]
        settled, fresh = edges.take(~is_touched), edges.take(is_touched).between(into)
    return groups, dict(refused)


def _refuse(
    edges: Edges, sizes: Longs, least: int, forbidden: Forbidden, refused: Counter[str]
) -> Edges:
    """Return the edges without the links whose merge is forbidden, and count them in `refused`."""
    able = np.flatnonzero((edges.averages(sizes) >= least) & (edges.links > 0))
    if len(able) == 0 or forbidden.is_empty():
        return edges
    candidates = edges.take(able)
    is_apart = forbidden.are_apart(candidates)
    is_twice = forbidden.share_source(candidates, len(sizes)) & ~is_apart
    is_conflict = forbidden.differ_in_value(candidates) & ~is_apart & ~is_twice
    reasons = {"constraint": is_apart, "source": is_twice, "value": is_conflict}
    counts = {reason: int(found.sum()) for reason, found in reasons.items()}
    refused.update({reason: count for reason, count in counts.items() if count})
    links = edges.links.copy()
    links[able[is_apart | is_twice | is_conflict]] = 0
    return Edges(edges.left, edges.right, edges.sums, edges.scored, links)


def _mutual_best(ready: Edges, averages: NDArray[np.float64], names: Longs) -> tuple[Longs, Longs]:
    """Return the pairs of nodes that are each other's best partner, of which there is always one.

    Ties go by a hash of the two names: any fixed order is right, but with an ascending one equal
    scores would be merged one after the other, a round each.
    """
    ties = _mix((names[ready.left] << 32) | names[ready.right])
    best = np.full(len(names), -1)
    _find_best(ready.left, ready.right, averages, ties, best)
    rank = np.arange(len(averages))
    is_mutual = (best[ready.left] == rank) & (best[ready.right] == rank)
    return ready.left[is_mutual], ready.right[is_mutual]


@kernel
def _find_best(
    left: Longs,
    right: Longs,
    averages: NDArray[np.float64],
    ties: NDArray[np.uint64],
    best: Longs,
) -> None:
    """Write the edge of the highest average of each node, among equals that of the lowest tie."""
    for edge in range(len(averages)):
        for node in (left[edge], right[edge]):
            other = best[node]
            if (
                other < 0
                or averages[edge] > averages[other]
                or (averages[edge] == averages[other] and ties[edge] < ties[other])
            ):
                best[node] = edge


def _mix(keys: Longs) -> NDArray[np.uint64]:
    """Return a hash of each key, one to one (the finaliser of MurmurHash3)."""
    mixed = keys.astype(np.uint64)
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        mixed = (mixed ^ (mixed >> np.uint64(33))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(33))
