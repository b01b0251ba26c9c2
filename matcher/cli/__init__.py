"""The command line: reads arguments, calls the library, shows what it gives."""

from matcher.cli.entry import main, run_command

__all__ = ["main", "run_command"]
