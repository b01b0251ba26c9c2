"""Arrays and tables in files that are opened without being read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Stored:
    """Arrays, tables and facts about them.

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


def write_stored(stored: Stored, folder: Path, name: str, facts: Mapping[str, Any]) -> None:
    """Write arrays, tables and facts into a folder.

    Parameters
    ----------
    stored : Stored
        What is written: ``.npy``, ``.arrow`` and plain JSON.
    folder : Path
        An empty folder.
    name : str
        Name of the file of the facts.
    facts : Mapping[str, Any]
        More facts.
    """
    for each, array in stored.arrays.items():
        np.save(folder / f"{each}.npy", np.ascontiguousarray(array), allow_pickle=False)
    for each, table in stored.tables.items():
        with pa.ipc.new_file(folder / f"{each}.arrow", table.schema) as sink:
            sink.write_table(table)
    listed = {"arrays": [*stored.arrays], "tables": [*stored.tables]}
    told = {**facts, **listed, **stored.facts}
    (folder / name).write_text(json.dumps(told, indent=1), encoding="utf-8")


def open_stored(folder: Path, facts: Mapping[str, Any]) -> Stored:
    """Open the arrays and tables of a folder, its facts being read already.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError
        A file is damaged.
    """
    return Stored(
        facts,
        {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in facts["arrays"]},
        {name: open_table(folder / f"{name}.arrow") for name in facts["tables"]},
    )


def open_table(path: Path) -> pa.Table:
    """Map an Arrow file: no page of it is read before it is asked for."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()
