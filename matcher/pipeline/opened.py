"""A result folder that is open for an update: of its million rows only a few are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.output import (
    ADDED,
    Files,
    OpenState,
    Rest,
    Rows,
    TableRows,
    are_among,
    hash_texts,
    identity_columns,
    open_files,
)
from matcher.pipeline.earlier import Earlier, find_gone
from matcher.pipeline.kept import Kept
from matcher.pipeline.reassigning import SEPARATOR, Known, join_keys, known_of
from matcher.records import join_tables, read_catalogue, read_ids, read_sources
from matcher.types import Catalogue, Longs


@dataclass(frozen=True, slots=True)
class Opened:
    """An earlier result in a folder.

    Attributes
    ----------
    name : str
        What messages call it.
    folder : Path
        Where it lies.
    run : Mapping[str, Any]
        What is in its ``run.json``.
    records, families : Rows
        Its rows and its families.
    state : OpenState
        What was said of its pairs.
    kept : Kept
        What it keeps of its records.
    """

    name: str
    folder: Path
    run: Mapping[str, Any]
    records: Rows
    families: Rows
    state: OpenState
    kept: Kept

    def hashes(self, level: str) -> Any:
        """Return a number for the group of every row, of ``"match"`` or ``"family"``."""
        return self.records.hashes(self.run["columns"][f"{level}_id"])

    def known(self, rows: Longs) -> tuple[Known, pa.Table]:
        """Return some of its records with their groups, and their rows."""
        table = self.records.take(rows)
        return known_of(self.name, table, self.run), table

    def columns(self, what: str) -> list[str]:
        """Return its columns of ``"id"`` or of ``"source"``."""
        names = self.records.names
        return [name for name in identity_columns(self.run, what) if name in names]


@dataclass(frozen=True, slots=True)
class Overlaid:
    """Rows of an opened result that are left, and new ones behind them.

    Attributes
    ----------
    opened : Opened
        The result.
    new : Catalogue
        The new rows.
    place : Longs
        Shape (n_rows_before,): the row that each old row has become, -1 where it is gone.
    left, gone : Longs
        The old rows that are left, and those that are not, ascending.
    names : pa.StringArray | None
        What ``pairs`` calls the rows; None where that is their id.
    gone_names : pa.StringArray
        What it called those that are gone.
    """

    opened: Opened
    new: Catalogue
    place: Longs
    left: Longs
    gone: Longs
    names: pa.StringArray | None
    gone_names: pa.StringArray

    @property
    def n_old(self) -> int:
        """Number of old rows that are left."""
        return len(self.left)

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.n_old + int(self.new.table.num_rows)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs."""
        return *self.opened.run["input_names"], *self.new.names

    def part(self, rows: Longs) -> Catalogue:
        """Return some rows, ascending, with the columns of all."""
        n_old = int(np.searchsorted(rows, self.n_old))
        old = self.opened.records.take(self.left[rows[:n_old]])
        old = old.drop_columns([self.opened.run["columns"][name] for name in ADDED])
        new = self.new.table.take(pa.array(rows[n_old:] - self.n_old))
        table = join_tables([old, new])
        ends = np.cumsum(self.opened.run["input_rows"])
        before = np.searchsorted(ends, self.left[rows[:n_old]], side="right")
        parts = np.concatenate([before, self.new.parts[rows[n_old:] - self.n_old] + len(ends)])
        return Catalogue(table, parts.astype(np.int32), self.inputs, is_link=False, notices=())

    def only_new(self) -> Catalogue:
        """Return the new rows with the columns of all, and the notices of reading them."""
        part = self.part(np.arange(self.n_old, len(self)))
        return replace(part, notices=self.new.notices)

    def called(self, rows: Longs, ids: pa.StringArray) -> pa.StringArray:
        """Return what ``pairs`` calls some rows with these ids."""
        return ids if self.names is None else self.names.take(pa.array(rows))

    def rest(self) -> Rest:
        """Return the tables of the result, with how many rows there are now."""
        opened, inputs = self.opened, self.inputs
        old = self.opened.run["input_rows"]
        went = np.searchsorted(np.cumsum(old), self.gone, side="right")
        left = np.array(old) - np.bincount(went, minlength=len(old))
        came = np.bincount(self.new.parts, minlength=len(self.new.names))
        run, tables = opened.run, (opened.records, opened.families)
        return Rest(
            opened.folder, run, *tables, ([*inputs], [*left.tolist(), *came.tolist()]), join_tables
        )


