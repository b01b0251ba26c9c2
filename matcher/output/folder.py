"""Write a result as a folder, or into a database: all of it, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import pyarrow as pa

from matcher.database import is_url
from matcher.output.database import write_database
from matcher.output.excerpt import Excerpt
from matcher.output.kept import write_kept
from matcher.output.report import render_report
from matcher.output.state import State, write_state
from matcher.output.stored import Stored
from matcher.output.write import (
    REPORT_FILE,
    RUN_FILE,
    STATE_FILE,
    check_format,
    replaced_folder,
    write_json,
    write_table,
)


@dataclass(frozen=True, slots=True)
class Written:
    """All that the folder of a result holds.

    Attributes
    ----------
    tables : Mapping[str, pa.Table]
        ``"records"``, ``"pairs"``, ``"families"``, and ``"changes"`` where an earlier result was
        taken up.
    run : dict[str, Any]
        What is in ``run.json``.
    excerpt : Excerpt
        What the report shows of the catalogue.
    state : State | None
        What was said of all pairs.
    kept : Stored | None
        What is kept of the records.
    """

    tables: Mapping[str, pa.Table]
    run: dict[str, Any]
    excerpt: Excerpt
    state: State | None
    kept: Stored | None


def write_result(result: Written, place: str | PathLike[str], format: str) -> None:  # noqa: A002 - the public word
    """Write a result as `MatchResult.write` does.

    Raises
    ------
    SettingsError
        Unknown format; foreign files or tables; a place that cannot be written.
    """
    ending = check_format(format)
    if is_url(place):
        write_database(str(place), dict(result.tables), result.run)
        return
    with replaced_folder(Path(place)) as new:
        for name, table in result.tables.items():
            write_table(table, new / f"{name}.{ending}", ending)
        if result.state is not None:
            write_state(result.state, new / STATE_FILE)
        if result.kept is not None:
            write_kept(result.kept, new, result.run["versions"]["matcher"])
        write_json(result.run, new / RUN_FILE)
        page = render_report(result.run, result.excerpt)
        (new / REPORT_FILE).write_text(page, encoding="utf-8")
