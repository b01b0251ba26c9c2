"""Catalogues of siblings are as they say, and measured."""

import json

import pytest

from benchmarks.journal import Journal
from benchmarks.siblings import COLUMNS, make_siblings, measure_siblings
from benchmarks.tables import siblings

TITLES = [
    "Sony Bravia KD43X80 LED television",
    "Bosch SMV46CX dishwasher integrated with door",
    "Canon EOS camera kit with lens",
    "Philips hair dryer compact",
]


def test_the_same_seed_gives_the_same_offers_and_another_does_not():
    offers, truth = make_siblings(TITLES, 300, 1)
    again, same = make_siblings(TITLES, 300, 1)
    assert offers.equals(again)
    assert truth.equals(same)
    assert not offers.equals(make_siblings(TITLES, 300, 2)[0])


def test_every_offer_has_a_product_and_products_have_up_to_four_offers():
    offers, truth = make_siblings(TITLES, 400, 0)
    assert offers["id"].is_unique
    assert offers["id"].tolist() == truth["id"].tolist()
    counts = truth["product_id"].value_counts()
    assert (counts.min(), counts.max()) == (1, 4)
    assert offers["title"].str.split().str.len().min() >= 2
    assert offers["price"].astype(float).min() > 5


def test_no_titles_make_no_offers():
    assert len(make_siblings([], 10, 0)[0]) == 0


def test_it_is_measured_with_fewer_and_fewer_columns(tmp_path, monkeypatch):
    monkeypatch.setattr("benchmarks.siblings.read_titles", lambda _: TITLES)
    measure_siblings([200], [0], Journal.start("siblings", tmp_path))
    lines = [json.loads(line) for line in (tmp_path / "siblings.jsonl").read_text().splitlines()]
    assert [line["case"] for line in lines] == list(COLUMNS)
    assert all(0 <= line["figures"]["f1"]["mean"] <= 1 for line in lines)
    assert [row.split("|")[2].strip() for row in siblings(lines).splitlines()[2:5]] == list(COLUMNS)


@pytest.mark.parametrize("n_rows", [0, 1])
def test_small_catalogues_are_no_reason_to_fail(n_rows):
    offers, truth = make_siblings(TITLES, n_rows, 0)
    assert len(offers) == len(truth) == n_rows
