"""Read CSV and its relatives without losing a row or changing a value."""

import codecs
import csv
import gzip
import io
import re
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.csv

from matcher.errors import RecordsError
from matcher.types import Notice

DELIMITERS = ",;\t|"
SURPLUS = "surplus_fields"
ENCODINGS = {
    **{f"cp{number}": f"Windows-{number}" for number in (*range(1250, 1258), 874)},
    "cp932": "Shift JIS",
    "euc_jis_2004": "EUC-JP",
    "gb18030": "GB 18030",
    "big5hkscs": "Big5",
    "cp949": "EUC-KR",
}
"""Encodings of files that are not UTF-8, by Python's names, as people call them."""

LATIN = ["cp1252", "cp1250", "cp1254", "cp1257"]
OTHERS = [name for name in ENCODINGS if name not in LATIN]
SURER = 1.25
"""How many times as sure as of Windows-1252 one must be of another: a few foreign words and signs
look like whatever language one likes."""

_STRAY = re.compile("[\udc80-\udcff]")  # a byte that is no UTF-8, as Python keeps it
_SAMPLE_ROWS = 50
_SAMPLE_BYTES = 200_000
_BLOCK_BYTES = 16 << 20
# Larger than any sane row, so that one of a megabyte stays on the fast path.


def read_delimited(path: Path) -> tuple[pa.Table, list[Notice]]:
    """Return the rows of a CSV, TSV or gzipped file, every column as text, and notices.

    Raises
    ------
    RecordsError
        The file cannot be read, is empty or has no header.
    """
    data, notices = _utf8(_read_bytes(path), path)
    if not data[:_SAMPLE_BYTES].strip(b"\r\n\t ;,|\x00"):
        raise RecordsError(f"{path}: the file is empty. Give a file with a header and rows.")
    sample = data[:_SAMPLE_BYTES].decode("utf-8", "ignore")
    delimiter = "\t" if path.name.removesuffix(".gz").endswith(".tsv") else sniff(sample)
    header, header_lines = _header(data, sample, delimiter)
    names, renamed = unique_names(header, str(path))
    # pyarrow takes a quotation mark that is never closed to mean one value to the end of the file.
    is_quoted_evenly = data.count(b'"') % 2 == 0
    table = None
    if header_lines == 1 and is_quoted_evenly:
        table = _read_fast(data, names, delimiter)
    if table is not None:
        return table, [*notices, *renamed]
    table, mended = _read_slowly(data.decode(), names, delimiter, path)
    return table, [*notices, *renamed, *mended]


def _read_bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (OSError, EOFError, zlib.error) as error:
        raise RecordsError(
            f"{path}: cannot be read, got {error}. Check the path and that the file is complete."
        ) from error


