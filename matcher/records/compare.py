"""The columns that are compared: as given, or, when linking, brought under one name."""

import pyarrow as pa
import pyarrow.compute as pc

from matcher.records.names import meaning_of
from matcher.types import Catalogue


def comparison_table(catalogue: Catalogue) -> pa.Table:
    """Return the table to compare: when linking, synonyms of the two sides are one column.

    A column that only one side has (``title``) takes the values of the other side's column of the
    same meaning (``product_name``) that this side lacks.  The catalogue is not changed.
    """
    table = catalogue.table
    if not catalogue.is_link:
        return table
    for left, right in synonyms(catalogue):
        first, second = table.column(left), table.column(right)
        if first.type != second.type:
            from matcher.records.frames import text_of

            first, second = text_of(first), text_of(second)
        merged = pc.coalesce(first, second)
        table = table.set_column(table.column_names.index(left), left, merged)
        table = table.drop_columns([right])
    return table


def synonyms(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Return pairs of columns, one of the left side and one of the right, with one meaning.

    Examples
    --------
    >>> import numpy as np
    >>> table = pa.table({"name": ["tv", None], "title": [None, "tv"], "id": ["1", "2"]})
    >>> synonyms(Catalogue(table, np.array([0, 1], np.int32), ("a", "b"), True, ()))
    [('name', 'title')]
    """
    if not catalogue.is_link:
        return []
    n_left = int((catalogue.parts == 0).sum())
    left, right = catalogue.table.slice(0, n_left), catalogue.table.slice(n_left)
    only_left = [n for n in catalogue.table.column_names if _is_null(right, n)]
    only_right = [n for n in catalogue.table.column_names if _is_null(left, n)]
    pairs, used = [], set()
    for name in only_left:
        meaning = meaning_of(name)
        for other in only_right:
            theirs = meaning_of(other)
            if meaning and theirs and meaning.concept == theirs.concept and other not in used:
                if other != name:
                    pairs.append((name, other))
                    used.add(other)
                break
    return pairs


def _is_null(table: pa.Table, name: str) -> bool:
    return bool(table.column(name).null_count == table.num_rows)
