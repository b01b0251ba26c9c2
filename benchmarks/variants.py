"""How well exact, variant and different are told apart, and how families follow what is ignored."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import matcher
from benchmarks.datasets import PHONE_AXES, DataSet
from benchmarks.journal import Journal
from benchmarks.measures import (
    by_figure,
    group_f1,
    relation_f1,
    run_full,
    tell,
    unlabelled_families,
)
from benchmarks.strip_rule import strip_rule
from benchmarks.unseen import UnseenModels
from matcher.pipeline.training import train_on

NO_LABELS = "no labels"
WITH_LABELS = "with labels"
RULE = "rule"

IGNORE_SETS: dict[str, tuple[tuple[str, ...], ...]] = {
    "offers-flipkart_mobiles": ((), PHONE_AXES[:1], PHONE_AXES[:2], PHONE_AXES),
    "pricerunner": ((), ("color",)),  # its truth ignores the color in both rows
}
"""What one and the same model is asked to ignore."""


def measure_variants(
    sets: Sequence[DataSet],
    seeds: Sequence[int],
    cases: Collection[str],
    variants: Journal,
    ignore_sets: Journal,
) -> None:
    """Measure the catalogues that have families, and those with several ignore sets.

    Parameters
    ----------
    sets : Sequence[DataSet]
        Data sets; those that are neither are left out.
    seeds : Sequence[int]
        Of the models.
    cases : Collection[str]
        `NO_LABELS`: a model that never saw the set.  `WITH_LABELS`: that model, taught further by
        ``labels_train``.  The rule is always measured.
    variants, ignore_sets : Journal
        Where the lines go.
    """
    unseen = UnseenModels()
    for data in sets:
        if data.has_families:
            _measure_rule(data, variants)
        for case in cases:
            if not _can_measure(data, case):
                continue
            make = _taught if case == WITH_LABELS else UnseenModels.of
            models = [make(unseen, data, seed) for seed in seeds]
            if data.has_families:
                _measure(data, case, (models, seeds), variant_figures, variants, case)
            for ignore in IGNORE_SETS.get(data.name, ()):
                asked = replace(data, ignore=ignore)
                name = f"{case}, {' + '.join(ignore) or 'nothing'} ignored"
                _measure(asked, case, (models, seeds), group_figures, ignore_sets, name)


def _can_measure(data: DataSet, case: str) -> bool:
    is_wanted = data.has_families or data.name in IGNORE_SETS
    return is_wanted and (case != WITH_LABELS or data.has("labels_train"))


def _taught(unseen: UnseenModels, data: DataSet, seed: int) -> matcher.Model:
    """Return the unseen model, taught by the labels of the set.

    `matcher.train` would start from the shipped model, which has seen some of the sets.
    """
    settings = matcher.Settings(ignore=data.ignore, seed=seed)
    prior = unseen.of(data, seed).classifier
    return train_on(data.inputs, data.file("labels_train"), prior, settings)


def _measure(
    data: DataSet,
    labels: str,
    models: tuple[Sequence[matcher.Model], Sequence[int]],
    measure: Callable[[DataSet, matcher.Model, int], dict[str, float]],
    journal: Journal,
    case: str,
) -> None:
    found = []
    for model, seed in zip(*models, strict=True):
        start = time.perf_counter()
        figures = measure(data, model, seed)
        found.append(figures | {"seconds": time.perf_counter() - start})
        tell(data.name, f"{case}, seed {seed}", found[-1])
    settings = {"ignore": list(data.ignore), "labels": labels}
    journal.append(data.name, by_figure(found), settings, case=case, seeds=models[1])


def variant_figures(data: DataSet, model: matcher.Model, seed: int) -> dict[str, float]:
    """Return the F1 of relations, of groups, and of the groups of families without any label."""
    records = run_full(data, model, seed).records
    unlabelled = group_f1(data, records, unlabelled_families(data))
    return {
        **relation_f1(data, model, seed),
        **group_f1(data, records),
        **{f"unlabelled_{name}": value for name, value in unlabelled.items()},
    }


def group_figures(data: DataSet, model: matcher.Model, seed: int) -> dict[str, float]:
    """Return the F1 of groups and families."""
    return group_f1(data, run_full(data, model, seed).records)


def _measure_rule(data: DataSet, journal: Journal) -> None:
    start = time.perf_counter()
    every = group_f1(data, strip_rule(data))
    figures = {name: value for name, value in every.items() if name.startswith("family")}
    figures["seconds"] = time.perf_counter() - start
    tell(data.name, RULE, figures)
    journal.append(data.name, by_figure([figures]), {"ignore": list(data.ignore)}, case=RULE)
