"""Records with equal content are compared once: fifty thousand equal titles are one text."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.blocking.threads import n_threads
from matcher.compiled import kernel, number_keys, sum_texts
from matcher.types import Bools, Floats, Longs, Pairs, Proposal

_OF_SIDE, _NOT_ZERO = np.uint64(0xD6E8FEB86659FD93), np.uint64(0x8CB92BA72F3D8DD7)


@dataclass(frozen=True, slots=True)
class EqualGroups:
    """Groups of records whose content is equal.

    Attributes
    ----------
    members : Longs
        Shape (n_records,): record numbers, group by group, ascending inside a group.
    starts, sizes : Longs
        Shape (n_groups,): where each group begins in `members`, and how many records it has.
    """

    members: Longs
    starts: Longs
    sizes: Longs

    @property
    def first(self) -> Longs:
        """The smallest record number of every group, shape (n_groups,)."""
        return self.members[self.starts]

    def any_of(self, chosen: Bools) -> Bools:
        """Return which groups have a chosen record, of shape (n_records,); shape (n_groups,)."""
        if not len(self.starts):
            return np.zeros(0, np.bool_)
        return np.asarray(np.logical_or.reduceat(chosen[self.members], self.starts))


def mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return `values` with every input bit spread over all output bits (splitmix64)."""
    values = values * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def hash_term_rows(matrix: sparse.csr_matrix) -> NDArray[np.uint64]:
    """Return a hash of the set of columns of every row, shape (n_rows,)."""
    return sum_texts(matrix.indptr.astype(np.int64), matrix.indices)


def hash_vectors(vectors: Floats) -> NDArray[np.uint64]:
    """Return a hash of the bits of every vector, shape (n_rows,)."""
    factors = mix(np.arange(vectors.shape[1], dtype=np.uint64)) | np.uint64(1)
    bits = np.ascontiguousarray(vectors, np.float32).view(np.uint32)
    hashes = np.zeros(len(bits), np.uint64)
    for column, factor in enumerate(factors):  # by column: no temporary of (n, dimension) uint64
        hashes += mix(bits[:, column].astype(np.uint64)) * factor
    return hashes


def group_equal(hashes: NDArray[np.uint64], sides: NDArray[Any], numbers: Longs) -> EqualGroups:
    """Group the records `numbers` by side and hash; groups are ordered by their first record.

    Parameters
    ----------
    hashes, sides : arrays
        Shape (n_records,), of all records.
    numbers : Longs
        Record numbers to group, ascending; the others are left out.
    """
    # Not by xor with mix(side): that is the hash of a term, so small sets would collide
    keys = hashes[numbers] + sides[numbers].astype(np.uint64) * _OF_SIDE
    group = number_keys(np.where(keys == 0, _NOT_ZERO, keys))  # 0 would have no number
    sizes = np.bincount(group)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)[:-1]])[: len(sizes)]
    return EqualGroups(numbers[np.argsort(group, kind="stable")], starts, sizes)


STEP = 1 << 19
"""Hits that are turned into pairs at once: each takes 100 bytes on the way, and 12 afterwards."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Neighbours among groups of equal records: `query` found `found` with `strength`."""

    query: NDArray[np.integer]
    found: NDArray[np.integer]
    strength: Floats

    def __len__(self) -> int:
        """Return the number of hits."""
        return len(self.query)

    def take(self, places: NDArray[Any] | slice) -> "Hits":
        """Return the hits at `places`: numbers, a mask or a slice."""
        return Hits(self.query[places], self.found[places], self.strength[places])

    def by_query(self) -> "Hits":
        """Return the hits in the order of their queries."""
        if (self.query[1:] >= self.query[:-1]).all():
            return self
        return self.take(np.argsort(self.query, kind="stable"))

    @staticmethod
    def join(parts: "list[Hits]") -> "Hits":
        """Put several lists of hits one after the other."""
        return Hits(
            np.concatenate([part.query for part in parts]),
            np.concatenate([part.found for part in parts]),
            np.concatenate([part.strength for part in parts]),
        )


