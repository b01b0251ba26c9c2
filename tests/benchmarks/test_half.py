"""Half of the left records are labelled, and only the others are measured."""

import pandas as pd
import pytest

from benchmarks import half
from benchmarks.datasets import DataSet
from benchmarks.half import half_of, label_records, pairs_of_records
from benchmarks.measures import end_to_end_figures

IDS = pd.Series([str(number) for number in range(9)])


def test_a_seed_chooses_one_half_whatever_the_order_of_the_records() -> None:
    chosen = half_of(IDS, 0)
    assert len(chosen) == len(set(chosen)) == 4
    assert list(half_of(IDS[::-1], 0)) == list(chosen)
    assert set(half_of(IDS, 1)) != set(chosen)


@pytest.fixture
def proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let blocking propose a wrong pair of each left record and one of the two true pairs."""
    pairs = pd.DataFrame({"left_id": ["0", "1", "1"], "right_id": ["0", "1", "0"]})
    monkeypatch.setattr(half, "candidates_of", lambda data, seed: pairs)


@pytest.mark.usefixtures("proposed")
def test_labels_are_all_candidates_and_matches_of_the_labelled_records(linked: DataSet) -> None:
    found = label_records(linked, pd.Index(["0"]), 0)
    rows = sorted(found.itertuples(index=False, name=None))
    assert rows == [("0", "0", "different"), ("0", "1", "exact")]  # the match was not proposed
    found = label_records(linked, pd.Index(["1"]), 0)
    rows = sorted(found.itertuples(index=False, name=None))
    assert rows == [("1", "0", "exact"), ("1", "1", "different")]


def test_pairs_of_labelled_records_are_neither_found_nor_missed(linked: DataSet) -> None:
    rows = [("0", "0", "exact"), ("1", "0", "exact"), ("1", "1", "exact")]
    pairs = pd.DataFrame(rows, columns=["left_id", "right_id", "relation"])
    left_out = pairs_of_records(linked, pairs, pd.Index(["0"]))
    assert sorted(left_out) == [("0", "0"), ("0", "1")]
    found = end_to_end_figures(linked, pairs, left_out)
    assert (found["end_to_end_precision"], found["end_to_end_recall"]) == (0.5, 1.0)
