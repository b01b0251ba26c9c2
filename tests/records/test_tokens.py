import re
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matcher.records.quantities import parse_quantity
from matcher.records.tokens import (
    concatenate_runs,
    kind_of,
    number_tokens,
    spell,
    split_joined,
    split_tokens,
    take_runs,
)
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


@given(st.lists(st.lists(st.text("ab1 -", max_size=6), max_size=4), max_size=3))
def test_joined_and_repeated_runs_hold_the_same_pieces(chunks):
    runs = [split_tokens(pa.array(chunk, pa.string())) for chunk in [[], *chunks]]
    whole = concatenate_runs(runs)
    pieces = [piece for each in runs for piece in each.pieces.to_pylist()]
    assert whole.pieces.to_pylist() == pieces
    assert whole.words.to_pylist() == [*dict.fromkeys(pieces)]
    backwards = take_runs(whole, np.arange(len(whole.indptr) - 1, dtype=np.int32)[::-1])
    cut = [pieces[a:b] for a, b in pairwise(whole.indptr)]
    assert backwards.pieces.to_pylist() == [piece for each in cut[::-1] for piece in each]


@given(st.lists(st.text("ab19.é²gmlx", min_size=1, max_size=6), min_size=1))
@example(["1234", "12345", "1.5", "12.34.5", "12345g", "²g", "1234567890123g"])
def test_the_kinds_of_many_words_are_those_of_each(values):
    _, lexicon = number_tokens([split_tokens(spell(pa.array(values)))])
    assert lexicon.kinds.tolist() == [kind_of(word) for word in lexicon.words]
    found = {place: parse_quantity(word) for place, word in enumerate(lexicon.words)}
    assert lexicon.quantities == {place: each for place, each in found.items() if each}
