"""The tools, and the command of each that reads a catalogue and writes groups."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from benchmarks.compare.tools import INSTALL, installed_version


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool, as it is run.

    Attributes
    ----------
    name : str
        What it is called here.
    package : str
        Its package.
    command : tuple[str, ...]
        What Python is called with; ``FILE`` and ``FOLDER`` stand for the catalogue and for the
        folder in which it writes ``records.csv``, with ``id`` and ``match_id``, and perhaps
        ``pairs.csv``, with ``left_id`` and ``right_id``.
    """

    name: str
    package: str
    command: tuple[str, ...]

    def command_for(self, catalogue: Path, folder: Path) -> list[str]:
        """Return the command for a catalogue."""
        paths = {"FILE": str(catalogue), "FOLDER": str(folder)}
        return [sys.executable, *(paths.get(part, part) for part in self.command)]

    def version(self) -> str | None:
        """Return its version; None where it is not installed."""
        if self.package == "matcher":
            import matcher

            return matcher.__version__  # run from this folder, whether installed or not
        return installed_version(self.package)


GOLDENMATCH = ("-m", "benchmarks.scale.use_goldenmatch", "FILE", "FOLDER")
TOOLS = (
    Tool("matcher", "matcher", ("-m", "matcher", "dedupe", "FILE", "--out", "FOLDER")),
    Tool("splink", "splink", ("-m", "benchmarks.scale.use_splink", "FILE", "FOLDER")),
    Tool("goldenmatch", "goldenmatch", GOLDENMATCH),
    Tool("goldenmatch-auto", "goldenmatch", (*GOLDENMATCH, "auto")),
)


def choose_tools(names: Sequence[str]) -> list[Tool]:
    """Return the tools of these names that are installed, and say which are not.

    Raises
    ------
    KeyError
        There is no tool of that name; the message names the nearest.
    """
    by_name = {tool.name: tool for tool in TOOLS}
    for name in names:
        if name not in by_name:
            near = get_close_matches(name, by_name, 1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Use any of {', '.join(by_name)}."
            raise KeyError(f"tools: none has this name, got {name!r}. {hint}")
    chosen = [by_name[name] for name in names]
    for tool in chosen:
        if tool.version() is None:
            print(f"skipped {tool.name}: not installed, {INSTALL}", flush=True)
    return [tool for tool in chosen if tool.version() is not None]
