"""Read a table or a view of a database, in parts, without changing it."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from matcher.database import Place, connected, names_of, read_place
from matcher.errors import RecordsError, first_three, nearest
from matcher.records.frames import text_of
from matcher.types import Notice

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select
    from sqlalchemy.types import TypeEngine

ROWS = 20_000  # that are held as Python's values, before they become Arrow's


def read_database(text: str) -> tuple[pa.Table, list[Notice]]:
    """Return the rows of the table that a URL names, in the order of its primary key, and notices.

    Parameters
    ----------
    text : str
        A URL of SQLAlchemy, with ``table`` and perhaps ``schema`` among its parameters.

    Raises
    ------
    RecordsError
        The database cannot be reached, or there is no such table.
    MissingExtraError
        SQLAlchemy, or the driver of PostgreSQL, is not installed.
    """
    place = read_place(text, RecordsError)
    _check(place)
    with connected(place) as connection:
        types, key = _declared(connection, place)
        query = _query(connection, place, types, key)
        arrays: list[list[pa.Array]] = [[] for _ in types]
        rows = connection.execution_options(yield_per=ROWS).execute(query)
        for part in rows.partitions():
            for found, values in zip(arrays, zip(*part, strict=True), strict=True):
                found.append(_array(values))
    columns, notices = [], []
    for (name, declared), found in zip(types.items(), arrays, strict=True):
        column, is_mixed = _joined(found)
        columns.append(_as_declared(column, declared))
        if is_mixed:
            known = column.drop_null()
            message = (
                f"{place.shown}: column {name!r} holds values of several types, or beyond any, "
                f"first {first_three(known[:3].to_pylist())}. They were read as text."
            )
            notices.append(Notice("mixed_types", message, len(known)))
    return pa.Table.from_arrays(columns, names=list(types)), notices


def shown_name(text: str) -> str:
    """Return what messages call the table of a URL: the URL without its password."""
    return read_place(text, RecordsError).shown


def _check(place: Place) -> None:
    if "table" not in place.words:
        raise RecordsError(
            f"{place.shown}: names no table, got no table=. Add ?table=NAME to the URL, or "
            "&table=NAME behind other parameters."
        )
    file = place.url.database
    is_file = place.url.get_backend_name() == "sqlite" and "uri" not in place.url.query
    if is_file and file and file != ":memory:" and not Path(file).is_file():
        raise RecordsError(  # SQLite would make an empty one
            f"{place.shown}: there is no such file, got {file!r}. Check the path: three slashes "
            "stand before a relative one, four before an absolute one."
        )


def _declared(
    connection: "Connection", place: Place
) -> tuple[dict[str, "TypeEngine[Any]"], list[str]]:
    """Return the type of every column by its name, and the names of the primary key."""
    from sqlalchemy import exc, inspect

    name, inspector = place.words["table"], inspect(connection)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", exc.SAWarning)  # a type of an extension: read as text
            columns = inspector.get_columns(name, place.schema)
            key = inspector.get_pk_constraint(name, place.schema)["constrained_columns"]
    except exc.NoSuchTableError:
        names = names_of(connection, place.schema)
        raise RecordsError(
            f"{place.shown}: there is no such table or view, got {name!r}. The schema holds "
            f"{len(names)}{', first ' if names else ''}{first_three(names)}; check the database, "
            f"the schema and the name.{nearest(name, names)}"
        ) from None
    return {column["name"]: column["type"] for column in columns}, key


def _query(
    connection: "Connection", place: Place, types: dict[str, "TypeEngine[Any]"], key: Sequence[str]
) -> "Select[Any]":
    """Return the query of all rows.

    The columns have no type for SQLAlchemy, which would turn SQLite's numbers into others.
    """
    from sqlalchemy import column, select, table

    source = table(place.words["table"], *map(column, types), schema=place.schema)
    wanted: list[ColumnElement[Any]] = list(source.columns)
    if connection.dialect.name == "postgresql":
        wanted = [_exact(one, types[one.name]) for one in source.columns]
    return select(*wanted).order_by(*(source.columns[name] for name in key))


def _exact(column: "ColumnElement[Any]", declared: "TypeEngine[Any]") -> "ColumnElement[Any]":
    """Return the column, as PostgreSQL's own text where Arrow has no such type: JSON, UUID, ...."""
    from sqlalchemy import ARRAY, Text, cast, types

    kind = getattr(declared, "data_type", declared)  # of a domain
    if isinstance(kind, ARRAY):
        kind = kind.item_type
    numbers = (types.Integer, types.Numeric, types.Float, types.Boolean)
    others = (types.String, types.LargeBinary, types.Date, types.DateTime, types.Time)
    if isinstance(kind, (*numbers, *others)):
        return column
    return cast(column, Text)


def _array(values: Sequence[Any]) -> pa.Array:
    """Return values as Arrow has them; as large strings where they have no one type."""
    try:
        return pa.array(values)
    except (pa.ArrowException, OverflowError):
        texts = [
            one.decode("utf-8", "replace") if isinstance(one, bytes) else one for one in values
        ]
        return pa.array([None if one is None else str(one) for one in texts], pa.large_string())


def _joined(arrays: Sequence[pa.Array]) -> tuple[pa.ChunkedArray, bool]:
    """Return the parts of a column as one, and whether it had to become text."""
    if not arrays:
        return pa.chunked_array([], pa.string()), False
    tables = [pa.table({"": array}) for array in arrays]
    try:
        column = pa.concat_tables(tables, promote_options="permissive").column(0)
    except pa.ArrowException:
        return pa.chunked_array([text_of(array) for array in arrays], pa.string()), True
    is_mixed = pa.types.is_large_string(column.type)
    return (column.cast(pa.string()) if is_mixed else column), is_mixed


def _as_declared(column: pa.ChunkedArray, declared: "TypeEngine[Any]") -> pa.ChunkedArray:
    """Return booleans and times as such where SQLite keeps numbers and texts, if all are."""
    from sqlalchemy import types

    if isinstance(declared, types.Boolean) and pa.types.is_integer(column.type):
        is_flag = pc.is_in(column, pa.array([0, 1, None], column.type))
        return column.cast(pa.bool_()) if pc.all(is_flag).as_py() else column
    wanted = {types.DateTime: pa.timestamp("us"), types.Date: pa.date32()}
    for kind, type_ in wanted.items():
        if isinstance(declared, kind) and pa.types.is_string(column.type):
            try:
                return column.cast(type_)
            except pa.ArrowInvalid:
                return column
    return column
