import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.records.missing import SPELLINGS, blank_missing, is_missing


@pytest.mark.parametrize(
    "value",
    [
        "",
        "  ",
        "NaN",
        "None",
        "null",
        "N/A",
        "n/a ",
        "-",
        "--",
        "unknown",
        "Nicht zutreffend",
        "#N/A",
        "<NA>",
        "Does not apply",
        "k.A.",
        "—",
        None,
    ],
)
def test_every_spelling_of_missing_is_null(value):
    assert blank_missing(pa.array([value], pa.string())).to_pylist() == [None]


@pytest.mark.parametrize("value", ["0", "no", "nano", "unknown pleasures", "x" * 100_000])
def test_other_values_stay(value):
    assert blank_missing(pa.array([value])).to_pylist() == [value]


@given(st.lists(st.none() | st.sampled_from([*SPELLINGS, "\u2003NULL\t", "nano"]) | st.text()))
def test_values_that_are_not_looked_at_are_not_missing(values):
    spelled = [value and value.swapcase() for value in values]
    array = pa.array(["x", *values, *spelled], pa.string()).slice(1)
    expected = pc.if_else(is_missing(array), None, array)
    assert blank_missing(array).equals(expected)
