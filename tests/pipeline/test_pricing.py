"""Prices say which of the likely pairs are matches, in an update as in the run before."""

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.pipeline import exact
from matcher.pipeline.model import DEFAULT_MODEL


@pytest.fixture
def asked(monkeypatch):
    """What pairs had before and after their prices were asked, and how they were fitted."""
    seen = []

    def tell(judge, pairs, probability, found):
        after, told = ask(judge, pairs, probability, found)
        seen.append((probability.copy(), after.copy(), told.by_price))
        return after, told

    ask = exact.ask_prices
    monkeypatch.setattr(exact, "ask_prices", tell)
    return seen


@pytest.fixture
def catalogue():
    """1,600 offers of 800 products, four siblings each; the offers of one ask about the same."""
    rng = np.random.default_rng(0)
    rows = []
    for product in range(800):
        if product % 4 == 0:
            name = "".join(rng.choice(list("abcdefghiklmnoprstu"), 7)).title()
        price = rng.uniform(10, 900)
        for shop in range(2):
            number = f"{name[:2].upper()}{100 + product}" if rng.random() < 0.9 else ""
            title = f"{name} {['Kettle', 'Steel Kettle'][shop]} {number}"
            color = {0: "black", 1: "white"}.get(product % 40)
            asked = round(price * rng.uniform(0.95, 1.05), 2)
            rows.append((f"{product}-{shop}", title, asked, color))
    return pd.DataFrame(rows, columns=["id", "title", "price", "color"])


def test_prices_move_pairs_and_an_update_moves_them_by_the_same(asked, catalogue):
    result = matcher.dedupe(catalogue.iloc[:-8])
    ((before, after, by_price),) = asked
    assert by_price[0] > by_price[-2]
    assert (after != before).mean() > 0.5
    assert (before == 0).any()
    assert ((after == 0) == (before == 0)).all()
    threshold = matcher.load(DEFAULT_MODEL).classifier.threshold_exact
    assert abs(int((after >= threshold).sum()) - int((before >= threshold).sum())) <= 2
    matcher.update(result, catalogue.iloc[-8:])
    assert asked[-1][2] == by_price


def test_without_prices_nothing_moves(asked, catalogue):
    matcher.dedupe(catalogue.drop(columns="price"))
    ((before, after, by_price),) = asked
    assert by_price == ()
    assert (after == before).all()
