"""What a label teaches under each set of ignored axes, and what is asked of every pair."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import matcher
from matcher.pipeline.scoring import answered, kinship_questions, taught_questions
from matcher.records import infer_schema, parse_records, read_catalogue
from matcher.settings import Settings
from matcher.types import DIFFERENT, EXACT, RELATIONS, VARIANT, Labels, Pairs

AXES = st.integers(0, 6)


def bits_of(n_axes):
    return st.integers(0, (1 << n_axes) - 1)


@given(AXES)
def test_taught_are_nothing_everything_and_everything_but_one_ignored_each_once(n_axes):
    found = taught_questions(n_axes)
    everything = (1 << n_axes) - 1
    assert len(set(found)) == len(found)
    assert set(found) == {0, everything} | {everything & ~(1 << axis) for axis in range(n_axes)}


@given(AXES.flatmap(lambda n: st.tuples(st.just(n), bits_of(n), bits_of(n))))
def test_whatever_a_family_asks_is_taught(drawn):
    n_axes, one, other = drawn
    asked = kinship_questions(n_axes, one & other, one | other)
    assert set(asked) <= set(taught_questions(n_axes))
    assert bool(asked) == bool(one | other)


@given(AXES.flatmap(lambda n: st.tuples(st.just(n), bits_of(n), bits_of(n))))
def test_ignoring_more_asks_less(drawn):
    n_axes, some, more = drawn
    few, many = kinship_questions(n_axes, some, some), kinship_questions(n_axes, more, more)
    assert not some or set(kinship_questions(n_axes, some | more, some | more)) <= set(few)
    assert not more or few[:1] in ((), many[:1])


@given(st.integers(1, 6).flatmap(lambda n: st.tuples(st.just(n), bits_of(n), bits_of(n))))
def test_every_axis_that_some_record_keeps_is_kept_by_one_question(drawn):
    n_axes, always, more = drawn
    asked = kinship_questions(n_axes, always, always | more | 1)
    kept = [asked[0] & ~question for question in asked[1:]]
    assert kept == [1 << axis for axis in range(n_axes) if not always >> axis & 1]


VALUES = ("red", "blue", None)
SIZES = ("M", "L", None)


@pytest.fixture(scope="module")
def shirts():
    """Return records in each colour and size, known and unknown, and labels of all pairs thrice."""
    frame = pd.DataFrame(
        [(f"{c}-{s}", "Acme Basic shirt", c, s) for c in VALUES for s in SIZES],
        columns=["id", "title", "color", "size"],
    )
    catalogue = read_catalogue([frame])
    records = parse_records(catalogue, infer_schema(catalogue, Settings()), Settings())
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(frame), 1))
    labels = Labels(
        Pairs(np.tile(left, 3), np.tile(right, 3)),
        np.repeat(np.array([EXACT, VARIANT, DIFFERENT], np.int8), len(left)),
    )
    return records, labels


def agree(records, pairs, axis):
    """Return which pairs know one value of an axis on both sides, from the ids."""
    place = ("color", "size").index(axis)
    said = [record_id.split("-")[place] for record_id in records.ids]
    return [
        said[left] == said[right] != "None"
        for left, right in zip(pairs.left, pairs.right, strict=True)
    ]


@pytest.mark.parametrize("said_for", [(), ("color",), ("color", "size")])
def test_every_label_answers_whether_two_records_are_exact(shirts, said_for):
    records, labels = shirts
    places, is_match = answered(records, labels, 0, records.axis_bits(said_for))
    assert places.tolist() == list(range(len(labels.pairs)))
    np.testing.assert_array_equal(is_match, labels.relations == EXACT)


@pytest.mark.parametrize("said_for", [("color",), ("size",), ("color", "size")])
def test_every_label_answers_the_question_that_it_was_given_for(shirts, said_for):
    records, labels = shirts
    ignored = records.axis_bits(said_for)
    places, is_match = answered(records, labels, ignored, ignored)
    assert len(places) == len(labels.pairs)
    np.testing.assert_array_equal(is_match, labels.relations != DIFFERENT)


@pytest.mark.parametrize(
    ("said_for", "asked", "changed", "doubtful"),
    [
        (("color",), ("color", "size"), ["size"], "different"),
        ((), ("color", "size"), ["color", "size"], "different"),
        (("color", "size"), ("color",), ["size"], "variant"),
        (("color", "size"), ("size",), ["color"], "variant"),
    ],
)
def test_a_label_answers_another_question_only_where_the_axes_that_changed_agree(
    shirts, said_for, asked, changed, doubtful
):
    records, labels = shirts
    known = {axis: agree(records, labels.pairs, axis) for axis in changed}
    expected = [
        place
        for place, relation in enumerate(labels.relations)
        if RELATIONS[relation] != doubtful or all(known[axis][place] for axis in changed)
    ]
    bits = records.axis_bits(asked), records.axis_bits(said_for)
    places, is_match = answered(records, labels, *bits)
    assert places.tolist() == expected
    np.testing.assert_array_equal(is_match, labels.relations[places] != DIFFERENT)
    assert 0 < len(expected) < len(labels.pairs)


def test_one_axis_more_and_another_less_doubts_both_kinds_of_labels(shirts):
    records, labels = shirts
    color, size = (records.axis_bits([axis]) for axis in ("color", "size"))
    places, _ = answered(records, labels, size, color)
    taught = dict(zip(places.tolist(), labels.relations[places].tolist(), strict=True))
    by_color = agree(records, labels.pairs, "color")
    by_size = agree(records, labels.pairs, "size")
    for place, relation in enumerate(labels.relations.tolist()):
        needed = {EXACT: True, VARIANT: by_color[place], DIFFERENT: by_size[place]}
        assert (place in taught) == needed[relation]


def relation(one, other, ignore):
    """Return what a person says of two offers who ignores some axes."""
    differs = [axis for axis in ("color", "storage") if one[axis] != other[axis]]
    if one["model"] != other["model"] or not set(differs) <= set(ignore):
        return "different"
    return "variant" if differs else "exact"


@pytest.fixture(scope="module")
def offers():
    """Return offers of two shops with known axes, and all pairs of them."""
    models = ("Acme Nova 5", "Acme Nova 6 Pro", "Bolt Zeta X", "Kite Ray 11")
    rows = [
        {"model": model, "color": color, "storage": storage, "title": f"{model}{kind}"}
        for model in models
        for color in ("black", "white")
        for storage in ("64 GB", "128 GB")
        for kind in ("", " smartphone")
    ]
    frame = pd.DataFrame(rows).assign(id=[f"o{number:02d}" for number in range(len(rows))])
    return frame, list(combinations(frame.to_dict("records"), 2))


def relations(offers, ignore):
    pairs = offers[1]
    said = [(one["id"], other["id"], relation(one, other, ignore)) for one, other in pairs]
    return pd.DataFrame(said, columns=["left_id", "right_id", "relation"])


@pytest.fixture(scope="module")
def model(offers):
    """Return what labels teach that were given with the colour ignored and the storage kept."""
    labels = relations(offers, ["color"])[::3]
    return matcher.train(offers[0].drop(columns="model"), labels, ignore=["color"])


@pytest.mark.parametrize("ignore", [(), ("color",), ("storage",), ("color", "storage")])
def test_labels_given_for_one_set_of_ignored_axes_teach_all_sets(model, offers, ignore):
    expected = relations(offers, ignore)
    pairs = expected[["left_id", "right_id"]]
    frame = offers[0].drop(columns="model")
    found = matcher.score(frame, pairs, model=model, ignore=ignore)["relation"]
    assert (found == expected["relation"]).mean() > 0.95
    if not ignore:
        assert set(found) == {"exact", "different"}
