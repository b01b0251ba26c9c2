"""The old rows that are near to new ones, without reading the old ones again."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.blocking import MEDIUM, n_threads, top_products
from matcher.pipeline.kept import TEXTS, Hashes, Kept, Words
from matcher.settings import BlockingSettings
from matcher.types import Floats, Longs, distinct

N_NEAREST = 3
"""Of these, the rows whose own rivals are looked at too."""

MOST_OF_CODE = 20
"""Old rows of a code, above which it identifies nothing."""


@dataclass(frozen=True, slots=True)
class Near:
    """Old rows that are near to new ones.

    Attributes
    ----------
    rows : Longs
        All of them, ascending.
    nearest : Longs
        The few that are nearest to each.
    """

    rows: Longs
    nearest: Longs


def near_rows(kept: Kept, n_old: int, settings: BlockingSettings, threads: int) -> Near:
    """Return the old rows that share rare words, models or codes with new ones.

    Parameters
    ----------
    kept : Kept
        Old rows, and after them the new ones.
    n_old : int
        How many are old.
    settings : BlockingSettings
        Words of more than `max_block` rows are looked over.
    threads : int
        Worker threads; 0 takes all cores.
    """
    found: list[NDArray[np.integer]] = [np.zeros(0, np.int64)]
    nearest: list[NDArray[np.integer]] = []
    n_near = settings.budget * (2 if len(kept) <= MEDIUM else 1)  # as a whole run looks for
    for kind, words in kept.words.items():
        idf = kept.weights.idf[TEXTS[kind]]
        postings = _rare_words(words, idf, n_old, settings.max_block)
        hits = top_products(postings[n_old:], postings[:n_old], n_near, n_threads(threads))
        found.append(hits.found)
        nearest.append(hits.found[_rank(hits.query, hits.strength) < N_NEAREST])
    of_codes = [_by_code(codes, n_old) for codes in kept.codes.values()]
    return Near(
        distinct(np.concatenate([*found, *of_codes])),
        distinct(np.concatenate([*nearest, *of_codes])),
    )


def _rank(query: NDArray[np.integer], strength: Floats) -> Longs:
    """Return the place of each hit among those of its query, the strongest first."""
    order = np.lexsort((-strength, query))
    rank = np.empty(len(query), np.int64)
    first = np.searchsorted(query[order], query[order])
    rank[order] = np.arange(len(query)) - first
    return rank


def _rare_words(words: Words, idf: Floats, n_old: int, most: int) -> sparse.csr_matrix:
    """Return the weights of the words of new rows that no more than `most` rows have.

    Shape (n_rows, n_words); rows have length 1 with all of their words.
    """
    counts, weights = np.diff(words.starts), idf[words.terms]
    is_asked = np.zeros(len(idf), np.bool_)
    is_asked[words.terms[words.starts[n_old] :]] = True
    is_asked &= np.bincount(words.terms, minlength=len(idf)) <= most
    squares = np.concatenate([[0.0], np.cumsum(weights.astype(np.float64) ** 2)])
    lengths = np.sqrt(np.maximum(np.diff(squares[words.starts]), 1e-12))
    kept = np.flatnonzero(is_asked[words.terms])
    owners = np.repeat(np.arange(len(counts), dtype=np.int32), counts)[kept]
    values = (weights[kept] / lengths[owners]).astype(np.float32)
    starts = np.searchsorted(kept, words.starts)
    shape = (len(counts), len(idf))
    return sparse.csr_matrix((values, words.terms[kept], starts), shape=shape)


def _by_code(codes: Hashes, n_old: int) -> Longs:
    asked = np.setdiff1d(codes[n_old:], np.zeros(1, np.uint64))
    rows = np.flatnonzero(np.isin(codes[:n_old], asked))
    _, group, counts = np.unique(codes[rows], return_inverse=True, return_counts=True)
    return rows[counts[group] <= MOST_OF_CODE]
