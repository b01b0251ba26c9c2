"""Carry the ids of an earlier result over to a new one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import RecordsError, first_three
from matcher.output import (
    Assignment,
    MatchResult,
    bring_back,
    identity_columns,
    read_groups,
    trace_groups,
)
from matcher.records import read_catalogue, read_ids, read_sources
from matcher.types import Bools, Longs, Notice

NEEDED = ("id", "match_id", "family_id")
SEPARATOR = "\x1f"
UNUSABLE = '[";\\\\\\x00-\\x1f]'  # `families` joins ids by ";", and quotes them


def reassign(result: MatchResult, earlier: Any) -> MatchResult:
    """Give the groups of a result the ids that they had in an earlier one.

    Of all overlaps of an earlier and a new group, the one with the most records goes first, among
    equals the one that holds the smallest record id: the new group takes the earlier id.  An id
    goes to one group at most, and a group that gets none has an id that the earlier result does
    not have.  Records are recognised by their id, and by their source where both results know it.

    Parameters
    ----------
    result : MatchResult
        From `dedupe` or `link`; it is not changed.
    earlier : MatchResult, path or frame
        A result, its folder, or a table ``id, match_id, family_id`` and perhaps ``source``, which
        may also be a CSV or Parquet file.  Its ids may be of another system.

    Returns
    -------
    MatchResult
        The same groups under their ids, with `changes`.

    Raises
    ------
    RecordsError
        The earlier result cannot be used; the message says why.

    Examples
    --------
    >>> import pandas as pd, matcher
    >>> offers = pd.DataFrame({"id": ["a", "b"], "title": ["Sony KD-43X80L", "Bosch GSR 12V"]})
    >>> known = pd.DataFrame({"id": ["a"], "match_id": ["P-1"], "family_id": ["F-1"]})
    >>> result = reassign(matcher.dedupe(offers), known)
    >>> result.records.match_id[0], result.changes.change.tolist()
    ('P-1', ['born', 'born'])
    """
    return carry_over(result, read_known(earlier))


@dataclass(frozen=True, slots=True)
class Known:
    """Records whose groups are known.

    Attributes
    ----------
    name : str
        What messages call them.
    ids : pa.StringArray
        Shape (n_records,): no two equal ones have equal sources.
    sources : pa.StringArray | None
        Shape (n_records,): ``""`` is unknown; None where there are none.
    match, family : pa.StringArray
        Shape (n_records,): their groups, null is none.
    """

    name: str
    ids: pa.StringArray
    sources: pa.StringArray | None
    match: pa.StringArray
    family: pa.StringArray

    def take(self, rows: Longs) -> "Known":
        """Return some of the records."""
        chosen = pa.array(rows)
        sources = None if self.sources is None else self.sources.take(chosen)
        columns = (one.take(chosen) for one in (self.match, self.family))
        return Known(self.name, self.ids.take(chosen), sources, *columns)


def read_known(earlier: Any) -> Known:
    """Read an earlier result of any kind, as `reassign` takes it.

    Raises
    ------
    RecordsError
        It cannot be used; the message says why.
    """
    if isinstance(earlier, MatchResult):
        tables = earlier.tables()
        return known_of("earlier", tables.records, tables.run)
    if isinstance(earlier, str | PathLike):
        path = Path(earlier)
        bring_back(path)
        if path.is_dir():
            return known_of(str(path), *read_groups(path))
        return _of_table(str(path), read_catalogue([str(path)]).table)
    if not hasattr(earlier, "__arrow_c_stream__"):
        raise RecordsError(
            f"earlier: is no result, got {type(earlier).__name__}. Give a result, its folder, or a "
            f"table with the columns {', '.join(NEEDED)}."
        )
    return _of_table("earlier", read_catalogue([earlier]).table)


def carry_over(result: MatchResult, earlier: Known) -> MatchResult:
    """Return the result with the ids of earlier groups, as `reassign` does."""
    tables = result.tables()
    new = known_of("catalogue", tables.records, tables.run)
    by_source = earlier.sources is not None and new.sources is not None
    before, now = (_assignment(one, by_source=by_source) for one in (earlier, new))
    lineage = trace_groups(before, now)
    notices = [] if by_source else [*_ambiguous(earlier), *_ambiguous(new)]
    if len(before.keys) and not lineage.n_recognised:
        message = (
            f"{earlier.name}: none of its {len(before.keys):,} records is in the catalogue, first "
            f"{first_three(earlier.ids[:3].to_pylist())}. All groups were born; check the columns "
            "of id and source."
        )
        notices.append(Notice("unknown_earlier", message, len(before.keys)))
    return result.with_lineage(lineage, notices)


def known_of(name: str, table: pa.Table, run: Mapping[str, Any]) -> Known:
    """Return who the records of a result are, and their groups, from its table and its run."""
    columns = run["columns"]
    ids = read_ids(table, identity_columns(run, "id"))
    if "record_id" in columns:  # where the input has none
        ids = pc.coalesce(ids, _texts(table, columns["record_id"]))
    sources = None
    if run["job"] == "link":
        sources = _sides(name, run["input_rows"], table.num_rows)
    elif found := identity_columns(run, "source"):
        sources = read_sources(table, found)
    ids = _told_apart(ids, sources)
    match, family = (_texts(table, columns[one]) for one in ("match_id", "family_id"))
    return Known(name, ids, sources, match, family)


def _sides(name: str, counts: list[int], n_rows: int) -> pa.StringArray:
    """Return the table of every record of a link."""
    if len(counts) != 2 or sum(counts) != n_rows:
        raise RecordsError(
            f"{name}: the rows are not those that were linked, got {n_rows:,} rows of inputs of "
            f"{first_three(counts)}. Give the files as 'matcher link' wrote them."
        )
    return pa.array(["left", "right"]).take(pa.array(np.repeat([0, 1], counts)))


def _told_apart(ids: pa.StringArray, sources: pa.StringArray | None) -> pa.StringArray:
    """Return the ids; of equal ones in inputs that name no source, the later ones are numbered."""
    joined = join_keys(ids, sources)
    if pc.count_distinct(joined, mode="all").as_py() == len(joined):
        return ids
    keys = joined.to_pandas()
    nth = keys.groupby(keys).cumcount()
    numbered = pc.binary_join_element_wise(ids, pa.array(nth.astype(str), pa.string()), SEPARATOR)
    return pc.if_else(pa.array(nth > 0), numbered, ids)


def _of_table(name: str, table: pa.Table) -> Known:
    missing = [one for one in NEEDED if one not in table.column_names]
    if missing:
        raise RecordsError(
            f"{name}: column {missing[0]!r} is missing, got columns "
            f"{first_three(table.column_names)}. Give {', '.join(NEEDED)}, and source where ids "
            "alone are not unique."
        )
    ids = read_ids(table, ["id"])
    sources = read_sources(table, ["source"]) if "source" in table.column_names else None
    if ids.null_count:
        raise RecordsError(
            f"{name}: {ids.null_count:,} rows have no id. Give the id of every record, or leave "
            "these rows out."
        )
    repeated = np.flatnonzero(_is_repeated(join_keys(ids, sources)))
    if len(repeated):
        raise RecordsError(
            f"{name}: {len(repeated):,} rows have the id of another one, first "
            f"{first_three(ids.take(pa.array(repeated[:3])).to_pylist())}. Give every record "
            "once, with its source where ids alone are not unique."
        )
    return Known(name, ids, sources, *(_group_ids(name, table, one) for one in NEEDED[1:]))


def _group_ids(name: str, table: pa.Table, column: str) -> pa.StringArray:
    found = read_ids(table, [column])
    unusable = pc.unique(found.filter(pc.match_substring_regex(found, UNUSABLE)))
    if len(unusable):
        raise RecordsError(
            f"{name}: {len(unusable):,} values of {column} cannot be ids, got "
            f"{first_three(unusable[:3].to_pylist())}. Give ids without quotes, backslashes, "
            "semicolons and control characters."
        )
    return found


def _assignment(known: Known, *, by_source: bool) -> Assignment:
    """Return the groups by keys; an id that several sources share is none by itself."""
    keys = join_keys(known.ids, known.sources)
    if not by_source:
        keys = pc.if_else(pa.array(_is_repeated(known.ids)), keys, known.ids)
    return Assignment(keys, known.match, known.family)


def _ambiguous(known: Known) -> Iterator[Notice]:
    """Yield the notice of records that were not recognised because sources are lacking."""
    is_repeated = _is_repeated(known.ids)
    if is_repeated.any():
        repeated = pc.unique(known.ids.filter(pa.array(is_repeated)))
        message = (
            f"{known.name}: {len(repeated):,} ids occur in several sources, first "
            f"{first_three(repeated[:3].to_pylist())}, and the other result names no sources. "
            "Their records were not recognised; give both a column of the source."
        )
        yield Notice("ambiguous_earlier", message, int(is_repeated.sum()))


def _is_repeated(keys: pa.StringArray) -> Bools:
    return np.asarray(keys.to_pandas().duplicated(keep=False))


def join_keys(ids: pa.StringArray, sources: pa.StringArray | None) -> pa.StringArray:
    """Return by what records are recognised: their id, and their source where it is known."""
    if sources is None:
        return ids
    return pc.binary_join_element_wise(sources, ids, SEPARATOR)


def _texts(table: pa.Table, name: str) -> pa.StringArray:
    return table[name].combine_chunks().cast(pa.string())
