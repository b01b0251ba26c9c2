"""Run every way on every data set, each in a fresh process with one time limit, and record it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.compare.task import COLUMNS
from benchmarks.compare.tools import NO_LABELS, Way, installed_version
from benchmarks.datasets import DataSet
from benchmarks.journal import ROOT, Journal
from benchmarks.unseen import UnseenModels

SEED = 0
SECONDS_BETWEEN_LOOKS = 0.2


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
        status, peak_mb = run_limited(command, limit_s)
        if status != "finished":
            return Outcome(status, {})
        figures = json.loads(out.read_text(encoding="utf-8"))
    return Outcome(status, {**figures, "peak_mb": peak_mb})


def run_limited(command: Sequence[str], limit_s: float) -> tuple[str, float]:
    """Run a command in a process group of its own, and return how it ended and its peak memory.

    Parameters
    ----------
    command : Sequence[str]
        The command and its arguments.
    limit_s : float
        After so many seconds it and its children are killed.

    Returns
    -------
    tuple[str, float]
        ``"finished"``, ``"not finished in 600 s"`` or ``"failed: ..."`` with its last line; and the
        largest resident memory in MB that it was seen with, its children not counted.
    """
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        peak_mb = 0.0
        end = time.monotonic() + limit_s
        while process.poll() is None:
            peak_mb = max(peak_mb, _resident_peak_mb(process.pid))
            if time.monotonic() > end:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return f"not finished in {limit_s:.0f} s", peak_mb
            time.sleep(SECONDS_BETWEEN_LOOKS)
        if process.returncode == 0:
            return "finished", peak_mb
        said.seek(0)
        lines = said.read().splitlines() or ["nothing said"]
    return f"failed: {lines[-1]}"[:300], peak_mb


def _resident_peak_mb(pid: int) -> float:
    """Return the peak of a running process; that of `os.wait4` may be of this one, which forked."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmHWM")), 0.0)


def _tell(data: DataSet, way: Way, outcome: Outcome) -> None:
    figures = outcome.figures
    shown = [f"{name} {100 * value:.1f}" for name, value in figures.items() if "f1" in name]
    if figures:
        shown += [f"{figures['seconds']:.0f} s", f"{figures['peak_mb']:,.0f} MB"]
    print(f"{data.name}, {way.name}: {', '.join([outcome.status, *shown])}", flush=True)
