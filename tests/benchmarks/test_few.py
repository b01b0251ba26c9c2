"""Questions lie near the threshold or are random, and no pair is asked twice."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import few
from benchmarks.datasets import find
from benchmarks.few import choose_questions, with_few
from benchmarks.journal import Journal, read_newest
from benchmarks.measures import Judged
from benchmarks.unseen import UnseenModels


def questions(probability: np.ndarray, n: int, records: np.ndarray | None = None) -> np.ndarray:
    owners = np.arange(len(probability)) if records is None else records
    random = np.random.default_rng(0)
    return choose_questions(owners.astype(object), probability, 0.3, n, random)


def test_two_thirds_lie_near_the_threshold_and_the_rest_at_all_probabilities() -> None:
    unlikely, near, sure = np.full(5000, 0.04), np.full(90, 0.31), np.full(20, 0.9)
    probability = np.concatenate([np.full(500, 0.001), unlikely, near, sure])
    chosen = probability[questions(probability, 45)]
    assert (chosen == 0.31).sum() >= 30
    assert (chosen == 0.9).sum() >= 2  # as likely to be asked at random as all unlikely pairs
    assert 0 < (chosen == 0.04).sum() < 12
    assert (chosen == 0.001).sum() == 0


def test_no_pair_is_asked_twice() -> None:
    probability = np.linspace(0.05, 0.95, 60)
    first = questions(probability, 30)
    probability[first] = np.nan
    second = questions(probability, 30)
    assert sorted([*first, *second]) == list(range(60))


def test_a_record_is_asked_about_once_near_the_threshold() -> None:
    probability = np.concatenate([np.full(90, 0.3), np.full(30, 0.4)])
    records = np.concatenate([np.zeros(90), np.arange(1, 31)])
    chosen = questions(probability, 15, records)[:10]
    assert (records[chosen] == 0).sum() <= 1


def test_where_few_pairs_are_left_fewer_are_asked() -> None:
    assert sorted(questions(np.array([0.5, 0.4, np.nan, 0.001]), 50)) == [0, 1, 3]


class FakeClassifier:
    threshold_exact = 0.5


class FakeModel:
    """Knows no more than how many answers it was given."""

    def __init__(self, n_answers: int) -> None:
        self.n_answers = n_answers
        self.classifier = FakeClassifier()


@pytest.fixture
def measured(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[pd.DataFrame]]:
    """Return the results of a run whose models are fakes, and what these were taught."""
    folder = find("abt-buy").folder
    folder.mkdir()
    ids = [str(number) for number in range(300)]
    for name in ("left", "right"):
        pd.DataFrame({"id": ids, "title": ids}).to_csv(folder / f"{name}.csv", index=False)
    pairs = pd.DataFrame({"left_id": ids, "right_id": ids})
    pairs.to_csv(folder / "gold.csv", index=False)
    tests = pairs[:20].assign(label="1")
    tests.to_csv(folder / "pairs_test.csv", index=False)
    wrong = pairs.assign(right_id=ids[1:] + ids[:1])
    taught: list[pd.DataFrame] = []

    def train_on(inputs, labels, prior, settings) -> FakeModel:
        taught.append(labels)
        return FakeModel(len(labels))

    def judge(data, asked, truth, model, seed) -> Judged:
        found = truth & (np.arange(len(truth)) < model.n_answers // 10)
        return Judged(truth, found, np.linspace(0.1, 0.9, len(truth)))

    monkeypatch.setattr(few, "candidates_of", lambda data, seed: pd.concat([pairs, wrong]))
    monkeypatch.setattr(few, "train_on", train_on)
    monkeypatch.setattr(few, "judge", judge)
    monkeypatch.setattr(few, "full_f1", lambda data, seed: 0.8)
    monkeypatch.setattr(UnseenModels, "of", lambda _, data, seed: FakeModel(0))
    results = data_folder / "results"
    journal = Journal.start("few", results)
    with_few([find("abt-buy"), find("dblp-acm")], [0, 1], UnseenModels(), journal)
    return results, taught


def test_every_budget_has_a_line_with_its_share_of_all_labels(measured) -> None:
    lines = read_newest("few", measured[0])
    assert [(line["set"], line["case"]) for line in lines] == [
        ("abt-buy", f"{n} answers") for n in (0, 50, 100, 200)
    ]
    f1 = [line["figures"]["pair_f1"]["mean"] for line in lines]
    assert f1 == [0.0, 0.4, 0.666667, 1.0]  # 0, 5, 10 and all of the 20 test pairs found
    assert lines[1]["figures"]["share_of_full"]["mean"] == 0.5


def test_test_pairs_are_never_asked_and_answers_are_true(measured) -> None:
    tests = {(str(number), str(number)) for number in range(20)}
    for labels in measured[1]:
        asked = list(zip(labels["left_id"], labels["right_id"], strict=True))
        assert len(set(asked)) == len(asked)
        assert not tests & set(asked)
        assert [one == other for one, other in asked] == (labels["label"] == "1").tolist()