def _utf8(data: bytes, path: Path) -> tuple[bytes, list[Notice]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode(), []
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        text, how = _decoded(data, error.start)
        line = data.count(b"\n", 0, error.start) + 1
        notice = Notice(
            "not_utf8",
            f"{path}: not UTF-8, first in line {line}. {how}; save it as UTF-8 if letters look "
            "wrong.",
            1,
        )
        return text.encode(), [notice]
    return data, []


def _decoded(data: bytes, first: int) -> tuple[str, str]:
    """Return the text of bytes that are not UTF-8, from the `first` one on, and how it was read."""
    text = data.decode(errors="surrogateescape")
    n_strays = len(_STRAY.findall(text))
    n_others = len(text) - len(text.encode("ascii", "ignore"))
    if n_others - n_strays > n_strays:
        return _STRAY.sub(_from_windows, text), "Such bytes were read as Windows-1252"
    encoding = _guess_encoding(data[data.rfind(b"\n", 0, first) + 1 :][:_SAMPLE_BYTES])
    return data.decode(encoding, "replace"), f"It was read as {ENCODINGS[encoding]}"


def _from_windows(stray: re.Match[str]) -> str:
    return bytes([ord(stray[0]) - 0xDC00]).decode("cp1252", "replace")


def _guess_encoding(data: bytes) -> str:
    """Return the encoding that bytes are likely in, Windows-1252 if nothing tells."""
    from chardet import detect_all

    text = b"\n".join(line for line in data.splitlines() if not line.isascii())
    letters = np.frombuffer(text, np.uint8)
    is_letter, is_kana = letters >= 0x80, (letters > 0x80) & (letters < 0x84)
    if 3 * is_kana.sum() > is_letter.sum():  # what begins kana there is hardly used elsewhere
        return "cp932"
    # Letters with accents stand among others, those of other alphabets beside each other.
    n_others = (is_letter[1:] & is_letter[:-1]).sum() + is_kana.sum()
    asked = OTHERS if 2 * n_others > is_letter.sum() else LATIN
    found = detect_all(
        text,
        ignore_threshold=True,
        compat_names=False,
        include_encodings=asked,
        no_match_encoding=asked[0],
    )
    sure = {each["encoding"] or "cp1252": each["confidence"] for each in found}
    likely = max(sure, key=lambda name: sure[name])
    return likely if sure[likely] >= SURER * sure.get("cp1252", 0.0) else "cp1252"


def sniff(sample: str) -> str:
    r"""Return the delimiter that cuts the first rows most evenly.

    Examples
    --------
    >>> sniff("id;price\n1;1.234,56\n2;7,5\n")
    ';'
    """

    def quality(delimiter: str) -> tuple[float, int]:
        rows = []
        with _unlimited_fields():
            for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                rows.append(len(row))
                if len(rows) == _SAMPLE_ROWS:
                    break
        filled = [width for width in rows if width] or [1]
        if filled[0] == 1:
            return 0.0, 0
        return sum(width == filled[0] for width in filled) / len(filled), filled[0]

    return max(DELIMITERS, key=quality)


class _unlimited_fields:  # noqa: N801
    """Lift the csv module's limit of 128 KiB per field, and put it back."""

    def __enter__(self) -> None:
        self._before = csv.field_size_limit(sys.maxsize)

    def __exit__(self, *_: object) -> None:
        csv.field_size_limit(self._before)


def _header(data: bytes, sample: str, delimiter: str) -> tuple[list[str], int]:
    """Return the names in the header, and how many lines they take."""
    text = sample if "\n" in sample or "\r" in sample else data.decode()
    with _unlimited_fields():
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        row = next(filter(None, reader), [])
        return row, reader.line_num


def unique_names(names: Sequence[str], where: str) -> tuple[list[str], list[Notice]]:
    """Return column names that occur once each, and a notice where some had to be renamed.

    Examples
    --------
    >>> unique_names(["id", "color", "color", ""], "shop.csv")[0]
    ['id', 'color', 'color_2', 'column_4']
    """
    taken, unique, renamed = set(names), [], []
    for position, name in enumerate(names, 1):
        stem = name.strip() or f"column_{position}"
        candidate, number = (name if name.strip() else stem), 2
        while candidate in unique or (candidate != name and candidate in taken):
            candidate, number = f"{stem}_{number}", number + 1
        unique.append(candidate)
        if candidate != name:
            renamed.append(f"{name!r} to {candidate!r}")
    if not renamed:
        return unique, []
    message = (
        f"{where}: {len(renamed)} column names are empty or occur twice. They were renamed, "
        f"{', '.join(renamed[:3])}."
    )
    return unique, [Notice("renamed_columns", message, len(renamed))]


def _read_fast(data: bytes, names: list[str], delimiter: str) -> pa.Table | None:
    try:
        return pyarrow.csv.read_csv(
            pa.BufferReader(data),
            read_options=pyarrow.csv.ReadOptions(
                column_names=names, skip_rows=1, block_size=_BLOCK_BYTES
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=b'"' in data
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None


@dataclass(slots=True)
class _Ragged:
    rows: list[list[str | None]] = field(default_factory=list)
    surplus: list[str | None] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    long: list[int] = field(default_factory=list)

    def add(self, row: list[str], line: int, width: int, delimiter: str) -> None:
        if len(row) < width:
            self.short.append(line)
        if len(row) > width:
            self.long.append(line)
        self.rows.append([*row[:width], *[None] * (width - len(row))])
        self.surplus.append(delimiter.join(row[width:]) if len(row) > width else None)


def _read_slowly(
    text: str, names: list[str], delimiter: str, path: Path
) -> tuple[pa.Table, list[Notice]]:
    notices = []
    try:
        found = _parse(text, len(names), delimiter, csv.QUOTE_MINIMAL)
    except csv.Error:
        found = _parse(text, len(names), delimiter, csv.QUOTE_NONE)
        notices.append(
            Notice(
                "unclosed_quote",
                f"{path}: a quotation mark is opened and never closed. Quotation marks were read "
                "as plain characters.",
                1,
            )
        )
    columns = list(zip(*found.rows, strict=True)) or [() for _ in names]
    arrays = [pa.array(column, pa.string()) for column in columns]
    if found.short:
        notices.append(
            _ragged_notice(path, "short_rows", found.short, "They were filled with nulls.")
        )
    if found.long:
        surplus = unique_names([*names, SURPLUS], str(path))[0][-1]
        arrays.append(pa.array(found.surplus, pa.string()))
        names = [*names, surplus]
        done = f"What exceeds the header is kept in column {surplus!r}."
        notices.append(_ragged_notice(path, "long_rows", found.long, done))
    return pa.Table.from_arrays(arrays, names=names), notices


def _parse(text: str, width: int, delimiter: str, quoting: Literal[0, 3]) -> _Ragged:
    found = _Ragged()
    with _unlimited_fields():
        reader = csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=True
        )
        header = True
        for row in reader:
            if not row:
                continue
            if header:
                header = False
                continue
            found.add(row, reader.line_num, width, delimiter)
    return found


def _ragged_notice(path: Path, kind: str, lines: list[int], done: str) -> Notice:
    message = f"{path}: {len(lines)} {kind.replace('_', ' ')}, first line {lines[0]}. {done}"
    return Notice(kind, message, len(lines))
