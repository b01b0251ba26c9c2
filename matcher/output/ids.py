"""Stable ids of groups, and ids of records that are unique in a run."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.types import Catalogue, Ints, Longs, Records

Strings = NDArray[np.object_]

ALPHABET = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", dtype="S1")
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


def record_keys(records: Records) -> pa.StringArray:
    """Return a unique key of every record, made of its source and id, free of row numbers.

    Where an id occurs in several inputs that name no source, the order of the inputs counts.
    """
    names = ("left", "right") if records.is_link else records.source_names
    keys = _join(_sources(records, names), records.ids, "\x1f")
    if _is_unique(keys):
        return keys
    series = pd.Series(keys.to_pylist(), dtype=object)
    nth = series.groupby(series).cumcount().astype(str)
    return pa.array(series + "\x1f" + nth, pa.string())


def display_ids(catalogue: Catalogue, records: Known) -> Strings:
    """Return the ids as people see them, shape (n_records,).

    These are the caller's own ids.  Where an id occurs more than once, the source stands before it
    (``shop/17``), or the input where no source is known.  A link needs none: the left id is of the
    left table, the right one of the right.
    """
    if catalogue.is_link or _is_unique(pa.array(records.ids, pa.string())):
        return records.ids
    known = _sources(records, records.source_names)
    inputs = catalogue.names
    if len(set(inputs)) < len(inputs):
        inputs = tuple(str(number) for number in range(1, len(inputs) + 1))
    parts = pa.array(inputs, pa.string()).take(pa.array(catalogue.parts[records.rows]))
    sources = pc.if_else(pa.array(records.sources < 0), parts, known)
    named: Strings = _join(sources, records.ids, "/").to_numpy(zero_copy_only=False)
    return named


def group_ids(prefix: str, groups: Ints, keys: pa.StringArray) -> Strings:
    """Return a stable id for the group of every record.

    The id is a hash of the smallest key in the group, so it depends neither on the order of the
    rows nor on any other group.

    Parameters
    ----------
    prefix : str
        What ids begin with, such as ``"m-"``.
    groups : Ints
        Shape (n_records,): group number of every record, counted from 0.
    keys : pa.StringArray
        Shape (n_records,): unique key of every record.

    Returns
    -------
    Strings
        Shape (n_records,).

    Examples
    --------
    >>> keys = pa.array(["b", "a", "c"])
    >>> ids = group_ids("m-", np.array([0, 0, 1], np.int32), keys)
    >>> bool(ids[0] == ids[1]), bool(ids[0] == group_ids("m-", np.zeros(1, np.int32), keys[1:2])[0])
    (True, True)
    """
    if len(groups) == 0:
        return np.empty(0, object)
    order = pc.sort_indices(keys).to_numpy()
    numbers, first = np.unique(groups[order], return_index=True)
    smallest = keys.take(pa.array(order[first])).to_numpy(zero_copy_only=False)
    names = np.empty(int(numbers[-1]) + 1, object)
    names[numbers] = prefix + short_hashes(smallest)
    return names[groups]


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
    hashes = _base32(_hash(keys), length)
    order = np.argsort(keys)
    salt = 0
    while True:
        _, first = np.unique(hashes[order], return_index=True)
        again = np.delete(order, first)
        if len(again) == 0:
            return hashes
        salt += 1
        hashes[again] = _base32(_hash(keys[again] + f"\x1f{salt}"), length)


def _hash(keys: Strings) -> NDArray[np.uint64]:
    return pd.util.hash_array(keys, categorize=False)


def _base32(hashes: NDArray[np.uint64], length: int) -> Strings:
    shifts = np.arange(length, dtype=np.uint64) * np.uint64(5)
    digits = (hashes[:, None] >> shifts) & np.uint64(31)
    letters = np.ascontiguousarray(ALPHABET[digits.astype(np.intp)])
    return letters.view(f"S{length}").ravel().astype(str).astype(object)


def _sources(records: Known, names: Sequence[str]) -> pa.StringArray:
    """Return the name of the source of every record; ``""`` is unknown."""
    texts = pa.array([*names, ""], pa.string())
    return texts.take(pa.array(np.where(records.sources < 0, len(names), records.sources)))


def _join(sources: pa.StringArray, ids: Strings, separator: str) -> pa.StringArray:
    return pc.binary_join_element_wise(sources, pa.array(ids, pa.string()), separator)


def _is_unique(values: pa.StringArray) -> bool:
    distinct: int = pc.count_distinct(values).as_py()
    return distinct == len(values)
