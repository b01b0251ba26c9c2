"""Check a label file, and write it for another tool."""

from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from matcher.cli.screen import out, say_warnings
from matcher.errors import SettingsError
from matcher.settings import Settings

MOST_SHOWN = 100
"""Contradictions that are listed."""


def show_labels(
    file: Path,
    catalogue: Sequence[str] | None,
    to: str | None,
    path: Path | None,
    settings: Settings,
) -> bool:
    """Print what a label file holds; return whether its labels agree with each other.

    Parameters
    ----------
    file : Path
        The labels.
    catalogue : Sequence[str] | None
        The records that they are about.
    to, path : str | None, Path | None
        The tool, and the file for it; both or none.
    settings : Settings
        Where the ids of the catalogue are.

    Raises
    ------
    SettingsError
        Only one of tool and file is given.
    """
    from matcher import pipeline

    if (to is None) != (path is None):
        raise SettingsError(
            f"labels: --to and --out belong together, got {'--to' if to else '--out'} alone. "
            "Give both, or none to check the labels."
        )
    inputs = list(catalogue) if catalogue else None
    if to is None or path is None:
        report = pipeline.check_labels(file, inputs, settings=settings)
    else:
        report = pipeline.convert_labels(file, to, path, inputs, settings=settings)
    say_warnings([notice.message for notice in report.notices], str(file))
    counts = ", ".join(f"{n:,} {relation}" for relation, n in report.counts.items())
    console = out()
    console.print(Text(f"{file}: {counts}."), soft_wrap=True)
    for told in report.contradictions[:MOST_SHOWN]:
        console.print(Text(" ".join(told.split())), soft_wrap=True)
    n_found = len(report.contradictions)
    if n_found > MOST_SHOWN:
        console.print(f"... and {n_found - MOST_SHOWN:,} more contradictions.")
    if n_found and path is not None:
        console.print("Nothing was written: labels contradict each other.")
    elif path is not None:
        console.print(Text(f"{report.n_written:,} labels are in {path}."), soft_wrap=True)
    return n_found == 0
