"""An earlier result as an update takes it up, and its rows beside the new ones."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import RecordsError, SettingsError, first_three
from matcher.output import (
    MatchResult,
    Rest,
    State,
    bring_back,
    identity_columns,
    read_families,
    read_kept,
    read_records,
    read_run,
    read_state,
)
from matcher.pipeline.kept import Kept
from matcher.pipeline.model import DEFAULT_MODEL, Model, load
from matcher.pipeline.reassigning import SEPARATOR, Known, join_keys, known_of
from matcher.records import join_tables, read_catalogue, read_ids, read_sources
from matcher.settings import Settings, settings_of
from matcher.types import Bools, Catalogue, Longs, Notice


@dataclass(frozen=True, slots=True)
class Merged:
    """Rows of an earlier result that are left, and new ones.

    Attributes
    ----------
    catalogue : Catalogue
        The old rows that are left, in their order, and then the new ones.
    place : Longs
        Shape (n_rows_before,): the row that each old row has become, -1 where it is gone.
    new : pa.Table
        The new rows as they came in.
    """

    catalogue: Catalogue
    place: Longs
    new: pa.Table

    def only_new(self) -> Catalogue:
        """Return the new rows with the columns of all."""
        first = self.catalogue.table.num_rows - self.new.num_rows
        table, parts = self.catalogue.table.slice(first), self.catalogue.parts[first:]
        return replace(self.catalogue, table=table, parts=parts)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier result, as an update takes it up.

    Attributes
    ----------
    name : str
        What messages call it.
    folder : Path | None
        Where it lies; None if it is in memory.
    records : pa.Table
        Its rows with the columns of the input, and those that it added.
    run : Mapping[str, Any]
        What is in ``run.json``.
    state : State
        What was said of its pairs.
    known : Known
        Its records and groups.
    """

    name: str
    folder: Path | None
    records: pa.Table
    run: Mapping[str, Any]
    state: State
    known: Known

    @property
    def added(self) -> list[str]:
        """The columns that it added."""
        columns = self.run["columns"].values()
        return [name for name in columns if name in self.records.column_names]

    def settings(self) -> Settings:
        """Return the settings of its run."""
        known = {key: value for key, value in self.run["settings"].items() if value is not None}
        return settings_of(known, self.name)

    def check(self, model: Model | None) -> None:
        """Make sure that it can be updated with a model.

        Raises
        ------
        SettingsError
            It is the result of another job, or of another model.
        """
        if self.run["job"] not in ("dedupe", "update"):
            raise SettingsError(
                f"{self.name}: cannot be updated, got the result of a {self.run['job']}. "
                "Link the tables again, with --earlier to keep the ids."
            )
        used = self.run["model"]
        given = model.name if model else load(DEFAULT_MODEL).name
        if given != used:
            raise SettingsError(
                f"model: the earlier result was made with {used!r}, got {given!r}. Give that "
                "model, or deduplicate all records anew with --earlier to keep the ids."
            )

    def read_kept(self) -> Kept | None:
        """Return what it keeps of its records, None where that is nothing or cannot be used."""
        if self.folder is None or "record_id" in self.run["columns"]:
            return None
        stored = read_kept(self.folder)
        kept = None if stored is None else Kept.from_stored(stored)
        return kept if kept is not None and len(kept) == self.records.num_rows else None

    def names(self, merged: Merged) -> tuple[pa.StringArray, pa.StringArray] | None:
        """Return what ``pairs`` calls the merged rows, and those that are gone.

        Returns
        -------
        tuple[pa.StringArray, pa.StringArray] | None
            None where a new row has a column that no old one has, or no id, or where other ids
            have to stand with their source than before.
        """
        columns, new = {*self.records.column_names} - {*self.added}, merged.new
        if not {*new.column_names} <= columns:
            return None
        ids = pa.concat_arrays([self.known.ids, _identity(self.run, new, "id")])
        is_numbered = pc.any(pc.match_substring(ids, SEPARATOR)).as_py()
        if ids.null_count or is_numbered:
            return None
        n_old, left = len(self.known.ids), np.flatnonzero(merged.place >= 0)
        now = np.concatenate([left, np.arange(n_old, len(ids))])
        if not _is_unique(ids.take(pa.array(now))):
            if self.known.sources is None or _is_unique(self.known.ids):
                return None
            sources = pa.concat_arrays([self.known.sources, _identity(self.run, new, "source")])
            if pc.any(pc.equal(sources, "")).as_py():
                return None
            ids = pc.binary_join_element_wise(sources, ids, "/")
        elif len(left) < n_old and not _is_unique(self.known.ids):
            return None
        gone = np.flatnonzero(merged.place < 0)
        return ids.take(pa.array(now)), ids.take(pa.array(gone))

    def rest(self, merged: Merged) -> Rest:
        """Return its tables, with the rows that are left and the new ones.

        Raises
        ------
        RecordsError
            A table of its folder cannot be read.
        """
        assert self.folder is not None
        left = pa.array(np.flatnonzero(merged.place >= 0))
        records, catalogue = merged.catalogue.table, merged.catalogue
        for name in self.added:
            column = self.records[name].take(left)
            unknown = pa.nulls(merged.new.num_rows, column.type)
            records = records.append_column(name, pa.chunked_array([*column.chunks, unknown]))
        counts = np.bincount(catalogue.parts, minlength=len(catalogue.names)).tolist()
        inputs = [*catalogue.names], counts
        return Rest(self.run, records, self.folder, read_families(self.folder), inputs)


