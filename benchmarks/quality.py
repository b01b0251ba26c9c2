"""How good the engine is with the labels of a data set, and how far that figure can be trusted."""

import time
from collections.abc import Mapping, Sequence

import matcher
from benchmarks.datasets import DataSet
from benchmarks.journal import Journal
from benchmarks.measures import (
    Judged,
    by_figure,
    end_to_end_figures,
    f1_interval,
    figure_of,
    group_f1,
    judge_tests,
    run_full,
    tell,
)
from benchmarks.overlap import Overlap, overlap


def with_labels(sets: Sequence[DataSet], seeds: Sequence[int], journal: Journal) -> None:
    """Train on the labels of each set that has them, and measure on the rest.

    Trained on ``pairs_train`` alone, threshold and calibration on ``pairs_valid``.  End to end the
    pairs of both are left out, of what is found and of what is true.  Beside it stands the pair F1
    of a model without context, which judges every pair by itself, and those of the test pairs that
    say what no taught pair says, and that have a record of no taught pair.  Test files of unseen
    products are also judged by a model for such (`new_products`).  The model without context is
    made for the first seed only.
    """
    settings = {
        "protocol": "trained from scratch on pairs_train, threshold on pairs_valid",
        "end_to_end": "full tables, pairs of train and valid left out on both sides",
        "interval": "95 %, of the mean over the seeds, by drawing test pairs 1,000 times",
    }
    for data in sets:
        if not data.has("pairs_train"):
            continue
        overlaps = {test: overlap(data, test) for test in data.tests}
        runs = [_with_labels(data, seed, overlaps) for seed in seeds]
        figures = by_figure([figures for figures, _ in runs])
        figures |= by_figure([_without_context(data, seeds[0])])
        for test in data.tests:
            figures |= _over_seeds(test, overlaps[test], [judged[test] for _, judged in runs])
        journal.append(data.name, figures, settings, seeds=seeds)


def _with_labels(
    data: DataSet, seed: int, overlaps: Mapping[str, Overlap]
) -> tuple[dict[str, float], dict[str, Judged]]:
    """Return the figures of a seed, and what its model says of the test pairs."""
    start = time.perf_counter()
    model = train_with_labels(data, seed)
    trained = time.perf_counter() - start
    labelled = data.index(data.read("pairs_train")).union(data.index(data.read("pairs_valid")))
    judged = judge_tests(data, model, seed)
    figures: dict[str, float] = {}
    for test, pairs in judged.items():
        figures |= {
            figure_of(test, "pair_f1"): pairs.f1(),
            figure_of(test, "calibration_error"): pairs.calibration_error(),
        }
        seen = overlaps[test]
        for name, is_seen in (("texts", seen.same_texts), ("records", seen.known_records)):
            if is_seen.any() and pairs.truth[~is_seen].any():
                figures[figure_of(test, f"new_{name}_pair_f1")] = pairs.f1(~is_seen)
    if len(data.tests) > 1:
        new = judge_tests(data, train_with_labels(data, seed, new_products=True), seed)
        figures |= {figure_of(test, "new_products_pair_f1"): new[test].f1() for test in new}
    result = run_full(data, model, seed)
    figures |= end_to_end_figures(data, result.pairs, labelled)
    if data.has_clusters:
        figures |= group_f1(data, result.records)
    figures |= {"training_seconds": trained, "seconds": time.perf_counter() - start}
    tell(data.name, f"seed {seed}", figures)
    return figures, judged


def _without_context(data: DataSet, seed: int) -> dict[str, float]:
    judged = judge_tests(data, train_with_labels(data, seed, context=False), seed)
    return {figure_of(test, "no_context_pair_f1"): pairs.f1() for test, pairs in judged.items()}


def _over_seeds(test: str, seen: Overlap, judged: Sequence[Judged]) -> dict[str, list[float]]:
    """Return the figures of a test file that are one for all seeds."""
    low, high = f1_interval(judged)
    figures = {
        "pair_f1_low": low,
        "pair_f1_high": high,
        "test_pairs": len(seen.same_texts),
        "same_records": seen.same_records.sum(),
        "same_texts": seen.same_texts.sum(),
        "known_records": seen.known_records.sum(),
    }
    return {figure_of(test, name): [float(value)] for name, value in figures.items()}


def train_with_labels(
    data: DataSet, seed: int, *, context: bool = True, new_products: bool = False
) -> matcher.Model:
    """Learn from the training pairs, with thresholds from the validation pairs."""
    return matcher.train(
        data.inputs,
        data.file("pairs_train"),
        valid=data.file("pairs_valid"),
        from_scratch=True,
        context=context,
        new_products=new_products,
        ignore=data.ignore,
        seed=seed,
    )
