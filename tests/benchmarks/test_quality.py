"""With labels, each figure says what it is worth."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import quality
from benchmarks.datasets import DataSet
from benchmarks.journal import Journal, read_newest
from benchmarks.measures import Judged
from benchmarks.quality import with_labels


@pytest.fixture
def figures(
    linked: DataSet, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, dict[str, object]]:
    """Return the figures of two seeds: with context 3 of 3 and 2 of 3 are found, without 1."""
    head = "left_id,right_id,label\n"
    for name in ("pairs_train", "pairs_valid"):
        (linked.folder / f"{name}.csv").write_text(head + "0,1,1\n")
    (linked.folder / "pairs_test.csv").write_text(head + "0,1,1\n1,0,1\n0,0,1\n")

    def judge_tests(data, model, seed) -> dict[str, Judged]:
        n_found = 3 - seed if model == "context" else 1
        found = np.arange(3) >= 3 - n_found
        return {"pairs_test": Judged(np.ones(3, bool), found, found * 0.5)}

    def train(data, seed, *, context=True) -> str:
        return "context" if context else "alone"

    class Result:
        pairs = None

    monkeypatch.setattr(quality, "judge_tests", judge_tests)
    monkeypatch.setattr(quality, "train_with_labels", train)
    monkeypatch.setattr(quality, "run_full", lambda data, model, seed: Result())
    monkeypatch.setattr(quality, "end_to_end_figures", lambda *_: {"end_to_end_f1": 0.5})
    results = data_folder / "results"
    with_labels([linked], [0, 1], Journal.start("quality", results))
    (line,) = read_newest("quality", results)
    return line["figures"]


def test_a_model_without_context_is_measured_beside(figures) -> None:
    assert figures["pair_f1"]["values"] == [1.0, 0.8]
    assert figures["no_context_pair_f1"]["values"] == [0.5]  # the first seed alone
    assert figures["calibration_error"]["values"] == [0.5, 0.666667]


def test_the_interval_is_one_for_all_seeds(figures) -> None:
    (low,), (high,) = (figures[f"pair_f1_{end}"]["values"] for end in ("low", "high"))
    assert low < 0.9 < high


def test_taught_pairs_are_counted_and_left_out_beside(figures) -> None:
    counts = ("test_pairs", "same_records", "same_texts", "known_records")
    assert [figures[name]["values"] for name in counts] == [[3.0], [1.0], [1.0], [1.0]]
    for name in ("new_texts_pair_f1", "new_records_pair_f1"):
        assert figures[name]["values"] == [1.0, 1.0]  # what seed 1 misses was taught
