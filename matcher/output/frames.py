"""Give the records back as the kind of frame that came in."""

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from os import PathLike
from typing import Any

import pandas as pd
import pyarrow as pa


def like_input(original: Any, table: pa.Table, added: pa.Table) -> Callable[[], Any]:
    """Return what gives the input with columns added, as the kind of frame that it was.

    Frames are made at once, for the caller may change his own; of files, which are gone from memory
    otherwise and take several times as much in pandas as here, only when somebody asks.

    Parameters
    ----------
    original : Any
        What the caller gave: a frame, a path, or a sequence of them.  It is not changed.
    table : pa.Table
        The input as it was read, every row in its order.
    added : pa.Table
        The columns to add, same rows.

    Returns
    -------
    Callable[[], Any]
        Gives pandas for pandas (dtypes and index kept) and for paths, polars for polars, a DuckDB
        relation for one, and a `pa.Table` for everything else that speaks Arrow.
    """
    inputs = list(original) if isinstance(original, list | tuple) else [original]
    if inputs and all(isinstance(one, pd.DataFrame) for one in inputs):
        frame = inputs[0].copy() if len(inputs) == 1 else pd.concat(inputs, sort=False)
        for name in added.column_names:
            frame[name] = added[name].to_pandas().array
        return lambda: frame
    kinds = {type(one).__module__.partition(".")[0].lstrip("_") for one in inputs}
    if len(inputs) == 1 and kinds == {"polars"} and hasattr(original := inputs[0], "hstack"):
        joined = original.hstack(import_module("polars").from_arrow(added))
        return lambda: joined
    whole = append_columns(table, added)
    if any(isinstance(one, str | PathLike) for one in inputs):
        return partial(to_pandas, whole)
    if kinds in ({"polars"}, {"duckdb"}):
        frames = import_module(kinds.pop()).from_arrow(whole)
        return lambda: frames
    return lambda: whole


def replace_columns(frame: Any, table: pa.Table, names: Sequence[str]) -> Any:
    """Return the records of a result with some of their columns as they are in `table`.

    Parameters
    ----------
    frame : Any
        From `like_input`.  It is not changed.
    table : pa.Table
        The same rows and columns, new values in some.
    names : Sequence[str]
        Those columns.
    """
    if isinstance(frame, pd.DataFrame):
        return frame.assign(**{name: table[name].to_pandas().array for name in names})
    kind = type(frame).__module__.partition(".")[0].lstrip("_")
    if kind == "polars":
        columns = import_module("polars").from_arrow(table.select(names))
        return frame.with_columns(columns.get_columns())
    return import_module("duckdb").from_arrow(table) if kind == "duckdb" else table


def append_columns(table: pa.Table, added: pa.Table) -> pa.Table:
    """Return the table with the columns of `added` behind its own."""
    for field in added.schema:
        table = table.append_column(field, added[field.name])
    return table


def like_pandas(table: pa.Table) -> pa.Table:
    """Return the table with what pandas notes of its columns, for those who read it as Parquet."""
    noted = pa.Table.from_pandas(table.slice(0, 1).to_pandas(), preserve_index=False)
    return table.replace_schema_metadata(noted.schema.metadata)


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """Return the table as pandas, where integers with missing values stay integers."""
    nullable = {
        field.type: pd.api.types.pandas_dtype(_nullable_name(field.type))
        for field, column in zip(table.schema, table.columns, strict=True)
        if column.null_count
        and (pa.types.is_integer(field.type) or pa.types.is_boolean(field.type))
    }
    frame: pd.DataFrame = table.to_pandas(types_mapper=nullable.get)
    return frame


def _nullable_name(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "boolean"
    return str(kind).replace("uint", "UInt").replace("int", "Int")
