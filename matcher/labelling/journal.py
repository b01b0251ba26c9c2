"""A label file that is written while a person answers: every answer is on disk at once."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from errno import ENOSPC
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType
from typing import BinaryIO

from matcher.errors import LabelsError, first_three
from matcher.labelling.answers import COLUMNS, Answer, answer_of
from matcher.labelling.csv_rows import Row, join_rows, split_rows
from matcher.labelling.files import RELATION_WORDS
from matcher.labelling.questions import Opinion
from matcher.types import Notice

_NEEDED = ("left_id", "right_id", "relation")


@dataclass(frozen=True, slots=True)
class _Given:
    """An answer of the file, and where its row begins and ends."""

    answer: Answer
    start: int
    end: int


class AnswerJournal:
    """A label file that is open for answers; only one process can have it open.

    Parameters
    ----------
    path : str | Path
        A CSV file ``left_id,right_id,relation`` and perhaps further columns; it is made where there
        is none.  Columns of ours that it lacks are added, a last row that a crash has torn is
        removed; all else stays as it is.

    Raises
    ------
    LabelsError
        The file is of another kind, cannot be read or written, or another process has it open.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "labels.csv"
    >>> with AnswerJournal(path) as journal:
    ...     journal.append(Answer("a", "b", "exact"))
    ...     journal.append(Answer("a", "c", "unsure", answered_at="2026-01-01T00:00:00"))
    ...     [undone] = journal.undo()
    >>> undone.relation, len(path.read_text().splitlines())
    ('unsure', 2)
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).resolve()
        self._name = Path(path).name
        self.notices: tuple[Notice, ...] = ()
        self._file = self._open()
        try:
            self._columns, self._mark, self._given = self._read()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> "AnswerJournal":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def answers(self) -> list[Answer]:
        """All answers of the file, in its order."""
        return [given.answer for given in self._given]

    @property
    def can_undo(self) -> bool:
        """Whether the last row of the file is an answer that a journal wrote."""
        if not self._given or not self._given[-1].answer.answered_at:
            return False
        return self._given[-1].end == os.fstat(self._file.fileno()).st_size

    def stamp(self) -> str:
        """Return the time, later than that of the last answer: those of one are undone together."""
        now = datetime.now(UTC)
        if self._given and self._given[-1].answer.answered_at:
            last = datetime.fromisoformat(self._given[-1].answer.answered_at)
            last = last if last.tzinfo else last.replace(tzinfo=UTC)
            now = max(now, last + timedelta(milliseconds=1))
        return now.isoformat(timespec="milliseconds")

    def append(self, *answers: Answer) -> None:
        """Write answers, all or none, with the time where they have none; then they are on disk.

        Raises
        ------
        LabelsError
            They cannot be written; the file is as it was.
        """
        now = self.stamp()
        stamped = [replace(each, answered_at=each.answered_at or now) for each in answers]
        rows = [join_rows([each.to_row(self._columns)], self._mark).encode() for each in stamped]
        start = self._file.seek(0, os.SEEK_END)
        try:
            _write_all(self._file, b"".join(rows))
        except OSError as error:
            self._file.truncate(start)
            raise LabelsError(
                f"{self._name}: the answer cannot be written, got {error.strerror}. "
                "Make room and answer again."
            ) from error
        for answer, row in zip(stamped, rows, strict=True):
            self._given.append(_Given(answer, start, start + len(row)))
            start += len(row)

    def undo(self) -> list[Answer]:
        """Remove the last answers from the file, those of one time, and return them.

        An empty list means that the last row of the file was not written by a journal.
        """
        undone: list[_Given] = []
        if self.can_undo:
            now = self._given[-1].answer.answered_at
            while self._given and self._given[-1].answer.answered_at == now:
                undone.insert(0, self._given.pop())
            self._file.truncate(undone[0].start)
            os.fsync(self._file.fileno())
        return [given.answer for given in undone]

    def close(self) -> None:
        """Let others have the file."""
        self._file.close()

    def _open(self) -> BinaryIO:
        if self.path.suffix.lower() in (".parquet", ".pq", ".json", ".gz"):
            raise LabelsError(
                f"{self._name}: answers are written as CSV, got a name that ends in "
                f"{self.path.suffix}. Give another file, such as labels.csv."
            )
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise LabelsError(
                f"{self._name}: cannot be opened for answers, got {error.strerror}. "
                "Check the path and its permissions."
            ) from error
        file = os.fdopen(descriptor, "r+b", buffering=0)
        if not _lock(file):
            file.close()
            raise LabelsError(
                f"{self._name}: is open in another matcher label. Go on there, or end it first."
            )
        return file

    def _read(self) -> tuple[list[str], str, list[_Given]]:
        rows, mark = self._rows()
        header = [name.strip().lower() for name in rows[0].fields] if rows else []
        if rows and not set(_NEEDED) <= set(header):
            raise LabelsError(
                f"{self._name}: answers cannot be added to this kind of label file, got columns "
                f"{first_three(rows[0].fields)}. Give another file for them, or "
                "change this one by 'matcher labels --to matcher' into left_id,right_id,relation."
            )
        rows = self._without_torn(header, rows)
        given = [one for row in rows[1:] for one in self._answer(header, row)]
        missing = [name for name in COLUMNS if name not in header]
        if not missing:
            return header, mark, given
        self._rewrite([*rows[0].fields, *missing] if rows else missing, rows, mark)
        return self._read()

    def _rows(self) -> tuple[list[Row], str]:
        self._file.seek(0)
        content = self._file.readall()  # type: ignore[attr-defined]  # it has no buffer
        return split_rows(content, self._name)

    def _without_torn(self, header: Sequence[str], rows: list[Row]) -> list[Row]:
        """Make the file end with a whole row: what a crash left of one is removed."""
        if not rows:
            return rows
        self._file.seek(max(rows[-1].end - 1, 0))
        if self._file.read(1) == b"\n":
            return rows
        if len(rows) > 1 and not _is_whole(header, rows[-1].fields):
            self._file.truncate(rows[-1].start)
            message = f"{self._name}: the last answer was not fully written. It was left out."
            self.notices = (*self.notices, Notice("torn_label", message, 1))
            rows = rows[:-1]
        else:
            self._file.seek(0, os.SEEK_END)
            self._file.write(b"\n")
        os.fsync(self._file.fileno())
        return rows

    def _rewrite(self, columns: list[str], rows: list[Row], mark: str) -> None:
        """Put a file with these columns in the place of this one, and lock it."""
        wide = [row.fields + [""] * (len(columns) - len(row.fields)) for row in rows[1:]]
        with NamedTemporaryFile(
            dir=self.path.parent, prefix=f".{self._name}.", delete=False
        ) as draft:
            draft.write(join_rows([columns, *wide], mark).encode("utf-8"))
            draft.flush()
            os.fsync(draft.fileno())
        Path(draft.name).chmod(self.path.stat().st_mode)
        file = Path(draft.name).open("r+b", buffering=0)  # noqa: SIM115 - stays open
        _lock(file)
        Path(draft.name).replace(self.path)
        self._file.close()
        self._file = file
        folder = os.open(self.path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def _answer(self, header: Sequence[str], row: Row) -> list[_Given]:
        """Return the answer of a row, or none where its relation is empty."""
        values = dict(zip(header, row.fields, strict=False))
        word = values.get("relation", "").strip().lower()
        if not word:
            return []
        relation = _said(word)
        if relation is None:
            raise LabelsError(
                f"{self._name}: a value of relation is none, got {word!r} for "
                f"{values['left_id']!r} and {values['right_id']!r}. "
                "Use exact, variant, different or unsure."
            )
        return [_Given(answer_of(values, relation), row.start, row.end)]


def _said(word: str) -> Opinion | None:
    return "unsure" if word == "unsure" else RELATION_WORDS.get(word)


def _is_whole(header: Sequence[str], fields: Sequence[str]) -> bool:
    """Return whether a last row without an end of line was fully written."""
    values = dict(zip(header, fields, strict=False))
    if len(fields) < len(header) or _said(values["relation"].strip().lower()) is None:
        return False
    try:
        return not values.get("answered_at") or bool(datetime.fromisoformat(values["answered_at"]))
    except ValueError:
        return False


def _write_all(file: BinaryIO, content: bytes) -> None:
    """Write to the disk, not just into its cache; a part of it is an error."""
    if file.write(content) < len(content):
        raise OSError(ENOSPC, os.strerror(ENOSPC))
    os.fsync(file.fileno())


def _lock(file: BinaryIO) -> bool:
    """Take the file for this process until it is closed; False where another one has it."""
    import fcntl  # here, because Windows has none

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
