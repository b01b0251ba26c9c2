"""What a later run needs of an earlier one: every pair that was judged, by row."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.errors import RecordsError
from matcher.output.stored import open_table
from matcher.output.write import MOST_STATE_FILES, STATE_FILE, STATE_PART
from matcher.types import Floats, Ints, Longs

STATE_FORMAT = 2
"""1 is a state in one file.  2 names files of earlier results, whose pairs come first."""

FACTS = b"matcher"  # the key of the file's metadata


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of pairs under one question.

    Attributes
    ----------
    ignored : tuple[str, ...]
        The axes that the question ignores; empty for the answer of the run.
    probabilities : Floats
        Shape (n_pairs, 3).
    relations : NDArray[np.int8]
        Shape (n_pairs,).
    """

    ignored: tuple[str, ...]
    probabilities: Floats
    relations: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class StateFile:
    """A file with the first pairs of a state.

    Attributes
    ----------
    path : Path
        Where it lies.
    mark : tuple[int, int]
        Its size and time: another result may have been written there since.
    """

    path: Path
    mark: tuple[int, int]

    @classmethod
    def of(cls, path: Path) -> "StateFile":
        """Return what a file is like now."""
        found = path.stat()
        return cls(path, (found.st_size, found.st_mtime_ns))

    def is_there(self) -> bool:
        """Return whether the file is there as it was."""
        return self.path.is_file() and StateFile.of(self.path) == self


@dataclass(frozen=True, slots=True)
class State:
    """What was said of the pairs of a catalogue.

    Attributes
    ----------
    left, right : Longs
        Shape (n_pairs,): the rows of the records, as they stand in the result.
    said : tuple[Said, ...]
        The answer of the run, then the questions that its families are made of.
    adaptation : Mapping[str, Any] | None
        How a general model was fitted to the catalogue.
    files : tuple[StateFile, ...]
        Files that hold these pairs as they stand here, so that they need not be written anew; none
        where there are no such files.
    """

    left: Longs
    right: Longs
    said: tuple[Said, ...]
    adaptation: Mapping[str, Any] | None
    files: tuple[StateFile, ...] = ()

    @property
    def questions(self) -> tuple[tuple[str, ...], ...]:
        """The axes that each question ignores."""
        return tuple(said.ignored for said in self.said)

    def question(self, number: int) -> Said:
        """Return what was said under a question."""
        return self.said[number]

    def whole(self) -> "State":
        """Return the state."""
        return self

    def take(self, chosen: Longs) -> "State":
        """Return what was said of some pairs, by their places."""
        said = (
            Said(each.ignored, each.probabilities[chosen], each.relations[chosen])
            for each in self.said
        )
        left, right = self.left[chosen], self.right[chosen]
        return replace(self, left=left, right=right, said=tuple(said), files=())


@dataclass(frozen=True, slots=True)
class OpenState:
    """A state as its files have it, of which a few pairs are asked.

    Attributes
    ----------
    left, right : Ints
        As in `State`.
    questions : tuple[tuple[str, ...], ...]
        The axes that each question ignores.
    adaptation, files
        As in `State`.
    """

    left: Ints
    right: Ints
    questions: tuple[tuple[str, ...], ...]
    adaptation: Mapping[str, Any] | None
    files: tuple[StateFile, ...]
    _table: pa.Table

    def question(self, number: int) -> Said:
        """Return what was said of all pairs under a question."""
        return self._said(number, np.arange(len(self.left)))

    def whole(self) -> State:
        """Return what was said of all pairs."""
        return replace(self.take(np.arange(len(self.left))), files=self.files)

    def take(self, chosen: Longs) -> State:
        """Return what was said of some pairs, by their places, ascending."""
        said = tuple(self._said(number, chosen) for number in range(len(self.questions)))
        left, right = (each[chosen].astype(np.int64) for each in (self.left, self.right))
        return State(left, right, said, self.adaptation)

    def _said(self, number: int, chosen: Longs) -> Said:
        exact, variant, relations = (
            _values(self._table[f"{name}_{number}"], chosen)
            for name in ("p_exact", "p_variant", "relation")
        )
        probabilities = np.empty((len(chosen), 3), np.float32)
        probabilities[:, 0], probabilities[:, 1] = exact, variant
        probabilities[:, 2] = 1 - exact - variant
        return Said(self.questions[number], probabilities, relations)


def _values(column: pa.ChunkedArray, chosen: Longs) -> NDArray[Any]:
    """Return the values of a column at some places, ascending."""
    ends = np.cumsum([0, *map(len, column.chunks)])
    bounds = np.searchsorted(chosen, ends).tolist()
    pieces = [
        chunk.to_numpy()[chosen[first:last] - end]
        for chunk, first, last, end in zip(column.chunks, bounds, bounds[1:], ends, strict=False)
    ]
    return np.concatenate(pieces) if pieces else np.zeros(0, column.type.to_pandas_dtype())


