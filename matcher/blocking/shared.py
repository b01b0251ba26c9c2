"""Pairs of records that share a key or stand near each other in an order."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.types import Bools, Longs, Records

N_SORT_TOKENS = 8
"""Tokens of a title that take part in its sort key: enough to tell most titles apart."""


@dataclass(frozen=True, slots=True)
class KeyGroups:
    """Records that share a key.

    Attributes
    ----------
    keys, sizes : Longs
        Shape (n_groups,): the key, and how many records have it.
    members : Longs
        Shape (n_members,): record numbers, group by group.
    """

    keys: Longs
    sizes: Longs
    members: Longs

    def choose(self, chosen: Bools) -> "KeyGroups":
        """Return the groups where `chosen`, shape (n_groups,), is true."""
        keep = np.repeat(chosen, self.sizes)
        return KeyGroups(self.keys[chosen], self.sizes[chosen], self.members[keep])


def group_by_key(numbers: NDArray[Any], keys: NDArray[Any], order: NDArray[Any]) -> KeyGroups:
    """Group record `numbers` by key, members in the given order.

    Parameters
    ----------
    numbers, keys : arrays
        Shape (n_members,).
    order : array
        Shape (n_records,): rank of every record, by which the members of a group are sorted.
    """
    place = np.lexsort((order[numbers], keys))
    unique, sizes = np.unique(keys, return_counts=True)
    return KeyGroups(unique.astype(np.int64), sizes, numbers[place].astype(np.int64))


def following(groups: KeyGroups, window: int) -> tuple[Longs, Longs, Longs, Longs]:
    """Pair every member with the next `window` members of its group.

    Returns
    -------
    first, second : Longs
        Record numbers.
    group : Longs
        Number of the group of each pair.
    distance : Longs
        How many places the two stand apart, from 1.

    Examples
    --------
    >>> groups = KeyGroups(np.array([7]), np.array([3]), np.array([4, 8, 5]))
    >>> first, second, group, distance = following(groups, 1)
    >>> first.tolist(), second.tolist()
    ([4, 8], [8, 5])
    """
    ends = np.repeat(np.cumsum(groups.sizes), groups.sizes)
    place = np.arange(len(groups.members))
    counts = np.minimum(ends - 1 - place, window)
    first = np.repeat(place, counts)
    distance = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    group = np.repeat(np.arange(len(groups.sizes)), groups.sizes)[first]
    return groups.members[first], groups.members[first + distance], group, distance


def is_allowed(records: Records, first: NDArray[Any], second: NDArray[Any]) -> Bools:
    """Return where the pairs are of two records that may be paired at all."""
    if not records.is_link:
        return np.asarray(first != second)
    left, right = records.sources[first], records.sources[second]
    return np.asarray((np.minimum(left, right) == 0) & (np.maximum(left, right) == 1))


def title_ranks(records: Records) -> Longs:
    """Return the rank of every record in the alphabetical order of its first title tokens.

    Ties, and the records without a title, which come first, rank by record number.
    """
    word_ranks = np.empty(len(records.vocabulary.words), np.int64)
    word_ranks[alphabetical(records.vocabulary.words)] = np.arange(len(word_ranks))
    starts, lengths = records.title.indptr[:-1], np.diff(records.title.indptr)
    columns = [np.zeros(len(records), np.int64) for _ in range(N_SORT_TOKENS // 2)]
    for position in range(N_SORT_TOKENS):  # two words in one number: half of the sorting
        has = lengths > position
        rank = word_ranks[records.title.terms[starts[has] + position]] + 1
        columns[position // 2][has] |= rank << (0 if position % 2 else 32)
    ranks = np.empty(len(records), np.int64)
    ranks[np.lexsort(columns[::-1])] = np.arange(len(records))
    return ranks


def alphabetical(words: pa.StringArray) -> Longs:
    """Return the positions of `words` in alphabetical order."""
    return np.asarray(pc.sort_indices(words), np.int64)
