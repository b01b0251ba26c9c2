"""Run one command and turn what happens into an exit status."""

import gc
import os
import sys
import traceback
from collections.abc import Sequence
from typing import cast

import typer

from matcher.cli.app import app
from matcher.cli.screen import ClosedPipeError, say_error
from matcher.errors import MatcherError, hide_passwords

DONE, MISTAKE, BUG, INTERRUPTED = 0, 2, 3, 130  # 1 is a gate that failed, see `evaluate`
DEBUG = "--debug"

OBJECTS = 1_000_000
"""New objects after which Python looks for circles that nobody holds, instead of 700: of 100,000
offers it looked 790 times, half a second in which no thread can run, and found next to nothing; and
three times, a tenth of a second, where it looked after 100,000, which imports alone make."""

# typer brings its own copy of click in newer versions and uses the real one in older ones; the
# common base of their usage errors is reached through the one name that both export.
_UsageErrors = cast("type[Exception]", typer.BadParameter.__mro__[2])


def main() -> None:
    """Run the command line and exit."""
    gc.set_threshold(OBJECTS)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a title that the terminal cannot show is no error
            stream.reconfigure(errors="replace")
    status = run_command(sys.argv[1:])
    gc.freeze()  # Python looks for circles once more when it ends: half a second for all modules
    sys.exit(status)


def run_command(arguments: Sequence[str]) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : Sequence[str]
        What stands behind ``matcher`` on the command line.

    Returns
    -------
    int
        0 done, 1 a stated gate failed, 2 the caller's mistake, 3 a bug, 130 interrupted.
    """
    is_debug = DEBUG in arguments or bool(os.environ.get("MATCHER_DEBUG"))
    given = [argument for argument in arguments if argument != DEBUG]  # taken anywhere
    try:
        status = int(app(given, prog_name="matcher", standalone_mode=False) or DONE)
    except (KeyboardInterrupt, typer.Abort):  # older typers; newer ones return 130
        status = INTERRUPTED
    except ClosedPipeError:  # ``matcher inspect shop.csv | head``
        _forget_output()
        return DONE
    except Exception as error:  # noqa: BLE001 - whatever escapes is told, at least as a bug
        if is_debug:
            traceback.print_exc()
        status, message = explain_failure(error)
        say_error(hide_passwords(message))  # a usage error repeats what was given
    if status == INTERRUPTED:
        say_error("interrupted: nothing was written, what was there before is as it was.")
    return status


def explain_failure(error: Exception) -> tuple[int, str]:
    """Return the exit status for an error, and how it is told.

    Examples
    --------
    >>> explain_failure(MatcherError("shop.csv: is empty, got 0 bytes. Give another file."))
    (2, 'shop.csv: is empty, got 0 bytes. Give another file.')
    """
    if isinstance(error, MatcherError):
        return MISTAKE, str(error)
    if isinstance(error, _UsageErrors):
        return MISTAKE, f"command line: {_usage_message(error)} {_help_hint(error)}"
    if isinstance(error, MemoryError):
        return MISTAKE, "memory: there is not enough. Give fewer records or more memory."
    if isinstance(error, OSError) and error.strerror:
        return MISTAKE, (
            f"{error.filename or 'files'}: cannot be used, got {error.strerror}. "
            "Check the path, its permissions and the space left."
        )
    text = " ".join(str(error).split())[:200]
    return BUG, (
        f"matcher: this is a bug, got {type(error).__name__}: {text}. "
        f"Please report it with what {DEBUG} shows."
    )


def _usage_message(error: BaseException) -> str:
    format_message = getattr(error, "format_message", None)
    text = " ".join(str(format_message() if format_message else error).split())
    return text if text.endswith((".", "?", ")")) else text + "."


def _help_hint(error: BaseException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "matcher"
    return f"Try '{path} --help'."


def _forget_output() -> None:
    """Let the interpreter flush what is left of the output into nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
