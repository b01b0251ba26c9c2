"""Made-up catalogues are the same every time, and what is true of them does not contradict."""

import random

import pandas as pd
import pytest

from benchmarks.made_up import DOMAINS, Domain, make_catalogue

Catalogue = tuple[Domain, pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="module", params=DOMAINS, ids=lambda domain: domain.name)
def made(request: pytest.FixtureRequest) -> Catalogue:
    """Return a domain, its offers, and its offers by id with what is true of them."""
    offers, truth = make_catalogue(request.param, 0)
    return request.param, offers, offers.set_index("id").join(truth)


def test_the_same_seed_gives_the_same_rows_whatever_else_is_random(made: Catalogue) -> None:
    domain, offers, known = made
    random.seed(len(offers))
    again, truth = make_catalogue(domain, 0)
    pd.testing.assert_frame_equal(again, offers)
    pd.testing.assert_frame_equal(truth.loc[known.index], known[["product", "family"]])
    assert make_catalogue(domain, 1)[0]["title"].tolist() != offers["title"].tolist()


def test_every_offer_has_one_truth_and_none_of_its_columns(made: Catalogue) -> None:
    domain, offers, known = made
    assert offers["id"].is_unique
    assert known[["product", "family"]].notna().all(axis=None)
    assert set(make_catalogue(domain, 0)[1].index) == set(offers["id"])
    said = ["id", "seller", "title", "brand", "description", "category", *domain.axes, "price"]
    assert list(offers.columns) == said
    assert (offers["title"].str.strip() != "").all()


def test_a_product_lies_in_one_family(made: Catalogue) -> None:
    known = made[2]
    assert len(known.groupby(["product", "family"])) == known["product"].nunique()


def test_there_are_duplicates_variants_and_products_that_stand_alone(made: Catalogue) -> None:
    known = made[2]
    offers_of = known["product"].value_counts()
    products_of = known.groupby("family")["product"].nunique()
    assert 1 < offers_of.mean() < 3
    assert 1 < products_of.mean() < 7
    for counts in (offers_of, products_of):
        assert {1, 2, 3} <= set(counts)


def test_a_seller_offers_a_product_once_at_about_the_price_of_the_others(made: Catalogue) -> None:
    known = made[2]
    assert not known.duplicated(["product", "seller"]).any()
    prices = known["price"].astype(float).groupby(known["product"])
    assert (prices.max() / prices.min() < 1.12).all()


def test_products_of_a_family_differ_in_their_options_and_families_in_more(made: Catalogue) -> None:
    domain, _, known = made
    full = known[known["seller"] == "s0"]  # who fills in every option
    options = [*domain.axes]
    assert (full[options] != "").all(axis=None)
    assert not full.duplicated(["family", *options]).any()
    names = full.groupby(["brand", "family"])["description"].first().index
    assert names.get_level_values("family").is_unique


@pytest.mark.parametrize("seller", ["s1", "s4"])
def test_who_fills_in_no_column_says_the_options_in_the_title(made: Catalogue, seller: str) -> None:
    domain, _, known = made
    options = known[known["seller"] == "s0"].set_index("product")[[*domain.axes]]
    offers = known[known["seller"] == seller]
    assert (offers[[*domain.axes]] == "").all(axis=None)
    both = offers[["product", "title"]].merge(options, left_on="product", right_index=True)
    assert len(both) > 50
    for axis in domain.axes:
        assert all(value in title for value, title in zip(both[axis], both["title"], strict=True))
