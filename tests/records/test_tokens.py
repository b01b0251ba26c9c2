import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.records.tokens import kind_of, number_tokens, spell, split_joined, split_tokens
from matcher.types import MODEL, NUMBER, QUANTITY, WORD


def tokens(*values):
    runs = split_tokens(spell(pa.array(values, pa.string())))
    (rows,), lexicon = number_tokens([runs])
    words = [lexicon.words[term] for term in rows.terms]
    return [words[a:b] for a, b in zip(rows.indptr[:-1], rows.indptr[1:], strict=True)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("sony kdl-40 (black)", ["sony", "kdl", "40", "black"]),
        ("15.6 and 1,5 v2.0.1", ["15.6", "and", "1.5", "v2.0.1"]),
        ("1,500 pages 12,345,678", ["1500", "pages", "12345678"]),
        ("end. 5. ,3", ["end", "5", "3"]),
        ("men's levi's", ["mens", "levis"]),
        ("64 gb 64gb 64-gb 64 gigabytes", ["64gb", "64gb", "64gb", "64gb"]),
        ("3 liters 3l 3.0 litre", ["3l", "3l", "3l"]),
        ("15.6 inch 15.6in 15.6 in 15.6-inch", ["15.6inch"] * 4),
        ("2 in 1", ["2", "in", "1"]),
        ("6 x 330 ml 6x330ml", ["6pk", "330ml", "6pk", "330ml"]),
        ("60 x 90 cm", ["60", "x", "90cm"]),
        ("pack of 12 12 pack 12er 12 pcs set of 12", ["12pk"] * 5),
        ("lx-43-m", ["lx", "43", "m"]),
        ("日本 tv", ["日本", "tv"]),
    ],
)
def test_text_is_cut_into_tokens(value, expected):
    assert tokens(value) == [expected]


def test_null_and_empty_have_no_tokens():
    assert tokens(None, "", "a", "...") == [[], [], ["a"], []]


@given(st.lists(st.text(st.sampled_from("ab1 -.,é"), max_size=12), max_size=5))
def test_runs_without_numbers_are_those_of_a_regular_expression(values):
    # The slow, obvious way; numbers with points and commas have their own tests.
    runs = split_tokens(pa.array(values, pa.string()))
    pieces = runs.pieces.to_pylist()
    for value, start, stop in zip(values, runs.indptr[:-1], runs.indptr[1:], strict=True):
        if not re.search(r"\d[.,]\d", value):
            assert pieces[start:stop] == re.findall(r"\w+", value)


@given(st.lists(st.text(st.sampled_from("ab1-/._ "), max_size=12), max_size=5))
def test_joined_runs_are_those_of_a_regular_expression(values):
    runs = split_joined(pa.array(values, pa.string()))
    pieces = runs.pieces.to_pylist()
    for value, start, stop in zip(values, runs.indptr[:-1], runs.indptr[1:], strict=True):
        assert pieces[start:stop] == re.findall(r"[ab1]+(?:[-/._][ab1]+)*", value)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("tv", WORD),
        ("été", WORD),
        ("40", NUMBER),
        ("15.6", NUMBER),
        ("64gb", QUANTITY),
        ("12pk", QUANTITY),
        ("kdl40", MODEL),
        ("121066", MODEL),
    ],
)
def test_tokens_have_kinds(word, kind):
    assert kind_of(word) == kind
