"""How often the intervals hold that are estimated from a few labels."""

import time
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

import matcher
from benchmarks.datasets import DataSet
from benchmarks.journal import Journal
from matcher.evaluation import pair_measures
from matcher.pipeline.reopening import reopen
from matcher.pipeline.sampling import (
    Population,
    numbers_of,
    population_of,
    relations_in,
    state_of,
)
from matcher.types import DIFFERENT, EXACT, RELATIONS, Bools, Longs

STRICTER = 0.7
"""Threshold of exact pairs of the later result, which is judged by labels drawn from the first."""

KINDS = ("match", "family")
MEASURES = ("precision", "recall")


def measure_estimates(
    sets: Sequence[DataSet], n_labels: int, n_samples: int, journal: Journal
) -> None:
    """Draw samples of a result without labels, answer them from the truth, and estimate.

    Each is estimated for the result that it was drawn from, and for a later one that is stricter.
    """
    for data in sets:
        start = time.perf_counter()
        run = matcher.link if data.is_link else matcher.dedupe
        inputs = data.inputs if data.is_link else (data.inputs,)
        first = run(*inputs, ignore=data.ignore)
        later = run(*inputs, ignore=data.ignore, threshold_exact=STRICTER)
        drawn = [_answered(data, first, n_labels, seed) for seed in range(n_samples)]
        for case, result in (("the same result", first), ("a later result", later)):
            true = _true_values(data, first, result)
            found = [matcher.estimate(result, labels) for labels in drawn]
            figures = _figures(true, found) | {"seconds": [time.perf_counter() - start]}
            settings = {"labels": n_labels, "samples": n_samples, "threshold_later": STRICTER}
            journal.append(data.name, figures, settings, case=f"{case}, {n_labels} labels")
            print(
                data.name, case, {name: round(v[0], 3) for name, v in figures.items()}, flush=True
            )


def _answered(data: DataSet, result: matcher.MatchResult, n: int, seed: int) -> pd.DataFrame:
    """Return a sample as a person who knows the truth answers it."""
    sample = matcher.sample(result, n, seed)
    relations = data.relations(*(sample[side].to_numpy(object) for side in ("left_id", "right_id")))
    return sample.assign(relation=np.array(RELATIONS, dtype=object)[relations])


def _true_values(
    data: DataSet, first: matcher.MatchResult, result: matcher.MatchResult
) -> dict[str, float]:
    """Return precision and recall of a result, over all pairs that were drawn from."""
    opened = reopen(first)
    pairs = population_of(opened, state_of(first))
    truth = data.relations(*_ids(opened.names, opened.catalogue.parts, pairs))
    judged = reopen(result)
    match, family = numbers_of(judged.match), numbers_of(judged.family)
    found = relations_in(match, family, pairs.left, pairs.right)
    sides: Mapping[str, tuple[Bools, Bools]] = {
        "match": (truth == EXACT, found == EXACT),
        "family": (truth != DIFFERENT, found != DIFFERENT),
    }
    measured = {kind: pair_measures(*sides[kind]) for kind in KINDS}
    return {f"{kind}_{name}": getattr(measured[kind], name) for kind in KINDS for name in MEASURES}


def _ids(names: np.ndarray, parts: np.ndarray, pairs: Population) -> tuple[np.ndarray, np.ndarray]:
    """Return the ids of pairs, of a link the one of the left table first."""
    left: Longs = np.where(parts[pairs.left] > parts[pairs.right], pairs.right, pairs.left)
    return names[left], names[pairs.left + pairs.right - left]


def _figures(
    true: Mapping[str, float], found: Sequence[matcher.Estimate]
) -> dict[str, list[float]]:
    """Return for each measure its true value, the mean estimate, and how its intervals do."""
    figures: dict[str, list[float]] = {}
    for kind in KINDS:
        estimates = [getattr(each, kind) for each in found]
        if any(each is None for each in estimates):  # no variants among the labels
            continue
        for name in MEASURES:
            key, of = f"{kind}_{name}", [getattr(each, name) for each in estimates]
            is_held = [one.low <= true[key] <= one.high for one in of]
            figures[key] = [true[key]]
            figures[f"{key}_estimated"] = [float(np.mean([one.value for one in of]))]
            figures[f"{key}_width"] = [float(np.mean([one.high - one.low for one in of]))]
            figures[f"{key}_held"] = [float(np.mean(is_held))]
    return figures
