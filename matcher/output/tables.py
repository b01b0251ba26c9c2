"""The tables of a result: what is added to the records, and the pairs."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.compiled import mark_differing
from matcher.output.spellings import as_text
from matcher.types import (
    DIFFERENT,
    RELATIONS,
    Catalogue,
    Groups,
    Ints,
    Notice,
    Records,
    Scores,
)

ID_COLUMN = "record_id"  # only where ids had to be made: `pairs` speaks of them
RESULT_COLUMNS = (ID_COLUMN, "match_id", "family_id", "match_score")
SURELY_DIFFERENT = 0.99  # pairs that are at least so probably different are not listed
MOST_ROWS = 1 << 20  # of a chunk: as many as a row group of a Parquet file has
DECIMALS = 6  # of written probabilities; a float32 holds seven digits


def added_columns(
    table: pa.Table, records: Records, groups: Groups, ids: Mapping[str, pa.StringArray]
) -> tuple[pa.Table, dict[str, str]]:
    """Return the columns that a result adds to every input row, in the order of the input.

    Parameters
    ----------
    table : pa.Table
        The rows as they came in; no column of theirs is replaced.
    records, groups : Records, Groups
        The records and their groups.
    ids : Mapping[str, pa.StringArray]
        For ``"match_id"`` and ``"family_id"``, and for ``"record_id"`` where it is to be added,
        shape (n_records,).

    Returns
    -------
    pa.Table
        Shape (n_rows, 3 or 4); the score is the weakest link of the group, missing for a record
        that stands alone.
    dict[str, str]
        The name of each of `RESULT_COLUMNS` in this result: itself, or with ``_2`` behind it where
        the input has such a column.
    """
    at = np.empty(len(records), np.int64)
    at[records.rows] = np.arange(len(records))
    columns = {name: values.take(pa.array(at)) for name, values in ids.items()}
    weakest = np.round(groups.weakest[at].astype(np.float64), DECIMALS)
    columns["match_score"] = pa.array(weakest, from_pandas=True)
    names = {
        name: _free_name(name, table.column_names) for name in RESULT_COLUMNS if name in columns
    }
    return pa.table({new: columns[name] for name, new in names.items()}), names


def _free_name(name: str, taken: Sequence[str]) -> str:
    number = 1
    free = name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def renaming_notices(names: Mapping[str, str]) -> list[Notice]:
    """Return the notice that names of the result were taken, if they were."""
    renamed = [f"{old!r} as {new!r}" for old, new in names.items() if old != new]
    if not renamed:
        return []
    message = (
        f"records: the input already has columns of the result, which were kept; "
        f"ours are written {', '.join(renamed)}. Drop the old ones to get the usual names."
    )
    return [Notice("result_columns_taken", message, len(renamed))]


def pair_table(records: Records, scores: Scores, ids: pa.StringArray) -> pa.Table:
    """Return the scored pairs that are not surely different, in canonical order.

    Parameters
    ----------
    records, scores : Records, Scores
        The records and the scored pairs.
    ids : pa.StringArray
        Shape (n_records,): how the records are called.

    Returns
    -------
    pa.Table
        Columns ``left_id, right_id, relation, p_exact, p_variant, p_different, differs_in``.
    """
    likely = scores.probabilities[:, DIFFERENT] < SURELY_DIFFERENT
    kept = np.flatnonzero(likely | (scores.relations != DIFFERENT))
    left, right = scores.pairs.left[kept], scores.pairs.right[kept]
    return pa.table(
        {
            "left_id": _take(ids, left),
            "right_id": _take(ids, right),
            "relation": _take(pa.array(RELATIONS, pa.string()), scores.relations[kept]),
            **{
                f"p_{name}": np.round(scores.probabilities[kept, at].astype(np.float64), DECIMALS)
                for at, name in enumerate(RELATIONS)
            },
            "differs_in": differences(records, left, right),
        }
    )


def _take(texts: pa.StringArray, places: NDArray[np.integer]) -> pa.ChunkedArray:
    """Return the texts at these places; one array holds 2 GB of them at most."""
    starts = range(0, max(len(places), 1), MOST_ROWS)
    return pa.chunked_array(
        [texts.take(pa.array(places[start : start + MOST_ROWS])) for start in starts], pa.string()
    )


def differences(records: Records, left: Ints, right: Ints) -> pa.ChunkedArray:
    """Return the names of what is known on both sides of each pair and conflicts.

    Parameters
    ----------
    records : Records
        The records.
    left, right : Ints
        Shape (n_pairs,): record numbers.

    Returns
    -------
    pa.ChunkedArray
        Shape (n_pairs,): axes, then ``brand``, then codes, joined by ``;``.
    """
    names = [*records.axes, "brand", *records.codes]
    limits = [records.axis_limits[axis] for axis in records.axes]
    limits += [values[None] for values in (records.brands, *records.codes.values())]
    bits = np.zeros(len(left), np.uint64)
    for nth, values in enumerate(limits):
        conflicts = np.zeros(len(left), np.uint32)
        mark_differing(values, left, right, np.uint32(1), conflicts)
        bits |= conflicts.astype(np.uint64) << np.uint64(nth)
    return joined_names(bits, names)


def joined_names(bits: NDArray[np.uint64], names: list[str]) -> pa.ChunkedArray:
    """Return the names of the set bits of each number, joined by ``;``: bit b is ``names[b]``."""
    which, sets = pd.factorize(bits)
    texts = [
        ";".join(name for bit, name in enumerate(names) if int(chosen) >> bit & 1)
        for chosen in sets
    ]
    return _take(pa.array(texts, pa.string()), which)


def title_column(records: Records) -> str:
    """Return the name of the column that the main text comes from, or ``""``."""
    texts = [column for column in records.columns if column.attribute.role == "identity"]
    for column in texts:
        if column.tokens is not None and np.array_equal(column.tokens.terms, records.title.terms):
            return column.attribute.name
    return texts[0].attribute.name if texts else ""


def with_main_title(
    concepts: Mapping[str, Sequence[str]], records: Records
) -> dict[str, list[str]]:
    """Return the columns of each concept, of the title the one whose words were compared first."""
    found = {concept: list(names) for concept, names in concepts.items()}
    title = title_column(records)
    others = [name for name in found.get("title", []) if name != title]
    return found | ({"title": [title, *others]} if title else {})


def titles(catalogue: Catalogue, records: Records, others: Sequence[str] = ()) -> pa.StringArray:
    """Return the title of every record as it came in, shape (n_records,); ``""`` is missing.

    Where the column of the main text has none, the `others` are asked.
    """
    name = title_column(records)
    if not name:
        return pa.array([""] * len(records), pa.string())
    columns = [as_text(catalogue.table[one]) for one in dict.fromkeys([name, *others])]
    return pc.coalesce(*columns, "").take(pa.array(records.rows))
