"""Results are exported from memory and from their folder, the same way."""

import csv
import json

import pandas as pd
import pytest

import matcher
from matcher.errors import RecordsError, SettingsError

LONG_ID = "i" * 41


@pytest.fixture(scope="module")
def result():
    rows = [
        ("007", 'Fjordlin Crew T-Shirt "Löwe" Navy', "Fjordlin", "Navy", "$16.19", "4006381333931"),
        ("008", "Fjordlin Crew T-Shirt Löwe Red", "Fjordlin", "Red", "N/A", "n/a"),
        (LONG_ID, "Bosch drill GSR 12V, 2 batteries", "Bosch", "", "99,00 EUR", "4006381333932"),
        ("010", "N/A", "Sony", "", "", ""),
    ]
    frame = pd.DataFrame(rows, columns=["id", "title", "brand", "color", "price", "ean"])
    frame["description"] = ["one\ntwo, three", "", "<b>Bold</b>", "only this"]
    labels = pd.DataFrame({"left_id": ["007"], "right_id": ["008"], "relation": ["variant"]})
    return matcher.dedupe(frame, labels=labels, id="id")


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("platform", ["google", "schema.org", "shopify", "amazon"])
def test_a_folder_gives_the_same_file_as_the_result(result, platform, ending, tmp_path):
    result.write(tmp_path / "result", format=ending)
    first = result.export(platform, tmp_path / "a.csv")
    second = matcher.export(tmp_path / "result", platform, tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert first.notices == second.notices
    assert (first.n_products, first.n_families) == (3, 1)


def test_values_are_read_and_what_is_spelt_as_missing_is_empty(result, tmp_path):
    matcher.export(result, "google", tmp_path / "feed.csv")
    rows = read(tmp_path / "feed.csv")
    shirt = rows["007"]
    assert (shirt["price"], shirt["gtin"], shirt["color"]) == (
        *("16.19 USD", "4006381333931"),
        "Navy",
    )
    assert (shirt["title"], shirt["description"]) == (
        'Fjordlin Crew T-Shirt "Löwe" Navy',
        "one\ntwo, three",
    )
    assert shirt["item_group_id"] == rows["008"]["item_group_id"] != ""
    assert (rows["008"]["price"], rows["008"]["gtin"]) == ("", "")


def test_products_without_a_title_are_left_out_and_counted(result, tmp_path):
    report = result.export("schema.org", tmp_path / "graph.json")
    notices = {notice.kind: notice for notice in report.notices}
    assert notices["no_title"].message == (
        "schema.org: 1 products have no title, first '010'. They were left out."
    )
    graph = json.loads((tmp_path / "graph.json").read_text("utf-8"))["@graph"]
    assert sorted(node["@type"] for node in graph) == ["Product", "ProductGroup"]


def test_an_id_of_more_than_40_characters_becomes_the_match_id(result, tmp_path):
    report = result.export("google", tmp_path / "feed.csv")
    assert {notice.kind: notice.count for notice in report.notices}["unusable_id"] == 1
    ids = set(read(tmp_path / "feed.csv"))
    assert LONG_ID not in ids
    assert max(map(len, ids)) <= 40


def test_tsv_has_tabs(result, tmp_path):
    result.export("google", tmp_path / "feed.tsv")
    assert (tmp_path / "feed.tsv").read_text("utf-8").startswith("id\ttitle\t")


def test_an_unknown_platform_is_an_error_with_the_nearest(result, tmp_path):
    with pytest.raises(SettingsError) as error:
        result.export("shopfy", tmp_path / "out.csv")
    assert str(error.value) == (
        "to: unknown platform, got 'shopfy'. Choose one of google, schema.org, shopify, amazon. "
        "Did you mean 'shopify'?"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_result_is_an_error(tmp_path):
    with pytest.raises(RecordsError, match=r"holds no result, got no records"):
        matcher.export(tmp_path, "google", tmp_path / "out.csv")


def test_a_result_of_an_older_version_is_an_error(result, tmp_path):
    result.write(tmp_path / "old")
    families = pd.read_csv(tmp_path / "old" / "families.csv").drop(columns="options")
    families.to_csv(tmp_path / "old" / "families.csv", index=False)
    with pytest.raises(RecordsError, match=r"older version, got no options\. Run"):
        matcher.export(tmp_path / "old", "google", tmp_path / "out.csv")


def test_a_place_that_cannot_be_written_is_an_error(result, tmp_path):
    with pytest.raises(SettingsError, match="cannot be written, got No such file"):
        result.export("google", tmp_path / "nowhere" / "out.csv")


def test_columns_of_two_tables_under_different_names_are_one(tmp_path):
    left = pd.DataFrame({"id": ["a"], "title": ["Fjordlin Crew Red"], "farbe": ["Red"]})
    right = pd.DataFrame(
        {
            "offer_id": ["b"],
            "name": ["Fjordlin Crew T-Shirt Navy"],
            "color": ["Navy"],
            "preis": ["1.234,50 EUR"],
        }
    )
    labels = pd.DataFrame({"left_id": ["a"], "right_id": ["b"], "relation": ["variant"]})
    matcher.link(left, right, labels=labels).export("google", tmp_path / "feed.csv")
    rows = read(tmp_path / "feed.csv")
    assert [rows[one]["color"] for one in ("a", "b")] == ["Red", "Navy"]
    assert rows["b"]["title"] == "Fjordlin Crew T-Shirt Navy"
    assert rows["b"]["price"] == "1234.50 EUR"
