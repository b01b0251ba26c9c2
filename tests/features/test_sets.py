import numpy as np
import pytest
from features_helpers import make_terms
from hypothesis import given
from hypothesis import strategies as st

from matcher.features.sets import (
    SetComparison,
    as_set,
    keep_kinds,
    leave_out,
    rarest_unmatched,
)
from matcher.types import MODEL, NUMBER, WORD, Pairs

N_TERMS = 8
PAIR = Pairs(np.array([0], dtype=np.int32), np.array([1], dtype=np.int32))
ROWS = st.lists(
    st.lists(st.tuples(st.integers(0, N_TERMS - 1), st.integers(0, 3)), max_size=8), max_size=5
)


def of_rows(rows, **options):
    return make_terms(
        [[term for term, _ in row] for row in rows],
        N_TERMS,
        [[bits for _, bits in row] for row in rows],
        **options,
    )


def row(terms, record):
    start, end = terms.indptr[record], terms.indptr[record + 1]
    pairs = zip(terms.terms[start:end].tolist(), terms.axes[start:end].tolist(), strict=True)
    return list(pairs)


@given(ROWS)
def test_a_set_has_each_term_once_with_the_bits_of_all_its_places(rows):
    found = as_set(of_rows(rows, is_set=False))
    assert found.is_set
    for record, given_row in enumerate(rows):
        terms = sorted({term for term, _ in given_row})
        bits = [np.bitwise_and.reduce([b for t, b in given_row if t == term]) for term in terms]
        assert row(found, record) == list(zip(terms, bits, strict=True))


def test_a_set_stays_as_it_is():
    terms = make_terms([[1, 2]], N_TERMS)
    assert as_set(terms) is terms


@given(ROWS, st.integers(0, 3))
def test_terms_of_ignored_axes_are_left_out(rows, ignored):
    found = leave_out(of_rows(rows, is_set=False), ignored)
    for record, given_row in enumerate(rows):
        assert row(found, record) == [pair for pair in given_row if not pair[1] & ignored]


def test_only_wanted_kinds_are_kept():
    kinds = np.array([WORD, NUMBER, MODEL, WORD], dtype=np.uint8)
    terms = make_terms([[0, 1, 2], [], [3]], 4)
    assert [row(keep_kinds(terms, kinds, WORD), record) for record in range(3)] == [
        [(0, 0)],
        [],
        [(3, 0)],
    ]
    assert keep_kinds(terms, kinds).terms.size == 0


def features(rows, *, weights=None, axes=None, ignored=0):
    terms = make_terms(rows, N_TERMS, axes, weights)
    comparison = SetComparison("x", terms, ignored)
    values = comparison.compare(PAIR)[0]
    return dict(zip((name[2:] for name in comparison.names), values.tolist(), strict=True))


def test_overlap_features_of_two_sets():
    found = features([[0, 1, 2], [1, 3]], weights=[1, 2, 3, 4, 0, 0, 0, 0])
    assert found == pytest.approx(
        {
            "jaccard": 1 / 4,
            "weighted_jaccard": 2 / 10,
            "cosine": 4 / np.sqrt(14 * 20),
            "containment_min": 2 / 6,
            "containment_max": 2 / 6,
            "only_min": 1,
            "only_max": 2,
            "only_weight_min": 4,
            "only_weight_max": 4,
            "rarest_only_min": 3,
            "rarest_only_max": 4,
            "rarest_shared": 2,
            "shared": 1,
        }
    )


def test_equal_sets_agree_in_full():
    found = features([[0, 5, 7], [0, 5, 7]], weights=np.linspace(0.1, 7, N_TERMS))
    full = ("jaccard", "weighted_jaccard", "cosine", "containment_min", "containment_max")
    assert [found[name] for name in full] == [1, 1, 1, 1, 1]
    assert [found[name] for name in ("only_max", "only_weight_max", "rarest_only_max")] == [0, 0, 0]


def test_an_empty_side_is_missing_and_not_zero():
    assert all(np.isnan(value) for value in features([[], [1]]).values())
    assert all(np.isnan(value) for value in features([[], []]).values())


def test_a_side_whose_terms_are_all_masked_is_missing():
    found = features([[1], [1, 2]], axes=[[1], [1, 0]], ignored=1)
    assert all(np.isnan(value) for value in found.values())


def test_what_one_side_masks_does_not_exist_on_the_other():
    masked = features([[1, 2], [1, 3]], axes=[[1, 0], [0, 0]], ignored=1)
    assert masked == features([[2], [3]])


def test_terms_without_weight_do_not_exist():
    weights = [0, 1, 1, 1, 1, 1, 1, 1]
    assert features([[0, 1], [0, 2]], weights=weights) == features([[1], [2]], weights=weights)


def test_the_rarest_unmatched_terms_come_from_the_asked_side():
    terms = make_terms([[0, 1, 2], [2, 3]], N_TERMS, weights=[1, 5, 9, 2, 1, 1, 1, 1])
    assert rarest_unmatched(terms, PAIR.left, PAIR.right, 0, 3).tolist() == [[1, 0, -1]]
    assert rarest_unmatched(terms, PAIR.right, PAIR.left, 0, 3).tolist() == [[3, -1, -1]]
