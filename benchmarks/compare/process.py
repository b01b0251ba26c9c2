"""One way on one data set, in a process of its own: ``python -m benchmarks.compare.process``."""

import json
import os
import sys
import time
from pathlib import Path

from benchmarks.compare.task import Found, read_task
from benchmarks.compare.tools import WITH_LABELS, Way, find_way
from benchmarks.datasets import DataSet, find
from benchmarks.measures import NO_PAIRS, end_to_end
from matcher.evaluation import pair_measures


def measure(data: DataSet, way: Way, model: Path | None) -> dict[str, float]:
    """Run a way on a data set, and return its figures."""
    has_labels = way.case == WITH_LABELS
    task = read_task(data, with_labels=has_labels, model=model)
    link = way.load()
    start, cpu_start = time.perf_counter(), _cpu_seconds()
    found = link(task)
    spent = {"seconds": time.perf_counter() - start, "cpu_seconds": _cpu_seconds() - cpu_start}
    return {**figures_of(data, found, has_labels=has_labels), **spent}


def _cpu_seconds() -> float:
    """Return what this process and its ended children have had of the processors so far."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def figures_of(data: DataSet, found: Found, *, has_labels: bool) -> dict[str, float]:
    """Return the F1 of the test pairs, if they were judged, and the figures end to end.

    Parameters
    ----------
    data : DataSet
        The data set.
    found : Found
        What a tool answered.
    has_labels : bool
        Whether it learned from the training and validation pairs, which then do not count.
    """
    parts = [data.index(data.read(f"pairs_{part}")) for part in ("train", "valid") if has_labels]
    labelled = parts[0].union(parts[1]) if parts else NO_PAIRS
    ends = end_to_end(data, found.pairs.assign(relation="exact"), labelled)
    figures = {
        "end_to_end_f1": ends.f1,
        "end_to_end_precision": ends.precision,
        "end_to_end_recall": ends.recall,
    }
    if found.is_asked_match is not None:
        is_match = (data.read("pairs_test")["label"] == "1").to_numpy()
        figures["pair_f1"] = pair_measures(is_match, found.is_asked_match).f1
    return figures


def main() -> None:
    """Measure, and write the figures to the given file."""
    name, way, out, model = sys.argv[1:]
    figures = measure(find(name), find_way(way), Path(model) if model else None)
    Path(out).write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main()
