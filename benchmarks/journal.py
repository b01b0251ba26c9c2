"""Results of benchmarks: one JSON line per benchmark and data set, appended and never changed."""

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any

from matcher.output.run import versions

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results"
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Journal:
    """Writes the lines of one run of a benchmark.

    Attributes
    ----------
    path : Path
        The file of lines.
    header : Mapping[str, Any]
        What is the same in all lines: benchmark, commit, machine, versions.
    """

    path: Path
    header: Mapping[str, Any]

    @staticmethod
    def start(benchmark: str, folder: Path = RESULTS) -> "Journal":
        """Note the commit, the machine and the versions as they are before the run."""
        header = {
            "benchmark": benchmark,
            **commit(),
            "machine": machine(),
            "versions": versions(),
        }
        return Journal(folder / f"{benchmark}.jsonl", header)

    def append(
        self,
        name: str,
        figures: Mapping[str, Sequence[float]],
        settings: Mapping[str, Any],
        *,
        case: str = "",
        seeds: Sequence[int] = (0,),
    ) -> None:
        """Append the line of a data set.

        Parameters
        ----------
        name : str
            The data set.
        figures : Mapping[str, Sequence[float]]
            The measured values of each figure, one per seed or repetition.
        settings : Mapping[str, Any]
            Whatever else decides the figures.
        case : str
            Tells lines of the same data set apart, such as ``"14 per record"``.
        seeds : Sequence[int]
            Of the runs.
        """
        line = {
            **self.header,
            "set": name,
            "case": case,
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "seeds": list(seeds),
            "settings": dict(settings),
            "figures": {name: summarise(values) for name, values in figures.items()},
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def summarise(values: Sequence[float]) -> dict[str, Any]:
    """Return the values of a figure and what they are together.

    `spread` is their standard deviation, of a sample; 0 for a single value.

    Examples
    --------
    >>> found = summarise([0.5, 0.7, 0.6])
    >>> found["min"], found["median"], found["mean"], found["max"], found["spread"]
    (0.5, 0.6, 0.6, 0.7, 0.1)
    """
    rounded = [round(float(value), DECIMALS) for value in values]
    spread = stdev(rounded) if len(rounded) > 1 else 0.0
    return {
        "values": rounded,
        "min": min(rounded),
        "median": round(median(rounded), DECIMALS),
        "mean": round(mean(rounded), DECIMALS),
        "max": max(rounded),
        "spread": round(spread, DECIMALS),
    }


def read_newest(benchmark: str, folder: Path = RESULTS) -> list[dict[str, Any]]:
    """Return the newest line of every data set and case, in the order of their first lines."""
    path = folder / f"{benchmark}.jsonl"
    if not path.is_file():
        return []
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for text in path.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        newest[line["set"], line["case"]] = line
    return list(newest.values())


def commit() -> dict[str, Any]:
    """Return the commit, and whether the code differs from it; empty outside a repository."""
    if not (ROOT / ".git").exists():
        return {"commit": "", "has_changes": False}
    code = ["matcher", "benchmarks", ":!benchmarks/results"]
    return {
        "commit": _git("rev-parse", "--short", "HEAD"),
        "has_changes": bool(_git("status", "--porcelain", "--", *code)),
    }


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def machine() -> dict[str, Any]:
    """Return what the machine can do, without saying which one it is."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
        "cpu": cpu_model(_lines(Path("/proc/cpuinfo"))) or platform.machine(),
        "memory_gb": _memory_gb(_lines(Path("/proc/meminfo"))),
        "system": platform.system(),
    }


def cpu_model(lines: Iterable[str]) -> str:
    """Return the model of the processor from the lines of ``/proc/cpuinfo``.

    Examples
    --------
    >>> cpu_model(["processor : 0", "model name : Fast Processor"])
    'Fast Processor'
    """
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "")


def _memory_gb(lines: Iterable[str]) -> int | None:
    sizes = (int(line.split()[1]) for line in lines if line.startswith("MemTotal"))
    return next((round(size / 1e6) for size in sizes), None)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
