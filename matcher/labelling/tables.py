"""Read files and frames as tables of text, so that ids keep their zeros."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from matcher.errors import LabelsError

_LARGEST_WHOLE = 2.0**53  # above it a float no longer tells neighbouring whole numbers apart


def read_table(source: Any, what: str) -> tuple[pa.Table, str]:
    """Return a file or a frame as a table of text, and what messages call it.

    Columns that have no text, such as nested ones, are left out.

    Parameters
    ----------
    source : path or frame
        CSV (also compressed) or Parquet file, or anything with the Arrow interface.
    what : str
        What it holds, such as ``"labels"``: the name of a frame.

    Raises
    ------
    LabelsError
        The file or the frame cannot be read.

    Examples
    --------
    >>> table, name = read_table(pa.table({"left_id": [12345678901234.0, 7.5]}), "pairs")
    >>> table["left_id"].to_pylist(), name
    (['12345678901234', '7.5'], 'pairs')
    """
    if isinstance(source, str | Path):
        return _read_file(Path(source), what), Path(source).name
    try:
        return _as_text(pa.table(source)), what
    except (TypeError, ValueError, pa.ArrowException) as error:
        raise LabelsError(
            f"{what}: cannot be read as a table, got {type(source).__name__}: {error}. "
            "Give a path, or a pandas, polars, pyarrow or DuckDB table."
        ) from error


def _read_file(path: Path, what: str) -> pa.Table:
    import pandas as pd  # here, because importing matcher stays light

    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            return _as_text(parquet.read_table(path))
        head = pd.read_csv(path, sep="\x1f", nrows=1, header=None, dtype=str, encoding="utf-8-sig")
        counts = {mark: str(head.iloc[0, 0]).count(mark) for mark in ",;\t"}
        mark = max(counts, key=lambda each: counts[each])
        frame = pd.read_csv(
            path, sep=mark, dtype=str, keep_default_na=False, encoding="utf-8-sig", index_col=False
        )
    except (OSError, UnicodeDecodeError, ValueError, pa.ArrowInvalid) as error:
        raise LabelsError(
            f"{path.name}: {what} cannot be read, got {type(error).__name__}: {error}. "
            "Give a CSV file in UTF-8 or a Parquet file."
        ) from error
    return pa.table({str(name): pa.array(frame[name], pa.string()) for name in frame.columns})


def _as_text(table: pa.Table) -> pa.Table:
    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        text = text_of(column)
        if text is not None:
            columns[name] = text
    return pa.table(columns)


def text_of(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return a column as text, whole floats without ``.0``; None where its type has no text."""
    try:
        text = pc.cast(column, pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return None
    if not pa.types.is_floating(column.type):
        return text
    # Arrow writes 12345678901234.0 as 1.2345678901234e+13, but a record has the digits for an id.
    is_whole = pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), _LARGEST_WHOLE))
    whole = pc.cast(pc.if_else(is_whole, column, None), pa.int64())
    return pc.coalesce(pc.cast(whole, pa.string()), pc.if_else(pc.is_nan(column), None, text))


def lower_names(table: pa.Table) -> pa.Table:
    """Return the table with names of columns in lower case, without blanks around them."""
    return table.rename_columns([name.strip().lower() for name in table.column_names])
