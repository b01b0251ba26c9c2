"""The lookup finds the rows that share the rarest words, whatever the texts are."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.blocking import build_lookup
from matcher.blocking.lookup import _heaviest

TITLES = ["Apple iPhone 8 64GB", "Apple iPhone X 64GB", "Bosch GSR 12V drill", None, "Sony LX43M"]


def texts(values):
    return [pa.array(values, pa.string())]


@pytest.mark.parametrize(
    ("title", "row"),
    [
        ("BOSCH drill", 2),
        ("apple iphone x", 1),
        ("iphone 8 64 gb", 0),
        ("sony lx-43m", 4),
    ],
)
def test_the_row_with_the_same_words_comes_first(title, row):
    assert build_lookup(texts(TITLES)).nearest([title], 3)[0] == row


def test_words_that_mix_letters_and_digits_are_found_by_their_parts():
    lookup = build_lookup(texts(["phone 64GB", "phone 128GB", "phone 256GB"]))
    assert lookup.nearest(["phone 128 GB"], 3)[0] == 1


@pytest.mark.parametrize("title", [None, "", "---", "unknown"])
def test_what_shares_no_word_finds_nothing(title):
    assert len(build_lookup(texts(TITLES)).nearest([title], 3)) == 0


def test_an_empty_catalogue_finds_nothing():
    assert len(build_lookup(texts([])).nearest(["Sony"], 3)) == 0
    assert len(build_lookup([]).nearest(["Sony"], 3)) == 0


def test_a_word_that_all_have_costs_no_more_than_the_limit():
    lookup = build_lookup(texts(["common word"] * 100_000))
    found = lookup.nearest(["common"], 10)
    assert len(found) == len(set(found.tolist())) == 10


def similarities(rows, title):
    """Return the cosine of every row with a title but for the title's own length, slowly."""
    lookup, single = build_lookup(texts(rows)), build_lookup(texts([title]))
    is_shared = np.isin(lookup.words, single.words)
    found = []
    for row in range(len(rows)):
        terms = lookup.terms[lookup.indptr[row] : lookup.indptr[row + 1]]
        squares = lookup.idf[terms].astype(np.float64) ** 2
        length = max(np.sqrt(squares.sum()), 1e-6)
        found.append(round(float(squares[is_shared[terms]].sum() / length), 3))
    return found


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.text("abc1 -", max_size=12), min_size=1, max_size=12), st.text("abc1 ", max_size=8)
)
def test_it_finds_what_a_slow_search_finds(rows, title):
    found = build_lookup(texts(rows)).nearest([title], 5)
    every = similarities(rows, title)
    best = sorted((one for one in every if one), reverse=True)[:5]
    assert [every[row] for row in found.tolist()] == best


@pytest.mark.parametrize("n_most", [1, 7, 400])
def test_the_heaviest_rows_are_those_of_a_sort_of_all(n_most):
    random = np.random.default_rng(n_most)
    rows = random.permutation(3000).astype(np.int32)
    weights = random.choice(random.gamma(2, 9, 60).astype(np.float32), 3000)
    expected = rows[np.lexsort((rows, -weights))[:n_most]]
    assert sorted(_heaviest(rows, weights, n_most).tolist()) == sorted(expected.tolist())
