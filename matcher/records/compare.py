"""The columns that are compared: several inputs are brought under one set of names."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.records.frames import text_of
from matcher.records.names import ID_NAMES, meaning_of, plain_name
from matcher.types import Catalogue


def comparison_table(catalogue: Catalogue) -> pa.Table:
    """Return the table to compare: synonyms that different inputs use are one column.

    A column that only some inputs have (``title``) takes the values of the column of the same
    meaning that the others have (``product_name``).  The catalogue is not changed.
    """
    table = catalogue.table
    for other, kept in merged_columns(catalogue).items():
        first, second = table.column(kept), table.column(other)
        if first.type != second.type:
            first, second = text_of(first), text_of(second)
        merged = pc.coalesce(first, second)
        table = table.set_column(table.column_names.index(kept), kept, merged)
        table = table.drop_columns([other])
    return table


def merged_columns(catalogue: Catalogue) -> Mapping[str, str]:
    """Return the column that each merged column goes into.

    Examples
    --------
    >>> table = pa.table({"name": ["tv", None], "title": [None, "tv"], "id": ["1", "2"]})
    >>> merged_columns(Catalogue(table, np.array([0, 1], np.int32), ("a", "b"), True, ()))
    {'title': 'name'}
    """
    n_parts = len(catalogue.names)
    if n_parts < 2:
        return {}
    bounds = np.searchsorted(catalogue.parts, np.arange(n_parts + 1))
    kept: dict[str, tuple[str, set[int]]] = {}
    merged: dict[str, str] = {}
    for name in catalogue.table.column_names:
        concept = _concept(name)
        parts = _parts_with_values(catalogue.table.column(name), bounds.tolist())
        if not concept or not parts:
            continue
        first, taken = kept.setdefault(concept, (name, parts))
        if name != first and not taken & parts:
            merged[name] = first
            kept[concept] = (first, taken | parts)
    return merged


def _concept(name: str) -> str:
    meaning = meaning_of(name)
    if meaning:
        return meaning.concept
    return "id" if plain_name(name) in ID_NAMES else ""


def _parts_with_values(column: pa.ChunkedArray, bounds: list[int]) -> set[int]:
    return {
        part
        for part, (start, stop) in enumerate(pairwise(bounds))
        if column.slice(start, stop - start).null_count < stop - start
    }
