"""From ids to record numbers."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import first_three
from matcher.labelling.inputs import find_inputs, short_names
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
    own, which may be empty).  Where a record has no source, its input stands for it, in a column by
    any name that `find_inputs` knows.  When two tables are linked, left ids are looked up in the
    left and right ids in the right table, unless their column of sources names the other one.

    Returns
    -------
    left, right : Longs
        Shape (n_pairs,): record numbers, `UNKNOWN` or `AMBIGUOUS`.
    """
    known = _Known.of(records)
    found = []
    for side, (ids, source) in enumerate(
        ((pairs.left_id, pairs.left_source), (pairs.right_id, pairs.right_source))
    ):
        members = np.flatnonzero(records.sources == side) if records.is_link else None
        numbers = _find(ids, known.plain, known.full, members)
        if source is not None:
            numbers = _of_sources(ids, pc.fill_null(source, ""), known, members, numbers)
        found.append(numbers)
    return found[0], found[1]


@dataclass(frozen=True, slots=True)
class _Known:
    """How records are called.

    Attributes
    ----------
    records : Records
        The records.
    plain, full : pa.StringArray
        Shape (n_records,): the id, and behind the name of its source, or of its input.
    bare : pa.StringArray
        Shape (n_records,): ``/id`` of a record without a source, else null.
    """

    records: Records
    plain: pa.StringArray
    full: pa.StringArray
    bare: pa.StringArray

    @staticmethod
    def of(records: Records) -> "_Known":
        plain = pa.array([str(each) for each in records.ids.tolist()], pa.string())
        names = pa.array([*records.source_names, None], pa.string())  # source -1 is the last: null
        sources = names.take(pa.array(records.sources % len(names)))
        shown = records.part_names
        if len(set(shown)) < len(shown):
            shown = short_names(shown)
        inputs = pa.array(shown, pa.string()).take(pa.array(records.parts))
        without = pc.if_else(pc.is_null(sources), "", None)
        return _Known(
            records,
            plain,
            pc.binary_join_element_wise(pc.coalesce(sources, inputs), plain, "/"),
            pc.binary_join_element_wise(without, plain, "/"),
        )

    def of_inputs(self, ids: pa.StringArray, inputs: Longs) -> Longs:
        """Return the record of each id in the input of this number."""
        parts = pc.cast(pa.array(self.records.parts), pa.string())
        known = pc.binary_join_element_wise(parts, self.plain, "/")
        wanted = pc.binary_join_element_wise(pc.cast(pa.array(inputs), pa.string()), ids, "/")
        return _find(wanted, known, known, None)


def _of_sources(
    ids: pa.StringArray, source: pa.StringArray, known: _Known, members: Longs | None, plain: Longs
) -> Longs:
    """Return the record of each id in its source; `plain` are those of the ids alone."""
    named = pc.binary_join_element_wise(source, ids, "/")
    of_source = _find(named, known.full, known.full, members)
    of_none = _find(named, known.bare, known.bare, members)  # first of all one without a source
    inputs = find_inputs(source, known.records.part_names)
    if (inputs >= 0).any():
        is_of_input = (inputs >= 0) & (of_source == UNKNOWN)
        of_source = np.where(is_of_input, known.of_inputs(ids, inputs), of_source)
    if members is not None:  # of two tables the side tells which, whatever it was called
        of_source = np.where((inputs < 0) & (of_source == UNKNOWN), plain, of_source)
    is_named = np.asarray(pc.not_equal(source, ""), np.bool_)
    unnamed = np.where(of_none == UNKNOWN, plain, of_none)
    return np.where(is_named, of_source, unnamed)


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


def is_inside_table(left: Longs, right: Longs, records: Records) -> Bools:
    """Return which pairs of record numbers, shape (n_pairs,), are inside one of two linked tables.

    None is where nothing is linked, or a record is not known.
    """
    if not records.is_link:
        return np.zeros(len(left), np.bool_)
    table = np.append(records.sources, [AMBIGUOUS, UNKNOWN])  # of a record that is not known
    return np.asarray((table[left] == table[right]) & (table[left] >= 0), np.bool_)


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
