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


def title_ranks(records: Records, some: Longs) -> Longs:
    """Return the ranks of some records in the alphabetical order of their first title tokens.

    Ties, and the records without a title, which come first, rank by their places among them.
    """
    starts, lengths = records.title.indptr[some], np.diff(records.title.indptr)[some]
    has = [lengths > position for position in range(N_SORT_TOKENS)]
    terms = [records.title.terms[starts[are] + position] for position, are in enumerate(has)]
    present = np.flatnonzero(np.bincount(np.concatenate(terms)))
    word_ranks = np.zeros(int(present.max(initial=-1)) + 1, np.int64)
    in_order = alphabetical(records.vocabulary.words.take(pa.array(present)))
    word_ranks[present[in_order]] = np.arange(1, len(present) + 1)
    columns = [np.zeros(len(some), np.int64) for _ in range(N_SORT_TOKENS // 2)]
    for position, are in enumerate(has):  # two words in one number: half of the sorting
        columns[position // 2][are] |= word_ranks[terms[position]] << (0 if position % 2 else 32)
    ranks = np.empty(len(some), np.int64)
    ranks[np.lexsort(columns[::-1])] = np.arange(len(some))
    return ranks


def alphabetical(words: pa.StringArray) -> Longs:
    """Return the positions of `words` in alphabetical order."""
    return np.asarray(pc.sort_indices(words), np.int64)
