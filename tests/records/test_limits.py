from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.records.limits import confirm_vague, limits_of
from matcher.types import any_differs

SIZES = ["m", "l", "eu 42", "eu 43", "us 9", "38", "3-4 years", "one size", "queen"]
COLORS = ["navy", "sky blue", "blue", "red", "wine red", "kalahari", "kalahari sand"]
FABRICS = ["cotton", "cotton twill", "silk"]
AXES = [("size", SIZES), ("color", COLORS), ("category", FABRICS), ("quantity", ["64", "128"])]


def conflicts(kind, names, values):
    """Return which of all pairs of values conflict, as a matrix."""
    limits = limits_of(np.array(values, np.int32), names, kind)
    assert limits.dtype == np.int32
    assert limits.shape[1] == len(values)
    left, right = np.indices((len(values), len(values))).reshape(2, -1)
    return any_differs(limits, left, right).reshape(len(values), len(values))


def conflict(kind, names, first, second):
    values = [names.index(first), names.index(second)]
    return bool(conflicts(kind, names, values)[0, 1])


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("navy", "sky blue", True),
        ("navy", "blue", False),
        ("sky blue", "blue", False),
        ("navy", "red", True),
        ("blue", "red", True),
        ("wine red", "red", False),
        ("wine red", "blue", True),
        ("kalahari", "red", True),
    ],
)
def test_shades_conflict_with_other_shades_and_not_with_their_base(first, second, expected):
    assert conflict("color", COLORS, first, second) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("m", "l", True),
        ("eu 42", "eu 43", True),
        ("eu 42", "us 9", False),
        ("eu 42", "m", False),
        ("38", "eu 42", False),
        ("one size", "m", False),
        ("queen", "m", False),
    ],
)
def test_sizes_conflict_inside_one_system_alone(first, second, expected):
    assert conflict("size", SIZES, first, second) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("cotton", "cotton twill", False), ("cotton", "silk", True), ("cotton twill", "silk", True)],
)
def test_a_value_conflicts_with_others_but_not_with_one_that_it_is_nested_in(
    first, second, expected
):
    assert conflict("category", FABRICS, first, second) is expected


@settings(deadline=None)
@given(st.sampled_from(AXES), st.data())
def test_conflicts_are_symmetric_and_neither_a_value_with_itself_nor_one_unknown(axis, data):
    kind, names = axis
    count = st.integers(-1 - (kind not in ("size", "quantity")) * len(names), len(names) - 1)
    values = np.array(data.draw(st.lists(count, min_size=1, max_size=8)), np.int32)
    found = conflicts(kind, names, values)
    assert (found == found.T).all()
    assert not found[np.equal.outer(values, values)].any()
    assert not found[values == -1].any()


def test_amounts_are_equal_or_conflict_and_what_is_vague_is_unknown():
    names = ["64", "128"]
    values = [0, 1, -1, -2]
    known = [(0, 1), (1, 0)]
    found = conflicts("quantity", names, values)
    assert [(a, b) for a, b in product(range(4), repeat=2) if found[a, b]] == known


def test_a_vague_value_may_be_any_longer_one_and_is_no_other():
    names = ["wine red", "red", "blue"]
    vague = -2 - names.index("red")
    found = conflicts("color", names, [vague, 0, 1, 2])
    assert found[0].tolist() == [False, False, False, True]


def test_a_vague_value_without_a_longer_one_says_nothing():
    assert not conflicts("color", ["black", "white"], [-2, 0, 1])[0].any()


def test_an_axis_without_values_has_no_conflicts():
    for kind in ("size", "color", "category", "quantity"):
        assert not conflicts(kind, [], [-1, -1]).any()


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-4, 2), st.integers(-1, 2)), max_size=10))
def test_a_vague_value_is_sure_where_its_core_has_other_values_too(records):
    said = {}
    for value, core in records:
        if value != -1:
            said.setdefault(core, set()).add(value if value >= 0 else -2 - value)
    expected = [
        -2 - value if value < -1 and core >= 0 and len(said[core]) > 1 else value
        for value, core in records
    ]
    values = np.array([value for value, _ in records], np.int32)
    before = values.copy()
    cores = np.array([core for _, core in records], np.int64)
    assert confirm_vague(values, cores).tolist() == expected
    assert (values == before).all()
