"""Turn data frames of any library into Arrow tables, and Arrow columns into text."""

import json
import sys
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import RecordsError, first_three
from matcher.types import Notice


def table_of(frame: Any, name: str) -> tuple[pa.Table, list[Notice]]:
    """Return the rows of a data frame as a table, and what had to be mended.

    Parameters
    ----------
    frame : Any
        Anything with the Arrow PyCapsule interface (`__arrow_c_stream__`): a pandas or polars data
        frame, a pyarrow table, a DuckDB relation.  It is not changed.
    name : str
        What messages call it.

    Raises
    ------
    RecordsError
        It has no such interface.
    """
    if _is_pandas(frame):
        return _from_pandas(frame, name)
    if not hasattr(frame, "__arrow_c_stream__"):
        raise RecordsError(
            f"{name}: cannot be read as a table, got {type(frame).__name__}. Give a path, or a "
            "pandas, polars, pyarrow or DuckDB table."
        )
    return _without_views(pa.table(frame)), []


def _without_views(table: pa.Table) -> pa.Table:
    """Return the table without the views of strings of polars: pyarrow takes no rows of them."""
    types = [_without_view(kind) for kind in table.schema.types]
    if types == table.schema.types:
        return table
    columns = [column.cast(kind) for column, kind in zip(table.columns, types, strict=True)]
    return pa.table(columns, names=table.column_names)


def _without_view(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_string_view(kind):
        return pa.large_string()
    if pa.types.is_binary_view(kind):
        return pa.large_binary()
    if pa.types.is_large_list(kind):
        return pa.large_list(_without_view(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_without_view(field.type)) for field in kind])
    if pa.types.is_dictionary(kind):
        return pa.dictionary(kind.index_type, _without_view(kind.value_type))
    return kind


def _is_pandas(frame: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(frame, pandas.DataFrame)


def _from_pandas(frame: Any, name: str) -> tuple[pa.Table, list[Notice]]:
    columns, names, notices = [], [], []
    for position, label in enumerate(frame.columns):
        series = frame.iloc[:, position]
        try:
            array = pa.array(series, from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            array = _as_text(series)
            notices.append(
                Notice(
                    "mixed_types",
                    f"{name}: column {str(label)!r} holds values of several types, first "
                    f"{first_three(list(series.dropna()))}. They were read as text.",
                    len(array) - array.null_count,
                )
            )
        except UnicodeEncodeError as error:
            array = _as_text(series)
            notices.append(
                Notice(
                    "broken_text",
                    f"{name}: column {str(label)!r} holds text that is no Unicode, first "
                    f"{error.object!r}. What is broken was compared as '?'.",
                    len(array) - array.null_count,
                )
            )
        columns.append(array)
        names.append(str(label))
    return pa.Table.from_arrays(columns, names=names), notices


def _as_text(series: Any) -> pa.StringArray:
    return pa.array(
        [
            None if missing else str(value).encode("utf-8", "replace").decode("utf-8")
            for value, missing in zip(series, series.isna(), strict=True)
        ],
        pa.string(),
    )


def text_of(column: pa.ChunkedArray | pa.Array) -> pa.StringArray:
    """Return any column as text; whole floats lose their ``.0``, lists are joined by spaces."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if pa.types.is_floating(kind):
        return _text_of_floats(array)
    try:
        return array.cast(pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return pa.array([_text_of_object(value) for value in array.to_pylist()], pa.string())


def texts_of(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """Return columns of a table, each as text in one piece."""
    return pa.table({name: text_of(table.column(name)) for name in names})


def _text_of_floats(array: pa.Array) -> pa.StringArray:
    whole = pc.and_(pc.equal(pc.floor(array), array), pc.less(pc.abs(array), 2.0**53))
    safe = pc.if_else(whole, array, None).cast(pa.int64())
    floats = pc.if_else(pc.is_nan(array), None, array).cast(pa.string())
    return pc.coalesce(safe.cast(pa.string()), floats)


def _text_of_object(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return " ".join(str(item) for item in value if item is not None)
    return json.dumps(value, default=str, ensure_ascii=False)
