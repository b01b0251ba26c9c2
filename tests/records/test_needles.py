import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.records.needles import CONTROL, DIGIT, LETTER, NOT_ASCII, find_holding, literal

NEEDLES = [
    (literal("oz"), "oz"),
    (literal("  "), "  "),
    ((DIGIT, b" ", LETTER), "[0-9] [a-z]"),
    ((DIGIT + b" ", b"x*", DIGIT + b" "), "[0-9 ][x*][0-9 ]"),
    ((CONTROL,), "[\x00-\x1f\x7f]"),
    ((NOT_ASCII,), "[^\x00-\x7f]"),
]


@pytest.mark.parametrize(("needle", "pattern"), NEEDLES)
@given(values=st.lists(st.none() | st.text("ozx* 19é\x00京", max_size=6), max_size=9))
def test_a_needle_is_found_where_a_pattern_finds_it(needle, pattern, values):
    # The first value is cut off: offsets need not begin with 0.
    array = pa.array(["oz 1 x1é\x00", *values], pa.string()).slice(1)
    expected = [place for place, value in enumerate(values) if value and re.search(pattern, value)]
    assert find_holding(array, needle).tolist() == expected


def test_what_begins_in_one_value_and_ends_in_the_next_is_not_held():
    assert find_holding(pa.array(["o", "z", "oz"]), literal("oz")).tolist() == [2]


def test_nothing_holds_anything():
    assert find_holding(pa.array([], pa.string()), literal("oz")).tolist() == []
    assert find_holding(pa.nulls(3, pa.string()), literal("oz")).tolist() == []
    # A null may have bytes: here "oz" is null, and "10 oz" is not.
    buffers = [
        pa.py_buffer(np.array(each, kind)) for each, kind in (([2], "u1"), ([0, 2, 7], "i4"))
    ]
    array = pa.Array.from_buffers(pa.string(), 2, [*buffers, pa.py_buffer(b"oz10 oz")])
    assert array.to_pylist() == [None, "10 oz"]
    assert find_holding(array, literal("oz")).tolist() == [1]
