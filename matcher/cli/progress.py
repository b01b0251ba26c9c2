"""Show where a run is: bars on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichBars

from matcher.cli.screen import err
from matcher.progress import Progress

SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Give a progress callback that shows itself on stderr as long as the ``with`` lasts."""
    console = err()
    if not console.is_terminal:
        lines = Lines(console)
        yield lines
        lines.end()  # what goes on in the background is not told
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with RichBars(*columns, console=console, transient=True) as bars:
        yield Bars(bars)


class Bars:
    """One bar for each stage."""

    def __init__(self, bars: RichBars) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show that `done` of `total` units of `stage` are finished."""
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=None)
        self._bars.update(self._tasks[stage], completed=done, total=total or None)


class Lines:
    """A line when a stage begins and ends, and one now and then between."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began: dict[str, float] = {}
        self._finished: set[str] = set()
        self._last = 0.0
        self._is_over = False

    def end(self) -> None:
        """Show nothing from now on."""
        self._is_over = True

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell that `done` of `total` units of `stage` are finished."""
        if self._is_over:
            return
        now = time.monotonic()
        is_new = stage not in self._began
        start = self._began.setdefault(stage, now)
        if total and done >= total:
            if stage not in self._finished:
                self._say(f"{stage}: done in {now - start:.1f} s", now)
            self._finished.add(stage)
        elif is_new:
            self._say(f"{stage}: started", now)
        elif now - self._last >= SECONDS_BETWEEN_LINES:
            share = f"{100 * done / total:.0f} %" if total else f"{done:,}"
            self._say(f"{stage}: {share}", now)

    def _say(self, line: str, now: float) -> None:
        self._last = now
        self._console.print(line)
