"""Nearest neighbours of vectors, searched by FAISS: exact when small, IVF when large."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.blocking.equal import Hits, empty_proposal, expand, group_equal, hash_vectors
from matcher.blocking.threads import n_threads
from matcher.types import Encoder, Floats, Longs, Proposal, Records

FLAT = 50_000
"""Vectors up to which search is exact: quadratic, 10 s at 50,000 x 256 on two cores."""

N_PROBE = 16
"""Cells of an IVF that a query visits."""

N_CHECKED = 500
"""Queries that are repeated exactly to measure the recall of an IVF."""

CHUNK = 100_000
"""Pairs whose inner products are computed at once: 200 MB at 256 dimensions."""


@dataclass(frozen=True, slots=True)
class EmbeddingBlocker:
    """The k nearest neighbours of every record, from both sides when linking.

    Records of equal vectors are one point. Up to 50,000 points the search is exact, above them it
    visits 16 cells of an inverted file of 8-bit vectors, and the report tells its recall against
    exact search on 500 points.

    Attributes
    ----------
    encoder : Encoder
        Makes the vectors.
    k : int
        Neighbours per record.
    seed : int
        Of the cells and of the points that are checked.
    threads : int
        Worker threads; 0 takes all cores.
    flat : int
        Points up to which the search is exact.
    name : str
        Name in reports.
    """

    encoder: Encoder
    k: int = 20
    seed: int = 0
    threads: int = 0
    flat: int = FLAT
    name: str = "embedding"

    def propose(self, records: Records) -> Proposal:
        """Return the nearest neighbours; the strength is the inner product, 0 where negative."""
        vectors = self.encoder.encode(records)
        filled = np.flatnonzero(vectors.any(axis=1)).astype(np.int64)
        report: dict[str, Any] = {
            "encoder": self.encoder.name,
            "dimension": vectors.shape[1],
            "records_without_vector": len(records) - len(filled),
        }
        if not len(filled):
            return empty_proposal(report)
        sides = records.sources if records.is_link else np.zeros(len(records), np.int32)
        groups = group_equal(hash_vectors(vectors), sides, filled)
        points = vectors[groups.first]
        with _limited_threads(n_threads(self.threads)):
            if records.is_link:
                side = sides[groups.first]
                hits, recall = self._search_across(points, side)
            else:
                everyone = np.arange(len(points))
                hits, recall = self._search(points, everyone, everyone, self.k + 1)
        hits = hits.take(hits.query != hits.found)
        pairs, strength = expand(
            hits, groups, self.k, within=not records.is_link, threads=self.threads
        )
        report |= {"search": "exact" if recall is None else "ivf", "recall": recall}
        return Proposal(pairs, strength, report)

    def _search_across(
        self, points: Floats, side: np.ndarray[Any, Any]
    ) -> tuple[Hits, float | None]:
        left, right = np.flatnonzero(side == 0), np.flatnonzero(side == 1)
        forward, recall = self._search(points, left, right, self.k)
        back, recall_back = self._search(points, right, left, self.k)
        known = [value for value in (recall, recall_back) if value is not None]
        return Hits.join([forward, back]), min(known, default=None)

    def _search(
        self, points: Floats, queries: Longs, base: Longs, k: int
    ) -> tuple[Hits, float | None]:
        """Return the k points of `base` next to each of `queries`, and the recall of an IVF."""
        if not len(queries) or not len(base):
            nothing = np.zeros(0, np.int64)
            return Hits(nothing, nothing, np.zeros(0, np.float32)), None
        k = min(k, len(base))
        recall = None
        if len(base) <= self.flat:
            found = _exact(points[queries], points[base], k)
        else:
            found = self._approximate(points[queries], points[base], k)
            checked = np.random.default_rng(self.seed).permutation(len(queries))[:N_CHECKED]
            exact = _exact(points[queries[checked]], points[base], k)
            recall = float(
                np.mean(
                    [
                        len(np.intersect1d(a, b)) / k
                        for a, b in zip(found[checked], exact, strict=True)
                    ]
                )
            )
        query = np.repeat(queries, k)
        found, is_found = base[found.ravel()], found.ravel() >= 0
        strength = _inner_products(points, query[is_found], found[is_found])
        return Hits(query[is_found], found[is_found], strength), recall

    def _approximate(self, queries: Floats, base: Floats, k: int) -> Longs:
        import faiss

        dimension, n_cells = base.shape[1], int(4 * np.sqrt(len(base)))
        metric = faiss.METRIC_INNER_PRODUCT
        cells = faiss.IndexFlatIP(dimension)
        index = faiss.IndexIVFScalarQuantizer(
            cells, dimension, n_cells, faiss.ScalarQuantizer.QT_8bit, metric
        )
        index.cp.seed = self.seed
        index.cp.min_points_per_centroid = 1  # else FAISS prints a warning about few points
        n_training = min(len(base), 50 * n_cells)
        chosen = np.random.default_rng(self.seed).permutation(len(base))[:n_training]
        index.train(base[np.sort(chosen)])
        index.add(base)
        index.nprobe = N_PROBE
        return np.asarray(index.search(queries, k)[1], np.int64)


def _exact(queries: Floats, base: Floats, k: int) -> Longs:
    """Return the k nearest rows of `base`, shape (n_queries, k)."""
    import faiss

    return np.asarray(faiss.knn(queries, base, k, metric=faiss.METRIC_INNER_PRODUCT)[1], np.int64)


def _inner_products(points: Floats, first: Longs, second: Longs) -> Floats:
    """Return the inner products of pairs of points, the same bits for any number of threads."""
    products = np.empty(len(first), np.float32)
    for start in range(0, len(first), CHUNK):
        part = slice(start, start + CHUNK)
        products[part] = np.einsum("ij,ij->i", points[first[part]], points[second[part]])
    return np.maximum(products, 0)


@contextmanager
def _limited_threads(threads: int) -> Iterator[None]:
    """Let FAISS use `threads` threads, and restore what the process had."""
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(threads)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
