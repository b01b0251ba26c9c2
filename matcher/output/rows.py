"""Rows of a table of an earlier result, read one by one: where each stands, and hashes of ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.compiled import kernel
from matcher.output.read import read_csv, read_table
from matcher.output.spellings import as_text
from matcher.types import Bools, Longs

Bytes = NDArray[np.uint8]
Hashes = NDArray[np.uint64]
_Table = NDArray[np.uint64]

_QUOTE, _COMMA, _NEWLINE = (np.uint8(ord(each)) for each in '",\n')
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, from the golden ratio
_FIRST = 16
"""The first bits of a hash by which most of those that are not wanted are told."""


class Rows(Protocol):
    """The rows of a table, of which only a few are read."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def names(self) -> list[str]:
        """Names of the columns."""

    def __len__(self) -> int:
        """Return the number of rows."""

    def hashes(self, name: str) -> Hashes:
        """Return hashes of the texts of a column, as `hash_texts` makes them, shape (n_rows,)."""

    def take(self, rows: Longs) -> pa.Table:
        """Return some rows with all columns."""

    def read(self, names: Sequence[str]) -> pa.Table:
        """Return some columns of all rows."""


@dataclass(frozen=True)
class TableRows:
    """Rows of a file that is read as a whole, since its format has no rows.

    Attributes
    ----------
    path : Path
        The file.
    """

    path: Path

    @cached_property
    def _table(self) -> pa.Table:
        return read_table(self.path)

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        names: list[str] = self._table.column_names
        return names

    def __len__(self) -> int:
        """Return the number of rows."""
        n_rows: int = self._table.num_rows
        return n_rows

    def hashes(self, name: str) -> Hashes:
        """Return hashes of the texts of a column, as `hash_texts` makes them, shape (n_rows,)."""
        return hash_texts(as_text(self._table[name]))

    def take(self, rows: Longs) -> pa.Table:
        """Return some rows with all columns."""
        return self._table.take(pa.array(rows))

    def read(self, names: Sequence[str]) -> pa.Table:
        """Return some columns of all rows."""
        return self._table.select(names)


@dataclass(frozen=True)
class CsvRows:
    """Rows of a CSV file, where each stands in its bytes.

    Attributes
    ----------
    path : Path
        The file.
    names : list[str]
        Names of the columns.
    data : Bytes
        Its bytes, memory-mapped.
    starts : Longs
        Shape (n_rows + 1,): where each row begins, and where the last one ends.
    tails : Longs
        Shape (n_rows,): where the last columns of each begin.
    n_tail : int
        How many these are.
    """

    path: Path
    names: list[str]
    data: Bytes
    starts: Longs
    tails: Longs
    n_tail: int
    _hashes: Mapping[str, Hashes]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.tails)

    def hashes(self, name: str) -> Hashes:
        """Return hashes of the texts of a column, as `hash_texts` makes them, shape (n_rows,)."""
        return self._hashes[name]

    def take(self, rows: Longs) -> pa.Table:
        """Return some rows with all columns, every value as text."""
        head = np.zeros(1, np.int64)
        starts = np.concatenate([head, self.starts[rows]])
        ends = np.concatenate([self.starts[:1], self.starts[rows + 1]])
        found = np.empty((ends - starts).sum(), np.uint8)
        _gather(self.data, starts, ends, found)
        return read_csv(pa.py_buffer(found))

    def read(self, names: Sequence[str]) -> pa.Table:
        """Return some columns of all rows, every value as text."""
        return read_table(self.path, names)


def open_rows(path: Path, hashed: Sequence[str], n_tail: int = 1) -> Rows:
    """Open a table of a result folder.

    Parameters
    ----------
    path : Path
        CSV or Parquet.
    hashed : Sequence[str]
        Columns whose hashes are asked for.
    n_tail : int
        How many of the last columns are replaced by themselves.
    """
    if path.suffix == ".parquet":
        return TableRows(path)
    try:
        data = np.memmap(path, np.uint8, "r").view(np.ndarray)
        names: list[str] = read_csv(_first_row(path)).column_names
    except (OSError, ValueError):  # whoever reads it as a whole says what is wrong with it
        return TableRows(path)
    places = np.array([names.index(name) for name in hashed if name in names], np.int64)
    if len(places) < len(hashed):
        return TableRows(path)
    slots, most = np.full(len(names), -1, np.int64), len(data) // len(names) + 2
    slots[places] = np.arange(len(places))
    starts, tails = np.empty(most, np.int64), np.empty(most, np.int64)
    hashes = np.empty((len(places), most), np.uint64)
    n_rows = _scan(data, slots, len(names) - n_tail, starts, tails, hashes)
    if n_rows < 0:
        return TableRows(path)
    by_name = {name: each[:n_rows] for name, each in zip(hashed, hashes, strict=True)}
    return CsvRows(path, names, data, starts[: n_rows + 1], tails[:n_rows], n_tail, by_name)


