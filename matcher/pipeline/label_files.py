"""Check a label file, and write it in the form of another tool."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import LabelsError, first_three
from matcher.labelling import (
    Contradiction,
    LabelledRecords,
    LabelTable,
    check_tool,
    find_contradictions,
    find_records,
    read_labels,
    write_for_tool,
    write_labels,
)
from matcher.output import check_file, write_file
from matcher.pipeline.jobs import read_inputs
from matcher.records import infer_schema, parse_records
from matcher.settings import Settings
from matcher.types import RELATIONS, Bools, Longs, Notice, Records

OWN_FORM = "matcher"


@dataclass(frozen=True, slots=True)
class LabelReport:
    """What a label file holds.

    Attributes
    ----------
    counts : dict[str, int]
        How many labels of each relation.
    contradictions : tuple[str, ...]
        Labels that cannot all be true, each told with its rows.
    notices : tuple[Notice, ...]
        What was left out, and what the form that was written cannot hold.
    n_written : int
        Labels that were written.
    """

    counts: dict[str, int]
    contradictions: tuple[str, ...]
    notices: tuple[Notice, ...]
    n_written: int


def check_labels(
    labels: Any, inputs: Any = None, *, settings: Settings | None = None
) -> LabelReport:
    """Return what a label file holds, and which of its labels contradict each other.

    Parameters
    ----------
    labels : path or frame
        Labels in any form that is read.
    inputs : path, frame, sequence of them or None
        The catalogue: ids are then looked up in it. Without it, equal ids are one record.
    settings : Settings | None
        Where the ids of the catalogue are.

    Raises
    ------
    LabelsError
        The labels cannot be read, or none is of the catalogue.
    """
    return _report(*_find(read_labels(labels), inputs, settings), 0)


def convert_labels(
    labels: Any,
    to: str,
    path: str | PathLike[str],
    inputs: Any = None,
    *,
    settings: Settings | None = None,
) -> LabelReport:
    """Write labels in the form of a tool; nothing is written where they contradict each other.

    Parameters
    ----------
    labels, inputs, settings
        As for `check_labels`.  With the catalogue, forms that hold whole records hold them with all
        their columns; without it, with their ids alone.
    to : str
        ``"findmatches"``, ``"magellan"``, ``"dedupe"``, ``"zingg"`` or ``"matcher"``.
    path : str | PathLike[str]
        The file; an existing one is replaced.

    Raises
    ------
    LabelsError
        As for `check_labels`.
    SettingsError
        Unknown form, or a place that cannot be written.
    """
    place = Path(path)
    if to == OWN_FORM:
        check_file(place)
    else:
        check_tool(to, place)
    table, labelled, notices = _find(read_labels(labels), inputs, settings)
    report = _report(table, labelled, notices, 0)
    if report.contradictions:
        return report
    if to == OWN_FORM:
        write_labels(table, place)
        return _report(table, labelled, notices, len(table))
    told: list[Notice] = []
    write_file(place, lambda new: told.extend(write_for_tool(labelled, to, new)))
    return _report(table, labelled, (*notices, *told), len(labelled.left))


def _find(
    table: LabelTable, inputs: Any, settings: Settings | None
) -> tuple[LabelTable, LabelledRecords, tuple[Notice, ...]]:
    """Return the labels of known records, all of them where no catalogue is given."""
    relations = np.array([RELATIONS.index(word) for word in table.relation.to_pylist()], np.int8)
    left_id = _full(table.left_id, table.left_source)
    right_id = _full(table.right_id, table.right_source)
    if inputs is None:
        every = pa.concat_arrays([left_id, right_id]).dictionary_encode()
        numbers = np.asarray(every.indices, np.int64)
        left, right = numbers[: len(table)], numbers[len(table) :]
        records = pa.table({"id": every.dictionary})
        keys = (table.left_id, table.right_id) if _are_two_tables(table) else (left_id, right_id)
        found = LabelledRecords(left, right, relations, left_id, right_id, *keys, records)
        return table, found, table.notices
    looked_up = _look_up(table, inputs, settings or Settings())
    numbers, row_of, ids = looked_up.numbers, looked_up.records.rows, looked_up.records.ids
    is_known = (numbers[0] >= 0) & (numbers[1] >= 0)
    places = np.flatnonzero(is_known)
    kept, numbers = pa.array(places), numbers[:, places]
    notices = _unknown(table.name, left_id, right_id, is_known)
    left_id, right_id = left_id.take(kept), right_id.take(kept)
    left_key, right_key = left_id, right_id
    if looked_up.records.is_link:
        numbers = np.sort(numbers, axis=0)  # records of the left table come first
        left_key, right_key = (pa.array(ids[side].astype(str), pa.string()) for side in numbers)
    found = LabelledRecords(
        left=row_of[numbers[0]],
        right=row_of[numbers[1]],
        relations=relations[places],
        left_id=left_id,
        right_id=right_id,
        left_key=left_key,
        right_key=right_key,
        records=looked_up.table,
    )
    return _take(table, places), found, (*table.notices, *notices)


def _are_two_tables(table: LabelTable) -> bool:
    """Return whether all left ids are of one source, and all right ids of another."""
    if table.left_source is None or table.right_source is None:
        return False
    left, right = (
        set(pc.unique(each).to_pylist()) for each in (table.left_source, table.right_source)
    )
    return len(left) == len(right) == 1 and left != right and not (left | right) & {"", None}


@dataclass(frozen=True, slots=True)
class _LookedUp:
    """Labels beside their catalogue.

    Attributes
    ----------
    numbers : Longs
        Shape (2, n_labels): record numbers of both sides, negative where unknown.
    records : Records
        The records.
    table : pa.Table
        The rows of the catalogue as text, with ids.
    """

    numbers: Longs
    records: Records
    table: pa.Table


def _look_up(table: LabelTable, inputs: Any, settings: Settings) -> _LookedUp:
    """Return the records of both sides of the labels, and the catalogue."""
    catalogue = read_inputs(inputs, settings, table)
    schema = infer_schema(catalogue, settings)
    records = parse_records(catalogue, schema, settings)
    numbers = np.stack(find_records(table, records))
    rows = catalogue.table
    if not schema.id:
        names = np.empty(rows.num_rows, dtype=object)
        names[records.rows] = records.ids
        rows = rows.add_column(0, "record_id", pa.array(names, pa.string()))
    named = {name: _text(rows[name]) for name in rows.column_names}
    return _LookedUp(numbers, records, pa.table(named))


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_nested(column.type):
        return pa.chunked_array([[None if one is None else str(one) for one in column.to_pylist()]])
    return pc.cast(column, pa.string())


def _take(table: LabelTable, rows: Longs) -> LabelTable:
    """Return the labels at these positions."""
    kept = pa.array(rows)
    names = ("left_source", "right_source", "stratum")
    optional = {name: getattr(table, name) for name in names}
    return LabelTable(
        left_id=table.left_id.take(kept),
        right_id=table.right_id.take(kept),
        relation=table.relation.take(kept),
        rows=table.rows[rows],
        name=table.name,
        notices=table.notices,
        strata=table.strata,
        **{name: None if of is None else of.take(kept) for name, of in optional.items()},
    )


def _full(ids: pa.StringArray, sources: pa.StringArray | None) -> pa.StringArray:
    """Return ids as one text each, ``source/id`` where the file gives sources."""
    if sources is None:
        return ids
    has_source = pc.not_equal(pc.fill_null(sources, ""), "")
    return pc.if_else(has_source, pc.binary_join_element_wise(sources, ids, "/"), ids)


def _unknown(
    name: str, left_id: pa.StringArray, right_id: pa.StringArray, is_known: Bools
) -> tuple[Notice, ...]:
    missed = np.flatnonzero(~is_known).tolist()
    if not missed:
        return ()
    listed = first_three([f"{left_id[at]} - {right_id[at]}" for at in missed[:3]])
    if len(missed) == len(is_known):
        raise LabelsError(
            f"{name}: none of its {len(missed)} labels names two records of the catalogue, "
            f"first {listed}. Give labels with the ids of this catalogue."
        )
    message = (
        f"{name}: {len(missed)} labels name no two records of the catalogue, first {listed}. "
        "They were left out."
    )
    return (Notice("labels_with_unknown_ids", message, len(missed)),)


def _report(
    table: LabelTable, labelled: LabelledRecords, notices: tuple[Notice, ...], n_written: int
) -> LabelReport:
    counts = np.bincount(labelled.relations, minlength=len(RELATIONS))
    found = find_contradictions(labelled.left, labelled.right, labelled.relations)
    return LabelReport(
        counts=dict(zip(RELATIONS, counts.tolist(), strict=True)),
        contradictions=tuple(_tell(each, table, labelled) for each in found),
        notices=notices,
        n_written=n_written,
    )


def _tell(contradiction: Contradiction, table: LabelTable, labelled: LabelledRecords) -> str:
    """Return a contradiction as a sentence, each label with its row."""

    def told(at: int) -> str:
        left, right = labelled.left_id[at], labelled.right_id[at]
        relation = RELATIONS[labelled.relations[at]]
        return f"row {table.rows[at]}: {str(left)!r} {relation} {str(right)!r}"

    others = "; ".join(told(at) for at in contradiction.others)
    return f"{told(contradiction.place)}, but {others}"
