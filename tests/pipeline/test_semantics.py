"""DESIGN section 3: what exact, variant and different mean, whatever the model says."""

from itertools import combinations

import pandas as pd
import pytest

import matcher

TITLE = "Acme Nova 5 smartphone"
EVER = {"threshold_exact": 0.01, "threshold_family": 0.01}  # a model that says yes to everything


def offers(**columns):
    n_rows = len(next(iter(columns.values())))
    base = {"id": [f"r{number}" for number in range(n_rows)], "title": [TITLE] * n_rows}
    return pd.DataFrame(base | columns)


def groups(frame, **options):
    records = matcher.dedupe(frame, **(EVER | options)).records
    return records["match_id"].tolist(), records["family_id"].tolist()


def is_one(values):
    return len(set(values)) == 1


def is_nested(fine, coarse):
    """Return whether every group of `fine` lies inside one of `coarse`."""
    return len(set(zip(fine, coarse, strict=True))) == len(set(fine))


@pytest.mark.parametrize("ignore", [(), ("color",), ("color", "size")])
def test_duplicate_groups_nest_in_families(demo, ignore):
    records = matcher.dedupe(demo, ignore=ignore).records
    assert is_nested(records["match_id"], records["family_id"])


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("color", ["grey", "Gray"]),
        ("storage", ["64 GB", "65536 MB"]),
        ("color", ["red", None]),
        ("color", ["red", "N/A"]),
        ("size", ["XL", "x-large"]),
    ],
)
def test_missing_and_equal_values_are_no_conflict(column, values):
    match, _ = groups(offers(**{column: values}))
    assert is_one(match)


@pytest.mark.parametrize(
    ("column", "values"),
    [("volume", ["3 L", "1 L"]), ("color", ["red", "blue"]), ("storage", ["64 GB", "128 GB"])],
)
def test_a_conflict_on_a_kept_axis_makes_different_and_on_an_ignored_one_variant(column, values):
    match, family = groups(offers(**{column: values}), ignore=[])
    assert not is_one(match)
    assert not is_one(family)
    match, family = groups(offers(**{column: values}), ignore=[column])
    assert not is_one(match)
    assert is_one(family)


def test_a_record_without_a_value_does_not_bring_two_values_together():
    frame = offers(color=["red", None, "blue", None, None])
    match, _ = groups(frame)
    assert match[0] != match[2]
    _, family = groups(frame, ignore=["size"])
    assert family[0] != family[2]


@pytest.mark.parametrize("blockers", [("codes",), ("inverted-index",)])
def test_conflicts_hold_between_records_that_were_never_compared(blockers, phones):
    settings = matcher.BlockingSettings(blockers=blockers, pairs_per_record=1)
    frame = phones.assign(mpn=phones["title"].str[:9])
    records = matcher.dedupe(frame, blocking=settings, **EVER).records
    for axis in ("color", "storage", "memory"):
        assert records.groupby("match_id")[axis].nunique().max() == 1


def test_no_group_holds_two_values_of_an_axis_and_no_family_two_of_a_kept_one(phones):
    for ignore in (("color",), ("color", "memory")):
        records = matcher.dedupe(phones, ignore=ignore, **EVER).records
        for axis in ("color", "storage", "memory"):
            assert records.groupby("match_id")[axis].nunique().max() == 1
            if axis not in ignore:
                assert records.groupby("family_id")[axis].nunique().max() == 1


def test_where_nothing_is_ignored_there_is_no_variant(phones):
    result = matcher.dedupe(phones, ignore=[], threshold_family=0.01)
    assert result.run["counts"]["variant_pairs"] == 0
    assert set(result.pairs["relation"]) <= {"exact", "different"}
    assert (result.pairs["p_variant"] == 0).all()
    assert is_nested(result.records["family_id"], result.records["match_id"])


@pytest.mark.parametrize("thresholds", [{}, EVER], ids=["the model's", "nearly none"])
def test_ignoring_more_never_splits_a_family_and_never_touches_exact(phones, thresholds):
    axes = ("color", "storage", "memory")
    sets = [frozenset(some) for size in range(4) for some in combinations(axes, size)]
    found = {some: matcher.dedupe(phones, ignore=sorted(some), **thresholds) for some in sets}
    exact = [result.pairs[result.pairs["relation"] == "exact"] for result in found.values()]
    for pairs in exact[1:]:
        pd.testing.assert_frame_equal(
            pairs[["left_id", "right_id", "p_exact"]].reset_index(drop=True),
            exact[0][["left_id", "right_id", "p_exact"]].reset_index(drop=True),
        )
    for fewer, more in combinations(sets, 2):
        if fewer < more:
            one, other = found[fewer].records, found[more].records
            assert one["match_id"].tolist() == other["match_id"].tolist()
            assert is_nested(one["family_id"], other["family_id"])
    n_families = [found[some].run["counts"]["families"] for some in sets]
    assert n_families[0] > n_families[1] > n_families[-1]


