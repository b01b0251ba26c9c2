"""The old rows that are near to new ones, without reading the old ones again."""

import numpy as np
from scipy import sparse

from matcher.blocking import n_threads, top_products
from matcher.pipeline.kept import TEXTS, Hashes, Kept, Words
from matcher.settings import BlockingSettings
from matcher.types import Floats, Longs

N_NEAR = 20
"""Rows that are looked for by words, and by models, for each new one."""

MOST_OF_CODE = 20
"""Old rows of a code, above which it identifies nothing."""


def near_rows(kept: Kept, n_old: int, settings: BlockingSettings, threads: int) -> Longs:
    """Return the old rows that share rare words, models or codes with new ones, ascending.

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
    found = [np.zeros(0, np.int64)]
    for kind, words in kept.words.items():
        idf = kept.weights.idf[TEXTS[kind]]
        found.append(_by_words(words, idf, n_old, settings.max_block, threads))
    found += [_by_code(codes, n_old) for codes in kept.codes.values()]
    return np.unique(np.concatenate(found))


def _by_words(words: Words, idf: Floats, n_old: int, most: int, threads: int) -> Longs:
    """Return the old rows among the nearest of each new row by the cosine of rare words."""
    split = int(words.starts[n_old])
    frequency = np.bincount(words.terms, minlength=len(idf))
    is_asked = np.zeros(len(idf), np.bool_)
    is_asked[words.terms[split:]] = True
    is_asked &= frequency <= most
    counts = np.diff(words.starts)
    weights = idf[words.terms]
    squares = np.concatenate([[0.0], np.cumsum(weights.astype(np.float64) ** 2)])
    lengths = np.sqrt(np.maximum(np.diff(squares[words.starts]), 1e-12))
    kept = np.flatnonzero(is_asked[words.terms])
    owners = np.repeat(np.arange(len(counts), dtype=np.int32), counts)[kept]
    values = (weights[kept] / lengths[owners]).astype(np.float32)
    matrix = sparse.csr_matrix(
        (values, words.terms[kept], np.searchsorted(kept, words.starts)),
        shape=(len(counts), len(idf)),
    )
    hits = top_products(matrix[n_old:], matrix[:n_old], N_NEAR, n_threads(threads))
    return hits.found


def _by_code(codes: Hashes, n_old: int) -> Longs:
    asked = np.setdiff1d(codes[n_old:], np.zeros(1, np.uint64))
    rows = np.flatnonzero(np.isin(codes[:n_old], asked))
    _, group, counts = np.unique(codes[rows], return_inverse=True, return_counts=True)
    return rows[counts[group] <= MOST_OF_CODE]
