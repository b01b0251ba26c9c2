import features_reference as reference
import numpy as np
from features_helpers import make_terms
from hypothesis import given
from hypothesis import strategies as st

from matcher.features.kernels import (
    dimensions_of_pairs,
    overlaps,
    shared_squares,
    squares,
    term_margins,
    unmatched,
)

N_TERMS = 12
WEIGHTS = st.lists(
    st.one_of(st.just(0.0), st.floats(0.5, 9, width=16)), min_size=N_TERMS, max_size=N_TERMS
)
IGNORED = st.integers(0, 7)


@st.composite
def two_sets(draw):
    """Two records with sorted terms and axis bits."""
    rows = [sorted(draw(st.sets(st.integers(0, N_TERMS - 1)))) for _ in range(2)]
    bits = [draw(st.lists(st.integers(0, 3), min_size=len(r), max_size=len(r))) for r in rows]
    return make_terms(rows, N_TERMS, bits, draw(WEIGHTS))


def one_pair(terms):
    sides = np.array([0], dtype=np.int32), np.array([1], dtype=np.int32)
    return terms.indptr, terms.terms, terms.axes, terms.idf, *sides


@given(two_sets(), IGNORED)
def test_overlaps_are_those_of_plain_sets(terms, ignored):
    found = overlaps(*one_pair(terms), np.uint32(ignored))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found[0], reference.overlaps(terms, 0, 1, ignored), rtol=1e-5)


def test_pairs_in_any_order_overlap_as_each_does_alone():
    rng = np.random.default_rng(0)
    rows = [sorted(rng.choice(40, size, replace=False)) for size in (5, 0, 17, 3, 30, 1)]
    bits = [rng.integers(0, 4, len(row)) for row in rows]
    terms = make_terms(rows, 40, bits, rng.random(40) * (rng.random(40) < 0.8))
    sets = terms.indptr, terms.terms, terms.axes, terms.idf
    left, right = rng.integers(0, len(rows), (2, 200)).astype(np.int32)
    together = overlaps(*sets, left, right, np.uint32(1))
    for pair in range(len(left)):
        alone = overlaps(*sets, left[[pair]], right[[pair]], np.uint32(1))
        np.testing.assert_array_equal(together[pair], alone[0])


@given(two_sets())
def test_squares_are_those_of_the_overlaps(terms):
    indptr, numbers, axes, idf, left, right = one_pair(terms)
    found = overlaps(indptr, numbers, axes, idf, left, right, np.uint32(0))[0]
    shared = shared_squares(indptr, numbers, idf, left, right)
    np.testing.assert_array_equal(shared, found[8:9])
    np.testing.assert_allclose(squares(indptr, numbers, idf), found[6:8], rtol=1e-6)


def test_pairs_in_any_order_share_what_they_overlap_in():
    rng = np.random.default_rng(0)
    rows = [sorted(rng.choice(40, size, replace=False)) for size in (5, 0, 17, 3, 30, 1)]
    terms = make_terms(rows, 40, None, rng.random(40) * (rng.random(40) < 0.8))
    left, right = rng.integers(0, len(rows), (2, 200)).astype(np.int32)
    found = overlaps(terms.indptr, terms.terms, terms.axes, terms.idf, left, right, np.uint32(0))
    shared = shared_squares(terms.indptr, terms.terms, terms.idf, left, right)
    np.testing.assert_array_equal(shared, found[:, 8])


@given(two_sets())
def test_equal_sets_weigh_exactly_the_same(terms):
    weights = terms.indptr, terms.terms, terms.axes, terms.idf
    same = np.array([0], dtype=np.int32)
    row = overlaps(*weights, same, same, np.uint32(0))[0]
    assert row[3] == row[4] == row[5]
    assert row[6] == row[7] == row[8]


@given(two_sets(), IGNORED, st.integers(1, 4))
def test_unmatched_terms_are_the_heaviest_first(terms, ignored, n_best):
    found = unmatched(*one_pair(terms), np.uint32(ignored), n_best)[0]
    chosen = [term for term in found if term >= 0]
    assert sorted(found >= 0, reverse=True) == list(found >= 0)
    assert len(set(chosen)) == len(chosen)
    weights = [float(terms.idf[term]) for term in chosen]
    assert weights == reference.unmatched(terms, 0, 1, ignored, n_best)


def test_unmatched_terms_of_equal_weight_come_in_their_order():
    terms = make_terms([[1, 3, 5], [3]], 6)
    found = unmatched(*one_pair(terms), np.uint32(0), 3)
    assert found.tolist() == [[1, 5, -1]]


@given(two_sets(), IGNORED, st.lists(st.integers(0, 63), min_size=N_TERMS, max_size=N_TERMS))
def test_dimensions_are_those_of_plain_sets(terms, ignored, dimension_of):
    terms = make_terms(
        [terms.terms[: terms.indptr[1]].tolist(), terms.terms[terms.indptr[1] :].tolist()],
        N_TERMS,
        [terms.axes[: terms.indptr[1]].tolist(), terms.axes[terms.indptr[1] :].tolist()],
    )
    sides = np.array([0], dtype=np.int32), np.array([1], dtype=np.int32)
    dimension_of = np.array(dimension_of, dtype=np.int32)
    found = dimensions_of_pairs(
        terms.indptr, terms.terms, terms.axes, dimension_of, *sides, np.uint32(ignored)
    )[0]
    as_sets = [{bit for bit in range(64) if int(bits) >> bit & 1} for bits in found]
    assert as_sets == reference.dimensions(terms, dimension_of, 0, 1, ignored)


@given(two_sets(), IGNORED)
def test_term_margins_are_sums_over_plain_sets(terms, ignored):
    shared = np.linspace(-3, 3, N_TERMS, dtype=np.float32)
    only = np.linspace(5, -1, N_TERMS, dtype=np.float32)
    indptr, numbers, axes, _, left, right = one_pair(terms)
    found = term_margins(indptr, numbers, axes, shared, only, left, right, np.uint32(ignored))
    every = make_terms(
        [numbers[: indptr[1]].tolist(), numbers[indptr[1] :].tolist()],
        N_TERMS,
        [axes[: indptr[1]].tolist(), axes[indptr[1] :].tolist()],
    )
    one, other = reference.visible(every, 0, 1, ignored)
    expected = sum(shared[list(one & other)]) + sum(only[list(one ^ other)])
    np.testing.assert_allclose(found, [expected], atol=1e-4)
