"""Axes are compared by role: a colour that is ignored counts beside the kept size, not as it."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from features_helpers import all_pairs, comparisons, feature, parse, record_number, swapped

from matcher.features.axes import Axes, AxisTable
from matcher.types import Pairs

PARTS = ("equal", "near", "conflict", "one_sided", "unknown")
COLORS = ["navy", "Blue", "blau", "red", None]
SIZES = ["M", "medium", "L", "EU 42", None]
# What two values are to each other, where it is neither "equal" to itself nor a conflict.
NEAR = [{"navy", "Blue"}, {"navy", "blau"}, *({"EU 42", letter} for letter in ("M", "medium", "L"))]
EQUAL = [{"Blue", "blau"}, {"M", "medium"}]


def relation(one, other):
    if one is None or other is None:
        return "unknown" if one is other else "one_sided"
    if one == other or {one, other} in EQUAL:
        return "equal"
    return "near" if {one, other} in NEAR else "conflict"


@pytest.fixture(scope="module")
def frame():
    values = list(product(COLORS, SIZES))
    return pd.DataFrame(values, columns=["color", "size"]).assign(
        id=[f"o{number:02d}" for number in range(len(values))], title="Acme trail shoe"
    )


@pytest.fixture(scope="module")
def records(frame):
    return parse(frame)


def expected(frame, records, axes):
    """Count the relations of all pairs, one value after the other."""
    rows = frame.set_index("id").loc[records.ids]
    pairs = all_pairs(records)
    counts = np.zeros((len(pairs), len(PARTS)))
    for axis in axes:
        values = [None if pd.isna(value) else value for value in rows[axis]]
        for number, (left, right) in enumerate(zip(pairs.left, pairs.right, strict=True)):
            counts[number, PARTS.index(relation(values[left], values[right]))] += 1
    return counts


@pytest.mark.parametrize("ignored", [(), ("color",), ("size",), ("color", "size")])
def test_every_axis_counts_as_one_of_five_in_its_role(frame, records, ignored):
    pairs = all_pairs(records)
    kept = [axis for axis in records.axes if axis not in ignored]
    counting = Axes(AxisTable.of(records), records.axis_bits(ignored))
    found = counting.compare(pairs)
    wanted = [expected(frame, records, axes) for axes in (kept, ignored)]
    np.testing.assert_array_equal(found, np.concatenate(wanted, axis=1))
    np.testing.assert_array_equal(found, counting.compare(swapped(pairs)))
    assert found.dtype == np.float32


@pytest.mark.parametrize("ignored", [(), ("color",), ("size",), ("color", "size")])
def test_each_role_counts_its_own_axes(frame, records, ignored):
    parts, pairs = comparisons(records, ignored), all_pairs(records)
    kept = [axis for axis in ("color", "size") if axis not in ignored]
    for role, axes in (("kept_axes", kept), ("ignored_axes", ignored)):
        counts = expected(frame, records, axes)
        for number, part in enumerate(PARTS):
            found = feature(parts, f"{role}_{part}", pairs)
            np.testing.assert_array_equal(found, counts[:, number])


def test_no_axis_gives_its_name_to_a_feature(records):
    names = comparisons(records, ["color"]).names
    assert not any(axis in name for name in names for axis in ("color", "size"))


def test_a_vague_value_is_near_and_never_equal():
    colors = [None, None, "wine red", "red", "blue"]
    titles = ["Note red", "Note red", "Note 5", "Note 6", "Note 7"]
    records = parse(pd.DataFrame({"id": list("abcde"), "title": titles, "color": colors}))
    counts = {
        other: Axes(AxisTable.of(records), 0).compare(
            Pairs(
                np.array([record_number(records, "a")], np.int32),
                np.array([record_number(records, other)], np.int32),
            )
        )[0, :5]
        for other in "bcde"
    }
    relations = {other: PARTS[int(count.argmax())] for other, count in counts.items()}
    assert relations == {"b": "near", "c": "near", "d": "near", "e": "conflict"}
