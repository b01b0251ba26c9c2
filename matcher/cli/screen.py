"""What the command line prints on: results on stdout, everything else on stderr."""

import sys
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

PLAIN_WIDTH = 160  # of tables in a file or a pipe, where there is no terminal to fit


class ClosedPipeError(Exception):
    """The program that reads our output has gone, as ``head`` does."""


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise ClosedPipeError


def out() -> Console:
    """Return the console for results."""
    return _console(is_error=False)


def err() -> Console:
    """Return the console for progress, warnings and errors."""
    return _console(is_error=True)


def say_error(message: str) -> None:
    """Print an error as one line."""
    err().print(Text(f"error: {' '.join(message.split())}"), soft_wrap=True)


def say_warnings(messages: Sequence[str], more: str) -> None:
    """Print the first warnings, one a line, and where the others stand."""
    shown = 10
    console = err()
    for message in messages[:shown]:
        console.print(Text(f"warning: {' '.join(message.split())}"), soft_wrap=True)
    if len(messages) > shown:
        console.print(Text(f"warning: {len(messages) - shown} more: {more}"), soft_wrap=True)


def make_table(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    title: str = "",
    numbers: Sequence[int] = (),
) -> Table:
    """Return a table of plain text: nothing in a catalogue is read as markup."""
    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for at, header in enumerate(headers):
        table.add_column(header, justify="right" if at in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(value)) for value in row))
    return table


def printable(value: str) -> str:
    """Return text that moves no cursor and colors no terminal."""
    return "".join(char if char.isprintable() else " " for char in value)


def _console(*, is_error: bool) -> Console:
    stream = sys.stderr if is_error else sys.stdout
    width = None if stream.isatty() else PLAIN_WIDTH
    return _Console(file=stream, width=width, highlight=False, markup=False)