def open_folder(earlier: Earlier, files: Callable[[], Files | None] | None) -> Opened | None:
    """Open the folder of an earlier result; None where an update has to read all of it.

    Parameters
    ----------
    earlier : Earlier
        The result.
    files : Callable[[], Files | None] | None
        Gives its files, where they are open already.

    Raises
    ------
    RecordsError
        Its tables cannot be read.
    """
    if earlier.folder is None:
        return None
    found = open_files(earlier.folder) if files is None else files()
    n_rows = sum(earlier.run["input_rows"])
    if found is None or len(found.records) != n_rows:
        return None
    kept = Kept.from_stored(found.kept)
    tables = found.records, found.families, found.state
    opened = Opened(earlier.name, earlier.folder, earlier.run, *tables, kept)
    return opened if len(kept) == n_rows else None


def overlay(opened: Opened, new: Catalogue, drop: Any) -> Overlaid | None:
    """Put new rows beside those of an opened result.

    Returns
    -------
    Overlaid | None
        None where a new row has a column that no old one has, or no id, or where other ids have to
        stand with their source than before.

    Raises
    ------
    RecordsError
        The new rows, or those that are withdrawn, have no ids.
    """
    columns = {*opened.records.names} - {opened.run["columns"][name] for name in ADDED}
    if not {*new.table.column_names} <= columns or not opened.columns("id"):
        return None
    hashes = _hash_ids(opened)
    own = _ids(opened, new.table)
    asked = hash_texts(own)
    if drop is not None:
        asked = np.concatenate([asked, hash_texts(_dropped_ids(opened, drop))])
    suspects = np.flatnonzero(are_among(hashes, asked))
    known, _ = opened.known(suspects)
    is_gone, notices = find_gone(opened.name, opened.run, known, new, drop)
    if own.null_count or pc.any(pc.match_substring(own, SEPARATOR)).as_py():
        return None
    gone = suspects[is_gone]
    is_left = np.ones(len(hashes), np.bool_)
    is_left[gone] = False
    left = np.flatnonzero(is_left)
    place = np.full(len(is_left), -1, np.int64)
    place[left] = np.arange(len(left))
    ascending = np.sort(hashes)
    names, gone_names = None, known.ids.filter(pa.array(is_gone))
    if (ascending[1:] == ascending[:-1]).any():
        every = _names_by_source(opened, new.table, own, left)
        if every is None:
            return None
        names, gone_names = every.take(pa.array(_now(left, every, own))), every.take(pa.array(gone))
    else:
        others = known.ids.filter(pa.array(~is_gone))
        if not _is_unique(own) or pc.any(pc.is_in(own, value_set=others)).as_py():
            return None
    return Overlaid(opened, replace(new, notices=notices), place, left, gone, names, gone_names)


def _now(left: Longs, every: pa.StringArray, own: pa.StringArray) -> Longs:
    """Return which of all names, old and new, are those of rows that are there now."""
    return np.concatenate([left, np.arange(len(every) - len(own), len(every))])


def _names_by_source(
    opened: Opened, new: pa.Table, own: pa.StringArray, left: Longs
) -> pa.StringArray | None:
    """Return what ``pairs`` calls old and new rows where old ids are not unique; None as above."""
    sources = opened.columns("source")
    table = opened.records.read([*opened.columns("id"), *sources])
    old = read_ids(table, opened.columns("id"))
    ids = pa.concat_arrays([old, own])
    of_old = read_sources(table, sources) if sources else None
    is_numbered = pc.any(pc.match_substring(old, SEPARATOR)).as_py()
    if of_old is None or is_numbered or not _is_unique(join_keys(old, of_old)):
        return None
    if _is_unique(ids.take(pa.array(_now(left, ids, own)))):
        return None if len(left) < len(old) else ids
    of_new = read_sources(new, [name for name in sources if name in new.column_names])
    every = pa.concat_arrays([of_old, of_new])
    if pc.any(pc.equal(every, "")).as_py():
        return None
    return pc.binary_join_element_wise(every, ids, "/")


def _hash_ids(opened: Opened) -> Any:
    names = opened.columns("id")
    if len(names) == 1 and not isinstance(opened.records, TableRows):
        return opened.records.hashes(names[0])
    return hash_texts(read_ids(opened.records.read(names), names))


def _ids(opened: Opened, table: pa.Table) -> pa.StringArray:
    return read_ids(table, [name for name in opened.columns("id") if name in table.column_names])


def _dropped_ids(opened: Opened, drop: Any) -> pa.StringArray:
    if isinstance(drop, list | tuple | set | frozenset):
        return pa.array(sorted(map(str, drop)), pa.string())
    return _ids(opened, read_catalogue([drop]).table)


def _is_unique(ids: pa.StringArray) -> bool:
    return bool(pc.count_distinct(ids, mode="all").as_py() == len(ids))
