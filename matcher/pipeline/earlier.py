"""An earlier result as an update takes it up, and its rows beside the new ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import RecordsError, SettingsError, first_three
from matcher.output import (
    MatchResult,
    State,
    bring_back,
    identity_columns,
    read_records,
    read_run,
    read_state,
)
from matcher.pipeline.model import DEFAULT_MODEL, Model, load
from matcher.pipeline.reassigning import Known, join_keys, known_of
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
    """

    catalogue: Catalogue
    place: Longs


@dataclass(frozen=True)
class Earlier:
    """An earlier result, as an update takes it up.

    Attributes
    ----------
    name : str
        What messages call it.
    run : Mapping[str, Any]
        What is in ``run.json``.
    source : MatchResult | Path
        The result, or where it lies: what of it is read is read when it is asked for.
    """

    name: str
    run: Mapping[str, Any]
    source: MatchResult | Path

    @property
    def folder(self) -> Path | None:
        """Where it lies; None if it is in memory."""
        return None if isinstance(self.source, MatchResult) else self.source

    @cached_property
    def records(self) -> pa.Table:
        """Its rows with the columns of the input, and those that it added."""
        if isinstance(self.source, MatchResult):
            return self.source.tables().records
        return read_records(self.source)

    @cached_property
    def state(self) -> State:
        """What was said of its pairs."""
        if isinstance(self.source, MatchResult):
            return self.source.state()
        return read_state(self.source)

    @cached_property
    def known(self) -> Known:
        """Its records and groups."""
        return known_of(self.name, self.records, self.run)

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


def read_earlier(result: Any) -> Earlier:
    """Read an earlier result.

    Raises
    ------
    RecordsError
        It is none, or cannot be read.
    """
    if isinstance(result, MatchResult):
        return Earlier("earlier", result.run, result)
    if isinstance(result, str | PathLike):
        folder = Path(result)
        bring_back(folder)
        return Earlier(str(result), read_run(folder), folder)
    raise RecordsError(
        f"earlier: is no result, got {type(result).__name__}. Give a result of "
        "matcher.dedupe, or its folder."
    )


def merge_rows(earlier: Earlier, new: Catalogue, drop: Any) -> Merged:
    """Return the old rows that are left and the new ones, and what became of each old row.

    Raises
    ------
    RecordsError
        The new rows, or those that are withdrawn, have no ids.
    """
    is_gone, notices = find_gone(earlier.name, earlier.run, earlier.known, new, drop)
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
        notices=notices,
    )
    return Merged(catalogue, place)


def find_gone(
    name: str, run: Mapping[str, Any], known: Known, new: Catalogue, drop: Any
) -> tuple[Bools, tuple[Notice, ...]]:
    """Return which of some old records are replaced or withdrawn, and the notices of that.

    Parameters
    ----------
    name, run : str, Mapping[str, Any]
        What messages call the earlier result, and what is in its ``run.json``.
    known : Known
        Its records, or at least those whose ids are among the new and the withdrawn ones.
    new : Catalogue
        The new rows.
    drop : Any
        The withdrawn records, as `update` takes them.

    Raises
    ------
    RecordsError
        The new rows, or those that are withdrawn, have no ids.
    """
    old = join_keys(known.ids, known.sources)
    columns = {what: identity_columns(run, what) for what in ("id", "source")}
    replaced = _keys_of(new.table, columns, new.names[0], has_sources=known.sources is not None)
    is_gone = _is_in(old, replaced)
    notices = list(new.notices)
    if drop is not None:
        is_dropped, n_unknown = _dropped(known, drop, columns, old)
        is_gone |= is_dropped
        if n_unknown:
            message = f"drop: {n_unknown:,} ids are not in {name}; nothing to withdraw."
            notices.append(Notice("unknown_dropped", message, n_unknown))
    return is_gone, tuple(notices)


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
    known: Known, drop: Any, columns: Mapping[str, list[str]], old: pa.StringArray
) -> tuple[Bools, int]:
    """Return which old rows are withdrawn, and how many of the given ids are none of them."""
    if isinstance(drop, list | tuple | set | frozenset):
        given = pa.array(sorted(map(str, drop)), pa.string())
        is_dropped = _is_in(known.ids, given)
        return is_dropped, int((~_is_in(given, known.ids)).sum())
    table = read_catalogue([drop]).table
    by_source = known.sources is not None and any(
        name in table.column_names for name in columns["source"]
    )
    given = _keys_of(table, columns, "drop", has_sources=by_source)
    by = old if by_source else known.ids
    return _is_in(by, given), int((~_is_in(given, by)).sum())


def _is_in(keys: pa.StringArray, others: pa.StringArray) -> Bools:
    found = pc.is_in(keys, value_set=others.drop_null(), skip_nulls=True)
    return np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)
