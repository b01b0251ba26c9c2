"""An index of texts that finds the records nearest to a new one in a few milliseconds."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.compiled import kernel
from matcher.types import Floats, Ints, Longs

Hashes = NDArray[np.uint64]

LONGEST_TEXT = 400
"""Characters of a value that are looked at: what a product is stands at the beginning."""

MOST_READ = 10_000
"""Entries that a query reads: the rarest words first, so common ones are left out."""

PART = 0.7
"""Weight of a part of a word beside that of a word; see docs/decisions/0032-search.md."""

N_WEIGHED = 100
"""Records that are weighed by all words, of those that share the most rare ones."""

COARSE = 19
"""Bits of a weight that are left out to find the heaviest: it is known to a sixteenth then."""

SPREAD = 0x9E3779B1
"""Odd, from the golden ratio: times it, row numbers that are near lie apart."""

_WORDS, _PARTS = re.compile(r"[^\W_]+"), re.compile(r"\d+|[^\W\d_]+")
_CHUNK = 50_000  # records whose words are in memory as Python strings


@dataclass(frozen=True, slots=True)
class Lookup:
    """Words of records, and the records of words.

    Attributes
    ----------
    words : Hashes
        Shape (n_words,): hashes of the words, ascending.
    idf : Floats
        Shape (n_words,): inverse document frequency; less for parts of words.
    starts : Longs
        Shape (n_words + 1,): the records of word i are ``rows[starts[i]:starts[i + 1]]``.
    rows : Ints
        Shape (n_entries,): rows that have each word.
    indptr : Longs
        Shape (n_rows + 1,): the words of row i are ``terms[indptr[i]:indptr[i + 1]]``.
    terms : Ints
        Shape (n_entries,): numbers of words, ascending inside a row.
    lengths : Floats
        Shape (n_rows,): length of each row's vector of idf.
    """

    words: Hashes
    idf: Floats
    starts: Longs
    rows: Ints
    indptr: Longs
    terms: Ints
    lengths: Floats

    def nearest(self, texts: Sequence[str | None], n_most: int) -> Ints:
        """Return the rows nearest to a record, best first, at most `n_most`.

        Parameters
        ----------
        texts : Sequence[str | None]
            Its values, in the columns that the index was built from.
        n_most : int
            How many.
        """
        plain = [_plain(text) for text in texts]
        words = {word for text in plain for each in (_WORDS, _PARTS) for word in each.findall(text)}
        hashes = np.sort(hash_words(np.array([*words], dtype=object)))
        place = np.minimum(np.searchsorted(self.words, hashes), max(len(self.words) - 1, 0))
        known = place[self.words[place] == hashes] if len(self.words) else place[:0]
        if not len(known):
            return np.zeros(0, np.int32)
        wanted = known[np.argsort(self.starts[known + 1] - self.starts[known], kind="stable")]
        read = np.cumsum(self.starts[wanted + 1] - self.starts[wanted])
        few = wanted[: max(int(np.searchsorted(read, MOST_READ)), 1)]
        rows, weights = self._share(few, min(int(read[len(few) - 1]), MOST_READ))
        best = _heaviest(rows, weights, N_WEIGHED)
        similarity = np.empty(len(best), np.float32)
        _weigh(best, np.sort(known), self.indptr, self.terms, self.idf, self.lengths, similarity)
        return np.asarray(best[np.lexsort((best, -similarity))[:n_most]])

    def _share(self, words: Longs, n_read: int) -> tuple[Ints, Floats]:
        """Return the rows of the first entries of some words, and what these are worth in all."""
        slots = np.full((1 << max(2 * n_read - 1, 0).bit_length(), 2), -1, np.int32)
        rows, weights = np.empty(n_read, np.int32), np.zeros(n_read, np.float32)
        n_found = _share(words, self.starts, self.rows, self.idf, slots, rows, weights)
        return rows[:n_found], weights[:n_found]


def build_lookup(texts: Sequence[pa.StringArray]) -> Lookup:
    """Index records by the words of their values, shape (n_rows,) each, null where missing."""
    owners, hashes, weights = _hashes(texts)
    n_rows = len(texts[0]) if texts else 0
    words, terms = np.unique(hashes, return_inverse=True)
    keys, first = np.unique((owners.astype(np.int64) << 32) | terms, return_index=True)
    owners, numbers = keys >> 32, (keys & 0xFFFFFFFF).astype(np.int32)
    counts = np.bincount(numbers, minlength=len(words))
    worth = np.bincount(numbers, weights[first], minlength=len(words)) / np.maximum(counts, 1)
    idf = (worth * (np.log((1 + n_rows) / (1 + counts)) + 1)).astype(np.float32)
    squares = np.bincount(owners, idf[numbers].astype(np.float64) ** 2, minlength=n_rows)
    return Lookup(
        words=words,
        idf=idf,
        starts=np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]),
        rows=owners[np.argsort(numbers, kind="stable")].astype(np.int32),
        indptr=np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=n_rows))]),
        terms=numbers,
        lengths=np.sqrt(squares).astype(np.float32),
    )


def hash_words(words: NDArray[np.object_]) -> Hashes:
    """Return a number of each word that is the same on every machine."""
    from pandas.util import hash_array

    return np.asarray(hash_array(words, categorize=False))


def _hashes(texts: Sequence[pa.StringArray]) -> tuple[Longs, Hashes, Floats]:
    """Return row, hash and weight of every word, and of the parts of words that mix kinds.

    So ``64gb`` and ``64 GB`` share two words, as do ``LX43M`` and ``LX-43M``.
    """
    owners, found, weights = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)], [np.zeros(0)]
    for text in texts:
        for start in range(0, len(text), _CHUNK):
            cut = text.slice(start, _CHUNK).to_pylist()
            plain = [_plain(value) for value in cut]
            for pattern, weight in ((_WORDS, 1.0), (_PARTS, PART)):
                split = [pattern.findall(value) for value in plain]
                counts = np.array([len(words) for words in split], np.int64)
                words = np.array([*chain.from_iterable(split)], dtype=object)
                owners.append(np.repeat(np.arange(start, start + len(split)), counts))
                found.append(hash_words(words))
                weights.append(np.full(len(words), weight))
    return np.concatenate(owners), np.concatenate(found), np.concatenate(weights)


def _plain(value: str | None) -> str:
    if value is None:
        return ""
    cut = value[:LONGEST_TEXT]
    return (cut if cut.isascii() else unicodedata.normalize("NFKC", cut)).lower()


@kernel
def _share(
    words: Longs,
    starts: Longs,
    rows: Ints,
    idf: Floats,
    slots: Ints,
    found: Ints,
    weights: Floats,
) -> int:
    """Write the rows that have some of the words, and what these are worth in all.

    A table of open addresses takes a third of the time of a sort.

    Parameters
    ----------
    words, starts, rows, idf : Longs, Longs, Ints, Floats
        The words, and as in `Lookup`.
    slots : Ints
        Shape (n_slots, 2), a power of two, all -1: for a row and its place among those found.
    found, weights : Ints, Floats
        Shape (n_read,): written; so many entries are read.

    Returns
    -------
    int
        How many rows are found.
    """
    size, n_slots, n_read, end = len(found), len(slots), 0, 0
    for number in range(len(words)):
        word = words[number]
        worth = idf[word] * idf[word]
        for place in range(starts[word], starts[word + 1]):
            if n_read == size:
                return end
            n_read += 1
            row = rows[place]
            slot = np.int64(np.uint32(row) * np.uint32(SPREAD)) & (n_slots - 1)
            while slots[slot, 1] >= 0 and slots[slot, 0] != row:
                slot = (slot + 1) & (n_slots - 1)
            if slots[slot, 1] < 0:
                slots[slot, 0], slots[slot, 1] = row, end
                found[end] = row
                end += 1
            weights[slots[slot, 1]] += worth
    return end


def _heaviest(rows: Ints, weights: Floats, n_most: int) -> Ints:
    """Return the rows that weigh most; of equal ones those that come first."""
    if len(rows) <= n_most:
        return rows
    counts = np.zeros(1 << (31 - COARSE), np.int64)
    near = _perhaps_heaviest(weights.view(np.int32), n_most, counts)
    least = np.partition(weights[near], len(near) - n_most)[len(near) - n_most]
    more = near[weights[near] > least]
    equal = near[weights[near] == least]
    return np.concatenate([rows[more], np.sort(rows[equal])[: n_most - len(more)]])


@kernel
def _perhaps_heaviest(bits: Ints, n_most: int, counts: Longs) -> Longs:
    """Return the places of the heaviest of more than `n_most` weights, and of few others.

    The bits of positive numbers are in their order; the first ones of most weights differ.
    `counts` are zeros, one for each value of these.
    """
    for place in range(len(bits)):
        counts[bits[place] >> COARSE] += 1
    least = len(counts) - 1
    n_above = counts[least]
    while n_above < n_most:
        least -= 1
        n_above += counts[least]
    found, end = np.empty(n_above, np.int64), 0
    for place in range(len(bits)):
        if bits[place] >> COARSE >= least:
            found[end] = place
            end += 1
    return found


@kernel
def _weigh(
    rows: Ints,
    words: Longs,
    indptr: Longs,
    terms: Ints,
    idf: Floats,
    lengths: Floats,
    result: Floats,
) -> None:
    """Write the cosine of each row with the words of a record but for the record's own length."""
    for number in range(len(rows)):
        row, wanted, total = rows[number], 0, np.float32(0)
        for place in range(indptr[row], indptr[row + 1]):
            while wanted < len(words) and words[wanted] < terms[place]:
                wanted += 1
            if wanted < len(words) and words[wanted] == terms[place]:
                total += idf[terms[place]] * idf[terms[place]]
        result[number] = total / max(lengths[row], np.float32(1e-6))
