"""Run every way on every data set, each in a fresh process with one time limit, and record it."""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.compare.task import COLUMNS
from benchmarks.compare.tools import NO_LABELS, Way, installed_version
from benchmarks.datasets import DataSet
from benchmarks.journal import Journal
from benchmarks.limited import FINISHED, run_limited
from benchmarks.unseen import UnseenModels

SEED = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a process ended.

    Attributes
    ----------
    status : str
        ``"finished"``, or why not.
    figures : dict[str, float]
        What it measured; empty if it did not finish.
    """

    status: str
    figures: dict[str, float]


def compare(sets: Sequence[DataSet], ways: Sequence[Way], limit_s: float, journal: Journal) -> None:
    """Run the ways on the data sets that link two tables and have labels, and record each run.

    Parameters
    ----------
    sets : Sequence[DataSet]
        Data sets; one whose columns nobody described is left out, by name.
    ways : Sequence[Way]
        What to run.
    limit_s : float
        After so many seconds a run is ended and recorded as not finished.
    journal : Journal
        Where the lines go.
    """
    unseen = UnseenModels()
    for data in sets:
        if data.name not in COLUMNS:
            print(f"skipped {data.name}: not in COLUMNS of benchmarks/compare/task.py", flush=True)
            continue
        for way in ways:
            with model_for(data, way, unseen) as model:
                outcome = run_way(data, way, model, limit_s)
            settings = {
                "tool": way.tool,
                "setup": way.setup,
                "labels": way.case,
                "version": installed_version(way.tool),
                "status": outcome.status,
                "limit_s": limit_s,
            }
            figures = {name: [value] for name, value in outcome.figures.items()}
            journal.append(data.name, figures, settings, case=way.name, seeds=[SEED])
            _tell(data, way, outcome)


@contextmanager
def model_for(data: DataSet, way: Way, unseen: UnseenModels) -> Iterator[Path | None]:
    """Give the folder of a model that never saw the set, for the way that needs one.

    It stands for the shipped model, which is made once: its making is no part of the run.
    """
    if way.tool != "matcher" or way.case != NO_LABELS:
        yield None
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "model"
        unseen.of(data, SEED).save(folder)
        yield folder


def run_way(data: DataSet, way: Way, model: Path | None, limit_s: float) -> Outcome:
    """Run a way on a data set in a fresh process."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "figures.json"
        arguments = [data.name, way.name, str(out), str(model or "")]
        command = [sys.executable, "-m", "benchmarks.compare.process", *arguments]
        ended = run_limited(command, limit_s)
        if ended.status != FINISHED:
            return Outcome(ended.status, {})
        figures = json.loads(out.read_text(encoding="utf-8"))
    return Outcome(ended.status, {**figures, "peak_mb": ended.peak_mb})


def _tell(data: DataSet, way: Way, outcome: Outcome) -> None:
    figures = outcome.figures
    shown = [f"{name} {100 * value:.1f}" for name, value in figures.items() if "f1" in name]
    if figures:
        shown += [f"{figures['seconds']:.0f} s", f"{figures['peak_mb']:,.0f} MB"]
    print(f"{data.name}, {way.name}: {', '.join([outcome.status, *shown])}", flush=True)
