"""Columns of the usual ideas are found by name and read."""

import pyarrow as pa
import pytest

from matcher.records import find_concepts, read_concepts
from matcher.types import Attribute


def test_unused_columns_stand_for_nothing():
    assert find_concepts([Attribute("title", "text", "unused")]) == {}


def test_the_first_column_with_a_value_counts():
    table = pa.table({"title": ["N/A", "a"], "name": ["b", "c"]})
    read = read_concepts(table, {"title": ["title", "name"]})
    assert read["title"].to_pylist() == ["b", "a"]


def test_what_has_no_column_is_missing():
    read = read_concepts(pa.table({"x": ["1"]}), {})
    assert {column.null_count for column in read.columns} == {1}


@pytest.mark.parametrize(
    ("price", "number", "currency"),
    [
        ("$16.19", 16.19, "USD"),
        ("7,30 €", 7.30, "EUR"),
        ("18,75 EUR", 18.75, "EUR"),
        ("eur 5", 5.0, "EUR"),
        ("12 ZŁ", 12.0, "PLN"),
        ("49,500円", 49500.0, "JPY"),
        ("1299.00元", 1299.0, "CNY"),
        ("₩1,200,000", 1200000.0, "KRW"),
        ("1 299,50 \u0440\u0443\u0431.", 1299.5, "RUB"),
        ("₺1.299,00", 1299.0, "TRY"),
        ("14,45", 14.45, None),
        ("unknown", None, None),
    ],
)
def test_prices_are_numbers_with_their_currency(price, number, currency):
    read = read_concepts(pa.table({"price": [price]}), {"price": ["price"]})
    assert read["price"].to_pylist() == [number]
    assert read["currency"].to_pylist() == [currency]


def test_a_currency_column_goes_first():
    table = pa.table({"price": ["$5"], "currency": ["cad"]})
    read = read_concepts(table, {"price": ["price"], "currency": ["currency"]})
    assert read["currency"].to_pylist() == ["CAD"]


@pytest.mark.parametrize(
    ("gtin", "code"),
    [
        ("4006381333931", "4006381333931"),
        ("036000291452", "0036000291452"),
        ("96385074", "96385074"),
        ("4006381333932", None),
        ("0000000000000", None),
    ],
)
def test_gtins_are_valid_or_missing(gtin, code):
    assert read_concepts(pa.table({"ean": [gtin]}), {"gtin": ["ean"]})["gtin"].to_pylist() == [code]
