"""How good the engine is, with all labels of a data set and with none."""

import time
from collections.abc import Mapping, Sequence

import matcher
from benchmarks.datasets import DataSet
from benchmarks.default_model import zero_label_model
from benchmarks.journal import Journal
from benchmarks.measures import (
    NO_PAIRS,
    end_to_end_figures,
    group_f1,
    relation_f1,
    run_full,
    tests_f1,
)
from matcher.pipeline.teaching import Teaching

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
        journal.append(data.name, _by_figure(found), settings, seeds=seeds)


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
    _tell(data.name, f"seed {seed}", figures)
    return figures


def without_labels(sets: Sequence[DataSet], seed: int, journal: Journal) -> None:
    """Measure each set with a model that never saw it, made as the shipped one is."""
    taught: dict[str, Teaching] = {}
    models: dict[str, matcher.Model] = {}
    for data in sets:
        start = time.perf_counter()
        left_out = data.name if data.licence else ""  # the others teach nothing: one model for all
        if left_out not in models:
            models[left_out] = zero_label_model(left_out, taught, seed)
        model = models[left_out]
        figures = _without_labels(data, model, seed)
        figures["seconds"] = time.perf_counter() - start
        _tell(data.name, "no labels", figures)
        names = [each["name"] for each in model.card["learned_from"]]
        settings = {"ignore": list(data.ignore), "learned_from": names}
        journal.append(data.name, _by_figure([figures]), settings, seeds=[seed])


def _without_labels(data: DataSet, model: matcher.Model, seed: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    tests = [name for name in TEST_FILES if data.has(name)]
    if tests:
        figures |= tests_f1(data, tests, model, seed)
    if data.has("labels_test"):
        figures |= relation_f1(data, model, seed)
    result = run_full(data, model, seed)
    figures |= end_to_end_figures(data, result, NO_PAIRS)
    if data.has_clusters:
        figures |= group_f1(data, result.records)
    return figures


def _by_figure(found: Sequence[Mapping[str, float]]) -> dict[str, list[float]]:
    return {name: [one[name] for one in found] for name in found[0]}


def _tell(name: str, case: str, figures: Mapping[str, float]) -> None:
    shown = [f"{key} {100 * value:.1f}" for key, value in figures.items() if "f1" in key]
    print(f"{name}, {case}: {', '.join(shown)} ({figures['seconds']:.0f} s)", flush=True)
