import numpy as np
import pytest

from matcher.output.describe import MOST_PAIRS, describe_columns, describe_properties
from matcher.output.examples import choose_examples
from matcher.output.odd import find_oddities
from matcher.types import Groups, Pairs, Scores


def test_a_column_tells_how_full_it_is(build_records, shoes):
    found = {one["name"]: one for one in describe_columns(build_records(shoes))}
    assert found["title"]["filled"] == 1.0
    assert found["color"]["filled"] == 0.75
    assert found["color"]["values"] == 2
    assert (found["color"]["role"], found["color"]["axis"]) == ("axis", "color")


def test_agreement_tells_same_conflicting_and_unknown_values(build_records, shoes):
    records = build_records(shoes)  # black, unknown, Black, grey in this order
    assert records.axis_values["color"].tolist() == [0, -1, 0, 1]
    pairs = Pairs(np.int32([0, 0, 2]), np.int32([2, 3, 3]))
    scores = Scores(pairs, np.ones((3, 3), np.float32) / 3, np.int8([0, 2, 2]))
    found = {one["name"]: one for one in describe_properties(records, scores, ())}
    assert found["color"]["known"] == 0.75
    assert found["color"]["agreement"] == {
        "exact": {"same": 1.0, "differs": 0.0},
        "variant": None,
        "different": {"same": 0.0, "differs": 1.0},
    }


def test_a_column_of_the_brand_is_told_once(build_records, demo_frame):
    records = build_records(demo_frame)
    scores = Scores(Pairs.from_keys(np.zeros(0, np.int64)), np.zeros((0, 3)), np.zeros(0, np.int8))
    names = [one["name"] for one in describe_properties(records, scores, ["brand"])]
    assert "brand" not in names  # no brand was recognised, and its column is not another property
    names = [one["name"] for one in describe_properties(records, scores, [])]
    assert names.count("brand") == 1


def make_scores(probabilities, relations) -> Scores:
    n = len(relations)
    left = np.arange(0, 2 * n, 2, dtype=np.int32)
    return Scores(Pairs(left, left + 1), np.float32(probabilities), np.int8(relations))


@pytest.fixture
def many(build_records, demo_frame):
    """Records and 100 pairs: 40 exact, 30 variant, 30 different, none with a record in common."""
    p = np.linspace(0.99, 0.51, 40)
    exact = np.stack([p, np.zeros(40), 1 - p], axis=1)
    p = np.linspace(0.99, 0.51, 30)
    variant = np.stack([np.zeros(30), p, 1 - p], axis=1)
    p = np.linspace(0.49, 0.01, 30)
    different = np.stack([np.zeros(30), p, 1 - p], axis=1)
    relations = np.repeat([0, 1, 2], [40, 30, 30])
    unlike = demo_frame.assign(title=demo_frame["title"] + demo_frame["id"])
    return build_records(unlike), make_scores(np.vstack([exact, variant, different]), relations)


def test_examples_are_the_surest_a_usual_one_the_closest_call_and_near_misses(many):
    records, scores = many
    chosen = [(one.relation, one.place, one.pair) for one in choose_examples(scores, records)]
    assert chosen == [
        (0, "sure", 0),
        (0, "usual", 20),
        (0, "close call", 39),
        (1, "sure", 40),
        (1, "usual", 55),
        (1, "close call", 69),
        (2, "near miss", 70),
        (2, "near miss", 71),
        (2, "near miss", 72),
    ]


def test_examples_avoid_equal_titles_and_records_that_were_shown(build_records, demo_frame):
    titles = demo_frame["title"] + demo_frame["id"]
    order = demo_frame.sort_values(["seller", "id"], kind="stable").index
    titles[order[:2]] = "the same"
    records = build_records(demo_frame.assign(title=titles))
    scores = make_scores([[0.99, 0, 0.01], [0.9, 0, 0.1], [0.8, 0, 0.2]], [0, 0, 0])
    chosen = [one.pair for one in choose_examples(scores, records)]
    assert chosen[0] == 1  # the surest has two equal titles
    assert sorted(chosen) == [0, 1, 2]


def test_no_pairs_give_no_examples(build_records, shoes):
    assert choose_examples(make_scores(np.zeros((0, 3)), []), build_records(shoes)) == []


def test_large_weak_and_conflicting_groups_are_odd(build_records, demo_frame):
    records = build_records(demo_frame)
    n = len(records)
    match = np.arange(n, dtype=np.int32)
    match[:5], match[5:8] = 0, 5
    match = np.unique(match, return_inverse=True)[1].astype(np.int32)
    weakest = np.full(n, np.nan, np.float32)
    weakest[:5], weakest[5:8] = 0.9, 0.2
    records.brands[:2], records.brands[2:5], records.brands[5:8] = 3, 4, 4
    odd = {one.kind: one for one in find_oddities(records, Groups(match, match, weakest, {}))}
    assert odd["largest"].groups.tolist() == [0, 1]
    assert (odd["largest"].n_groups, odd["weakest"].n_groups) == (1, 1)
    assert odd["weakest"].groups.tolist() == [1]
    assert odd["weakest"].notes == ("weakest link 20 %",)
    assert odd["brands"].groups.tolist() == [0]
    assert odd["brands"].notes == ("2 brands",)


def test_agreement_looks_at_a_part_of_many_pairs(build_records, shoes):
    records = build_records(shoes)
    n = 3 * MOST_PAIRS
    pairs = Pairs(np.zeros(n, np.int32), np.full(n, 2, np.int32))
    relations = np.zeros(n, np.int8)
    found = describe_properties(records, Scores(pairs, np.zeros((n, 3), np.float32), relations), ())
    assert found[0]["agreement"]["exact"] == {"same": 1.0, "differs": 0.0}
