"""How good the engine is, with all labels of a data set and with none."""

import time
from collections.abc import Mapping, Sequence

import matcher
from benchmarks.datasets import DataSet
from benchmarks.journal import Journal
from benchmarks.measures import (
    NO_PAIRS,
    end_to_end_figures,
    group_f1,
    run_full,
    tests_f1,
)
from benchmarks.unseen import UnseenModels

TEST_FILES = ("pairs_test", "pairs_test_050unseen", "pairs_test_100unseen")


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
    model = matcher.train(
        data.inputs,
        data.file("pairs_train"),
        valid=data.file("pairs_valid"),
        from_scratch=True,
        ignore=data.ignore,
        seed=seed,
    )
    trained = time.perf_counter() - start
    labelled = data.index(data.read("pairs_train")).union(data.index(data.read("pairs_valid")))
    tests = [name for name in TEST_FILES if data.has(name)]
    figures = tests_f1(data, tests, model, seed)
    result = run_full(data, model, seed)
    figures |= end_to_end_figures(data, result, labelled)
    if data.has_clusters:
        figures |= group_f1(data, result.records)
    figures |= {"training_seconds": trained, "seconds": time.perf_counter() - start}
    tell(data.name, f"seed {seed}", figures)
    return figures


def without_labels(sets: Sequence[DataSet], seed: int, journal: Journal) -> None:
    """Measure each set with a model that never saw it, made as the shipped one is.

    Catalogues with families are left to `benchmarks.variants`.
    """
    models = UnseenModels()
    for data in sets:
        if data.has_families:
            continue
        start = time.perf_counter()
        model = models.of(data, seed)
        figures = _without_labels(data, model, seed)
        figures["seconds"] = time.perf_counter() - start
        tell(data.name, "no labels", figures)
        names = [each["name"] for each in model.card["learned_from"]]
        settings = {"ignore": list(data.ignore), "learned_from": names}
        journal.append(data.name, by_figure([figures]), settings, seeds=[seed])


def _without_labels(data: DataSet, model: matcher.Model, seed: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    tests = [name for name in TEST_FILES if data.has(name)]
    if tests:
        figures |= tests_f1(data, tests, model, seed)
    result = run_full(data, model, seed)
    figures |= end_to_end_figures(data, result, NO_PAIRS)
    if data.has_clusters:
        figures |= group_f1(data, result.records)
    return figures


def by_figure(found: Sequence[Mapping[str, float]]) -> dict[str, list[float]]:
    """Return the values of each figure, one a seed."""
    return {name: [one[name] for one in found] for name in found[0]}


def tell(name: str, case: str, figures: Mapping[str, float]) -> None:
    """Say what was measured."""
    shown = [f"{key} {100 * value:.1f}" for key, value in figures.items() if "f1" in key]
    print(f"{name}, {case}: {', '.join(shown)} ({figures['seconds']:.0f} s)", flush=True)