def test_price_stock_shop_and_picture_alone_never_make_exact():
    frame = pd.DataFrame(
        {
            "id": list("abc"),
            "price": ["9.99"] * 3,
            "stock": [5] * 3,
            "shop": ["north"] * 3,
            "image_url": ["https://example.com/a.jpg"] * 3,
        }
    )
    match, family = groups(frame)
    assert len(set(match)) == len(set(family)) == 3
    pairs = pd.DataFrame({"left_id": ["a"], "right_id": ["b"]})
    assert matcher.score(frame, pairs, **EVER)["p_exact"].tolist() == [0]


def test_an_equal_gtin_on_two_sizes_is_reported_and_not_merged():
    result = matcher.dedupe(offers(size=["S", "XL"], gtin=["4006381333931"] * 2), **EVER)
    assert not is_one(result.records["match_id"])
    (notice,) = result.run["notices"]
    assert (notice["kind"], notice["count"]) == ("gtin_conflict", 1)
    assert "differ in size, first on 'r0', 'r1'" in notice["message"]


def test_records_with_two_gtins_are_never_one_group():
    gtins = ["4006381333931", None, "9780306406157"]
    match, _ = groups(offers(gtin=gtins))
    assert match[0] != match[2]


def test_labels_are_kept_whatever_the_scores(demo):
    ids = demo["id"]
    plain = matcher.dedupe(demo).records.set_index("id")
    sizes = plain["match_id"].map(plain["match_id"].value_counts())
    joined = plain.index[plain["match_id"] == plain["match_id"][sizes.idxmax()]]
    strangers = [plain.index[plain["family_id"] == one][0] for one in plain["family_id"].unique()]
    labels = pd.DataFrame(
        [
            (joined[0], joined[1], "different"),
            (strangers[1], strangers[2], "exact"),
            (strangers[3], strangers[4], "variant"),
        ],
        columns=["left_id", "right_id", "relation"],
    )
    for ignore in ((), ("color", "size")):
        result = matcher.dedupe(demo, labels=labels, ignore=ignore)
        match, family = (result.records.set_index("id")[name] for name in ("match_id", "family_id"))
        assert family[joined[0]] != family[joined[1]]
        assert match[strangers[1]] == match[strangers[2]]
        assert match[strangers[3]] != match[strangers[4]]
        assert family[strangers[3]] == family[strangers[4]]
    sides = result.pairs[["left_id", "right_id"]].apply(frozenset, axis="columns")
    told = result.pairs[sides == frozenset(strangers[1:3])]
    assert told[["relation", "p_exact"]].to_numpy().tolist() == [["exact", 1]]
    assert len(result.records) == len(ids)


def exact_pairs(frame, **options):
    pairs = matcher.dedupe(frame, **options).pairs
    exact = pairs[pairs["relation"] == "exact"]
    return set(zip(exact["left_id"], exact["right_id"], strict=True))


def test_ignoring_an_amount_that_only_titles_name_never_removes_an_exact():
    titles = ["Acme Nova 5", "Acme Nova 6 Pro", "Acme Nova 5 64 GB"]
    frame = offers(title=titles, price=[9.5] * 3)
    assert exact_pairs(frame, ignore=[]) <= exact_pairs(frame, ignore=["storage"])


@pytest.mark.parametrize("column", ["finish", "bore"])
def test_a_column_that_is_named_to_be_ignored_becomes_an_axis_and_its_conflicts_variants(column):
    values = {"finish": ["cotton", "silk"], "bore": ["12", "40"]}[column]
    frame = offers(**{column: values})
    result = matcher.dedupe(frame, ignore=[column], **EVER)
    assert not is_one(result.records["match_id"])
    assert is_one(result.records["family_id"])


def test_an_equal_gtin_on_two_amounts_in_titles_is_reported():
    titles = ["Acme Nova 5 64 GB", "Acme Nova 5 128 GB"]
    result = matcher.dedupe(offers(title=titles, gtin=["4006381333931"] * 2), **EVER)
    assert not is_one(result.records["match_id"])
    assert [notice["kind"] for notice in result.run["notices"]] == ["gtin_conflict"]