def _identity(run: Mapping[str, Any], table: pa.Table, what: str) -> pa.StringArray:
    names = [name for name in identity_columns(run, what) if name in table.column_names]
    return read_ids(table, names) if what == "id" else read_sources(table, names)


def _is_unique(ids: pa.StringArray) -> bool:
    return bool(pc.count_distinct(ids).as_py() == len(ids))


def read_earlier(result: Any) -> Earlier:
    """Read an earlier result.

    Raises
    ------
    RecordsError
        It is none, or cannot be read.
    """
    if isinstance(result, MatchResult):
        tables, state = result.tables(), result.state()
        name, folder, records, run = "earlier", None, tables.records, tables.run
    elif isinstance(result, str | PathLike):
        name, folder = str(result), Path(result)
        bring_back(folder)
        run, records, state = read_run(folder), read_records(folder), read_state(folder)
    else:
        raise RecordsError(
            f"earlier: is no result, got {type(result).__name__}. Give a result of "
            "matcher.dedupe, or its folder."
        )
    return Earlier(name, folder, records, run, state, known_of(name, records, run))


def merge_rows(earlier: Earlier, new: Catalogue, drop: Any) -> Merged:
    """Return the old rows that are left and the new ones, and what became of each old row.

    Raises
    ------
    RecordsError
        The new rows, or those that are withdrawn, have no ids.
    """
    old = join_keys(earlier.known.ids, earlier.known.sources)
    columns = {what: identity_columns(earlier.run, what) for what in ("id", "source")}
    replaced = _keys_of(
        new.table, columns, new.names[0], has_sources=earlier.known.sources is not None
    )
    is_gone = _is_in(old, replaced)
    notices = list(new.notices)
    if drop is not None:
        is_dropped, n_unknown = _dropped(earlier, drop, columns, old)
        is_gone |= is_dropped
        if n_unknown:
            message = f"drop: {n_unknown:,} ids are not in {earlier.name}; nothing to withdraw."
            notices.append(Notice("unknown_dropped", message, n_unknown))
    left = np.flatnonzero(~is_gone)
    place = np.full(len(is_gone), -1, np.int64)
    place[left] = np.arange(len(left))
    counts = earlier.run["input_rows"]
    names = earlier.run["input_names"]
    parts = np.repeat(np.arange(len(counts), dtype=np.int32), counts)[left]
    catalogue = Catalogue(
        join_tables([_take(earlier.records.drop_columns(earlier.added), left), new.table]),
        np.concatenate([parts, new.parts + np.int32(len(counts))]),
        (*names, *new.names),
        is_link=False,
        notices=tuple(notices),
    )
    return Merged(catalogue, place, new.table)


def _take(table: pa.Table, rows: Longs) -> pa.Table:
    return table if len(rows) == table.num_rows else table.take(pa.array(rows))


def _keys_of(
    table: pa.Table, columns: Mapping[str, list[str]], name: str, *, has_sources: bool
) -> pa.StringArray:
    """Return the key of every row, null where it has no id."""
    found = {what: [n for n in names if n in table.column_names] for what, names in columns.items()}
    if columns["id"] and not found["id"]:
        raise RecordsError(
            f"{name}: has no column of the ids, got columns {first_three(table.column_names)}. "
            f"Give {columns['id'][0]!r}, as the earlier result has it."
        )
    ids = read_ids(table, found["id"])
    return join_keys(ids, read_sources(table, found["source"]) if has_sources else None)


def _dropped(
    earlier: Earlier, drop: Any, columns: Mapping[str, list[str]], old: pa.StringArray
) -> tuple[Bools, int]:
    """Return which old rows are withdrawn, and how many of the given ids are none of them."""
    if isinstance(drop, list | tuple | set | frozenset):
        given = pa.array(sorted(map(str, drop)), pa.string())
        is_dropped = _is_in(earlier.known.ids, given)
        return is_dropped, int((~_is_in(given, earlier.known.ids)).sum())
    table = read_catalogue([drop]).table
    by_source = earlier.known.sources is not None and any(
        name in table.column_names for name in columns["source"]
    )
    given = _keys_of(table, columns, "drop", has_sources=by_source)
    known = old if by_source else earlier.known.ids
    return _is_in(known, given), int((~_is_in(given, known)).sum())


def _is_in(keys: pa.StringArray, others: pa.StringArray) -> Bools:
    found = pc.is_in(keys, value_set=others.drop_null(), skip_nulls=True)
    return np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)
