"""From ids to record numbers."""

from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import first_three
from matcher.types import Bools, Longs, Records

UNKNOWN, AMBIGUOUS = -1, -2
"""In place of a record number: no record has the id, or records of several sources have it."""


class NamedPairs(Protocol):
    """Pairs that are named by ids, as in `LabelTable` and `PairTable`.

    Attributes
    ----------
    left_id, right_id : pa.StringArray
        Shape (n_pairs,): ids as text.
    left_source, right_source : pa.StringArray | None
        Shape (n_pairs,): names of the sources of the ids, where they are given.
    """

    @property
    def left_id(self) -> pa.StringArray: ...  # noqa: D102 - see the class
    @property
    def right_id(self) -> pa.StringArray: ...  # noqa: D102
    @property
    def left_source(self) -> pa.StringArray | None: ...  # noqa: D102
    @property
    def right_source(self) -> pa.StringArray | None: ...  # noqa: D102


def find_records(pairs: NamedPairs, records: Records) -> tuple[Longs, Longs]:
    """Look up the records of both sides of pairs.

    An id that several sources use is written ``source/id`` (or has its source in a column of its
    own, which may be empty).  When two tables are linked, left ids are looked up in the left and
    right ids in the right table.

    Returns
    -------
    left, right : Longs
        Shape (n_pairs,): record numbers, `UNKNOWN` or `AMBIGUOUS`.
    """
    plain = pa.array([str(each) for each in records.ids.tolist()], pa.string())
    names = pa.array([*records.source_names, None], pa.string())  # source -1 is the last: null
    sources = names.take(pa.array(records.sources % len(names)))
    full = pc.binary_join_element_wise(sources, plain, "/")
    without = pc.if_else(pc.is_null(sources), "", None)
    bare = pc.binary_join_element_wise(without, plain, "/")
    found = []
    for side, (ids, source) in enumerate(
        ((pairs.left_id, pairs.left_source), (pairs.right_id, pairs.right_source))
    ):
        members = np.flatnonzero(records.sources == side) if records.is_link else None
        numbers = _find(ids, plain, full, members)
        if source is not None:  # empty: first of all a record without a source
            named = pc.binary_join_element_wise(pc.fill_null(source, ""), ids, "/")
            of_source = _find(named, full, full, members)
            of_none = _find(named, bare, bare, members)
            is_named = np.asarray(pc.fill_null(pc.not_equal(source, ""), False), np.bool_)  # noqa: FBT003
            numbers = np.where(of_none == UNKNOWN, numbers, of_none)
            numbers = np.where(is_named, of_source, numbers)
        found.append(numbers)
    return found[0], found[1]


def _find(ids: pa.Array, plain: pa.Array, full: pa.Array, members: Longs | None) -> Longs:
    """Return the number of each id among the `members`, by its plain name, else by its full one."""
    if members is not None:
        plain, full = plain.take(pa.array(members)), full.take(pa.array(members))
    position = _index(ids, plain)
    is_ambiguous = np.append(_is_shared(plain), False)[position]  # UNKNOWN is the last
    position = np.where(position == UNKNOWN, _index(ids, full), position)
    numbers = np.arange(len(plain)) if members is None else members
    number = np.append(numbers, UNKNOWN)[position]
    return np.where(is_ambiguous, AMBIGUOUS, number)


def _index(wanted: pa.Array, known: pa.Array) -> Longs:
    found = pc.index_in(wanted, known, skip_nulls=True)
    return np.asarray(pc.fill_null(found, UNKNOWN), np.int64)


def _is_shared(known: pa.Array) -> Bools:
    numbers = np.asarray(pc.dictionary_encode(known, null_encoding="encode").indices, np.int64)
    return np.asarray(np.bincount(numbers)[numbers] > 1, np.bool_)


def count_missed(pairs: NamedPairs, left: Longs, right: Longs, mark: int) -> tuple[int, str]:
    """Return how many pairs have an id that got `mark`, and the first three such ids.

    Parameters
    ----------
    pairs : NamedPairs
        What was looked up.
    left, right : Longs
        Shape (n_pairs,): what `find_records` returned.
    mark : int
        `UNKNOWN` or `AMBIGUOUS`.
    """
    is_left, is_right = left == mark, right == mark
    missed = pa.concat_arrays(
        [pairs.left_id.filter(pa.array(is_left)), pairs.right_id.filter(pa.array(is_right))]
    )
    return int((is_left | is_right).sum()), first_three(pc.unique(missed).to_pylist())
