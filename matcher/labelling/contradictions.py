"""Labels that cannot all be true, each with the rows that say so."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from matcher.types import EXACT, VARIANT, Longs

MOST_CHAINS = 1000
"""Contradicted chains that are looked for: each is a search through the labels."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A label that others contradict.

    Attributes
    ----------
    place : int
        Position of the label.
    others : tuple[int, ...]
        Positions of the labels that contradict it: one of the same pair, or a chain of labels from
        its left record to its right one, in their order.
    """

    place: int
    others: tuple[int, ...]


def find_contradictions(
    left: Longs, right: Longs, relations: NDArray[np.int8]
) -> tuple[Contradiction, ...]:
    """Return the labels that contradict another one of their pair, or a chain of others.

    Exact labels chain to exact, exact and variant ones to one family.  Of a pair with two relations
    the first counts in chains; at most `MOST_CHAINS` chains are returned, each a shortest one.

    Parameters
    ----------
    left, right : Longs
        Shape (n_labels,): numbers of the records, from 0.
    relations : NDArray[np.int8]
        Shape (n_labels,): `EXACT`, `VARIANT` or `DIFFERENT`.

    Examples
    --------
    >>> left, right = np.array([0, 1, 0, 1]), np.array([1, 2, 2, 0])
    >>> find_contradictions(left, right, np.array([0, 0, 2, 1], np.int8))
    (Contradiction(place=3, others=(0,)), Contradiction(place=2, others=(0, 1)))
    """
    keys = (np.minimum(left, right) << 32) | np.maximum(left, right)
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    other = np.flatnonzero(relations != relations[first][inverse])
    found = [Contradiction(int(at), (int(first[inverse[at]]),)) for at in other]
    kept = np.sort(first)
    kept = kept[left[kept] != right[kept]]
    return (*found, *_chained(left, right, relations, kept))


def _chained(
    left: Longs, right: Longs, relations: NDArray[np.int8], kept: Longs
) -> Iterator[Contradiction]:
    """Yield the labels among `kept`, one of each pair, that a chain of others contradicts."""
    n = int(max(left.max(initial=-1), right.max(initial=-1))) + 1
    seen: set[int] = set()
    for strongest in (EXACT, VARIANT):
        held, apart = (kept[relations[kept] <= strongest], kept[relations[kept] > strongest])
        place_of = {frozenset((int(left[at]), int(right[at]))): int(at) for at in held}
        graph = make_graph(left[held], right[held], n)
        for at in find_broken(graph, left[apart], right[apart]).tolist():
            place = int(apart[at])
            if place in seen or len(seen) == MOST_CHAINS:
                continue
            seen.add(place)
            chain = find_chain(graph, int(left[place]), int(right[place]))
            links = pairwise(chain)
            yield Contradiction(place, tuple(place_of[frozenset(link)] for link in links))


def make_graph(left: Longs, right: Longs, n: int) -> csr_array:
    """Return the graph of these links among `n` records."""
    return coo_array((np.ones(len(left), np.int8), (left, right)), shape=(n, n)).tocsr()


def find_broken(graph: csr_array, left: Longs, right: Longs) -> Longs:
    """Return the positions of the pairs that are joined, though they should be apart."""
    from scipy.sparse.csgraph import connected_components

    group = connected_components(graph, directed=False)[1]
    return np.flatnonzero(group[left] == group[right])


def find_chain(graph: csr_array, start: int, end: int) -> list[int]:
    """Return a shortest chain of records from one to another that it is joined with."""
    from scipy.sparse.csgraph import breadth_first_order

    before = breadth_first_order(graph, start, directed=False)[1]
    chain = [end]
    while chain[-1] != start:
        chain.append(int(before[chain[-1]]))
    return chain[::-1]
