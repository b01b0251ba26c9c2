"""The product category of every record, for settings that depend on it."""

from collections.abc import Sequence

import pyarrow as pa

from matcher.errors import SettingsError, first_three, nearest
from matcher.records.compare import comparison_table, merged_columns
from matcher.records.frames import text_of
from matcher.records.missing import blank_missing
from matcher.records.names import meaning_of
from matcher.settings import fold_category
from matcher.types import Catalogue, Ints, Longs, Notice, Schema


def find_categories(
    catalogue: Catalogue, schema: Schema, rows: Longs, column: str, asked: Sequence[str]
) -> tuple[Ints, tuple[Notice, ...]]:
    """Return which of the asked categories each record is of, and those that none is of.

    Parameters
    ----------
    catalogue, schema : Catalogue, Schema
        The rows, and what their columns are.
    rows : Longs
        Shape (n_records,): the row of each record.
    column : str
        Column of the category; empty for the first whose name says so.
    asked : Sequence[str]
        The categories; case and spaces around them do not matter.

    Returns
    -------
    Ints
        Shape (n_records,): position in `asked`, -1 for any other or no category.
    tuple[Notice, ...]
        Of categories that occur nowhere.

    Raises
    ------
    SettingsError
        No column is named, and none looks like one of categories.
    """
    name = category_column(catalogue, schema, column)
    values = blank_missing(text_of(comparison_table(catalogue).column(name)))
    encoded = values.dictionary_encode()
    written = encoded.dictionary.to_pylist()
    place = {fold_category(category): number for number, category in enumerate(asked)}
    numbers = pa.array([place.get(fold_category(value), -1) for value in written], pa.int32())
    of_rows = numbers.take(encoded.indices).fill_null(-1)
    found = {fold_category(value) for value in written}
    absent = [category for category in asked if fold_category(category) not in found]
    notices = (_absent_notice(name, absent, written),) if absent else ()
    return of_rows.to_numpy(zero_copy_only=False)[rows], notices


def category_column(catalogue: Catalogue, schema: Schema, column: str) -> str:
    """Return the column of the category; `find_categories` has the arguments and errors."""
    return merged_columns(catalogue).get(column, column) or _inferred_column(schema)


def _inferred_column(schema: Schema) -> str:
    for attribute in schema.attributes:
        meaning = meaning_of(attribute.name)
        if meaning and meaning.concept == "category":
            return attribute.name
    names = [attribute.name for attribute in schema.attributes]
    raise SettingsError(
        "settings.ignore_by_category: no column looks like one of categories, got "
        f"{', '.join(names)}. Name it as its column."
    )


def _absent_notice(name: str, absent: Sequence[str], written: Sequence[str]) -> Notice:
    counted = "1 category occurs" if len(absent) == 1 else f"{len(absent)} categories occur"
    message = (
        f"settings.ignore_by_category: {counted} nowhere in column {name!r}, first "
        f"{first_three(absent)}.{nearest(absent[0], written)} What it ignores has no effect."
    )
    return Notice("unknown_categories", message, len(absent))
