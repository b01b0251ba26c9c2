"""Axis values in titles whose column is empty."""

import pandas as pd
import pytest

from matcher.records import infer_schema, parse_records, read_catalogue
from matcher.settings import Settings


def parse(rows, columns=("id", "title", "color", "size")):
    frame = pd.DataFrame(rows, columns=columns)
    catalogue = read_catalogue([frame])
    return parse_records(catalogue, infer_schema(catalogue, Settings()), Settings())


def values(records, axis):
    """Axis values by id, as the id of the first record with the same value."""
    first = {}
    return {
        record: first.setdefault(form, record) if form >= 0 else None
        for record, form in zip(records.ids, records.axis_values[axis].tolist(), strict=True)
    }


def masked(records, number):
    start, stop = records.title.indptr[number : number + 2]
    bits = records.title.axes[start:stop].tolist()
    words = records.vocabulary.words.to_pylist()
    return [words[t] for t, b in zip(records.title.terms[start:stop], bits, strict=True) if b]


TAUGHT = [
    ("t1", "Trail shoe", "Dark Blue", "42"),
    ("t2", "Trail shoe", "Red", "43"),
    ("t3", "Basic shirt", "Grey", "M"),
    ("t4", "Basic shirt", "Red", "XL"),
]


@pytest.mark.parametrize(
    ("title", "color", "size"),
    [
        ("Trail shoe - Dark Blue, 42", "t1", "t1"),
        ("Dark Blue trail shoe", "t1", None),
        ("Basic shirt (gray / x-large)", "t3", None),
        ("Basic shirt XL red", "t2", "t4"),
        ("Basic shirt, red size M", "t2", "t3"),
        ("Basic shirt EU 42", None, "t1"),
        ("42 shoe laces", None, None),
        ("Model M keyboard", None, None),
        ("Trail shoe", None, None),
    ],
)
def test_values_that_columns_teach_are_found_in_titles(title, color, size):
    records = parse([*TAUGHT, ("z", title, None, None)])
    assert values(records, "color")["z"] == color
    assert values(records, "size")["z"] == size


def test_the_column_goes_before_the_title():
    records = parse([*TAUGHT, ("z", "Red Devils trail shoe", "Grey", None)])
    assert values(records, "color")["z"] == "t3"


def test_found_values_are_masked_and_other_words_are_not():
    records = parse([*TAUGHT, ("z", "Trail shoe - Dark Blue, 42", None, None)])
    assert masked(records, 4) == ["dark", "blue", "42"]


def test_a_value_that_is_mostly_part_of_longer_ones_is_masked_but_unknown():
    taught = [("a", "Phone", "Pearl Black", None), ("b", "Phone", "Jet Black", None)]
    records = parse([*taught, ("c", "Phone", "Black", None), ("z", "Phone onyx black", None, None)])
    assert values(records, "color")["z"] is None
    assert masked(records, 3) == ["black"]


def test_a_catalogue_without_axes_in_columns_and_titles_has_none():
    records = parse([("a", "Running shoe"), ("b", "Walking shoe")], columns=("id", "title"))
    assert records.axes == ()
    assert not records.title.axes.any()


@pytest.mark.parametrize(
    ("title", "color"),
    [
        ("Trail shoe, silver", "silver"),
        ("Trail shoe gold", "gold"),
        ("Trail shoe (Orange)", "orange"),
        ("Gold standard protein", None),
        ("Orange mobile case", None),
        ("Silver spoon set", None),
    ],
)
def test_words_that_are_often_something_else_are_colors_at_the_end_of_a_title(title, color):
    known = [("silver", "Vase, silver"), ("gold", "Vase, gold"), ("orange", "Vase, orange")]
    records = parse([*known, ("z", title)], columns=("id", "title"))
    assert values(records, "color")["z"] == color


def test_what_a_column_teaches_is_a_color_wherever_it_stands():
    taught = [*TAUGHT, ("t5", "Trail shoe", "Gold", "44")]
    records = parse([*taught, ("z", "Gold trail shoe", None, None)])
    assert values(records, "color")["z"] == "t5"
