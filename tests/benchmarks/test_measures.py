"""End to end, missed pairs count and labelled pairs do not."""

import pandas as pd

from benchmarks.datasets import DataSet
from benchmarks.measures import NO_PAIRS, end_to_end, group_f1, unlabelled_families


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
