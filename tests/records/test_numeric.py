import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.records.numeric import decimal_sign, parse_number, parse_numbers


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1,234.56", 1234.56),
        ("1.234,56", 1234.56),
        ("1 234,56 zl", 1234.56),
        ("1'234.50 chf", 1234.5),
        ("$1,299", 1299),
        ("36 98 usd", 36.98),
        ("usd 427 75", 427.75),
        ("29 00 chf", 29),
        ("1.234.567", 1234567),
        ("7,5", 7.5),
        ("9.59e2", 959),
        ("-3.5 eur", -3.5),
        ("12.", 12),
        ("1469.464075", 1469.464075),
        ("0", 0),
    ],
)
def test_numbers_are_read_in_any_notation(value, expected):
    assert parse_number(value) == pytest.approx(expected)


@pytest.mark.parametrize("value", ["", "free", "n/a", "9e999"])
def test_what_is_no_number_is_nan(value):
    assert math.isnan(parse_number(value))


def test_the_column_decides_where_a_value_is_ambiguous():
    assert parse_numbers(pa.array(["1.299", "7,50"])).tolist() == [1299, 7.5]
    assert parse_numbers(pa.array(["1.299", "7.50"])).tolist() == [1.299, 7.5]
    assert parse_numbers(pa.array(["1,299", "7,50"])).tolist() == [1.299, 7.5]
    assert parse_numbers(pa.array(["1,299"])).tolist() == [1299]


def test_the_majority_wins():
    assert decimal_sign(["1,5", "1.5", "2.5", "1,000"]) == "."


@given(st.decimals(0, 10**7, places=2))
def test_american_and_european_spellings_are_one_number(amount):
    american = f"{amount:,.2f}"
    european = american.translate(str.maketrans(",.", ".,"))
    assert parse_number(american) == parse_number(european) == float(amount)


@given(st.lists(st.text("0123456789.,- e'", min_size=1, max_size=9), max_size=9))
def test_numbers_of_many_values_are_those_of_each(values):
    decimal = decimal_sign(dict.fromkeys(values))
    one_by_one = [parse_number(value, decimal) for value in values]
    found = parse_numbers(pa.array(values, pa.string()))
    assert [str(one) for one in found] == [str(np.float64(one)) for one in one_by_one]


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_nan(value):
    assert isinstance(parse_number(value.lower()), float)
