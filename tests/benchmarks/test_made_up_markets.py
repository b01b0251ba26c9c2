"""Made-up markets are the same every time, and what is true of them does not contradict."""

import random

import pandas as pd
import pytest

from benchmarks.made_up_markets import GOODS, MARKETS, Market, make_market

Made = tuple[Market, list[pd.DataFrame], pd.DataFrame]


@pytest.fixture(scope="module", params=MARKETS, ids=lambda market: market.name)
def made(request: pytest.FixtureRequest) -> Made:
    """Return a market, its tables, and all its offers by id with what is true of them."""
    tables, truth = make_market(request.param, 0)
    return request.param, tables, pd.concat(tables).set_index("id").join(truth)


def test_the_same_seed_gives_the_same_rows_whatever_else_is_random(made: Made) -> None:
    market, tables, known = made
    random.seed(len(known))
    again, _ = make_market(market, 0)
    for one, other in zip(tables, again, strict=True):
        pd.testing.assert_frame_equal(one, other)
    assert make_market(market, 1)[0][0]["title"].tolist() != tables[0]["title"].tolist()


def test_two_shops_give_two_tables_and_more_give_one(made: Made) -> None:
    market, tables, _ = made
    assert len(tables) == (2 if market.n_shops == 2 else 1)
    for table in tables:
        assert list(table.columns) == ["id", "title", *market.columns]


def test_every_offer_has_a_title_and_a_truth(made: Made) -> None:
    _, _, known = made
    assert known.index.is_unique
    assert (known["title"].str.strip() != "").all()
    assert known[["product", "family"]].notna().all(axis=None)
    assert len(known.groupby(["product", "family"])) == known["product"].nunique()


def test_there_are_duplicates_variants_and_products_that_stand_alone(made: Made) -> None:
    market, _, known = made
    offers_of = known["product"].value_counts()
    assert {1, 2} <= set(offers_of)
    has_variants = known.groupby("family")["product"].nunique().max() > 1
    assert has_variants == GOODS[market.kind].has_numbers  # colors are of what has numbers


def test_siblings_of_a_line_differ_in_one_character_of_their_number() -> None:
    market = next(each for each in MARKETS if each.kind == "appliances")
    tables, truth = make_market(market, 0)
    titles = tables[0].set_index("id").join(truth)
    words = titles["title"].str.upper().str.split()
    numbers = {word for title in words for word in title if any(sign.isdigit() for sign in word)}
    near = [
        word
        for word in numbers
        if len(word) > 5 and any(_distance(word, other) == 1 for other in numbers)
    ]
    assert len(near) > 100


def _distance(one: str, other: str) -> int:
    if len(one) != len(other):
        return 99
    return sum(left != right for left, right in zip(one, other, strict=True))
