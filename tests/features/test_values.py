import numpy as np
import pytest
from features_helpers import make_terms
from hypothesis import given
from hypothesis import strategies as st

from matcher.features.values import (
    BrandInTitle,
    Categories,
    Forms,
    Numbers,
    Quantities,
    Vectors,
    log_ratio,
)
from matcher.types import Pairs

PAIR = Pairs(np.array([0], dtype=np.int32), np.array([1], dtype=np.int32))


def ints(*values):
    return np.array(values, dtype=np.int32)


@pytest.mark.parametrize(("left", "right", "expected"), [(3, 3, 1), (3, 4, 0), (3, -1, np.nan)])
def test_forms_agree_conflict_or_are_missing(left, right, expected):
    np.testing.assert_array_equal(Forms("x", ints(left, right)).compare(PAIR), [[expected]])


@given(st.floats(allow_nan=True, allow_infinity=False), st.floats(allow_infinity=False))
def test_a_ratio_is_symmetric_capped_and_of_positive_numbers(left, right):
    values = np.array([left, right])
    found = log_ratio(values, PAIR)
    np.testing.assert_array_equal(found, log_ratio(values[::-1], PAIR))
    if left > 0 and right > 0:
        assert 0 <= found[0] <= 5
        assert found[0] == 0 or left != right
    else:
        assert np.isnan(found[0])


def test_double_the_price_is_the_logarithm_of_two():
    found = Numbers("price_ratio", np.array([10.0, 20.0])).compare(PAIR)
    assert found[0, 0] == pytest.approx(np.log(2))


def test_categories_are_counted_as_equal_conflicting_or_unknown():
    forms = np.array([[1, 1], [1, 2], [1, -1], [-1, -1]], dtype=np.int32)
    assert Categories("axes", forms).compare(PAIR).tolist() == [[1, 1, 2]]


def test_no_categories_count_nothing():
    assert Categories("axes", np.zeros((0, 2), np.int32)).compare(PAIR).tolist() == [[0, 0, 0]]


# Quantities 0 and 1 are of dimension 0, 2 and 3 are packs.
DIMENSIONS = ints(0, 0, 1, 1)


def quantities(left, right, *, pack=1, axes=None, ignored=0):
    comparison = Quantities(make_terms([left, right], 4, axes), DIMENSIONS, pack, ignored)
    assert len(comparison.names) == 4
    return comparison.compare(PAIR)[0].tolist()


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ([0], [0], [1, 0, 0, 0]),
        ([0], [1], [0, 1, 0, 0]),
        ([0, 1], [1], [1, 0, 0, 0]),
        ([0], [], [0, 0, 1, 0]),
        ([], [], [0, 0, 0, 0]),
        ([0, 2], [0, 3], [1, 1, 0, 1]),
    ],
)
def test_dimensions_agree_conflict_or_are_one_sided(left, right, expected):
    assert quantities(left, right) == expected


def test_a_pack_on_one_side_only_is_a_difference_of_packs():
    assert quantities([2], []) == [0, 0, 1, 1]
    assert quantities([2], [], pack=-1) == [0, 0, 1, 0]


def test_quantities_of_an_ignored_axis_do_not_exist():
    assert quantities([0], [1], axes=[[1], [1]], ignored=1) == [0, 0, 0, 0]


def test_the_cosine_of_vectors_is_missing_where_there_is_no_text():
    vectors = np.array([[1, 0], [0.6, 0.8], [0, 0]], dtype=np.float32)
    pairs = Pairs(ints(0, 0), ints(1, 2))
    found = Vectors("semantic_cosine", vectors).compare(pairs)[:, 0]
    np.testing.assert_allclose(found, [0.6, np.nan], rtol=1e-6)


def test_brands_agree_and_their_shares_are_known():
    brands = BrandInTitle(ints(0, 1, -1), np.array([0.25, 0.5], dtype=np.float32))
    found = brands.compare(Pairs(ints(0, 0, 0), ints(0, 1, 2)))
    np.testing.assert_array_equal(
        found, [[1, 0.25, 0.25], [0, 0.25, 0.5], [np.nan, np.nan, np.nan]]
    )
