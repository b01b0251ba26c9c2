"""What a later run needs of an earlier one: every pair that was judged, by row."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray

from matcher.errors import RecordsError
from matcher.output.write import MOST_STATE_FILES, STATE_FILE, STATE_PART
from matcher.types import Floats, Longs

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
        Files that hold the first pairs as they stand here, so that these need not be written anew.
    n_in_files : int
        How many pairs they hold.
    """

    left: Longs
    right: Longs
    said: tuple[Said, ...]
    adaptation: Mapping[str, Any] | None
    files: tuple[StateFile, ...] = ()
    n_in_files: int = 0


def write_state(state: State, folder: Path) -> None:
    """Write the state into a folder as Parquet files, facts about it in the metadata of the last.

    Pairs that a file holds already are not written again: it is linked, or copied where the file
    system has no links.
    """
    are_kept = 0 < len(state.files) < MOST_STATE_FILES
    files = state.files if are_kept and all(each.is_there() for each in state.files) else ()
    first = state.n_in_files if files else 0
    names = [STATE_PART.format(number) for number in range(1, len(files) + 1)]
    for file, name in zip(files, names, strict=True):
        _link(file.path, folder / name)
    columns: dict[str, Any] = {
        "left_row": state.left[first:].astype(np.int32),
        "right_row": state.right[first:].astype(np.int32),
    }
    for number, said in enumerate(state.said):
        columns[f"relation_{number}"] = said.relations[first:]
        columns[f"p_exact_{number}"] = said.probabilities[first:, 0]
        columns[f"p_variant_{number}"] = said.probabilities[first:, 1]
    floats = [name for name in columns if name.startswith("p_")]
    facts = {
        "format": STATE_FORMAT if names else 1,
        "ignored": [said.ignored for said in state.said],
        "adaptation": state.adaptation,
        "before": names,
    }
    table = pa.table(columns).replace_schema_metadata({FACTS: json.dumps(facts).encode()})
    pyarrow.parquet.write_table(
        table,
        folder / STATE_FILE,
        compression="zstd",
        use_dictionary=False,
        use_byte_stream_split=floats,
    )


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
    path = folder / STATE_FILE
    if not path.is_file():
        raise RecordsError(
            f"{folder}: holds no {STATE_FILE}, got a result of an older version or a part of one. "
            "Run 'matcher dedupe' once more with --earlier, and update that."
        )
    try:
        table = pyarrow.parquet.read_table(path)
        facts = json.loads(table.schema.metadata[FACTS])
        known = facts["format"]
        files = [folder / _plain_name(name) for name in facts.get("before", ())]
        before = [] if known > STATE_FORMAT else [pyarrow.parquet.read_table(f) for f in files]
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
    return State(
        table["left_row"].to_numpy().astype(np.int64),
        table["right_row"].to_numpy().astype(np.int64),
        tuple(_said(table, number, axes) for number, axes in enumerate(facts["ignored"])),
        facts["adaptation"],
        files=tuple(StateFile.of(each) for each in (*files, path)),
        n_in_files=table.num_rows,
    )


def _plain_name(name: str) -> str:
    """Return the name of a file, which must lie beside: a folder may come from anywhere."""
    if Path(name).name != name:
        raise ValueError(f"the name {name!r} is that of a file elsewhere")
    return name


def _said(table: pa.Table, number: int, ignored: list[str]) -> Said:
    exact, variant = (table[f"p_{name}_{number}"].to_numpy() for name in ("exact", "variant"))
    probabilities = np.stack([exact, variant, 1 - exact - variant], axis=1)
    return Said(tuple(ignored), probabilities, table[f"relation_{number}"].to_numpy())
