"""Write a result as a folder, or into a database: all of it, or nothing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

import pyarrow as pa

from matcher.beside import do_all
from matcher.database import is_url
from matcher.output.database import check_database, write_database
from matcher.output.excerpt import Excerpt
from matcher.output.kept import write_kept
from matcher.output.patched import Patched
from matcher.output.report import render_report
from matcher.output.state import Grown, State, write_state
from matcher.output.stored import Stored
from matcher.output.write import (
    REPORT_FILE,
    RUN_FILE,
    Format,
    check_folder,
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
    tables : Mapping[str, pa.Table | Patched]
        ``"records"``, ``"pairs"``, ``"families"``, and ``"changes"`` where an earlier result was
        taken up.
    run : dict[str, Any]
        What is in ``run.json``.
    excerpt : Excerpt
        What the report shows of the catalogue.
    state : State | Grown | None
        What was said of all pairs.
    kept : Stored | None
        What is kept of the records.
    """

    tables: Mapping[str, pa.Table | Patched]
    run: dict[str, Any]
    excerpt: Excerpt
    state: State | Grown | None
    kept: Stored | None


def whole(table: pa.Table | Patched) -> pa.Table:
    """Return a table, read if need be."""
    return table.table() if isinstance(table, Patched) else table


def write_result(result: Written, place: str | PathLike[str], format: str) -> None:  # noqa: A002 - the public word
    """Write a result as `MatchResult.write` does.

    Raises
    ------
    SettingsError
        Unknown format; foreign files or tables; a place that cannot be written.
    """
    ending = check_format(format)
    if is_url(place):
        write_database(
            str(place), {name: whole(one) for name, one in result.tables.items()}, result.run
        )
        return
    threads = result.run.get("settings", {}).get("threads", 0)
    with replaced_folder(Path(place)) as new:
        do_all([*_writers(result, new, ending)], threads)


def _writers(result: Written, folder: Path, ending: Format) -> Iterator[Callable[[], object]]:
    """Yield what writes each file, those that take long first."""
    yield partial(_write_report, result, folder / REPORT_FILE)
    if result.state is not None:
        yield partial(write_state, result.state, folder)
    for name, table in result.tables.items():
        path = folder / f"{name}.{ending}"
        if isinstance(table, Patched):
            yield partial(table.write, path, ending)
        else:
            yield partial(write_table, table, path, ending)
    if result.kept is not None:
        yield partial(write_kept, result.kept, folder)
    yield partial(write_json, result.run, folder / RUN_FILE)


def _write_report(result: Written, path: Path) -> None:
    path.write_text(render_report(result.run, result.excerpt), encoding="utf-8")


def check_place(place: str | PathLike[str]) -> None:
    """Make sure that a result may be written to a folder, or to the database of a URL.

    Raises
    ------
    SettingsError
        It holds what no result wrote, or cannot be written.
    """
    if is_url(place):
        check_database(str(place))
    else:
        check_folder(Path(place))
