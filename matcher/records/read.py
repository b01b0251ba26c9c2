"""Read catalogues: files, folders, globs, tables of databases and data frames, as one table."""

import glob
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from matcher.database import is_url
from matcher.errors import RecordsError
from matcher.records.database import read_database, shown_name
from matcher.records.delimited import read_delimited, unique_names
from matcher.records.frames import table_of, text_of
from matcher.types import Catalogue, Notice

SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz", ".parquet", ".pq")


def read_catalogue(inputs: Sequence[Any], *, is_link: bool = False) -> Catalogue:
    """Return the rows of all inputs as one catalogue.

    Parameters
    ----------
    inputs : Sequence[Any]
        Paths to CSV, CSV.gz, TSV or Parquet files, to folders or globs of them; URLs of tables of
        databases; or data frames with the Arrow PyCapsule interface.  CSV values are read as text,
        exactly as written.
    is_link : bool
        Exactly two inputs are to be linked with each other.

    Raises
    ------
    RecordsError
        An input is missing, empty, without columns or of an unknown kind.
    """
    if is_link and len(inputs) != 2:
        raise RecordsError(f"link: two tables are needed, got {len(inputs)}. Give left and right.")
    if not inputs:
        raise RecordsError("catalogue: nothing to read, got no input. Give a path or a data frame.")
    names = _names(inputs)
    tables, notices = [], []
    for value, name in zip(inputs, names, strict=True):
        table, found = _read_one(value, name)
        tables.append(table)
        notices.extend(found)
    table = join_tables(tables)
    parts = np.repeat(np.arange(len(tables), dtype=np.int32), [t.num_rows for t in tables])
    for one, name in zip(tables, names, strict=True):
        if not one.num_rows:
            notices.append(Notice("no_rows", f"{name}: has a header but no rows.", 0))
    return Catalogue(table, parts, names, is_link, tuple(notices))


def _names(inputs: Sequence[Any]) -> tuple[str, ...]:
    plain = ("left", "right") if len(inputs) == 2 else ("records",) * len(inputs)
    return tuple(_name(value, name) for value, name in zip(inputs, plain, strict=True))


def _name(value: Any, usual: str) -> str:
    if is_url(value):
        return shown_name(value)
    return str(value) if isinstance(value, str | Path) else usual


def _read_one(value: Any, name: str) -> tuple[pa.Table, list[Notice]]:
    if is_url(value):
        table, notices = read_database(value)
        return _checked(table, name, notices)
    if not isinstance(value, str | Path):
        table, notices = table_of(value, name)
        return _checked(table, name, notices)
    files = _files(value)
    tables, notices = [], []
    for path in files:
        table, found = _checked(*_with_name(_read_file(path), path))
        tables.append(table)
        notices.extend(found)
    return join_tables(tables), notices


def _with_name(
    read: tuple[pa.Table, list[Notice]], path: Path
) -> tuple[pa.Table, str, list[Notice]]:
    return read[0], str(path), read[1]


def _checked(table: pa.Table, name: str, notices: list[Notice]) -> tuple[pa.Table, list[Notice]]:
    if not table.num_columns:
        raise RecordsError(f"{name}: has no columns. Give a table with a header and rows.")
    unique, renamed = unique_names(table.column_names, name)
    return table.rename_columns(unique), [*notices, *renamed]


def _files(value: str | Path) -> list[Path]:
    path = Path(value)
    if path.is_dir():
        found = sorted(
            file
            for file in path.rglob("*")
            if file.is_file()
            and file.name.lower().endswith(SUFFIXES)
            and not any(part.startswith((".", "_")) for part in file.relative_to(path).parts)
        )
        if not found:
            raise RecordsError(f"{path}: the folder holds no CSV or Parquet file. Give another.")
        return found
    if path.exists():
        return [path]
    if glob.has_magic(str(value)):
        found = [Path(name) for name in sorted(glob.glob(str(value), recursive=True))]  # noqa: PTH207
        if not found:
            raise RecordsError(f"{value}: no file matches. Check the pattern and the folder.")
        return [file for file in found if file.is_file()]
    raise RecordsError(f"{path}: there is no such file or folder. Check the path.")


def _read_file(path: Path) -> tuple[pa.Table, list[Notice]]:
    if path.suffix.lower() in (".parquet", ".pq"):
        try:
            return pyarrow.parquet.read_table(path), []
        except (pa.ArrowInvalid, OSError) as error:
            raise RecordsError(
                f"{path}: is not a readable Parquet file, got {error}. Write it again."
            ) from error
    if path.suffix.lower() in (".xlsx", ".xls", ".json", ".jsonl", ".zip"):
        raise RecordsError(
            f"{path}: {path.suffix} files are not read. Save it as CSV or Parquet, or load it into "
            "a data frame."
        )
    return read_delimited(path)


def join_tables(tables: Sequence[pa.Table]) -> pa.Table:
    """Return tables one below the other, joined by column name; missing columns are null.

    Columns whose types differ become text.
    """
    if len(tables) == 1:
        return tables[0]
    names = list(dict.fromkeys(name for table in tables for name in table.column_names))
    columns = []
    for name in names:
        found = [table.column(name) if name in table.column_names else None for table in tables]
        types = {column.type for column in found if column is not None}
        kind = types.pop() if len(types) == 1 else pa.string()
        chunks = []
        for table, column in zip(tables, found, strict=True):
            if column is None:
                chunks.append(pa.nulls(table.num_rows, kind))
            elif column.type == kind:
                chunks.extend(column.chunks)
            else:
                chunks.append(text_of(column))
        columns.append(pa.chunked_array(chunks, kind))
    return pa.Table.from_arrays(columns, names=names)
