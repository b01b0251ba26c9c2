"""Siblings that agree with each other are no product: others repeat what tells them apart."""

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.evaluation import pairwise_measures
from matcher.pipeline import exact


@pytest.fixture(scope="module")
def siblings():
    """4,800 offers of 800 lines, each of two products whose titles differ in one word."""
    rng = np.random.default_rng(1)
    vocabulary = ["".join(word) for word in rng.choice(list("abcdefghiklmnoprstuvz"), (900, 6))]
    colors = ["black", "white", "red", "blue", "green", "pink"]
    rows = []
    for line in range(800):
        name = rng.choice(vocabulary, 6, replace=False).tolist()
        number, color = rng.integers(1000, 9000), rng.choice(colors)
        for model in (f"kt-{number}", f"kt-{number + 10}"):
            for _ in range(3):
                said = [*name, str(color)] if rng.random() < 0.5 else name
                words = [word for word in said if rng.random() < 0.9]  # sellers leave some out
                words = [*words[:1], model, *words[1:]] if rng.random() < 0.9 else words
                rows.append((str(len(rows)), " ".join(words), f"{line} {model}"))
    return pd.DataFrame(rows, columns=["id", "title", "product"])


def test_the_matches_of_sibling_products_are_counted(siblings):
    truth, found = siblings["product"], matcher.dedupe(siblings[["id", "title"]])
    told = found.run["deciding"]["adaptation"]["n_told"]
    assert told == pytest.approx(3 * truth.nunique(), rel=0.35)
    groups = [pd.factorize(each)[0] for each in (found.records.match_id, truth)]
    assert pairwise_measures(*groups).f1 > 0.88


def test_an_update_keeps_the_count_of_its_run(siblings, monkeypatch):
    offers = siblings[["id", "title"]]
    result = matcher.dedupe(offers.iloc[:-6])
    monkeypatch.delattr(exact, "count_matches")
    adaptation = matcher.update(result, offers.iloc[-6:]).run["deciding"]["adaptation"]
    assert adaptation["n_told"] == result.run["deciding"]["adaptation"]["n_told"] is not None


def test_two_tables_are_not_counted(siblings):
    halves = siblings.iloc[::2][["id", "title"]], siblings.iloc[1::2][["id", "title"]]
    assert matcher.link(*halves).run["deciding"]["adaptation"]["n_told"] is None
