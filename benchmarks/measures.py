"""What the quality benchmarks measure: pairs, pairs end to end, groups and relations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import matcher
from benchmarks.datasets import DataSet
from matcher.evaluation import (
    PairMeasures,
    bootstrap_interval,
    evaluate_groups,
    expected_calibration_error,
    pair_measures,
    relation_measures,
)
from matcher.types import RELATIONS, Bools, Longs

NO_PAIRS = pd.MultiIndex.from_arrays([[], []], names=["left_id", "right_id"])


def run_full(data: DataSet, model: matcher.Model, seed: int) -> matcher.MatchResult:
    """Run the main job over the full tables."""
    if data.is_link:
        return matcher.link(*data.inputs, model=model, ignore=data.ignore, seed=seed)
    return matcher.dedupe(data.inputs, model=model, ignore=data.ignore, seed=seed)


@dataclass(frozen=True, slots=True)
class Judged:
    """Test pairs, what is true of them, and what a model says.

    Attributes
    ----------
    truth, found : Bools
        Shape (n_pairs,): whether each is exact, and whether the model says so.
    probability : NDArray[np.float64]
        Shape (n_pairs,): that it is exact, by the model.
    """

    truth: Bools
    found: Bools
    probability: NDArray[np.float64]

    def f1(self, rows: Bools | Longs | slice = slice(None)) -> float:
        """Return the F1 at the model's own threshold, of the pairs at `rows`."""
        return pair_measures(self.truth[rows], self.found[rows]).f1

    def calibration_error(self) -> float:
        """Return the expected calibration error, over 15 bins of equal width."""
        return expected_calibration_error(self.truth, self.probability)

    def take(self, rows: Bools | Longs | slice) -> "Judged":
        """Return the pairs at `rows`."""
        return Judged(self.truth[rows], self.found[rows], self.probability[rows])


def judge(
    data: DataSet, pairs: pd.DataFrame, truth: Bools, model: matcher.Model, seed: int
) -> Judged:
    """Ask a model about pairs, ``left_id`` and ``right_id``, of which the truth is known."""
    asked = pairs[["left_id", "right_id"]]
    scored = matcher.score(data.inputs, asked, model=model, ignore=data.ignore, seed=seed)
    found = (scored["relation"] == "exact").to_numpy()
    return Judged(truth, found, scored["p_exact"].to_numpy(np.float64))


def judge_tests(data: DataSet, model: matcher.Model, seed: int) -> dict[str, Judged]:
    """Return what a model says of the pairs of each test file that there is."""
    if not data.tests:
        return {}
    frames = [data.read(test) for test in data.tests]
    asked = pd.concat(frames, ignore_index=True)  # one call for all: the catalogue is read once
    judged = judge(data, asked, (asked["label"] == "1").to_numpy(), model, seed)
    ends = pairwise(np.cumsum([0, *map(len, frames)]))
    parts = zip(data.tests, ends, strict=True)
    return {test: judged.take(slice(*part)) for test, part in parts}


def f1_interval(judged: Sequence[Judged]) -> tuple[float, float]:
    """Return the interval in which 95 % of the F1 lie if the test pairs are drawn again.

    Each of 1,000 draws takes as many test pairs as there are, with replacement, the same ones of
    every seed, and its F1 is the mean over the seeds.  So it says how much the mean depends on
    which pairs are tested, not on what was taught; pairs of one record are drawn as if they had
    nothing in common, which makes it a little too narrow.

    Parameters
    ----------
    judged : Sequence[Judged]
        The same test pairs, as judged by the model of each seed.
    """

    def mean_f1(rows: Longs) -> float:
        return mean(each.f1(rows) for each in judged)

    return bootstrap_interval(len(judged[0].truth), mean_f1, repeats=1000)


def figure_of(test: str, name: str) -> str:
    """Return what a figure of a test file is called.

    Examples
    --------
    >>> figure_of("pairs_test", "pair_f1"), figure_of("pairs_test_100unseen", "pair_f1")
    ('pair_f1', 'pair_f1_100unseen')
    """
    return test.replace("pairs_test", name)


def relation_f1(data: DataSet, model: matcher.Model, seed: int) -> dict[str, float]:
    """Return the F1 of the relations on the pairs of ``labels_test``, the mean first.

    And the expected calibration error of the relation whose probability is the worst.
    """
    asked = data.read("labels_test")
    scored = matcher.score(
        data.inputs, asked[["left_id", "right_id"]], model=model, ignore=data.ignore, seed=seed
    )
    numbers = {name: number for number, name in enumerate(RELATIONS)}
    truth, found = (frame["relation"].map(numbers).to_numpy(np.int8) for frame in (asked, scored))
    measured = relation_measures(truth, found)
    each = {f"relation_f1_{name}": of.f1 for name, of in measured.by_relation.items()}
    worst = max(
        expected_calibration_error(truth == number, scored[f"p_{name}"].to_numpy(np.float64))
        for name, number in numbers.items()
    )
    return {"relation_macro_f1": measured.macro_f1, **each, "relation_calibration_error": worst}


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
    data: DataSet, pairs: pd.DataFrame, labelled: pd.MultiIndex = NO_PAIRS
) -> dict[str, float]:
    """Return `end_to_end` as figures."""
    measured = end_to_end(data, pairs, labelled)
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


def by_figure(found: Sequence[Mapping[str, float]]) -> dict[str, list[float]]:
    """Return the values of each figure, one a seed."""
    return {name: [one[name] for one in found] for name in found[0]}


def tell(name: str, case: str, figures: Mapping[str, float]) -> None:
    """Say what was measured."""
    shown = [f"{key} {100 * value:.1f}" for key, value in figures.items() if "f1" in key]
    print(f"{name}, {case}: {', '.join(shown)} ({figures['seconds']:.0f} s)", flush=True)
