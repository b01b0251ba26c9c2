from itertools import chain

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.records.terms import Rows, concatenate, finish, indptr_of, sets_of

RECORDS = st.lists(st.lists(st.integers(0, 9), max_size=4), min_size=3, max_size=3)


def rows(records):
    return Rows(
        indptr_of(np.array([len(r) for r in records])),
        np.array([t for r in records for t in r], dtype=np.int32),
    )


def lists(found):
    return [
        found.terms[a:b].tolist() for a, b in zip(found.indptr[:-1], found.indptr[1:], strict=True)
    ]


@given(st.lists(RECORDS, min_size=1, max_size=3))
def test_concatenated_rows_hold_the_parts_in_order(parts):
    found = concatenate([rows(part) for part in parts])
    assert lists(found) == [list(chain(*record)) for record in zip(*parts, strict=True)]


@given(RECORDS)
def test_sets_are_ascending_and_unique(records):
    given_rows = rows(records)
    found = sets_of(given_rows.owners(), given_rows.terms, 3)
    assert lists(found) == [sorted(set(record)) for record in records]


def test_idf_counts_records_not_occurrences():
    found = finish(rows([[0, 0], [1], [0]]), 3, is_set=False)
    assert np.allclose(found.idf, np.log(4 / np.array([3, 2, 1])) + 1)
    assert found.idf.dtype == np.float32
    assert found.axes.tolist() == [0, 0, 0, 0]
