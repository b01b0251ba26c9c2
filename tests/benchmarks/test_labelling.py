"""What is asked is answered by the truth, beside random pairs, and no test pair is asked."""

import json
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import labelling
from benchmarks.datasets import find
from benchmarks.journal import Journal, read_newest
from benchmarks.labelling import full_f1, measure_labelling
from benchmarks.unseen import UnseenModels
from matcher.pipeline.asking import Teacher
from matcher.pipeline.model import DEFAULT_MODEL, load

KINDS = ("drill", "kettle", "lamp", "saw", "mixer", "clock")


@pytest.fixture
def folder(data_folder: Path) -> Path:
    """Return the folder of results, beside a small abt-buy."""
    data = find("abt-buy").folder
    data.mkdir()
    ids = [str(number) for number in range(48)]
    names = [f"Acme {KINDS[n % 6]} model {n // 6} type {n % 4}" for n in range(48)]
    for side, word in (("left", ""), ("right", "offer ")):
        titles = [word + name for name in names]
        pd.DataFrame({"id": ids, "title": titles}).to_csv(data / f"{side}.csv", index=False)
    pairs = pd.DataFrame({"left_id": ids, "right_id": ids})
    pairs.to_csv(data / "gold.csv", index=False)
    wrong = pairs.assign(right_id=ids[6:] + ids[:6])
    tests = [pairs[:10].assign(label="1"), wrong[:10].assign(label="0")]
    pd.concat(tests).to_csv(data / "pairs_test.csv", index=False)
    results = data_folder / "results"
    results.mkdir()
    line = {"set": "abt-buy", "case": "", "figures": {"pair_f1": {"mean": 0.8}}}
    (results / "quality.jsonl").write_text(json.dumps(line) + "\n")
    return results


def test_every_number_of_answers_has_a_line_and_no_test_pair_is_asked(folder, monkeypatch):
    told: list[list] = []
    tell = Teacher.tell

    def spy(self, replies) -> None:
        told.append([self.prepared.records.rows.tolist(), list(replies)])
        tell(self, replies)

    monkeypatch.setattr(labelling, "ROUNDS", (8, 16))
    monkeypatch.setattr(Teacher, "tell", spy)
    monkeypatch.setattr(UnseenModels, "of", lambda *_: load(DEFAULT_MODEL))
    journal = Journal.start("labelling", folder)
    sets = [find("abt-buy"), find("dblp-acm")]
    measure_labelling(sets, [0], UnseenModels(), journal, folder)
    lines = read_newest("labelling", folder)
    assert [(line["set"], line["case"]) for line in lines] == [
        ("abt-buy", f"{n} answers") for n in (0, 8, 16)
    ]
    for line in lines:
        figures = {name: of["mean"] for name, of in line["figures"].items()}
        assert figures["share_of_full"] == pytest.approx(figures["f1"] / 0.8, abs=1e-5)
    assert lines[0]["figures"]["f1"] == lines[0]["figures"]["random_f1"]
    asked = [(reply.left, reply.right) for _, replies in told for reply in replies]
    tests = {(n, 48 + n) for n in range(10)} | {(n, 48 + n + 6) for n in range(10)}
    assert asked
    assert not tests & set(asked)
    truth = {(n, 48 + n) for n in range(48)}
    for _, replies in told:
        for reply in replies:
            assert (reply.relation == "exact") == ((reply.left, reply.right) in truth)


def test_a_figure_with_all_labels_that_was_never_measured_is_asked_for(folder):
    with pytest.raises(LookupError, match=r"no pair_f1 of amazon-google .* benchmarks quality"):
        full_f1(find("amazon-google"), folder)
