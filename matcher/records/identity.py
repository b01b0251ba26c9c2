"""Who the rows of a table are: the id and the source of each, as the records have them."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from matcher.records.frames import text_of
from matcher.records.missing import blank_missing


def read_ids(table: pa.Table, names: Sequence[str]) -> pa.StringArray:
    """Return the id of every row, null where it is missing; the first column that has one counts.

    Examples
    --------
    >>> read_ids(pa.table({"id": [7.0, None], "sku": ["x", "y"]}), ["id", "sku"]).to_pylist()
    ['7', 'y']
    """
    texts = [text_of(table.column(name)) for name in names]
    return blank_missing(pc.coalesce(*texts, pa.nulls(table.num_rows, pa.string())))


def read_sources(table: pa.Table, names: Sequence[str]) -> pa.StringArray:
    """Return the source of every row, ``""`` where it is unknown.

    Examples
    --------
    >>> read_sources(pa.table({"shop": [" north ", "N/A"]}), ["shop"]).to_pylist()
    ['north', '']
    """
    texts = [text_of(table.column(name)) for name in names]
    values = pc.coalesce(*texts, pa.nulls(table.num_rows, pa.string()))
    return blank_missing(pc.utf8_trim_whitespace(values)).fill_null("")
