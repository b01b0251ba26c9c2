"""A table of an earlier folder of which rows go, change or come: the rest is copied as it is."""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from matcher.output.rows import CsvRows, Rows, row_starts
from matcher.output.write import Format, append_csv, csv_bytes, write_table
from matcher.types import Longs

BUFFER = 1 << 20
"""Bytes that are written at a time."""

Join = Callable[[Sequence[pa.Table]], pa.Table]
"""Returns tables one below the other."""


def add_rows(tables: Sequence[pa.Table]) -> pa.Table:
    """Return a table and rows that are to be of its kind."""
    first, *others = tables
    return pa.concat_tables([first, *(each.cast(first.schema) for each in others)])


def _none() -> Longs:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Patched:
    """A table of an earlier folder with rows that went, changed or came.

    Attributes
    ----------
    path : Path
        Its file, as matcher wrote it.
    read : Callable[[], pa.Table]
        Reads it.
    added : pa.Table
        The new rows, behind the others.
    rows : Rows | None
        Where its rows stand; None where none went or changed.
    removed : Longs
        The rows that are gone, ascending.
    changed : Longs
        The rows whose last columns are new, ascending.
    tails : pa.Table | None
        These columns of the changed rows.
    join : Join
        Puts the new rows behind the others.
    """

    path: Path
    read: Callable[[], pa.Table]
    added: pa.Table
    rows: Rows | None = None
    removed: Longs = field(default_factory=_none)
    changed: Longs = field(default_factory=_none)
    tails: pa.Table | None = None
    join: Join = add_rows

    def table(self) -> pa.Table:
        """Return the table as it is now."""
        table = self.read()
        if self.tails is not None:
            place = np.arange(table.num_rows)
            place[self.changed] = table.num_rows + np.arange(len(self.changed))
            for name in self.tails.column_names:
                kind = self.tails[name].type
                chunks = [*table[name].cast(kind).chunks, *self.tails[name].chunks]
                new = pa.chunked_array(chunks, kind).combine_chunks().take(pa.array(place))
                table = table.set_column(table.column_names.index(name), name, new)
        if len(self.removed):
            left = np.ones(table.num_rows, np.bool_)
            left[self.removed] = False
            table = table.filter(pa.array(left))
        return self.join([table, self.added])

    def write(self, path: Path, ending: Format) -> None:
        """Write the table: rows that are there already are copied as they are."""
        is_as_before = not len(self.removed) and not len(self.changed)
        if ending != "csv" or not (
            _ends_in_a_row(self.path) if is_as_before else isinstance(self.rows, CsvRows)
        ):
            write_table(self.table(), path, ending)
            return
        if is_as_before:
            shutil.copyfile(self.path, path)
        else:
            assert isinstance(self.rows, CsvRows)
            with path.open("wb", BUFFER) as file:
                self._patch(self.rows, file)
        with path.open("ab") as file:
            append_csv(self.added, file)

    def _patch(self, rows: CsvRows, file: BinaryIO) -> None:
        """Write the bytes of the rows that are left, with the new ends of those that changed."""
        removed, changed = self.removed, self.changed
        written = b"" if self.tails is None else csv_bytes(self.tails)
        ends = row_starts(np.frombuffer(written, np.uint8))[1:]
        order = np.argsort(np.concatenate([removed, changed]), kind="stable")
        cuts = np.concatenate([rows.starts[removed], rows.tails[changed]])[order]
        resumes = np.concatenate([rows.starts[removed + 1], rows.starts[changed + 1]])[order]
        sizes = np.concatenate([np.zeros(len(removed), np.int64), np.diff(ends, prepend=0)])[order]
        old, new = rows.data.data, memoryview(written)
        pieces = zip(cuts.tolist(), resumes.tolist(), np.cumsum(sizes).tolist(), strict=True)
        start = first = 0
        # Pieces are long: a third of the time of a copy of all, which is new memory.
        for cut, resume, last in pieces:
            file.write(old[start:cut])
            file.write(new[first:last])
            start, first = resume, last
        file.write(old[start:])


def _ends_in_a_row(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"
