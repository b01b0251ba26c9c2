"""The index of a result: arrays and tables that are opened without being read."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from matcher.errors import RecordsError
from matcher.output.write import FORMATS, INDEX_FOLDER, RUN_FILE, STATE_FILE, replaced_folder

INDEX_FORMAT = 1
FACTS_FILE = "index.json"


@dataclass(frozen=True, slots=True)
class Stored:
    """What an index consists of.

    Attributes
    ----------
    facts : Mapping[str, Any]
        Plain JSON values.
    arrays : Mapping[str, Any]
        Arrays by name; read, they are memory-mapped.
    tables : Mapping[str, pa.Table]
        Tables by name; read, they are memory-mapped.
    """

    facts: Mapping[str, Any]
    arrays: Mapping[str, Any]
    tables: Mapping[str, pa.Table]


def fingerprint(folder: Path, version: str) -> str:
    """Return what tells whether an index belongs to the result of a folder.

    Parameters
    ----------
    folder : Path
        The result.
    version : str
        Of matcher, and of whatever else the index depends on.
    """
    parts = [str(INDEX_FORMAT), version, (folder / RUN_FILE).read_text("utf-8")]
    for name in (STATE_FILE, *(f"records.{ending}" for ending in FORMATS)):
        path = folder / name
        parts.append(str(path.stat().st_size) if path.is_file() else "")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def write_index(folder: Path, stored: Stored, belongs_to: str) -> None:
    """Write the index of a result beside its files: all of it, or nothing.

    Raises
    ------
    SettingsError
        The place cannot be written.
    """
    with replaced_folder(folder / INDEX_FOLDER, check=lambda _: None) as new:
        for name, array in stored.arrays.items():
            np.save(new / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)
        for name, table in stored.tables.items():
            with pa.ipc.new_file(new / f"{name}.arrow", table.schema) as sink:
                sink.write_table(table)
        facts = {
            "format": INDEX_FORMAT,
            "belongs_to": belongs_to,
            "arrays": [*stored.arrays],
            "tables": [*stored.tables],
            **stored.facts,
        }
        (new / FACTS_FILE).write_text(json.dumps(facts, indent=1), encoding="utf-8")


def read_index(folder: Path, belongs_to: str) -> Stored | None:
    """Open the index of a result; None where there is none, or one of another result or version.

    Raises
    ------
    RecordsError
        A file of the index is damaged.
    """
    place = folder / INDEX_FOLDER
    try:
        facts = json.loads((place / FACTS_FILE).read_text("utf-8"))
        if facts["format"] != INDEX_FORMAT or facts["belongs_to"] != belongs_to:
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    try:
        return Stored(
            facts,
            {name: np.load(place / f"{name}.npy", mmap_mode="r") for name in facts["arrays"]},
            {name: _open_table(place / f"{name}.arrow") for name in facts["tables"]},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RecordsError(
            f"{place}: cannot be read, got {error}. Remove that folder; it is made again."
        ) from error


def _open_table(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()
