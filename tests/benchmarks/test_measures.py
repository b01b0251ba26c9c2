"""End to end, missed pairs count and labelled pairs do not."""

import numpy as np
import pandas as pd
import pytest

from benchmarks import measures
from benchmarks.datasets import DataSet
from benchmarks.measures import (
    NO_PAIRS,
    Judged,
    end_to_end,
    f1_interval,
    group_f1,
    judge_tests,
    relation_f1,
    unlabelled_families,
)


def result_pairs(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["left_id", "right_id", "relation"])


def test_a_pair_that_was_never_proposed_is_missed(pool: DataSet) -> None:
    found = end_to_end(pool, result_pairs(("2", "1", "exact"), ("3", "4", "exact")), NO_PAIRS)
    assert (found.tp, found.fp, found.fn) == (1, 1, 2)


def test_only_exact_pairs_count_as_found(pool: DataSet) -> None:
    found = end_to_end(pool, result_pairs(("1", "2", "variant"), ("3", "4", "different")), NO_PAIRS)
    assert (found.tp, found.fp, found.fn) == (0, 0, 3)


def test_labelled_pairs_are_left_out_on_both_sides(pool: DataSet) -> None:
    labelled = pool.index(pd.DataFrame({"left_id": ["1", "3"], "right_id": ["2", "4"]}))
    pairs = result_pairs(("1", "2", "exact"), ("1", "3", "exact"), ("3", "4", "exact"))
    found = end_to_end(pool, pairs, labelled)
    assert (found.tp, found.fp, found.fn) == (1, 0, 1)


def test_groups_are_measured_against_products_and_families(offers: DataSet) -> None:
    records = pd.DataFrame(
        {"id": list("abcd"), "match_id": list("mmno"), "family_id": list("ffff")}
    )
    found = group_f1(offers, records)
    assert found["match_pairwise_f1"] == 1.0
    assert found["family_pairwise_f1"] == 2 * 3 / (2 * 3 + 3)  # d has another storage


def test_only_the_asked_records_of_groups_count(offers: DataSet) -> None:
    records = pd.DataFrame(
        {"id": list("abcd"), "match_id": list("mmmn"), "family_id": list("ffff")}
    )
    assert group_f1(offers, records, ["a", "b", "d"])["match_pairwise_f1"] == 1.0


def test_families_that_training_pairs_name_are_labelled_whole(offers: DataSet) -> None:
    (offers.folder / "labels_train.csv").write_text("left_id,right_id,relation\na,b,exact\n")
    (offers.folder / "labels_test.csv").write_text("left_id,right_id,relation\nc,d,different\n")
    assert list(unlabelled_families(offers)) == ["d"]  # c is of the family of a and b


def test_the_pairs_of_every_test_file_are_judged_apart(
    pool: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pool.folder / "pairs_test.csv").write_text("left_id,right_id,label\n1,2,1\n3,4,0\n")
    (pool.folder / "pairs_test_100unseen.csv").write_text("left_id,right_id,label\n2,3,1\n")
    answers = pd.DataFrame({"relation": ["exact", "different", "different"]})
    asked = []

    def score(inputs, pairs, **_) -> pd.DataFrame:
        asked.extend(zip(pairs["left_id"], pairs["right_id"], strict=True))
        return answers.assign(p_exact=[0.9, 0.2, 0.1])

    monkeypatch.setattr(measures.matcher, "score", score)
    found = judge_tests(pool, None, 0)
    assert asked == [("1", "2"), ("3", "4"), ("2", "3")]
    assert {name: each.f1() for name, each in found.items()} == {
        "pairs_test": 1.0,
        "pairs_test_100unseen": 0.0,
    }
    assert found["pairs_test"].probability.tolist() == [0.9, 0.2]


def judged(n_pairs: int, wrong: slice) -> Judged:
    truth = np.arange(n_pairs) % 2 == 0
    found = truth.copy()
    found[wrong] = ~found[wrong]
    return Judged(truth, found, found.astype(float))


def test_the_interval_holds_the_mean_of_the_seeds_and_narrows_with_more_pairs() -> None:
    widths = []
    for n_pairs in (100, 1600):
        runs = [judged(n_pairs, slice(0, n_pairs // 10)), judged(n_pairs, slice(n_pairs // 5))]
        low, high = f1_interval(runs)
        assert low < (runs[0].f1() + runs[1].f1()) / 2 < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_a_run_without_mistakes_has_no_interval() -> None:
    assert f1_interval([judged(50, slice(0))] * 2) == (1.0, 1.0)


def test_the_calibration_of_relations_is_that_of_the_worst_probability(
    offers: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    (offers.folder / "labels_test.csv").write_text(
        "left_id,right_id,relation\na,b,exact\nc,d,different\n"
    )
    scored = {"relation": ["exact", "different"], "p_exact": [1.0, 0.0]}
    scored |= {"p_variant": [0.0, 0.3], "p_different": [0.0, 0.7]}
    monkeypatch.setattr(measures.matcher, "score", lambda *_, **__: pd.DataFrame(scored))
    found = relation_f1(offers, None, 0)
    assert found["relation_calibration_error"] == pytest.approx(0.15)
    assert found["relation_f1_exact"] == found["relation_f1_different"] == 1.0
