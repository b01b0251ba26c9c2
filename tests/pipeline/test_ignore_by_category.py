"""What may differ inside a family may depend on the category of the product."""

from itertools import combinations

import pandas as pd
import pytest

import matcher

EVER = {"threshold_exact": 0.01, "threshold_family": 0.01}  # a model that says yes to everything


@pytest.fixture(scope="module")
def mixed():
    """Return shirts, televisions and, last, one without a category, each in two sizes."""
    rows = [
        ("a", "Acme Basic shirt", "Shirts", "M"),
        ("b", "Acme Basic shirt", "shirts ", "L"),
        ("c", "Bolt Vista television", "Televisions", "43 inch"),
        ("d", "Bolt Vista television", "TELEVISIONS", "55 inch"),
        ("e", "Kite Round lamp", None, "S"),
        ("f", "Kite Round lamp", "Lamps", "L"),
    ]
    return pd.DataFrame(rows, columns=["id", "title", "category", "size"])


def families(frame, **options):
    records = matcher.dedupe(frame, **(EVER | options)).records
    return records.set_index("id")["family_id"]


def is_nested(fine, coarse):
    return len(set(zip(fine, coarse, strict=True))) == len(set(fine))


def test_a_category_keeps_what_the_others_ignore(mixed):
    family = families(mixed, ignore=["size"], ignore_by_category={"Televisions": []})
    assert family["a"] == family["b"]
    assert family["c"] != family["d"]
    assert family["e"] == family["f"]


def test_a_category_ignores_what_the_others_keep(mixed):
    family = families(mixed, ignore=[], ignore_by_category={" SHIRTS": ["size"]})
    assert family["a"] == family["b"]
    assert family["c"] != family["d"]
    assert family["e"] != family["f"]


def test_an_axis_is_ignored_for_a_pair_only_if_it_is_for_both_categories(mixed):
    given = mixed.assign(category=["Shirts", "Tops", "Shirts", "Shirts", None, "Tops"])
    family = families(given, ignore=["size"], ignore_by_category={"Tops": ["color"]})
    assert family["a"] != family["b"]
    assert family["c"] == family["d"]
    assert family["e"] != family["f"]


def test_scores_of_pairs_follow_the_categories(mixed):
    pairs = pd.DataFrame({"left_id": ["a", "c", "e"], "right_id": ["b", "d", "f"]})
    by_category = matcher.IgnoreByCategory(column="category", values={"Televisions": []})
    scores = matcher.score(mixed, pairs, ignore=["size"], ignore_by_category=by_category, **EVER)
    assert scores["relation"].tolist() == ["variant", "different", "variant"]
    assert scores["p_variant"][1] == 0


def test_the_column_may_be_any_one_even_that_of_the_source(mixed):
    frame = mixed.rename(columns={"category": "shop"})
    by_category = matcher.IgnoreByCategory(column="shop", values={"Televisions": []})
    family = families(frame, ignore=["size"], ignore_by_category=by_category)
    assert family["a"] == family["b"]
    assert family["c"] != family["d"]


def test_settings_of_one_category_for_all_are_those_in_general(phones):
    frame = phones.assign(category="phones")
    general = matcher.dedupe(frame, ignore=["color"])
    special = matcher.dedupe(frame, ignore=[], ignore_by_category={"Phones": ["color"]})
    pd.testing.assert_frame_equal(special.records, general.records)
    pd.testing.assert_frame_equal(special.pairs, general.pairs)


@pytest.mark.parametrize("thresholds", [{}, EVER], ids=["the model's", "nearly none"])
def test_ignoring_more_for_a_category_never_splits_a_family(phones, thresholds):
    is_mixed = phones["title"].str.len() % 3  # categories that cut through products
    frame = phones.assign(category=is_mixed.map({0: "new", 1: "old", 2: None}))
    steps = [
        ([], []),
        ([], ["color"]),
        (["storage"], ["color"]),
        (["storage"], ["color", "storage"]),
        (["storage", "memory"], ["color", "storage", "memory"]),
        (["color", "storage", "memory"], ["color", "storage", "memory"]),
    ]
    found = [
        matcher.dedupe(frame, ignore=general, ignore_by_category={"old": special}, **thresholds)
        for general, special in steps
    ]
    for one, other in combinations(found, 2):
        assert is_nested(one.records["family_id"], other.records["family_id"])
        assert is_nested(one.records["match_id"], one.records["family_id"])
        assert one.records["match_id"].tolist() == other.records["match_id"].tolist()
    assert found[0].records["family_id"].nunique() > found[-1].records["family_id"].nunique()


def test_no_family_holds_two_values_of_an_axis_that_one_of_its_records_keeps(phones):
    frame = phones.assign(category=["new", "old"] * (len(phones) // 2))
    result = matcher.dedupe(
        frame, ignore=["color", "storage"], ignore_by_category={"new": ["storage"]}, **EVER
    )
    for _, family in result.records.groupby("family_id"):
        for kept in family.loc[family["category"] == "new", "color"].dropna():
            assert set(family["color"].dropna()) <= {kept}


def test_a_category_that_occurs_nowhere_is_counted_with_the_nearest_name(mixed):
    result = matcher.dedupe(mixed, ignore_by_category={"Televisoins": [], "Shirts": ["color"]})
    notices = {notice["kind"]: notice for notice in result.run["notices"]}
    assert notices["unknown_categories"] == {
        "kind": "unknown_categories",
        "message": "settings.ignore_by_category: 1 category occurs nowhere in column 'category', "
        "first 'Televisoins'. Did you mean 'Televisions'? What it ignores has no effect.",
        "count": 1,
    }
    assert result.run["settings"]["ignore_by_category"]["values"]["Shirts"] == ["color"]


@pytest.mark.parametrize(
    ("by_category", "message"),
    [
        (
            {"Shirts": ["colr"]},
            "settings.ignore_by_category['Shirts']: 'colr' is neither a column nor a known axis. "
            "Did you mean 'color'? The known axes are color, size,",
        ),
        (
            matcher.IgnoreByCategory("categry", {}),
            "settings.ignore_by_category.column: there is no column 'categry'. Did you mean "
            "'category'? The columns are id, title, category, size.",
        ),
        (
            {"Shirts": "color"},
            "ignore_by_category: values must be a table of categories and lists of names, got "
            "{'Shirts': 'color'}.",
        ),
        (
            {"Shirts": [], "shirts ": ["color"]},
            "ignore_by_category: two values are one category, got 'Shirts' and 'shirts '. Case and "
            "spaces around do not matter; remove one.",
        ),
    ],
)
def test_mistakes_are_named(mixed, by_category, message):
    with pytest.raises(matcher.SettingsError) as error:
        matcher.dedupe(mixed, ignore_by_category=by_category)
    assert str(error.value).startswith(message)


def test_a_catalogue_without_a_column_of_categories_asks_for_one(mixed):
    frame = mixed.rename(columns={"category": "shelf"})
    with pytest.raises(matcher.SettingsError) as error:
        matcher.dedupe(frame, ignore_by_category={"Shirts": []})
    assert str(error.value) == (
        "settings.ignore_by_category: no column looks like one of categories, got title, shelf, "
        "size. Name it as its column."
    )
