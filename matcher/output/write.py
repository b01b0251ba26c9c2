"""Write files so that a failed run leaves the old ones as they were."""

import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import SettingsError, first_three, nearest

Format = Literal["csv", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "parquet")
TABLES = ("records", "pairs", "families", "changes")
RUN_FILE, REPORT_FILE, STATE_FILE = "run.json", "report.html", "state.arrow"
STATE_PART = "state-{}.arrow"
MOST_STATE_FILES = 8
"""Files of a state: with as many an update writes all pairs into one again."""

INDEX_FOLDER, KEPT_FOLDER = "index", "kept"
OWN_FILES = {f"{table}.{ending}" for table in TABLES for ending in FORMATS} | {
    RUN_FILE,
    REPORT_FILE,
    STATE_FILE,
    *(STATE_PART.format(number) for number in range(1, MOST_STATE_FILES + 1)),
    INDEX_FOLDER,
    KEPT_FOLDER,
    *(f".{INDEX_FOLDER}.matcher-{age}" for age in ("new", "old")),  # a killed run leaves them
}


def check_format(name: str) -> Format:
    """Return the format, or say which ones exist.

    Raises
    ------
    SettingsError
        It is not one of `FORMATS`.
    """
    for known in FORMATS:
        if name == known:
            return known
    raise SettingsError(
        f"format: unknown format, got {name!r}. "
        f"Choose one of {', '.join(FORMATS)}.{nearest(name, FORMATS)}"
    )


def check_folder(folder: Path) -> None:
    """Make sure that a result may be written as `folder`: a new, an empty, or an older result's.

    Raises
    ------
    SettingsError
        It is a file, or it holds files that no result wrote.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise SettingsError(f"{folder}: not a folder, got a file. Choose another output folder.")
    names = sorted(path.name for path in folder.iterdir())
    foreign = [name for name in names if name not in OWN_FILES]
    if names and RUN_FILE not in names:  # a user's own records.csv is not ours
        foreign = foreign or names
    if foreign:
        raise SettingsError(
            f"{folder}: the folder holds files that matcher did not write, got {len(foreign)}, "
            f"first {first_three(foreign)}. Choose a new or an empty folder, so that nothing of "
            f"yours is replaced."
        )


@contextmanager
def replaced_folder(folder: Path, check: Callable[[Path], None] = check_folder) -> Iterator[Path]:
    """Give a new folder to write into, which takes the place of `folder` when all went well.

    An exception inside the ``with`` removes the new folder and leaves the old one as it was.  What
    a killed run left behind is cleared by the next one.

    Parameters
    ----------
    folder : Path
        Where the folder is to be.
    check : Callable[[Path], None]
        Makes sure that what is there may be replaced.

    Raises
    ------
    SettingsError
        `folder` holds foreign files, or its place cannot be written.
    """
    folder = folder.resolve()
    new = folder.with_name(f".{folder.name}.matcher-new")
    old = bring_back(folder)
    check(folder)
    with _writing(folder):
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
        new.mkdir(parents=True)
    try:
        with _writing(folder):
            yield new
            if folder.exists():
                folder.rename(old)
            new.rename(folder)
    except BaseException:
        if old.exists() and not folder.exists():
            old.rename(folder)
        shutil.rmtree(new, ignore_errors=True)
        raise
    shutil.rmtree(old, ignore_errors=True)


def bring_back(folder: Path) -> Path:
    """Bring back the folder if a run was killed while a new one took its place.

    Returns
    -------
    Path
        Where an old folder lies for that moment.
    """
    folder = folder.resolve()
    old = folder.with_name(f".{folder.name}.matcher-old")
    if old.exists() and not folder.exists():  # killed between two renames of `replaced_folder`
        old.rename(folder)
    return old


def write_file(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file beside its place, then move it there.

    Parameters
    ----------
    path : Path
        Where the file is to be; an existing one is replaced.
    write : Callable[[Path], None]
        Writes the path that it is given.

    Raises
    ------
    SettingsError
        The place cannot be written.
    """
    with _writing(path):
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.resolve().parent)
        os.close(handle)
        new = Path(name)
        try:
            write(new)
            new.chmod(0o666 & ~_umask())
            new.replace(path.resolve())
        finally:
            new.unlink(missing_ok=True)


def write_table(table: pa.Table, path: Path, format: Format) -> None:  # noqa: A002 - the public word
    """Write a table as CSV (UTF-8, quoted, missing is an empty unquoted field) or Parquet."""
    if format == "parquet":
        from pyarrow import parquet

        parquet.write_table(table, path)
        return
    from pyarrow import csv

    csv.write_csv(_writable_table(table), path)


def append_csv(table: pa.Table, file: BinaryIO) -> None:
    """Write the rows of a table behind those that a CSV file of `write_table` has."""
    from pyarrow import csv

    csv.write_csv(_writable_table(table), file, csv.WriteOptions(include_header=False))


def csv_bytes(table: pa.Table) -> bytes:
    """Return the rows of a table as `append_csv` writes them."""
    file = io.BytesIO()
    append_csv(table, file)
    return file.getvalue()


def _writable_table(table: pa.Table) -> pa.Table:
    columns = [_writable(column) for column in table.columns]
    return pa.Table.from_arrays(columns, names=table.column_names)


def check_file(path: Path) -> Format:
    """Return the format that the ending of a file asks for.

    Raises
    ------
    SettingsError
        It is neither ``.csv`` nor ``.parquet``, or its folder does not exist.
    """
    if not path.resolve().parent.is_dir():
        raise SettingsError(
            f"{path}: its folder does not exist. Make the folder, or choose another file."
        )
    for known in FORMATS:
        if path.suffix.lower() == f".{known}":
            return known
    raise SettingsError(
        f"{path}: the ending tells the format, got {path.suffix!r}. End it with .csv or .parquet."
    )


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as the file `path`, CSV or Parquet by its ending: all of it, or nothing.

    Raises
    ------
    SettingsError
        The place cannot be written, or the ending is another.
    """
    ending = check_file(path)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    write_file(path, lambda new: write_table(table, new, ending))


def write_json(value: Any, path: Path) -> None:
    """Write JSON for people: indented, UTF-8."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _writable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column that a CSV file can hold: lists and structs become JSON."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_nested(column.type):
        texts = [
            None if value is None else json.dumps(value, ensure_ascii=False, default=str)
            for value in column.to_pylist()
        ]
        return pa.chunked_array([pa.array(texts, pa.string())])
    if pa.types.is_decimal(column.type):
        return pc.cast(column, pa.string())
    return column


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be written, got {error.strerror or error}. "
            f"Choose another place, or free this one."
        ) from error


def _umask() -> int:
    """Return the umask; the system tells it only when it is set."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
