"""Columns as a database can hold them: their names, their types and their values."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from matcher.output.spellings import as_text
from matcher.types import Notice

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

NUL, REPLACEMENT = "\x00", "\ufffd"


def fitting_names(
    names: Sequence[str], dialect: str, max_bytes: int
) -> tuple[list[str], list[Notice]]:
    """Return names that the columns of one table can have, and a notice where some had to change.

    Parameters
    ----------
    names : Sequence[str]
        Unique names.
    dialect : str
        SQLite takes `Color` and `color` for the same, PostgreSQL takes no NUL.
    max_bytes : int
        Length that the database allows, in UTF-8.

    Examples
    --------
    >>> fitting_names(["id", "Color", "color", "material"], "sqlite", 7)[0]
    ['id', 'Color', 'color_2', 'materia']
    """
    taken: set[str] = set()
    fitting, changed = [], []
    for name in names:
        stem, number = name.replace(NUL, REPLACEMENT), 1
        candidate = _cut(stem, max_bytes)
        while (key := candidate.lower() if dialect == "sqlite" else candidate) in taken:
            number += 1
            ending = f"_{number}"
            candidate = _cut(stem, max_bytes - len(ending)) + ending
        taken.add(key)
        fitting.append(candidate)
        if candidate != name:
            changed.append(f"{name!r} to {candidate!r}")
    if not changed:
        return fitting, []
    message = (
        f"records: {len(changed)} column names are longer than the database allows, or the same "
        f"for it. They were written otherwise, {', '.join(changed[:3])}."
    )
    return fitting, [Notice("renamed_columns", message, len(changed))]


def _cut(name: str, max_bytes: int) -> str:
    return name.encode()[:max_bytes].decode("utf-8", "ignore")


def column_type(kind: pa.DataType, dialect: str) -> "TypeEngine[Any]":
    """Return the type that holds the values of an Arrow type without changing them.

    Text is what remains, in SQLite also for decimals, zones, times of day and intervals.
    """
    import sqlalchemy as sql
    from sqlalchemy.dialects.postgresql import ARRAY

    is_rich = dialect == "postgresql"
    if pa.types.is_dictionary(kind):
        return column_type(kind.value_type, dialect)
    if is_rich and _is_flat_list(kind):
        return ARRAY(column_type(kind.value_type, dialect))
    if pa.types.is_timestamp(kind) and (is_rich or kind.tz is None):
        return sql.DateTime(timezone=kind.tz is not None)
    is_ = pa.types
    rich: list[tuple[Any, TypeEngine[Any]]] = [
        (is_.is_decimal, sql.Numeric()),
        (is_.is_uint64, sql.Numeric()),
        (is_.is_time, sql.Time()),
        (is_.is_duration, sql.Interval()),
    ]
    usual: list[tuple[Any, TypeEngine[Any]]] = [
        (is_.is_uint64, sql.Text()),
        (is_.is_integer, sql.BigInteger()),
        (is_.is_boolean, sql.Boolean()),
        (is_.is_float32, sql.REAL()),
        (is_.is_floating, sql.Double()),
        (is_.is_date, sql.Date()),
        (is_.is_binary, sql.LargeBinary()),
        (is_.is_large_binary, sql.LargeBinary()),
        (is_.is_fixed_size_binary, sql.LargeBinary()),
    ]
    known = [*rich, *usual] if is_rich else usual
    return next((type_ for is_kind, type_ in known if is_kind(kind)), sql.Text())


def holdable(column: pa.ChunkedArray, type_: "TypeEngine[Any]") -> pa.ChunkedArray:
    """Return the values of a column for a type of `column_type`: texts, times in microseconds."""
    from sqlalchemy import Text

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if isinstance(type_, Text):
        return pa.chunked_array([as_text(column)])
    kind = column.type
    if pa.types.is_timestamp(kind):
        return column.cast(pa.timestamp("us", kind.tz), safe=False)
    if pa.types.is_time64(kind):
        return column.cast(pa.time64("us"), safe=False)
    if pa.types.is_duration(kind):
        return column.cast(pa.duration("us"), safe=False)
    return column


def without_nul(columns: Sequence[pa.ChunkedArray]) -> tuple[list[pa.ChunkedArray], int]:
    """Return columns whose texts hold no NUL, and how many did: PostgreSQL takes none."""
    cleaned, count = [], 0
    for column in columns:
        found = 0
        if pa.types.is_string(column.type):
            found = pc.sum(pc.match_substring(column, NUL)).as_py() or 0
        cleaned.append(pc.replace_substring(column, NUL, REPLACEMENT) if found else column)
        count += found
    return cleaned, count


def _is_flat_list(kind: pa.DataType) -> bool:
    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    return is_list and not pa.types.is_nested(kind.value_type)
