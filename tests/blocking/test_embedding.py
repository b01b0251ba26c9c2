import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import pytest
from blocking_helpers import assert_valid, build_records, listed, n_components

from matcher.blocking import EmbeddingBlocker, LexicalEncoder


@dataclass(frozen=True)
class Given:
    """An encoder that returns given vectors."""

    vectors: np.ndarray
    name: str = "given"

    def encode(self, records):
        return self.vectors


def random_vectors(n, dimension=16, seed=0):
    vectors = np.random.default_rng(seed).standard_normal((n, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def nearest(vectors, k, rows, columns):
    products = vectors[rows] @ vectors[columns].T
    products[rows[:, None] == columns[None, :]] = -np.inf
    best = columns[np.argsort(-products, axis=1)[:, :k]]
    return {(min(a, b), max(a, b)) for a, row in zip(rows, best, strict=True) for b in row}


def test_exact_search_finds_the_k_nearest_of_every_record():
    vectors = random_vectors(60)
    found = EmbeddingBlocker(Given(vectors), k=4).propose(build_records(["a"] * 60))
    everyone = np.arange(60)
    assert set(listed(found.pairs)) == nearest(vectors, 4, everyone, everyone)
    assert found.report["search"] == "exact"
    assert found.report["recall"] is None


def test_linking_searches_from_both_sides():
    vectors, records = random_vectors(60), build_records(["a"] * 60, n_left=20)
    found = EmbeddingBlocker(Given(vectors), k=3).propose(records)
    left, right = np.arange(20), np.arange(20, 60)
    both = nearest(vectors, 3, left, right) | nearest(vectors, 3, right, left)
    assert_valid(found.pairs, records)
    assert set(listed(found.pairs)) == both


def test_the_strength_is_the_inner_product():
    vectors = random_vectors(30)
    found = EmbeddingBlocker(Given(vectors), k=2).propose(build_records(["a"] * 30))
    products = np.einsum("ij,ij->i", vectors[found.pairs.left], vectors[found.pairs.right])
    np.testing.assert_allclose(found.strength, np.maximum(products, 0), atol=1e-6)


def test_an_approximate_search_reports_its_recall():
    vectors = random_vectors(3000)
    blocker = EmbeddingBlocker(Given(vectors), k=5, flat=100)
    found = blocker.propose(build_records(["a"] * 3000))
    assert found.report["search"] == "ivf"
    everyone = np.arange(3000)
    exact = nearest(vectors, 5, everyone, everyone)
    measured = len(exact & set(listed(found.pairs))) / len(exact)
    assert 0.3 < found.report["recall"] <= 1
    assert found.report["recall"] == pytest.approx(measured, abs=0.1)


@pytest.mark.parametrize("flat", [100, 100_000])
def test_neither_threads_nor_a_second_run_change_the_result(flat):
    records = build_records(["a"] * 2000)
    runs = [
        EmbeddingBlocker(Given(random_vectors(2000)), k=5, flat=flat, threads=threads)
        for threads in (1, 1, 4)
    ]
    first, again, threaded = (blocker.propose(records) for blocker in runs)
    for other in (again, threaded):
        np.testing.assert_array_equal(first.pairs.keys(), other.pairs.keys())
        np.testing.assert_array_equal(first.strength, other.strength)


def test_thousands_of_equal_titles_stay_bounded_and_connected():
    records = build_records(["acme drill 18v"] * 5000 + ["zeta kettle"])
    found = EmbeddingBlocker(LexicalEncoder(), k=10).propose(records)
    assert len(found.pairs) <= 10 * 5001
    assert n_components(found.pairs, 5001) <= 2


def test_records_without_a_vector_are_counted_and_propose_nothing():
    records = build_records(["drill", "drill", "", ""])
    found = EmbeddingBlocker(LexicalEncoder()).propose(records)
    assert listed(found.pairs) == [(0, 1)]
    assert found.report["records_without_vector"] == 2


def test_a_catalogue_without_text_yields_no_pairs():
    assert len(EmbeddingBlocker(LexicalEncoder()).propose(build_records(["", ""])).pairs) == 0


SCRIPT = """
import warnings; warnings.simplefilter("ignore")
import importlib, numpy as np
for name in {order!r}:
    importlib.import_module(name)
import faiss, lightgbm
from sklearn.cluster import KMeans
x = np.random.default_rng(0).standard_normal((500, 16)).astype(np.float32)
faiss.knn(x, x, 3)
KMeans(3, n_init=1, random_state=0).fit(x)
lightgbm.train({{"verbose": -1}}, lightgbm.Dataset(x, x[:, 0]), 3)
faiss.knn(x, x, 3)
print("alive")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "order",
    [
        ("faiss", "lightgbm", "sklearn", "torch"),
        ("torch", "sklearn", "lightgbm", "faiss"),
        ("lightgbm", "torch", "faiss", "sklearn"),
    ],
)
def test_no_order_of_imports_crashes_the_openmp_libraries(order):
    present = [name for name in order if find_spec(name)]
    script = SCRIPT.format(order=present)
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (0, "alive\n"), run.stderr