@dataclass(frozen=True, slots=True)
class Grown:
    """An earlier state and what was said of more pairs, under the same questions.

    Attributes
    ----------
    earlier : State | OpenState
        By rows of a catalogue.
    added : State
        By rows of the same.
    """

    earlier: State | OpenState
    added: State

    def whole(self) -> State:
        """Return both as one."""
        earlier, added = self.earlier.whole(), self.added
        return replace(
            earlier,
            left=np.concatenate([earlier.left, added.left]),
            right=np.concatenate([earlier.right, added.right]),
            said=tuple(map(join_said, earlier.said, added.said)),
            files=(),
        )


def join_said(one: Said, other: Said) -> Said:
    """Return what was said of some pairs, and then of others."""
    return Said(
        one.ignored,
        np.concatenate([one.probabilities, other.probabilities]),
        np.concatenate([one.relations, other.relations]),
    )


def write_state(state: State | Grown, folder: Path) -> None:
    """Write the state into a folder as Arrow files, facts about it in the metadata of the last.

    Pairs that a file holds already are not written again: it is linked, or copied where the file
    system has no links.
    """
    files: tuple[StateFile, ...] = ()
    if isinstance(state, Grown):
        files = state.earlier.files
        are_kept = 0 < len(files) < MOST_STATE_FILES and all(each.is_there() for each in files)
        files, state = (files, state.added) if are_kept else ((), state.whole())
    names = [STATE_PART.format(number) for number in range(1, len(files) + 1)]
    for file, name in zip(files, names, strict=True):
        _link(file.path, folder / name)
    columns: dict[str, Any] = {
        "left_row": state.left.astype(np.int32),
        "right_row": state.right.astype(np.int32),
    }
    for number, said in enumerate(state.said):
        columns[f"relation_{number}"] = said.relations
        columns[f"p_exact_{number}"] = said.probabilities[:, 0]
        columns[f"p_variant_{number}"] = said.probabilities[:, 1]
    facts = {
        "format": STATE_FORMAT if names else 1,
        "ignored": [said.ignored for said in state.said],
        "adaptation": state.adaptation,
        "before": names,
    }
    table = pa.table(columns).replace_schema_metadata({FACTS: json.dumps(facts).encode()})
    # Not packed, so that an update maps the file and reads the few pairs that it asks for.
    with pa.ipc.new_file(folder / STATE_FILE, table.schema) as sink:
        sink.write_table(table)


def _link(path: Path, new: Path) -> None:
    try:
        new.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, new)


def read_state(folder: Path) -> State:
    """Read the state of a result folder.

    Raises
    ------
    RecordsError
        There is none, or it is of a newer version.
    """
    return open_state(folder).whole()


def open_state(folder: Path) -> OpenState:
    """Read the state of a result folder as far as it is asked.

    Raises
    ------
    RecordsError
        There is none, or it is of a newer version.
    """
    path = folder / STATE_FILE
    if not path.is_file():
        raise RecordsError(
            f"{folder}: holds no {STATE_FILE}, got a result of an older version or a part of one. "
            "Run 'matcher dedupe' once more with --earlier, and update that."
        )
    try:
        table = open_table(path)
        facts = json.loads(table.schema.metadata[FACTS])
        known = facts["format"]
        files = [folder / _plain_name(name) for name in facts.get("before", ())]
        before = [] if known > STATE_FORMAT else [*map(open_table, files)]
    except (pa.ArrowInvalid, OSError, KeyError, TypeError, ValueError) as error:
        raise RecordsError(
            f"{path}: is not the state of a result, got {error}. Run 'matcher dedupe' again."
        ) from error
    if known > STATE_FORMAT:
        raise RecordsError(
            f"{path}: is of a newer version, got format {known}, know up to {STATE_FORMAT}. "
            "Update matcher."
        )
    table = pa.concat_tables([*(each.replace_schema_metadata() for each in before), table])
    return OpenState(
        table["left_row"].to_numpy(),
        table["right_row"].to_numpy(),
        tuple(map(tuple, facts["ignored"])),
        facts["adaptation"],
        tuple(StateFile.of(each) for each in (*files, path)),
        table,
    )


def _plain_name(name: str) -> str:
    """Return the name of a file, which must lie beside: a folder may come from anywhere."""
    if Path(name).name != name:
        raise ValueError(f"the name {name!r} is that of a file elsewhere")
    return name
