"""Seconds and memory of the command line on whole catalogues, and pairs compared a second."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from benchmarks.datasets import DataSet
from benchmarks.default_model import prepare_set
from benchmarks.journal import ROOT, Journal
from benchmarks.large import write_large
from matcher.evaluation import evaluate_groups
from matcher.pipeline.stages import features_of

MADE_FROM = "pricerunner"
LARGE = 100_000


def measure_dedupe(data: DataSet, repeats: int, model: Path | None, journal: Journal) -> None:
    """Measure ``matcher dedupe`` on a data set, and on 100,000 offers made from it.

    Every run is a process of its own, from its start to the written files.  The first one also
    compiles the kernels, as on the day of installation.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        truth = data.truth["product"]
        catalogue = write_large(data.read("left"), truth, LARGE, folder)
        known = pd.read_csv(folder / "truth.csv", dtype=str)
        of_data = truth.rename("product_id").reset_index()
        for case, path, wanted in (
            ("as it is", data.inputs[0], of_data),
            (f"{LARGE:,} made from it", catalogue, known),
        ):
            figures = _measure_dedupe(path, wanted, repeats, model)
            settings = {"model": "given" if model else "shipped", "repeats": repeats}
            journal.append(data.name, figures, settings, case=case)
            _tell(data.name, case, figures)


def _measure_dedupe(
    path: Path, truth: pd.DataFrame, repeats: int, model: Path | None
) -> dict[str, list[float]]:
    figures: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        out, cache = Path(name) / "out", Path(name) / "kernels"
        command = [sys.executable, "-m", "matcher", "dedupe", str(path), "--out", str(out)]
        if model is not None:
            command += ["--model", str(model.resolve())]
        first, _ = run_process(command, cache)
        for _ in range(repeats):
            seconds, peak_mb = run_process(command, cache)
            run = json.loads((out / "run.json").read_text(encoding="utf-8"))
            found = {"seconds": seconds, "peak_mb": peak_mb, **stage_figures(run)}
            for key, value in found.items():
                figures.setdefault(key, []).append(value)
        records = pd.read_csv(out / "records.csv", dtype=str)
    measured = evaluate_groups(records, truth).match_pairwise
    figures["match_pairwise_f1"] = [0.0 if measured is None else measured.f1]
    return {**figures, "first_run_seconds": [first]}


def run_process(command: Sequence[str], kernels: Path) -> tuple[float, float]:
    """Run a command, and return its seconds and its peak memory in MB.

    Parameters
    ----------
    command : Sequence[str]
        The command and its arguments.
    kernels : Path
        Folder of the compiled kernels; empty at the first run.

    Raises
    ------
    RuntimeError
        The command failed; the message holds what it said.
    """
    with tempfile.TemporaryFile("w+") as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "NUMBA_CACHE_DIR": str(kernels)},
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        _, status, usage = os.wait4(process.pid, 0)  # not `wait`: only this tells the memory
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        if process.returncode != 0:
            raise RuntimeError(f"{command}: exit {process.returncode}, said {said.read()[-2000:]}")
    return seconds, usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def stage_figures(run: Mapping[str, object]) -> dict[str, float]:
    """Return seconds and memory of each stage of a ``run.json``.

    Examples
    --------
    >>> run = {"stages": [{"name": "parsing", "seconds": 1.5, "peak_mb": 300.0}]}
    >>> stage_figures(run)
    {'parsing_seconds': 1.5, 'parsing_peak_mb': 300.0}
    """
    return {
        f"{stage['name']}_{unit}": stage[unit] or 0.0
        for stage in run["stages"]
        for unit in ("seconds", "peak_mb")
    }


def measure_features(sets: Sequence[DataSet], repeats: int, journal: Journal) -> None:
    """Measure how many candidate pairs are compared a second, all features, nothing ignored."""
    for data in sets:
        prepared = prepare_set(data)
        pairs = prepared.candidates.pairs
        features_of(prepared, next(pairs.chunks(1000)), prepared.plain, "comparing")  # compiles
        seconds = []
        for _ in range(repeats):
            start = time.perf_counter()
            features = features_of(prepared, pairs, prepared.plain, "comparing")
            seconds.append(time.perf_counter() - start)
        rates = [len(pairs) / each for each in seconds]
        figures = {
            "pairs": [len(pairs)],
            "features": [features.shape[1]],
            "seconds": seconds,
            "pairs_per_second": rates,
        }
        journal.append(data.name, figures, {"repeats": repeats})
        print(f"{data.name}: {max(rates):,.0f} pairs a second at best", flush=True)


def _tell(name: str, case: str, figures: Mapping[str, Sequence[float]]) -> None:
    print(
        f"{name}, {case}: {min(figures['seconds']):.1f} s at best "
        f"({figures['first_run_seconds'][0]:.1f} s with compiling), "
        f"{max(figures['peak_mb']):,.0f} MB, "
        f"groups' pairwise F1 {100 * figures['match_pairwise_f1'][0]:.1f}",
        flush=True,
    )
