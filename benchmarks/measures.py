"""What the quality benchmarks measure: pairs, pairs end to end, groups and relations."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

import matcher
from benchmarks.datasets import DataSet
from matcher.evaluation import PairMeasures, evaluate_groups, pair_measures, relation_measures
from matcher.types import RELATIONS

NO_PAIRS = pd.MultiIndex.from_arrays([[], []], names=["left_id", "right_id"])


def run_full(data: DataSet, model: matcher.Model, seed: int) -> matcher.MatchResult:
    """Run the main job over the full tables."""
    if data.is_link:
        return matcher.link(*data.inputs, model=model, ignore=data.ignore, seed=seed)
    return matcher.dedupe(data.inputs, model=model, ignore=data.ignore, seed=seed)


def tests_f1(
    data: DataSet, tests: Sequence[str], model: matcher.Model, seed: int
) -> dict[str, float]:
    """Return the pair F1 on each of the test files, at the model's own threshold.

    Parameters
    ----------
    data : DataSet
        The data set.
    tests : Sequence[str]
        Its test files: ``"pairs_test"``, ``"pairs_test_100unseen"``.
    model : matcher.Model
        A trained model.
    seed : int
        Of the run.
    """
    frames = [data.read(test) for test in tests]
    asked = pd.concat(frames, ignore_index=True)  # one call for all: the catalogue is read once
    scored = matcher.score(
        data.inputs, asked[["left_id", "right_id"]], model=model, ignore=data.ignore, seed=seed
    )
    is_exact = (scored["relation"] == "exact").to_numpy()
    is_true = (asked["label"] == "1").to_numpy()
    ends = np.cumsum([len(frame) for frame in frames])[:-1]
    parts = zip(tests, np.split(is_true, ends), np.split(is_exact, ends), strict=True)
    return {
        test.replace("pairs_test", "pair_f1"): pair_measures(truth, found).f1
        for test, truth, found in parts
    }


def relation_f1(data: DataSet, model: matcher.Model, seed: int) -> dict[str, float]:
    """Return the F1 of the relations on the pairs of ``labels_test``, the mean first."""
    asked = data.read("labels_test")
    scored = matcher.score(
        data.inputs, asked[["left_id", "right_id"]], model=model, ignore=data.ignore, seed=seed
    )
    numbers = {name: number for number, name in enumerate(RELATIONS)}
    truth, found = (frame["relation"].map(numbers).to_numpy(np.int8) for frame in (asked, scored))
    measured = relation_measures(truth, found)
    each = {f"relation_f1_{name}": of.f1 for name, of in measured.by_relation.items()}
    return {"relation_macro_f1": measured.macro_f1, **each}


def end_to_end(data: DataSet, pairs: pd.DataFrame, labelled: pd.MultiIndex) -> PairMeasures:
    """Compare the exact pairs of a result with all true ones; a pair that blocking missed counts.

    Parameters
    ----------
    data : DataSet
        The data set.
    pairs : pd.DataFrame
        ``MatchResult.pairs``.
    labelled : pd.MultiIndex
        Pairs that the model learned from, left out of the found and of the true ones.
    """
    found = data.index(pairs[pairs["relation"] == "exact"])
    found, true = (each[~each.isin(labelled)] for each in (found, data.true_pairs()))
    tp = int(found.isin(true).sum())
    return PairMeasures.from_counts(tp, len(found) - tp, len(true) - tp)


def end_to_end_figures(
    data: DataSet, result: matcher.MatchResult, labelled: pd.MultiIndex = NO_PAIRS
) -> dict[str, float]:
    """Return `end_to_end` as figures."""
    measured = end_to_end(data, result.pairs, labelled)
    return {
        "end_to_end_f1": measured.f1,
        "end_to_end_precision": measured.precision,
        "end_to_end_recall": measured.recall,
    }


def group_f1(
    data: DataSet, records: Any, ids: Sequence[str] | pd.Index | None = None
) -> dict[str, float]:
    """Return the F1 of duplicate groups and of families, by pairs and by records (B-cubed).

    Parameters
    ----------
    data : DataSet
        The data set.
    records : frame
        ``MatchResult.records``.
    ids : Sequence[str] | pd.Index | None
        The records that count; None is all.
    """
    truth = data.truth.rename(columns={"product": "product_id", "family": "family_id"})
    truth = truth if ids is None else truth.loc[ids]
    truth = truth[["product_id", "family_id"]].rename_axis("id").reset_index()
    measured = evaluate_groups(records, truth)
    return {
        f"{name}_f1": getattr(measured, name).f1
        for name in ("match_pairwise", "match_bcubed", "family_pairwise", "family_bcubed")
    }


def unlabelled_families(data: DataSet) -> pd.Index:
    """Return the ids of the records whose family ``labels_test`` names and ``labels_train`` not."""
    families = data.truth["family"]
    test, train = (
        set(families[pd.concat([pairs["left_id"], pairs["right_id"]]).unique()])
        for pairs in (data.read("labels_test"), data.read("labels_train"))
    )
    return families.index[families.isin(test - train)]
