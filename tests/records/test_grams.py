import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.records.grams import N_BUCKETS, grams_of_words, hash_grams
from matcher.records.terms import Rows

WORDS = ["lcd", "tv", "black", "blackberry", "é日", "x"]


def grams(records, bits=None):
    indptr = np.concatenate([[0], np.cumsum([len(r) for r in records])]).astype(np.int64)
    terms = np.array([t for r in records for t in r], dtype=np.int32)
    axes = np.zeros(len(terms), np.uint32) if bits is None else np.array(bits, np.uint32)
    return hash_grams(Rows(indptr, terms), axes, grams_of_words(pa.array(WORDS)))


def sets(found):
    return [
        set(found.terms[a:b].tolist())
        for a, b in zip(found.indptr[:-1], found.indptr[1:], strict=True)
    ]


@settings(deadline=None)  # the first call may compile
@given(st.lists(st.lists(st.integers(0, len(WORDS) - 1), max_size=4), max_size=5))
def test_records_share_as_many_grams_as_a_slow_reference_says(records):
    found = sets(grams(records))
    slow = [
        {f" {WORDS[t]} "[i : i + 3] for t in record for i in range(len(WORDS[t]))}
        for record in records
    ]
    for one, slow_one in zip(found, slow, strict=True):
        for other, slow_other in zip(found, slow, strict=True):
            assert len(one & other) == len(slow_one & slow_other)


def test_grams_do_not_depend_on_the_order_of_the_words():
    one, other = sets(grams([[0, 2], [2, 0]]))
    assert one == other


def test_grams_are_ascending_buckets():
    found = grams([[0, 1, 2], [3]])
    assert found.is_set
    assert found.terms.max() < N_BUCKETS == len(found.idf)
    assert (np.diff(found.terms[: found.indptr[1]]) > 0).all()


def test_a_gram_keeps_only_the_bits_of_all_its_occurrences():
    # "black" is marked, "blackberry" beside it is not: what both have stays unmarked.
    alone = grams([[2]], [1])
    both = grams([[2, 3]], [1, 0])
    assert (alone.axes == 1).all()
    assert set(both.terms[both.axes == 1].tolist()) == sets(alone)[0] - sets(grams([[3]]))[0]
