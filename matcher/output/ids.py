"""Stable ids of groups, and ids of records that are unique in a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.types import Catalogue, Ints, Longs, Records, first_of_each

Strings = NDArray[np.object_]

ALPHABET, BITS = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", np.uint8), 5
ID_LENGTH = 11  # 5 bits each: among a million groups a collision has a chance of 1 in 72,000


class Known(Protocol):
    """Who records are, parsed or not: of `Records`, what its ids are made of."""

    @property
    def ids(self) -> Strings:
        """As in `Records`."""

    @property
    def rows(self) -> Longs:
        """As in `Records`."""

    @property
    def sources(self) -> Ints:
        """As in `Records`."""

    @property
    def source_names(self) -> tuple[str, ...]:
        """As in `Records`."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of the records, by which groups are told apart whatever their numbers are.

    Attributes
    ----------
    texts : pa.StringArray
        Shape (n_records,): the keys, ascending.
    records : Longs
        Shape (n_records,): the record of each key.
    """

    texts: pa.StringArray
    records: Longs

    @staticmethod
    def of(keys: pa.StringArray) -> "Keys":
        """Sort the keys of the records, shape (n_records,)."""
        if pc.all(pc.less(*_neighbours(keys)), min_count=0).as_py():
            return Keys(keys, np.arange(len(keys)))
        order = pc.sort_indices(keys)
        return Keys(keys.take(order), order.to_numpy().astype(np.int64))

    def are_unique(self) -> bool:
        """Return whether all keys are different."""
        return not pc.any(pc.equal(*_neighbours(self.texts)), min_count=0).as_py()


def _neighbours(values: pa.StringArray) -> tuple[pa.StringArray, pa.StringArray]:
    """Return all values but the last, and all but the first."""
    return values.slice(0, max(len(values) - 1, 0)), values.slice(1)


def record_keys(records: Records) -> Keys:
    """Return a unique key of every record, made of its source and id, free of row numbers.

    Where an id occurs in several inputs that name no source, the order of the inputs counts.
    """
    names = ("left", "right") if records.is_link else records.source_names
    keys = _join(_sources(records, names), records.ids, "\x1f")
    found = Keys.of(keys)
    if found.are_unique():
        return found
    series = pd.Series(keys.to_pylist(), dtype=object)
    nth = series.groupby(series).cumcount().astype(str)
    return Keys.of(pa.array(series + "\x1f" + nth, pa.string()))


def display_ids(catalogue: Catalogue, records: Known) -> pa.StringArray:
    """Return the ids as people see them, shape (n_records,).

    These are the caller's own ids.  Where an id occurs more than once, the source stands before it
    (``shop/17``), or the input where no source is known.  A link needs none: the left id is of the
    left table, the right one of the right.
    """
    ids = pa.array(records.ids, pa.string())
    if catalogue.is_link or _are_different(records.ids):
        return ids
    known = _sources(records, records.source_names)
    inputs = catalogue.names
    if len(set(inputs)) < len(inputs):
        inputs = tuple(str(number) for number in range(1, len(inputs) + 1))
    parts = pa.array(inputs, pa.string()).take(pa.array(catalogue.parts[records.rows]))
    sources = pc.if_else(pa.array(records.sources < 0), parts, known)
    return _join(sources, records.ids, "/")


def group_ids(prefix: str, groups: Ints, keys: Keys) -> pa.StringArray:
    """Return a stable id for the group of every record.

    The id is a hash of the smallest key in the group, so it depends neither on the order of the
    rows nor on any other group.

    Parameters
    ----------
    prefix : str
        What ids begin with, such as ``"m-"``.
    groups : Ints
        Shape (n_records,): group number of every record, counted from 0.
    keys : Keys
        Unique keys of the records.

    Returns
    -------
    pa.StringArray
        Shape (n_records,).

    Examples
    --------
    >>> keys = Keys.of(pa.array(["b", "a", "c"]))
    >>> ids = group_ids("m-", np.array([0, 0, 1], np.int32), keys)
    >>> only = group_ids("m-", np.zeros(1, np.int32), Keys.of(pa.array(["a"])))
    >>> ids[0] == ids[1] == only[0]
    True
    """
    is_there = np.bincount(groups) > 0
    smallest = keys.texts.take(pa.array(first_of_each(groups[keys.records])[is_there]))
    codes = _short_codes(smallest.to_numpy(zero_copy_only=False), ID_LENGTH)
    place = np.cumsum(is_there) - 1
    return _spell(prefix, codes, ID_LENGTH).take(pa.array(place[groups]))


def short_hashes(keys: Strings, length: int = ID_LENGTH) -> Strings:
    """Return a short base32 hash of every key, different for different keys.

    Parameters
    ----------
    keys : Strings
        Shape (n_keys,): different strings.
    length : int
        Characters of a hash, at most 12.

    Returns
    -------
    Strings
        Shape (n_keys,).  Of keys whose hashes collide, all but the smallest are hashed again.
    """
    names: Strings = _spell("", _short_codes(keys, length), length).to_numpy(zero_copy_only=False)
    return names


def _short_codes(keys: Strings, length: int) -> NDArray[np.uint64]:
    """Return a different number of `length` base32 digits for every key."""
    most = np.uint64((1 << BITS * length) - 1)
    codes = _hash(keys) & most
    if _are_distinct(codes):
        return codes
    order = np.argsort(keys)
    salt = 0
    while True:
        again = np.delete(order, np.unique(codes[order], return_index=True)[1])
        if len(again) == 0:
            return codes
        salt += 1
        codes[again] = _hash(keys[again] + f"\x1f{salt}") & most


def _are_distinct(codes: NDArray[np.uint64]) -> bool:
    ascending = np.sort(codes)
    return not (ascending[1:] == ascending[:-1]).any()


def _hash(keys: Strings) -> NDArray[np.uint64]:
    return pd.util.hash_array(keys, categorize=False)


def _spell(prefix: str, codes: NDArray[np.uint64], length: int) -> pa.StringArray:
    """Return the prefix and the base32 digits of each number, the lowest first."""
    width = len(prefix) + length
    letters = np.empty((len(codes), width), np.uint8)
    letters[:, : len(prefix)] = np.frombuffer(prefix.encode(), np.uint8)
    for digit in range(length):
        values = (codes >> np.uint64(BITS * digit)) & np.uint64((1 << BITS) - 1)
        letters[:, len(prefix) + digit] = ALPHABET[values.astype(np.intp)]
    ends = np.arange(len(codes) + 1, dtype=np.int64) * width
    spelled = pa.LargeStringArray.from_buffers(
        len(codes), pa.py_buffer(ends), pa.py_buffer(letters)
    )
    return spelled.cast(pa.string())


def _sources(records: Known, names: Sequence[str]) -> pa.StringArray:
    """Return the name of the source of every record; ``""`` is unknown."""
    texts = pa.array([*names, ""], pa.string())
    return texts.take(pa.array(np.where(records.sources < 0, len(names), records.sources)))


def _join(sources: pa.StringArray, ids: Strings, separator: str) -> pa.StringArray:
    return pc.binary_join_element_wise(sources, pa.array(ids, pa.string()), separator)


def _are_different(texts: Strings) -> bool:
    """Return whether no text occurs twice: by their hashes, which is quicker than by themselves."""
    return _are_distinct(_hash(texts)) or pc.count_distinct(pa.array(texts)).as_py() == len(texts)
