"""How good the engine is with the labels of a data set."""

import time
from collections.abc import Sequence

import matcher
from benchmarks.datasets import DataSet
from benchmarks.journal import Journal
from benchmarks.measures import (
    by_figure,
    end_to_end_figures,
    figure_of,
    group_f1,
    judge_tests,
    run_full,
    tell,
)


def with_labels(sets: Sequence[DataSet], seeds: Sequence[int], journal: Journal) -> None:
    """Train on the labels of each set that has them, and measure on the rest.

    Trained on ``pairs_train`` alone, threshold and calibration on ``pairs_valid``.  End to end the
    pairs of both are left out, of what is found and of what is true.
    """
    settings = {
        "protocol": "trained from scratch on pairs_train, threshold on pairs_valid",
        "end_to_end": "full tables, pairs of train and valid left out on both sides",
    }
    for data in sets:
        if not data.has("pairs_train"):
            continue
        found = [_with_labels(data, seed) for seed in seeds]
        journal.append(data.name, by_figure(found), settings, seeds=seeds)


def _with_labels(data: DataSet, seed: int) -> dict[str, float]:
    start = time.perf_counter()
    model = train_with_labels(data, seed)
    trained = time.perf_counter() - start
    labelled = data.index(data.read("pairs_train")).union(data.index(data.read("pairs_valid")))
    figures = {
        figure_of(test, "pair_f1"): judged.f1()
        for test, judged in judge_tests(data, model, seed).items()
    }
    result = run_full(data, model, seed)
    figures |= end_to_end_figures(data, result.pairs, labelled)
    if data.has_clusters:
        figures |= group_f1(data, result.records)
    figures |= {"training_seconds": trained, "seconds": time.perf_counter() - start}
    tell(data.name, f"seed {seed}", figures)
    return figures


def train_with_labels(data: DataSet, seed: int) -> matcher.Model:
    """Learn from the training pairs, with thresholds from the validation pairs."""
    return matcher.train(
        data.inputs,
        data.file("pairs_train"),
        valid=data.file("pairs_valid"),
        from_scratch=True,
        ignore=data.ignore,
        seed=seed,
    )
