"""What a later run needs of an earlier one: every pair that was judged, by row."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray

from matcher.errors import RecordsError
from matcher.output.write import STATE_FILE
from matcher.types import Floats, Longs

STATE_FORMAT = 1
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
    """

    left: Longs
    right: Longs
    said: tuple[Said, ...]
    adaptation: Mapping[str, Any] | None


def write_state(state: State, path: Path) -> None:
    """Write the state as one Parquet file, facts about it in the file's metadata."""
    columns: dict[str, Any] = {
        "left_row": state.left.astype(np.int32),
        "right_row": state.right.astype(np.int32),
    }
    for number, said in enumerate(state.said):
        columns[f"relation_{number}"] = said.relations
        columns[f"p_exact_{number}"] = said.probabilities[:, 0]
        columns[f"p_variant_{number}"] = said.probabilities[:, 1]
    floats = [name for name in columns if name.startswith("p_")]
    facts = {
        "format": STATE_FORMAT,
        "ignored": [said.ignored for said in state.said],
        "adaptation": state.adaptation,
    }
    table = pa.table(columns).replace_schema_metadata({FACTS: json.dumps(facts).encode()})
    pyarrow.parquet.write_table(
        table, path, compression="zstd", use_dictionary=False, use_byte_stream_split=floats
    )


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
    except (pa.ArrowInvalid, OSError, KeyError, TypeError, ValueError) as error:
        raise RecordsError(
            f"{path}: is not the state of a result, got {error}. Run 'matcher dedupe' again."
        ) from error
    if known > STATE_FORMAT:
        raise RecordsError(
            f"{path}: is of a newer version, got format {known}, know up to {STATE_FORMAT}. "
            "Update matcher."
        )
    return State(
        table["left_row"].to_numpy().astype(np.int64),
        table["right_row"].to_numpy().astype(np.int64),
        tuple(_said(table, number, axes) for number, axes in enumerate(facts["ignored"])),
        facts["adaptation"],
    )


def _said(table: pa.Table, number: int, ignored: list[str]) -> Said:
    exact, variant = (table[f"p_{name}_{number}"].to_numpy() for name in ("exact", "variant"))
    probabilities = np.stack([exact, variant, 1 - exact - variant], axis=1)
    return Said(tuple(ignored), probabilities, table[f"relation_{number}"].to_numpy())
