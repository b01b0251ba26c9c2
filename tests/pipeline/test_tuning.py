"""From labels to the folder of an encoder that a run takes."""

import json
from itertools import combinations

import pandas as pd
import pytest

import matcher
from matcher import extras
from matcher.blocking import tuning
from matcher.errors import MissingExtraError, SettingsError

WORDS = ("acme", "drill", "saw", "kettle", "red", "18v", "lx43m")


@pytest.fixture(scope="module")
def offers():
    titles = [" ".join(words) for words in combinations(WORDS, 3)]
    plurals = [" ".join(f"{word}s" for word in title.split()) for title in titles]
    ids = [f"{side}{number:02d}" for side in "ab" for number in range(len(titles))]
    return pd.DataFrame({"id": ids, "title": [*titles, *plurals]})


@pytest.fixture(scope="module")
def labels(offers):
    n = len(offers) // 2
    exact = [(f"a{i:02d}", f"b{i:02d}", "exact") for i in range(n)]
    different = [(f"a{i:02d}", f"b{(i + 1) % n:02d}", "different") for i in range(n)]
    return pd.DataFrame([*exact, *different], columns=["left_id", "right_id", "relation"])


def test_a_tuned_encoder_is_one_that_a_run_takes(offers, labels, sentence_model, tmp_path):
    folder = tmp_path / "tuned"
    report = matcher.tune_encoder(offers, labels, encoder=sentence_model, out=folder, threads=1)
    assert (report.path, report.n_pairs, report.n_different) == (folder, 35, 35)
    assert report.notices == ()
    card = json.loads((folder / "matcher.json").read_text("utf-8"))
    assert (card["encoder"], card["pairs"]) == ("tiny", 35)
    assert len(card["losses"]) == len(report.losses) == tuning.LEAST_STEPS
    blocking = matcher.BlockingSettings(encoder=str(folder))
    result = matcher.dedupe(offers, blocking=blocking)
    assert result.run["blocking"]["blockers"]["embedding"]["encoder"] == "tuned+lexical"


def test_an_older_encoder_is_replaced_and_other_files_are_not(
    offers, labels, sentence_model, tmp_path
):
    given = {"encoder": sentence_model, "threads": 1}
    matcher.tune_encoder(offers, labels, out=tmp_path / "tuned", **given)
    report = matcher.tune_encoder(offers, labels, out=tmp_path / "tuned", seed=1, **given)
    assert json.loads((report.path / "matcher.json").read_text("utf-8"))["seed"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["tuned"]
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").touch()
    with pytest.raises(
        SettingsError, match=r"got 1, first 'notes\.txt'\. Choose a new or an empty"
    ):
        matcher.tune_encoder(offers, labels, out=other, **given)


def test_labels_that_teach_nothing_are_told(offers, labels, sentence_model, tmp_path):
    twin = pd.DataFrame({"id": ["c"], "title": offers["title"][:1]})
    more = pd.DataFrame(
        [("a00", "c", "exact"), ("a01", "unknown", "exact")], columns=labels.columns
    )
    report = matcher.tune_encoder(
        pd.concat([offers, twin]),
        pd.concat([labels, more]),
        encoder=sentence_model,
        out=tmp_path / "tuned",
        threads=1,
    )
    kinds = {notice.kind: notice.count for notice in report.notices}
    assert kinds == {"labels_with_unknown_ids": 1, "exact_pairs_of_equal_titles": 1}
    assert report.notices[-1].message.endswith(
        "1 exact pairs have equal titles or an empty one. They were left out."
    )


def test_a_missing_package_is_told_before_anything_is_read(monkeypatch, tmp_path):
    def missing(name):
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(extras, "import_module", missing)
    with pytest.raises(MissingExtraError, match=r"pip install 'matcher\[semantic\]'"):
        matcher.tune_encoder("none.csv", "none.csv", encoder="any", out=tmp_path / "out")
