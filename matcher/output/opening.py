"""Open what an update needs of a result folder, which takes no part of matcher but this one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from matcher.beside import do_all
from matcher.output.kept import read_kept
from matcher.output.read import families_file, identity_columns, read_run, records_file
from matcher.output.rows import Rows, TableRows, open_rows
from matcher.output.state import OpenState, open_state
from matcher.output.stored import Stored

ADDED = ("match_id", "family_id", "match_score")
"""What a result adds to its records, as their last columns."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a result folder.

    Attributes
    ----------
    records, families : Rows
        Its rows and its families.
    state : OpenState
        What was said of its pairs.
    kept : Stored
        What it keeps of its records.
    """

    records: Rows
    families: Rows
    state: OpenState
    kept: Stored


def open_files(folder: Path) -> Files | None:
    """Open the files of a result folder; None where an update has to read all of it anyway.

    Raises
    ------
    RecordsError
        There is no result, or its tables cannot be read.
    """
    run = read_run(folder)
    kept = None if "record_id" in run["columns"] else read_kept(folder)
    if kept is None:
        return None
    added = [run["columns"][name] for name in ADDED]
    hashed = [*identity_columns(run, "id"), *added[:2]]
    works: list[Callable[[], Any]] = [
        partial(open_rows, records_file(folder), hashed, len(added)),
        partial(open_state, folder),
        partial(open_rows, families_file(folder), ["family_id"]),
    ]
    records, state, families = do_all(works, run["settings"].get("threads", 0))
    if records.names[-len(added) :] != added:
        records = TableRows(records.path)
    if not {*added} <= {*records.names}:
        return None
    return Files(records, families, state, kept)
