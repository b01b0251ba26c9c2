"""Write a result as tables of a database, all of them or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from matcher.database import Place, connected, read_place
from matcher.errors import SettingsError, first_three, nearest
from matcher.output.run import plain
from matcher.output.sql_columns import (
    REPLACEMENT,
    column_type,
    fitting_names,
    holdable,
    without_nul,
)
from matcher.output.write import TABLES
from matcher.types import Notice

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection, Inspector, Table

ROWS = 5_000  # that are sent at a time
RUN = "run"
DIALECTS = ("postgresql", "sqlite")  # that can take back a table half made, and are tested

Shapes = dict[str, dict[str, str]]
"""The types of the columns of every table, as the database calls them."""


def check_database(text: str) -> None:
    """Make sure that a result may be written where a URL says.

    Nothing is changed: a table is made, and taken back.

    Raises
    ------
    SettingsError
        The database cannot be reached or written, is of a kind that cannot take back a result half
        written, or holds tables of such names that no result wrote.
    MissingExtraError
        SQLAlchemy, or the driver of PostgreSQL, is not installed.
    """
    place = _read_target(text)
    from sqlalchemy import Column, Integer

    with connected(place) as connection:
        _begin(connection)
        _earlier(connection, place)
        _table(place, "matcher_probe", Column("id", Integer)).create(connection)
        connection.rollback()


def write_database(text: str, tables: Mapping[str, pa.Table], run: Mapping[str, Any]) -> None:
    """Write tables and the run where a URL says, in one transaction.

    A table of an earlier result that has the same columns is emptied and filled, so that its
    rights, views and indexes stay; another one is made anew.

    Parameters
    ----------
    text : str
        A URL of SQLAlchemy, with ``schema`` and ``prefix`` among its parameters if wanted.
    tables : Mapping[str, pa.Table]
        Those of `TABLES` that the result has, by name; they are not changed.
    run : Mapping[str, Any]
        Ready for JSON.  ``tables`` is added to it, which tells the next run what is ours.

    Raises
    ------
    SettingsError, MissingExtraError
        As for `check_database`.
    """
    place = _read_target(text)
    from sqlalchemy import JSON, Column

    with connected(place) as connection:
        _begin(connection)
        earlier = _earlier(connection, place)
        sheets = {name: _sheet(connection, place, name, table) for name, table in tables.items()}
        for name in earlier.keys() - tables.keys():  # changes, where there were some
            _table(place, name).drop(connection, checkfirst=True)
        for name, sheet in sheets.items():
            _empty(connection, sheet.table, is_same=sheet.shape == earlier.get(name))
            _fill(connection, sheet)
        notices = [plain(notice) for sheet in sheets.values() for notice in sheet.notices]
        story = {
            **run,
            "notices": [*run["notices"], *notices],
            "tables": {name: sheet.shape for name, sheet in sheets.items()},
        }
        table = _table(place, RUN, Column(RUN, JSON))
        _empty(connection, table, is_same=bool(earlier))
        connection.execute(table.insert(), [{RUN: story}])
        connection.commit()


def _read_target(text: str) -> Place:
    place = read_place(text, SettingsError)
    if "table" in place.words:
        raise SettingsError(
            f"{place.shown}: a result is several tables, got "
            f"table={place.words['table']!r}. Give prefix= for the beginning of their names."
        )
    kind = place.url.get_backend_name()
    if kind not in DIALECTS:
        raise SettingsError(
            f"{place.shown}: a result is written to {' and '.join(DIALECTS)} only, got {kind!r}. "
            f"Write a folder and load its tables.{nearest(kind, DIALECTS)}"
        )
    return place


def _prefix(place: Place) -> str:
    return place.words.get("prefix", "")


def _table(place: Place, name: str, *columns: "Column[Any]") -> "Table":
    from sqlalchemy import MetaData, Table

    return Table(f"{_prefix(place)}{name}", MetaData(schema=place.schema), *columns)


def _begin(connection: "Connection") -> None:
    if connection.dialect.name == "sqlite":  # its driver begins at the first INSERT only
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _empty(connection: "Connection", table: "Table", *, is_same: bool) -> None:
    if is_same:
        connection.execute(table.delete())
    else:
        table.drop(connection, checkfirst=True)
        table.create(connection)


def _fill(connection: "Connection", sheet: "_Sheet") -> None:
    for batch in sheet.rows.to_batches(max_chunksize=ROWS):
        columns = [column.to_pylist() for column in batch.columns]
        rows = [
            dict(zip(batch.schema.names, row, strict=True)) for row in zip(*columns, strict=True)
        ]
        connection.execute(sheet.table.insert(), rows)


def _earlier(connection: "Connection", place: Place) -> Shapes:
    """Return the tables of the result that is there; empty if there is none.

    Raises
    ------
    SettingsError
        There is no such schema, or a table was not written by a result.
    """
    from sqlalchemy import inspect

    inspector = inspect(connection)
    if place.schema and place.schema not in (schemas := inspector.get_schema_names()):
        raise SettingsError(
            f"{place.shown}: there is no such schema, got {place.schema!r}. Create it, or choose "
            f"one of {', '.join(schemas[:10])}."
        )
    names = {name: f"{_prefix(place)}{name}" for name in (*TABLES, RUN)}
    there = [name for name in names if inspector.has_table(names[name], schema=place.schema)]
    found = {name: _columns(inspector, names[name], place) for name in there}
    shapes = _written(connection, place) if found.pop(RUN, None) == [RUN] else {}
    ours = {name: list(columns) for name, columns in shapes.items()}
    foreign = [names[name] for name, columns in found.items() if columns != ours.get(name)]
    if RUN in there and not shapes:
        foreign.append(names[RUN])
    if foreign:
        raise SettingsError(
            f"{place.shown}: holds tables that matcher did not write, or that were changed since, "
            f"got {len(foreign)}, first {first_three(foreign)}. Choose another prefix= or schema=, "
            "so that nothing of yours is replaced."
        )
    return {name: shape for name, shape in shapes.items() if name in found} if shapes else {}


def _columns(inspector: "Inspector", name: str, place: Place) -> list[str]:
    return [column["name"] for column in inspector.get_columns(name, schema=place.schema)]


def _written(connection: "Connection", place: Place) -> Shapes:
    """Return what the run of an earlier result says of its tables; empty if it is another's."""
    from sqlalchemy import JSON, column, select, table

    source = table(f"{_prefix(place)}{RUN}", column(RUN, JSON), schema=place.schema)
    runs = connection.execute(select(source)).scalars().all()
    is_ours = len(runs) == 1 and isinstance(runs[0], dict) and "tables" in runs[0]
    return dict(runs[0]["tables"]) if is_ours else {}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table, ready to be written.

    Attributes
    ----------
    table : Table
        As the database is to have it; the keys of its columns are their numbers.
    rows : pa.Table
        The values as the database can hold them, the columns named by these keys.
    shape : dict[str, str]
        The type of every column by its name, as the database calls it.
    notices : list[Notice]
        What the database cannot hold, and what was written instead.
    """

    table: "Table"
    rows: pa.Table
    shape: dict[str, str]
    notices: list[Notice]


def _sheet(connection: "Connection", place: Place, name: str, content: pa.Table) -> _Sheet:
    from sqlalchemy import Column

    dialect = connection.dialect
    names, notices = fitting_names(
        content.column_names, dialect.name, dialect.max_identifier_length
    )
    types = [column_type(kind, dialect.name) for kind in content.schema.types]
    columns = [holdable(one, type_) for one, type_ in zip(content.columns, types, strict=True)]
    if dialect.name == "postgresql":
        columns, lost = without_nul(columns)
        message = f"{name}: PostgreSQL holds no NUL characters. They were written as {REPLACEMENT}."
        notices.extend([Notice("nul_replaced", message, lost)] if lost else [])
    keys = [str(number) for number in range(len(names))]
    made: list[Column[Any]] = [
        Column(one, type_, key=key) for one, type_, key in zip(names, types, keys, strict=True)
    ]
    shape = {one: type_.compile(dialect) for one, type_ in zip(names, types, strict=True)}
    return _Sheet(
        _table(place, name, *made), pa.Table.from_arrays(columns, names=keys), shape, notices
    )
