"""Pairs without a relation: those that are asked about."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import LabelsError, RecordsError, first_three, nearest
from matcher.labelling.formats import PAIR_COLUMNS
from matcher.labelling.inputs import find_inputs
from matcher.labelling.lookup import (
    AMBIGUOUS,
    UNKNOWN,
    NamedPairs,
    count_missed,
    find_records,
    is_inside_table,
)
from matcher.labelling.tables import lower_names, read_table, text_of
from matcher.types import Catalogue, Longs, Records


@dataclass(frozen=True, slots=True)
class PairTable:
    """Pairs as they stand in a file, before their ids are looked up.

    Attributes
    ----------
    left_id, right_id : pa.StringArray
        Shape (n_pairs,): ids as text, empty where they are missing.
    left_source, right_source : pa.StringArray | None
        Shape (n_pairs,): names of the sources of the ids, where the file gives them.
    name : str
        The file, for messages.
    """

    left_id: pa.StringArray
    right_id: pa.StringArray
    left_source: pa.StringArray | None
    right_source: pa.StringArray | None
    name: str

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.left_id)


def read_pairs(source: Any) -> PairTable:
    """Read pairs of ids, every row in its order.

    Parameters
    ----------
    source : path, frame or MultiIndex
        CSV (also compressed) or Parquet file, anything with the Arrow interface, or a pandas
        MultiIndex of two levels, as recordlinkage gives.  The columns are ``left_id,right_id`` (or
        ``ltable_id,rtable_id``, ``id1,id2``) and, if needed, ``left_source,right_source``; others
        are ignored.

    Raises
    ------
    LabelsError
        It cannot be read, or the columns are missing.

    Examples
    --------
    >>> pairs = read_pairs(pa.table({"left_id": [7], "right_id": ["008"], "score": [0.9]}))
    >>> pairs.left_id.to_pylist(), pairs.right_id.to_pylist()
    (['7'], ['008'])
    """
    table, name = read_table(_without_index(source), "pairs")
    lowered = lower_names(table)
    found = lowered.column_names
    columns = next((pair for pair in PAIR_COLUMNS if set(pair) <= set(found)), None)
    if columns is None:
        hints = [nearest(column, ("left_id", "right_id")) for column in found]
        raise LabelsError(
            f"{name}: the columns of the ids are missing, got columns "
            f"{first_three(table.column_names) or 'none'}. Name them left_id and right_id."
            + next((hint for hint in hints if hint), "")
        )
    has_sources = {"left_source", "right_source"} <= set(found)
    return PairTable(
        left_id=_trimmed(lowered, columns[0]),
        right_id=_trimmed(lowered, columns[1]),
        left_source=_trimmed(lowered, "left_source") if has_sources else None,
        right_source=_trimmed(lowered, "right_source") if has_sources else None,
        name=name,
    )


def _without_index(source: Any) -> Any:
    """Return a MultiIndex as a table; anything else as it is."""
    levels, codes = getattr(source, "levels", None), getattr(source, "codes", None)
    if levels is None or codes is None:
        return source
    if len(levels) != 2:
        raise LabelsError(
            f"pairs: a MultiIndex of two levels is needed, got {len(levels)}. "
            "Give one level for the left ids and one for the right ids."
        )
    return {
        name: pa.array(level).take(pa.array(code, pa.int64(), mask=np.asarray(code) < 0))
        for name, level, code in zip(("left_id", "right_id"), levels, codes, strict=True)
    }


def _trimmed(table: pa.Table, name: str) -> pa.StringArray:
    column = table.column(table.column_names.index(name))
    return pc.utf8_trim_whitespace(pc.fill_null(column, "")).combine_chunks()


def look_up_pairs(table: PairTable, records: Records) -> tuple[Longs, Longs]:
    """Look up the records of pairs; ids are written as for `resolve_labels`.

    Returns
    -------
    left, right : Longs
        Shape (n_pairs,): record numbers of every row, in its order.

    Raises
    ------
    RecordsError
        An id is unknown or belongs to several sources, a record is paired with itself, or with one
        of its own table where two are linked.
    """
    left, right = find_records(table, records)
    _expect_none(
        table,
        count_missed(table, left, right, UNKNOWN),
        "name unknown ids",
        "Give ids of this catalogue, or remove those rows.",
    )
    _expect_none(
        table,
        count_missed(table, left, right, AMBIGUOUS),
        "name ids that several sources use",
        "Write them as source/id.",
    )
    is_self = left == right
    selves = first_three(pc.unique(table.left_id.filter(pa.array(is_self))).to_pylist())
    _expect_none(
        table, (int(is_self.sum()), selves), "are of a record with itself", "Remove those rows."
    )
    is_inside = is_inside_table(left, right, records)
    inside = first_three(pc.unique(table.left_id.filter(pa.array(is_inside))).to_pylist())
    _expect_none(
        table,
        (int(is_inside.sum()), inside),
        "are of two records of one table",
        "Only pairs across two tables are linked: remove those rows.",
    )
    return left, right


def _expect_none(table: PairTable, wrong: tuple[int, str], what: str, advice: str) -> None:
    n_wrong, listed = wrong
    if n_wrong:
        raise RecordsError(f"{table.name}: {n_wrong} pairs {what}, first {listed}. {advice}")


def are_across(pairs: NamedPairs, catalogue: Catalogue, id_column: str) -> bool:
    """Return whether pairs go from the first of two tables to the second.

    Where sources that are given name the tables, these tell.  Else pairs are across if every left
    id that is known at all occurs in part 0 of the catalogue, every right one in part 1, and at
    least one pair has both.  Ids that both tables use, such as row numbers, tell nothing: where the
    pairs would also fit inside part 0, they are still across, since an id that stands for two
    records could not be looked up otherwise.

    Parameters
    ----------
    pairs : NamedPairs
        The pairs.
    catalogue : Catalogue
        The rows; unless they come from exactly two inputs, nothing is across.
    id_column : str
        Column of the record id; empty where there is none.

    Examples
    --------
    >>> table, parts = pa.table({"id": [1, 2, 7, 8]}), np.array([0, 0, 1, 1], np.int32)
    >>> catalogue = Catalogue(table, parts, ("a.csv", "b.csv"), False, ())
    >>> pairs = read_pairs(pa.table({"left_id": ["1", "2"], "right_id": ["7", "unknown"]}))
    >>> are_across(pairs, catalogue, "id")
    True
    >>> are_across(read_pairs(pa.table({"left_id": ["1"], "right_id": ["2"]})), catalogue, "id")
    False
    """
    if len(catalogue.names) != 2:
        return False
    if pairs.left_source is not None and pairs.right_source is not None:
        left, right = (
            find_inputs(each, catalogue.names) for each in (pairs.left_source, pairs.right_source)
        )
        is_named = (left >= 0) & (right >= 0)
        if is_named.any():
            return bool((left != right)[is_named].all())
    if id_column not in catalogue.table.column_names:
        return False
    ids = text_of(catalogue.table.column(id_column))
    if ids is None:
        return False
    first, second = (ids.filter(pa.array(catalogue.parts == part)) for part in (0, 1))
    left_in = pc.is_in(pairs.left_id, first, skip_nulls=True)
    right_in = pc.is_in(pairs.right_id, second, skip_nulls=True)
    is_stray = pc.or_(
        pc.and_not(pc.is_in(pairs.left_id, second, skip_nulls=True), left_in),
        pc.and_not(pc.is_in(pairs.right_id, first, skip_nulls=True), right_in),
    )
    return bool(pc.any(pc.and_(left_in, right_in)).as_py()) and not pc.any(is_stray).as_py()
