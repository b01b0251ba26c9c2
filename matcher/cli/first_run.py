"""Compile, on a second core, the loops that a first run needs last.

numba compiles one loop at a time in a process, so this is a process of its own.  It begins with
what a run calls last, and the run finds in numba's cache on disk what is compiled by then.
"""

import os
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Thread

LOOPS = Path(__file__).with_suffix(".txt")
"""A line for each loop that a run calls, in its order: the name, and the types of its arguments as
numba writes them.  What is not listed is compiled by the run itself."""

COMPILES = "numba:compile"


def compile_beside(threads: int = 0) -> None:
    """Compile in a process of its own too, once this one has to, if there is a core for it.

    Parameters
    ----------
    threads : int
        Those that the run may use; with 1 it compiles alone, 0 is any number.
    """
    if threads != 1 and (os.cpu_count() or 1) > 1:
        _watch()


@cache  # once in a process, however many runs it has
def _watch() -> None:
    from numba.core import event

    class FirstLoop(event.Listener):  # type: ignore[misc] # numba has no types
        """Starts the process when numba begins to compile for the first time."""

        has_begun = False

        def on_start(self, event: event.Event) -> None:  # noqa: ARG002 - numba calls it so
            if not self.has_begun:
                self.has_begun = True
                Thread(target=_start, name="matcher-first-run", daemon=True).start()

        def on_end(self, event: event.Event) -> None:
            """Do nothing: numba wants it."""

    event.register(COMPILES, FirstLoop())


def _start() -> None:
    """Start the process, and wait for it unless the run ends before it."""
    nowhere = subprocess.DEVNULL
    # -P: beside a checkout it would compile the loops of that, not of what is installed and runs.
    command = [sys.executable, "-P", "-m", __name__]
    subprocess.run(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, check=False)


def compile_from_the_end() -> None:
    """Compile what a run calls, the last first, until it meets what the run has compiled."""
    from numba.core.sigutils import normalize_signature

    has_compiled = False
    for line in reversed(LOOPS.read_text("utf-8").splitlines()):
        name, types = line.split(" ", 1)
        module, _, function = name.rpartition(".")
        loop = getattr(import_module(module), function)
        loop.compile(normalize_signature(types)[0])
        if loop.stats.cache_misses:
            has_compiled = True
        elif has_compiled:
            return


if __name__ == "__main__":
    compile_from_the_end()
