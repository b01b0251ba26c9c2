import json

import pandas as pd
import pytest

import matcher


@pytest.fixture(scope="module")
def offers():
    return pd.DataFrame(
        [
            ("a", "Sony Bravia KD-43X80L TV black", "Sony", "499.00"),
            ("b", "SONY KD43X80L Bravia TV, black", "Sony", "505.00"),
            ("c", "Sony Bravia KD-43X80L TV white", "Sony", "499.00"),
            ("d", "Sony Bravia KD-55X80L TV black", "Sony", "699.00"),
            ("e", "Bosch drill GSR 12V", "Bosch", "99.00"),
        ],
        columns=["id", "title", "brand", "price"],
    )


def test_examples_tell_reasons_in_words(offers, tmp_path):
    matcher.dedupe(offers).report(tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text("utf-8")
    assert "same model number: KD-43X80L" in text
    assert "price: 499.00" in text
    assert "brand: Sony" in text


def test_the_run_tells_what_counts_and_how_pairs_agree(offers):
    run = json.loads(json.dumps(matcher.dedupe(offers).run))
    assert sum(kind["share"] for kind in run["evidence"]) == pytest.approx(1.0)
    assert run["evidence"][0]["text"] == "words and letters of the texts"
    assert [one["name"] for one in run["attributes"]] == ["title", "brand", "price"]
    assert run["properties"][0]["name"] == "brand"
    assert sum(map(sum, run["scores"]["one_product"].values())) == run["counts"]["scored_pairs"]
    assert "labels" not in run


def test_labels_are_compared_with_what_the_model_said_before_them(offers):
    labels = pd.DataFrame(
        [("a", "b", "different"), ("a", "e", "different")],
        columns=["left_id", "right_id", "relation"],
    )
    result = matcher.dedupe(offers, labels=labels)
    told = result.run["labels"]
    assert told["n_labels"] == 2
    assert told["confusion"] == [[0, 0, 0], [0, 0, 0], [1, 0, 1]]  # a and b look exact
    assert told["one_product"]["precision"]["value"] == 0.0
    assert told["one_product"]["recall"]["value"] is None
    assert not told["may_have_learned_from_them"]
    pair = result.pairs[(result.pairs.left_id == "a") & (result.pairs.right_id == "b")]
    assert pair.empty  # the label stands


def test_labelled_pairs_are_no_examples(offers, tmp_path):
    labels = pd.DataFrame([("a", "b", 1)], columns=["left_id", "right_id", "relation"])
    result = matcher.dedupe(offers, labels=labels)
    shown = [{record.id for record in one.records} for one in result._excerpt.examples]
    assert shown
    assert {"a", "b"} not in shown


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_tiny_catalogues_have_a_report(offers, rows, tmp_path):
    matcher.dedupe(offers[3 : 3 + rows]).report(tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text("utf-8")
    assert f"{rows} record" in text
    assert "No duplicates were found." in text
