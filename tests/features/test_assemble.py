import numpy as np
import pandas as pd
import pytest
from features_helpers import (
    all_pairs,
    comparisons,
    feature,
    make_terms,
    offers,
    pair_of,
    parse,
    swapped,
)
from hypothesis import given
from hypothesis import strategies as st

from matcher.features.assemble import LONG, _is_long
from matcher.types import Pairs


@pytest.fixture(scope="module")
def records():
    return offers()


@pytest.fixture(scope="module", params=[(), ("color",), ("color", "storage")], ids=str)
def parts(request, records):
    return comparisons(records, request.param)


def test_every_feature_has_one_name(records, parts):
    assert len(set(parts.names)) == len(parts.names)
    assert parts.compare(all_pairs(records)).shape == (45, len(parts.names))


def test_features_are_float32_and_finite_or_missing(records, parts):
    found = parts.compare(all_pairs(records))
    assert found.dtype == np.float32
    assert not np.isinf(found).any()


def test_sides_of_a_pair_can_be_swapped(records, parts):
    pairs = all_pairs(records)
    np.testing.assert_array_equal(parts.compare(pairs), parts.compare(swapped(pairs)))


@pytest.mark.parametrize("size", [1, 7])
def test_chunks_do_not_change_features(records, parts, size):
    pairs = all_pairs(records)
    chunks = [parts.compare(chunk) for chunk in pairs.chunks(size)]
    np.testing.assert_array_equal(parts.compare(pairs), np.concatenate(chunks))


def test_no_pairs_have_no_features(parts):
    nothing = Pairs(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))
    assert parts.compare(nothing).shape == (0, len(parts.names))


def test_names_do_not_depend_on_what_is_ignored(records, parts):
    assert parts.names == comparisons(records).names


def test_ignoring_an_axis_that_the_catalogue_lacks_changes_nothing(records):
    pairs = all_pairs(records)
    np.testing.assert_array_equal(
        comparisons(records, ["shade"]).compare(pairs), comparisons(records).compare(pairs)
    )


def test_a_pair_that_differs_in_ignored_values_alone_is_equal_under_them():
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "title": ["Trail shoe red", "Trail shoe blue", "Office lamp green"],
            "color": ["red", "blue", "green"],
        }
    )
    records = parse(frame)
    pair = pair_of(records, "a", "b")
    for name in ("title_jaccard", "whole_cosine", "soft_cover_min", "title_ratio"):
        assert feature(comparisons(records, ["color"]), name, pair)[0] == 1
    assert feature(comparisons(records), "kept_axes_conflict", pair)[0] == 1
    masked = comparisons(records, ["color"])
    assert feature(masked, "kept_axes_conflict", pair)[0] == 0
    assert feature(masked, "ignored_axes_conflict", pair)[0] == 1


def test_a_missing_value_is_missing_and_not_zero(records):
    parts, pair = comparisons(records), pair_of(records, "o00", "o04")  # title and price missing
    missing = ["title_jaccard", "title_ratio", "whole_cosine", "price_ratio", "gtin_equal"]
    for name in missing:
        assert np.isnan(feature(parts, name, pair)[0]), name


def test_an_offer_attribute_other_than_the_price_is_no_feature():
    frame = pd.DataFrame(
        {"id": ["a", "b"], "title": ["red shoe", "blue shoe"], "stock": ["3", "4"], "price": [1, 2]}
    )
    assert not any("stock" in name for name in comparisons(parse(frame)).names)


def test_vectors_add_their_cosine(records):
    vectors = np.eye(len(records), 4, dtype=np.float32)
    parts = comparisons(records, vectors={"semantic": vectors})
    found = feature(parts, "semantic_cosine", Pairs(np.array([0, 0]), np.array([1, 9])))
    np.testing.assert_array_equal(found, [0, np.nan])


def test_features_do_not_depend_on_the_order_of_the_rows():
    frame = pd.DataFrame(
        {"id": list("abcd"), "title": ["red shoe 42", "red shoe 43", "blue lamp", "blue lamps"]}
    )
    records, shuffled = parse(frame), parse(frame.iloc[::-1].reset_index(drop=True))
    for pair in ("ab", "cd", "ac"):
        np.testing.assert_array_equal(
            comparisons(records).compare(pair_of(records, *pair)),
            comparisons(shuffled).compare(pair_of(shuffled, *pair)),
        )


@given(st.lists(st.integers(0, 30), max_size=9))
def test_texts_are_long_by_the_median_of_those_that_there_are(lengths):
    filled = [length for length in lengths if length]
    expected = bool(filled) and np.median(filled) > LONG
    assert _is_long(make_terms([[0] * length for length in lengths], 1, is_set=False)) == expected
