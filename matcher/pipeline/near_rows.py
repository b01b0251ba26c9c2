"""The old rows that are near to new ones, without reading the old ones again."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.blocking import MEDIUM, n_threads, top_products
from matcher.compiled import kernel
from matcher.pipeline.kept import TEXTS, Hashes, Kept, Words
from matcher.settings import BlockingSettings
from matcher.types import Bools, Floats, Ints, Longs, distinct

Doubles = NDArray[np.float64]

N_NEAREST = 3
"""Of these, the rows whose own rivals are looked at too."""

LEAST_ALIKE = 0.24
"""Cosine of all words from which a row that shares rare ones is near: a quarter of those that were
found have less, and one in a thousand of those that a new row was then linked with."""

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
    """Return the old rows that share rare words, models or codes with new ones, and look alike.

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
        is_near = _likeness(words, idf, hits.query + n_old, hits.found) >= LEAST_ALIKE
        found.append(hits.found[is_near])
        is_nearest = is_near & (_rank(hits.query, hits.strength) < N_NEAREST)
        nearest.append(hits.found[is_nearest])
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
    starts, n_rows = np.zeros(len(words.starts), np.int64), len(words.starts) - 1
    counts, is_asked = np.zeros(len(idf), np.int32), np.zeros(len(idf), np.bool_)
    # Memory that is never written is never taken.
    terms, values = np.empty(len(words.terms), np.int32), np.empty(len(words.terms), np.float32)
    _weigh(words.starts, words.terms, idf, n_old, most, (counts, is_asked), (starts, terms, values))
    found = values[: starts[-1]], terms[: starts[-1]], starts
    return sparse.csr_matrix(found, shape=(n_rows, len(idf)))


@kernel
def _weigh(
    starts: Longs,
    terms: Ints,
    idf: Floats,
    n_old: int,
    most: int,
    of_words: tuple[Ints, Bools],
    out: tuple[Longs, Ints, Floats],
) -> None:
    """Write what `_rare_words` makes a matrix of, in two passes over the words of all rows.

    `of_words` are zeros: how many rows have each word, and whether it is looked up.
    """
    counts, is_asked = of_words
    ends, found, values = out
    for place in range(len(terms)):
        counts[terms[place]] += 1
    for place in range(starts[n_old], len(terms)):
        is_asked[terms[place]] = counts[terms[place]] <= most
    n_found, total = 0, 0.0
    for row in range(len(starts) - 1):
        before, first = total, n_found
        for place in range(starts[row], starts[row + 1]):
            term = terms[place]
            weight = np.float64(idf[term])
            total += weight * weight
            if is_asked[term]:
                found[n_found], values[n_found] = term, idf[term]
                n_found += 1
        length = np.sqrt(max(total - before, 1e-12))
        for place in range(first, n_found):
            values[place] = np.float64(values[place]) / length
        ends[row + 1] = n_found


def _likeness(
    words: Words, idf: Floats, one: NDArray[np.integer], other: NDArray[np.integer]
) -> Doubles:
    """Return the cosine of all words of the rows of each pair, shape (n_pairs,)."""
    found = np.zeros(len(one))
    left, right = one.astype(np.int64), other.astype(np.int64)
    _write_cosines(words.starts, words.terms, idf, left, right, found)
    return found


@kernel
def _write_cosines(
    starts: Longs, terms: Ints, idf: Floats, one: Longs, other: Longs, found: Doubles
) -> None:
    for pair in range(len(found)):
        left, left_end = starts[one[pair]], starts[one[pair] + 1]
        right, right_end = starts[other[pair]], starts[other[pair] + 1]
        product = left_length = right_length = 0.0
        for place in range(left, left_end):
            left_length += np.float64(idf[terms[place]]) ** 2
        for place in range(right, right_end):
            right_length += np.float64(idf[terms[place]]) ** 2
        while left < left_end and right < right_end:
            term, other_term = terms[left], terms[right]
            if term == other_term:
                product += np.float64(idf[term]) ** 2
            left += term <= other_term
            right += other_term <= term
        found[pair] = product / np.sqrt(max(left_length * right_length, 1e-12))


def _by_code(codes: Hashes, n_old: int) -> Longs:
    asked = np.setdiff1d(codes[n_old:], np.zeros(1, np.uint64))
    rows = np.flatnonzero(np.isin(codes[:n_old], asked))
    _, group, counts = np.unique(codes[rows], return_inverse=True, return_counts=True)
    return rows[counts[group] <= MOST_OF_CODE]
