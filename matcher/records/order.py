"""Ids, sources, and the canonical order of the records."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.errors import RecordsError, first_three
from matcher.records.frames import text_of
from matcher.records.hashing import hash_rows, hash_strings
from matcher.records.infer import main_title
from matcher.records.missing import blank_missing
from matcher.types import BY_TITLE, Catalogue, Ints, Longs, Notice, Schema


@dataclass(frozen=True, slots=True)
class Order:
    """Who the records are, in canonical order.

    Attributes
    ----------
    ids : NDArray[np.object_]
        Shape (n_records,): as in `Records`.
    rows : Longs
        Shape (n_records,): row of the input.
    sources : Ints
        Shape (n_records,): -1 is unknown.
    source_names : tuple[str, ...]
        Names of the sources.
    notices : tuple[Notice, ...]
        Of generated ids.
    """

    ids: NDArray[np.object_]
    rows: Longs
    sources: Ints
    source_names: tuple[str, ...]
    notices: tuple[Notice, ...]


def order_records(catalogue: Catalogue, table: pa.Table, schema: Schema) -> Order:
    """Return ids and sources of all records in an order that the input's order does not touch.

    Parameters
    ----------
    catalogue : Catalogue
        The rows; `table` is its comparison table.
    table : pa.Table
        Where id, source and content are taken from.
    schema : Schema
        Names the columns of id and source.

    Raises
    ------
    RecordsError
        An id occurs twice in one source (or in one input, where there is no source).
    """
    ids, notices = _ids(catalogue, table, schema)
    sources, source_names = _sources(catalogue, table, schema)
    part = catalogue.parts if catalogue.is_link or not schema.source else np.zeros_like(sources)
    keys = pa.table(
        {
            "part": part if catalogue.is_link else np.zeros_like(part),
            "title": _titles(table, schema) if len(part) > BY_TITLE else np.zeros_like(part),
            "source": np.where(sources < 0, len(source_names), sources),
            "id": ids,
            "input": part,
        }
    )
    rows = np.asarray(
        pc.sort_indices(keys, [(name, "ascending") for name in keys.column_names])
    ).astype(np.int64)
    ids = ids.take(pa.array(rows))
    _check_unique(ids, np.stack([sources[rows], part[rows]]), catalogue)
    return Order(
        np.asarray(ids.to_numpy(zero_copy_only=False), dtype=np.object_),
        rows,
        sources[rows],
        source_names,
        tuple(notices),
    )


def _titles(table: pa.Table, schema: Schema) -> pa.StringArray:
    title = main_title(schema)
    if not title:
        return pa.nulls(table.num_rows, pa.string())
    return pc.utf8_lower(pc.utf8_trim_whitespace(text_of(table.column(title))))


def _sources(catalogue: Catalogue, table: pa.Table, schema: Schema) -> tuple[Ints, tuple[str, ...]]:
    if catalogue.is_link:
        return catalogue.parts, catalogue.names
    if not schema.source:
        return np.full(len(catalogue.parts), -1, np.int32), ()
    values = blank_missing(pc.utf8_trim_whitespace(text_of(table.column(schema.source))))
    names = sorted(value for value in pc.unique(values).to_pylist() if value is not None)
    numbers = pc.index_in(values, value_set=pa.array(names, pa.string())).fill_null(-1)
    return np.asarray(numbers).astype(np.int32), tuple(names)


def _ids(
    catalogue: Catalogue, table: pa.Table, schema: Schema
) -> tuple[pa.StringArray, list[Notice]]:
    if schema.id:
        given = blank_missing(text_of(table.column(schema.id)))
    else:
        given = pa.nulls(table.num_rows, pa.string())
    absent = np.asarray(pc.is_null(given))
    n_absent = int(absent.sum())
    if not n_absent:
        return given, []
    made = _generated(table, absent)
    where = f"column {schema.id!r} is empty in" if schema.id else "there is no id column for"
    message = (
        f"{', '.join(catalogue.names[:3])}: {where} {n_absent} rows. They were given ids made from "
        f"their content, such as {first_three(made[:1])}."
    )
    filled = pc.replace_with_mask(given, pa.array(absent), pa.array(made, pa.string()))
    return filled, [Notice("missing_ids", message, n_absent)]


def _generated(table: pa.Table, absent: NDArray[np.bool_]) -> list[str]:
    """Return ids from the content of rows; equal rows are counted."""
    names = sorted(table.column_names)
    rows = table.filter(pa.array(absent))
    hashes = hash_rows([text_of(rows.column(name)) for name in names])
    order = np.argsort(hashes, kind="stable")
    is_new = np.diff(hashes[order], prepend=~hashes[order][:1]) != 0
    starts = np.maximum.accumulate(np.where(is_new, np.arange(len(order)), 0))
    nth = np.empty(len(order), np.int64)
    nth[order] = np.arange(len(order)) - starts
    return [
        f"row-{value:016x}" + (f"-{count + 1}" if count else "")
        for value, count in zip(hashes.tolist(), nth.tolist(), strict=True)
    ]


def _check_unique(ids: pa.StringArray, scope: NDArray[np.int32], catalogue: Catalogue) -> None:
    """Raise if an id occurs twice in one scope, a column of `scope` for each id."""
    hashes = np.sort(hash_strings(ids))  # half the time of counting the different ids
    if (hashes[1:] != hashes[:-1]).all():
        return
    keys = pa.table({"first": scope[0], "second": scope[1], "id": ids})
    order = pc.sort_indices(keys, [(name, "ascending") for name in keys.column_names])
    ids, scope = ids.take(order), scope[:, np.asarray(order)]  # equal ones are neighbours
    same = np.asarray(pc.equal(ids.slice(1), ids.slice(0, len(ids) - 1)))
    same &= (scope[:, 1:] == scope[:, :-1]).all(axis=0)
    repeated = pc.unique(ids.slice(1).filter(pa.array(same))).to_pylist()
    if repeated:
        guilty = np.unique(scope[1][1:][same])
        names = ", ".join(catalogue.names[part] for part in guilty[:3])
        raise RecordsError(
            f"{names}: {duplicate_ids_message(repeated)} Ids must be unique within a source."
        )


def duplicate_ids_message(ids: Sequence[str]) -> str:
    """Return how many ids occur more than once, and the first of them.

    Examples
    --------
    >>> duplicate_ids_message(["A-17", "B-02"])
    "2 ids occur more than once, first 'A-17', 'B-02'."
    """
    counted = "1 id occurs" if len(ids) == 1 else f"{len(ids)} ids occur"
    return f"{counted} more than once, first {first_three(ids)}."
