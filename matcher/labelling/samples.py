"""What a label file says of the random sample that its pairs were drawn in."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import LabelsError, first_three
from matcher.types import Longs

STRATUM_COLUMNS = ("stratum", "stratum_pairs")


def read_strata(table: pa.Table, name: str) -> tuple[pa.StringArray | None, dict[str, int]]:
    """Return from which stratum each row was drawn, and how many pairs each stratum holds.

    Parameters
    ----------
    table : pa.Table
        Rows of a label file as text, names of columns in lower case.
    name : str
        The file, for messages.

    Returns
    -------
    pa.StringArray | None
        Shape (n_rows,): empty where the row was not drawn; None without the two columns.
    dict[str, int]
        By the name of the stratum.

    Raises
    ------
    LabelsError
        A size is no number, not the same in all rows of a stratum, or less than its rows.

    Examples
    --------
    >>> rows = pa.table({"stratum": ["low", "", "low"], "stratum_pairs": ["90", "", "90"]})
    >>> stratum, sizes = read_strata(rows, "labels.csv")
    >>> stratum.to_pylist(), sizes
    (['low', '', 'low'], {'low': 90})
    """
    if not set(STRATUM_COLUMNS) <= set(table.column_names):
        return None, {}
    stratum, size = (
        pc.utf8_trim_whitespace(pc.fill_null(table[column], "")).combine_chunks()
        for column in STRATUM_COLUMNS
    )
    encoded = pc.dictionary_encode(stratum)
    strata, number = encoded.dictionary.to_pylist(), np.asarray(encoded.indices, np.int64)
    is_drawn = np.asarray(pc.not_equal(stratum, ""), np.bool_)
    sizes = _sizes(size, np.flatnonzero(is_drawn), name)
    found: dict[str, int] = {}
    for at, each in enumerate(strata):
        rows = np.flatnonzero(number == at)
        if each:
            found[each] = _one_size(each, sizes[rows], len(rows), name)
    return stratum, found


def _sizes(texts: pa.StringArray, rows: Longs, name: str) -> Longs:
    """Return the sizes as numbers, of the rows that were drawn."""
    sizes = np.zeros(len(texts), np.int64)
    listed = texts.take(pa.array(rows))
    is_number = np.asarray(pc.match_substring_regex(listed, r"^[0-9]{1,15}(\.0)?$"), np.bool_)
    if not is_number.all():
        first = int(np.argmin(is_number))
        raise LabelsError(
            f"{name}: row {rows[first] + 1}: stratum_pairs is no number of pairs, got "
            f"{listed[first].as_py()!r}. Keep the column as 'matcher sample' wrote it."
        )
    sizes[rows] = [int(text.partition(".")[0]) for text in listed.to_pylist()]
    return sizes


def _one_size(stratum: str, sizes: Longs, n_rows: int, name: str) -> int:
    if len(np.unique(sizes)) > 1 or sizes[0] < n_rows:
        told = first_three(np.unique(sizes).tolist())
        raise LabelsError(
            f"{name}: stratum {stratum!r} has {n_rows} rows of {told} pairs. One stratum has one "
            "number of pairs, and at most so many rows: labels of two samples need two files."
        )
    return int(sizes[0])
