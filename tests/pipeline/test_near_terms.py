"""Terms of some rows behind those of a new record, beside a slow, obvious version."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.pipeline.near_terms import join_rows, renumber
from matcher.types import Terms, distinct

ROWS = st.lists(st.lists(st.integers(0, 9), max_size=4), min_size=1, max_size=5)


@settings(deadline=None)  # compiling takes longer
@given(ROWS, st.lists(st.integers(0, 12), max_size=4), st.data())
def test_terms_are_joined_and_numbered_by_their_place(rows, own, data):
    indptr = np.concatenate([[0], np.cumsum([*map(len, rows)])])
    terms = np.array([term for row in rows for term in row], np.int32)
    bits = np.arange(len(terms)).astype(np.uint8)
    idf = np.linspace(1, 2, 10).astype(np.float32)
    numbers = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=6))
    joined = join_rows(
        Terms(indptr, terms, bits, idf, is_set=False),
        np.array(numbers, np.int32),
        np.array(own, np.int32),
        np.full(len(own), 7, np.uint32),
    )
    expected = [own, *(rows[number] for number in numbers)]
    assert np.diff(joined.indptr).tolist() == [*map(len, expected)]
    assert joined.terms.tolist() == [term for row in expected for term in row]
    places = [np.arange(indptr[number], indptr[number + 1]) for number in numbers]
    assert joined.axes.tolist() == [7] * len(own) + [place for row in places for place in row]

    used = distinct(joined.terms)
    again = renumber(joined, used, 100)
    assert used[again.terms].tolist() == joined.terms.tolist()
    rarest = np.float32(np.log(101 / 2) + 1)
    assert again.idf.tolist() == [idf[term] if term < 10 else rarest for term in used.tolist()]