def hash_texts(texts: pa.StringArray | pa.ChunkedArray) -> Hashes:
    """Return a hash of every text, null as the empty one.

    Examples
    --------
    >>> one, two, three = hash_texts(pa.array(["red", "blue", "red"])).tolist()
    >>> one == three != two
    True
    """
    wide = texts.cast(pa.large_string()).fill_null("")
    array = wide.combine_chunks() if isinstance(wide, pa.ChunkedArray) else wide
    _, offsets, data = array.buffers()
    if data is None:
        return np.zeros(len(array), np.uint64)
    ends = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    found = np.zeros(len(array), np.uint64)
    _hash(np.frombuffer(data, np.uint8), ends, found)
    return found


def row_starts(data: Bytes) -> Longs:
    r"""Return where each row of the bytes of a CSV file begins, and where the last one ends.

    Examples
    --------
    >>> row_starts(np.frombuffer(b'1,"a"\n2,"b\nc"\n', np.uint8)).tolist()
    [0, 6, 14]
    """
    starts = np.zeros(len(data) + 1, np.int64)  # memory that is never written is never taken
    return starts[: _find_rows(data, starts) + 1]


def are_among(hashes: Hashes, wanted: Hashes) -> Bools:
    """Return which hashes are among a few, at a look or two for each.

    Examples
    --------
    >>> are_among(np.array([5, 7, 5], np.uint64), np.array([7, 8], np.uint64)).tolist()
    [False, True, False]
    """
    begins = np.zeros(1 << _FIRST, np.bool_)
    shift = np.uint64(64 - _FIRST)
    begins[wanted >> shift] = True
    found: Bools = begins[hashes >> shift]
    suspects = np.flatnonzero(found)
    found[suspects] = np.isin(hashes[suspects], wanted)
    return found


def _first_row(path: Path) -> pa.Buffer:
    """Return the bytes of the header."""
    with path.open("rb") as file:
        lines = file.readline()
        while lines.count(b'"') % 2 and (line := file.readline()):
            lines += line
    return pa.py_buffer(lines)


@kernel
def _hash(data: Bytes, ends: Longs, found: Hashes) -> None:
    for number in range(len(found)):
        total = np.uint64(0)
        for place in range(ends[number], ends[number + 1]):
            total = total * _BASE + np.uint64(data[place]) + np.uint64(1)
        found[number] = total


@kernel
def _find_rows(data: Bytes, starts: Longs) -> int:
    """Write where each row but the first begins, and return how many rows there are."""
    n_rows, is_quoted = 0, False
    for place in range(len(data)):
        if data[place] == _QUOTE:
            is_quoted = not is_quoted
        elif data[place] == _NEWLINE and not is_quoted:
            n_rows += 1
            starts[n_rows] = place + 1
    return n_rows


@kernel
def _scan(
    data: Bytes, slots: Longs, first_of_tail: int, starts: Longs, tails: Longs, hashes: _Table
) -> int:
    """Write where rows and their tails begin, and hashes of fields.

    A quotation mark inside a quoted field is written twice, and hashed once.

    Parameters
    ----------
    data : Bytes
        The file.
    slots : Longs
        Shape (n_columns,): where the hashes of a column are written, -1 for nowhere.
    first_of_tail : int
        The first column of the tail.
    starts, tails : Longs
        Shape (n_most,), as in `CsvRows`: written.
    hashes : _Table
        Shape (n_slots, n_most): written.

    Returns
    -------
    int
        How many rows there are, -1 if one has more or fewer columns.
    """
    place, row, end = 0, -1, len(data)
    while place < end:
        if row >= 0:
            starts[row] = place
        for column in range(len(slots)):
            slot = slots[column]
            if row >= 0 and column == first_of_tail:
                tails[row] = place
            total, is_quoted = np.uint64(0), False
            if slot < 0:
                while place < end:
                    byte = data[place]
                    if byte == _QUOTE:
                        is_quoted = not is_quoted
                    elif not is_quoted and byte in (_COMMA, _NEWLINE):
                        break
                    place += 1
            else:
                first = place
                while place < end:
                    byte = data[place]
                    if byte == _QUOTE:
                        is_quoted = not is_quoted
                        if is_quoted and place > first:
                            total = total * _BASE + np.uint64(_QUOTE) + np.uint64(1)
                    elif not is_quoted and byte in (_COMMA, _NEWLINE):
                        break
                    else:
                        total = total * _BASE + np.uint64(byte) + np.uint64(1)
                    place += 1
                if row >= 0:
                    hashes[slot, row] = total
            is_last = column == len(slots) - 1
            if place == end or (data[place] == _NEWLINE) != is_last:
                return -1
            place += 1
        row += 1
    if row >= 0:
        starts[row] = end
    return row


@kernel
def _gather(data: Bytes, starts: Longs, ends: Longs, found: Bytes) -> None:
    size = 0
    for row in range(len(starts)):
        for place in range(starts[row], ends[row]):
            found[size] = data[place]
            size += 1
