"""The rows of a CSV file, and where in the file they stand."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from matcher.errors import LabelsError

_MARKS = ",;\t"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file.

    Attributes
    ----------
    start, end : int
        Where it begins and ends, in bytes.
    fields : list[str]
        What it says.
    """

    start: int
    end: int
    fields: list[str]


def split_rows(content: bytes, name: str) -> tuple[list[Row], str]:
    r"""Return the rows of a CSV file, blank ones left out, and what stands between their fields.

    A last row that does not end may break off inside a letter or a quotation.

    Raises
    ------
    LabelsError
        It is no UTF-8 or no CSV; `name` is what the message calls it.

    Examples
    --------
    >>> rows, mark = split_rows(b'a;b\n"1\n2";3\n', "labels.csv")
    >>> rows[1], mark
    (Row(start=4, end=12, fields=['1\n2', '3']), ';')
    """
    try:
        content[: content.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError as error:
        raise LabelsError(
            f"{name}: labels cannot be read, got {error.reason} at byte {error.start}. "
            "Give a CSV file in UTF-8."
        ) from error
    text = content.decode("utf-8", errors="replace")  # only a torn row has such a byte
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="").readlines()
    mark = max(_MARKS, key=lambda each: lines[0].count(each)) if lines else ","
    ends = [len(_BOM) if content.startswith(_BOM) else 0]
    for line in lines[:-1]:
        ends.append(ends[-1] + len(line.encode("utf-8")))
    ends.append(len(content))
    reader, rows, taken = csv.reader(lines, delimiter=mark), list[Row](), 0
    try:
        for fields in reader:
            if fields:
                rows.append(Row(ends[taken], ends[reader.line_num], fields))
            taken = reader.line_num
    except csv.Error as error:
        raise LabelsError(
            f"{name}: labels cannot be read, got {error} in line {reader.line_num}. "
            "Give a CSV file."
        ) from error
    return rows, mark


def join_rows(rows: Sequence[Sequence[str]], mark: str) -> str:
    r"""Return rows as CSV, each with an end of line.

    Examples
    --------
    >>> join_rows([["a", "b;c"], ["d\re", ""]], ";")
    'a;"b;c"\n"d\re";\n'
    """
    text = ""
    for row in rows:
        line = io.StringIO()
        csv.writer(line, delimiter=mark, lineterminator="\r\n").writerow(row)  # \r is quoted, too
        text += line.getvalue().removesuffix("\r\n") + "\n"
    return text