def expand(
    hits: Hits, groups: EqualGroups, k: int, *, within: bool, threads: int = 1
) -> tuple[Pairs, Floats]:
    """Turn hits among groups into pairs of records, at most about `k` per record and side.

    Every member of a group takes the first `k` records of the groups that were found, best first,
    each member beginning at another one, so that no record of a large group collects all pairs.
    With `within`, each record is also paired with the ``k / 2`` next members of its own group, in a
    circle: a group of any size stays connected at a cost linear in its size.
    """
    hits = hits.by_query()
    # The first of each query: no part begins within one.
    starts = np.unique(np.searchsorted(hits.query, hits.query[::STEP])).tolist()
    some = [hits.take(slice(*ends)) for ends in pairwise([*starts, len(hits)])]
    with ThreadPoolExecutor(n_threads(threads)) as pool:
        parts = list(pool.map(lambda hits: _expand_some(hits, groups, k), some))
    if within:
        large = np.flatnonzero(groups.sizes > 1)
        room = np.minimum(groups.sizes[large] - 1, max(k // 2, 1))
        ones = np.ones(len(large), np.float32)
        parts.append(_strongest(*_members(groups, large, large, room, ones, shift=1)))
    keys = np.concatenate([np.zeros(0, np.int64), *(part[0] for part in parts)])
    strength = np.concatenate([np.zeros(0, np.float32), *(part[1] for part in parts)])
    del parts
    keys, strength = _unique_keys(keys, strength)
    return Pairs.from_keys(keys), strength


def merge(first: Longs, second: Longs, strength: Floats) -> tuple[Pairs, Floats]:
    """Make unique pairs of two different records from pairs in any order, strongest kept."""
    keys, strength = _strongest(first, second, strength)
    return Pairs.from_keys(keys), strength


def _expand_some(hits: Hits, groups: EqualGroups, k: int) -> tuple[Longs, Floats]:
    """Return the keys of the pairs that all hits of some queries give, and their strength."""
    query, found = hits.query.astype(np.int64), hits.found.astype(np.int64)
    order = strongest_of_each_first(query, found, hits.strength)
    query, found, strength = query[order], found[order], hits.strength[order]
    room = np.clip(k - _before(groups.sizes[found], query), 0, groups.sizes[found])
    return _strongest(*_members(groups, query, found, room, strength, shift=0))


def strongest_of_each_first(query: Longs, found: Longs, strength: Floats) -> Longs:
    """Return the order of hits by query, strength and what was found, the strongest first.

    The queries are ascending, and each has few hits: a tenth of the time of `np.lexsort`.
    """
    order = np.empty(len(query), np.int64)
    _order(query, found, strength, order)
    return order


@kernel
def _order(query: Longs, found: Longs, strength: Floats, order: Longs) -> None:
    first = 0
    for hit in range(len(query)):
        if query[hit] != query[first]:
            first = hit
        place = hit
        while place > first:
            other = order[place - 1]
            if strength[other] > strength[hit]:
                break
            if strength[other] == strength[hit] and found[other] <= found[hit]:
                break
            order[place] = other
            place -= 1
        order[place] = hit


def _strongest(first: Longs, second: Longs, strength: Floats) -> tuple[Longs, Floats]:
    """Return the keys of the unique pairs of two different records, ascending, strongest kept."""
    keep = first != second
    first, second = first[keep], second[keep]
    keys = (np.minimum(first, second) << 32) | np.maximum(first, second)
    return _unique_keys(keys, strength[keep])


def _unique_keys(keys: Longs, strength: Floats) -> tuple[Longs, Floats]:
    """Return the different keys, ascending, with the largest strength of each."""
    order = np.argsort(keys, kind="stable")
    keys, strength = keys[order], strength[order]
    del order
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    if len(starts) == len(keys):
        return keys, strength
    return keys[starts], np.maximum.reduceat(strength, starts)


def unique_sorted(parts: list[Longs]) -> Longs:
    """Return the distinct keys of several ascending lists, ascending; none may be negative."""
    keys = np.sort(np.concatenate([np.zeros(0, np.int64), *parts]), kind="stable")
    return np.asarray(
        keys[np.diff(keys, prepend=-1) != 0]
    )  # np.unique hashes: five times as slow here


def empty_proposal(report: dict[str, Any]) -> Proposal:
    """Return a proposal without pairs."""
    nothing = np.zeros(0, np.int32)
    return Proposal(Pairs(nothing, nothing), np.zeros(0, np.float32), report)


def _before(sizes: Longs, query: Longs) -> Longs:
    """Return the sum of the sizes before each hit among the hits of the same query."""
    total = np.cumsum(sizes) - sizes
    starts = np.flatnonzero(np.diff(query, prepend=-1))
    lengths = np.diff(starts, append=len(query))
    return total - np.repeat(total[starts], lengths)


def _members(
    groups: EqualGroups, query: Longs, found: Longs, room: Longs, strength: Floats, *, shift: int
) -> tuple[Longs, Longs, Floats]:
    """Pair every member of group `query` with `room` members of group `found`."""
    counts = groups.sizes[query] * room
    hit = np.repeat(np.arange(len(query)), counts)
    within = np.arange(len(hit)) - np.repeat(np.cumsum(counts) - counts, counts)
    member, step = np.divmod(within, room[hit])
    first = groups.members[groups.starts[query[hit]] + member]
    place = (member + step + shift) % groups.sizes[found[hit]]
    return first, groups.members[groups.starts[found[hit]] + place], strength[hit]
