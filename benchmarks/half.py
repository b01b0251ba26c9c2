"""How good the engine is where half of the records are labelled: measured on the other half."""

import time
from collections.abc import Sequence

import numpy as np
import pandas as pd

import matcher
from benchmarks.candidates import candidates_of
from benchmarks.datasets import DataSet
from benchmarks.journal import Journal
from benchmarks.measures import by_figure, end_to_end_figures, run_full, tell
from benchmarks.unseen import UnseenModels
from matcher.pipeline.training import train_on
from matcher.types import RELATIONS

SETS = ("abt-buy", "amazon-google", "walmart-amazon")
"""Those that have targets, and figures of other tools."""


def with_half(
    sets: Sequence[DataSet], seeds: Sequence[int], unseen: UnseenModels, journal: Journal
) -> None:
    """Label half of the left records of each of `SETS`, and find the matches of the other half.

    As `matcher train` does, the labels teach a model that knows other catalogues, but none that saw
    this one; thresholds are cross-validated on the labels.
    """
    settings = {
        "labels": "every candidate and true pair of half of the left records",
        "end_to_end": "full tables, against all true pairs of the other left records",
    }
    for data in sets:
        if data.name in SETS:
            model = unseen.of(data, seeds[0])  # as users have one; seeds draw halves and trees
            found = [_with_half(data, model, seed) for seed in seeds]
            journal.append(data.name, by_figure(found), settings, seeds=seeds)


def _with_half(data: DataSet, unseen: matcher.Model, seed: int) -> dict[str, float]:
    start = time.perf_counter()
    labelled = half_of(data.read("left")["id"], seed)
    labels = label_records(data, labelled, seed)
    settings = matcher.Settings(ignore=data.ignore, seed=seed)
    model = train_on(data.inputs, labels, unseen.classifier, settings)
    result = run_full(data, model, seed)
    figures = end_to_end_figures(data, result.pairs, pairs_of_records(data, result.pairs, labelled))
    figures |= {"labels": len(labels), "seconds": time.perf_counter() - start}
    tell(data.name, f"half, seed {seed}", figures)
    return figures


def half_of(ids: pd.Series, seed: int) -> pd.Index:
    """Return a random half of the ids, the smaller one where their number is odd."""
    return pd.Index(np.random.default_rng(seed).permutation(np.sort(ids))[: len(ids) // 2])


def label_records(data: DataSet, labelled: pd.Index, seed: int) -> pd.DataFrame:
    """Return the labels of the left records `labelled`: of all their candidates and true matches.

    Returns
    -------
    pd.DataFrame
        ``left_id, right_id, relation``.
    """
    proposed = data.index(candidates_of(data, seed)).union(data.true_pairs())
    pairs = proposed[proposed.get_level_values("left_id").isin(labelled)].to_frame(index=False)
    relations = data.relations(*(pairs[side].to_numpy(object) for side in pairs.columns))
    return pairs.assign(relation=np.array(RELATIONS, dtype=object)[relations])


def pairs_of_records(data: DataSet, pairs: pd.DataFrame, labelled: pd.Index) -> pd.MultiIndex:
    """Return all pairs, of a result or true, of the left records `labelled`."""
    every = data.index(pairs).union(data.true_pairs())
    return every[every.get_level_values("left_id").isin(labelled)]
