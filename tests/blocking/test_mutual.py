import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from matcher.blocking.equal import Hits
from matcher.blocking.mutual import nearest_between, nearest_within


def made_rows(n_rows: int, seed: int) -> sparse.csr_matrix:
    """Return rows whose products are exact, so that many are equal."""
    random = np.random.default_rng(seed)
    dense = random.integers(1, 4, (n_rows, 12)) * (random.random((n_rows, 12)) < 0.3)
    return sparse.csr_matrix(dense.astype(np.float32))


def best_first(products: np.ndarray, k: int) -> list[list[tuple[int, float]]]:
    """Return the slow, obvious answer: the first of equal ones, each with its product."""
    order = [np.lexsort((np.arange(len(row)), -row))[:k] for row in products]
    return [
        sorted((int(j), float(row[j])) for j in some if row[j] > 0)
        for some, row in zip(order, products, strict=True)
    ]


def by_query(hits: Hits, n_rows: int) -> list[list[tuple[int, float]]]:
    assert (np.diff(hits.query) >= 0).all()
    found: list[list[tuple[int, float]]] = [[] for _ in range(n_rows)]
    for query, other, strength in zip(hits.query, hits.found, hits.strength, strict=True):
        found[query].append((int(other), float(strength)))
    return [sorted(row) for row in found]


@given(n_rows=st.integers(1, 40), k=st.integers(1, 6), seed=st.integers(0, 99))
@settings(deadline=None)
def test_every_row_finds_the_nearest_others_and_of_equally_near_ones_the_first(n_rows, k, seed):
    rows = made_rows(n_rows, seed)
    products = (rows @ rows.T).toarray()
    np.fill_diagonal(products, 0)
    assert by_query(nearest_within(rows, k, 1), n_rows) == best_first(products, k)


@given(n_left=st.integers(1, 20), n_right=st.integers(1, 20), k=st.integers(1, 6))
@settings(deadline=None)
def test_both_sides_find_the_nearest_rows_of_the_other(n_left, n_right, k):
    left, right = made_rows(n_left, 1), made_rows(n_right, 2)
    forward, back = nearest_between(left, right, k, 1)
    products = (left @ right.T).toarray()
    assert by_query(forward, n_left) == best_first(products, k)
    assert by_query(back, n_right) == best_first(products.T, k)


@pytest.mark.parametrize("threads", [2, 3, 16])
def test_the_number_of_threads_changes_nothing(threads):
    rows = made_rows(500, seed=3)
    one, several = nearest_within(rows, 4, 1), nearest_within(rows, 4, threads)
    assert by_query(one, 500) == by_query(several, 500)
    sides = rows[:200], rows[200:]
    for one, several in zip(
        nearest_between(*sides, 4, 1), nearest_between(*sides, 4, threads), strict=True
    ):
        assert by_query(one, 300) == by_query(several, 300)


def test_the_hits_of_a_row_are_the_nearest_first_and_equally_near_ones_in_their_order():
    rows = made_rows(300, seed=5)
    for hits in (nearest_within(rows, 5, 2), *nearest_between(rows[:100], rows[100:], 5, 1)):
        order = np.lexsort((hits.found, -hits.strength, hits.query))
        assert order.tolist() == [*range(len(hits))]


def test_rows_without_columns_find_nothing():
    hits = nearest_within(sparse.csr_matrix((3, 0), dtype=np.float32), 2, 2)
    assert len(hits) == 0
