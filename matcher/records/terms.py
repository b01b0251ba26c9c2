"""Build compressed rows of terms."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import distinct_parts, kernel
from matcher.types import Bits, Bools, Floats, Ints, Longs, Terms


@dataclass(frozen=True, slots=True)
class Rows:
    """Terms of every record, before they have bits and an idf.

    Attributes
    ----------
    indptr : Longs
        Shape (n_records + 1,).
    terms : Ints
        Shape (n_terms,).
    """

    indptr: Longs
    terms: Ints

    def owners(self) -> Ints:
        """Return the record number of every term, shape (n_terms,)."""
        return np.repeat(np.arange(len(self.indptr) - 1, dtype=np.int32), np.diff(self.indptr))

    def take(self, numbers: Longs) -> "Rows":
        """Return the terms of some records, shape (n_numbers,)."""
        lengths = np.diff(self.indptr)[numbers]
        indptr = indptr_of(lengths)
        places = np.arange(indptr[-1]) + np.repeat(self.indptr[numbers] - indptr[:-1], lengths)
        return Rows(indptr, self.terms[places])


def indptr_of(counts: NDArray[np.integer]) -> Longs:
    """Return the row pointers for rows of the given lengths."""
    indptr = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=indptr[1:])
    return indptr


def concatenate(parts: Sequence[Rows]) -> Rows:
    """Return rows that hold, for every record, its terms of all parts one after the other.

    Examples
    --------
    >>> one = Rows(np.array([0, 1, 2]), np.array([7, 8], dtype=np.int32))
    >>> two = Rows(np.array([0, 2, 2]), np.array([1, 2], dtype=np.int32))
    >>> concatenate([one, two]).terms.tolist()
    [7, 1, 2, 8]
    """
    if len(parts) == 1:
        return parts[0]
    indptr = np.sum([part.indptr for part in parts], axis=0)
    terms, ends = np.empty(indptr[-1], np.int32), indptr[:-1].copy()
    for part in parts:
        _put_behind(part.indptr, part.terms, ends, terms)
    return Rows(indptr, terms)


@kernel
def _put_behind(indptr: Longs, terms: Ints, ends: Longs, found: Ints) -> None:
    """Write the terms of each record where its others end, which moves."""
    for record in range(len(ends)):
        end = ends[record]
        for place in range(indptr[record], indptr[record + 1]):
            found[end] = terms[place]
            end += 1
        ends[record] = end


def keep_tokens(rows: Rows, kept: Bools) -> Rows:
    """Return the rows with the terms where `kept`, shape (n_terms,), is true."""
    before = indptr_of(kept.view(np.uint8))
    return Rows(before[rows.indptr], rows.terms[kept])


def sorted_unique(keys: Longs) -> Longs:
    """Return the distinct keys, ascending; ten times as fast as the hashing `numpy.unique`."""
    keys = np.sort(keys)
    first: Longs = keys[
        np.concatenate([np.ones(min(len(keys), 1), np.bool_), keys[1:] != keys[:-1]])
    ]
    return first


def sets_of(owners: NDArray[np.integer], terms: NDArray[np.integer], n_records: int) -> Rows:
    """Return the ascending, unique terms of every record, from its pairs with terms."""
    keys = sorted_unique((owners.astype(np.int64) << 32) | terms.astype(np.int64))
    counts = np.bincount(keys >> 32, minlength=n_records)
    return Rows(indptr_of(counts), (keys & 0xFFFFFFFF).astype(np.int32))


def parts_of(rows: Rows, axes: Bits, parts: Rows) -> tuple[Rows, Bits]:
    """Return the parts of every record's terms, ascending and unique, and the bits of each.

    Parameters
    ----------
    rows : Rows
        Terms of the records.
    axes : Bits
        Shape (n_terms,): a part has the bits that all of its occurrences in the record have.
    parts : Rows
        What each term consists of.
    """
    indptr, found, bits = distinct_parts(rows.indptr, rows.terms, axes, parts.indptr, parts.terms)
    return Rows(indptr, found), bits


def finish(rows: Rows, n_vocabulary: int, axes: Bits | None = None, *, is_set: bool) -> Terms:
    """Return `rows` as `Terms`, with bits (none by default) and the idf of every term number."""
    frequency = document_frequency(rows.indptr, rows.terms, n_vocabulary)
    bits = np.zeros(len(rows.terms), np.uint8) if axes is None else axes
    return finish_counted(rows, frequency, bits, is_set=is_set)


def finish_counted(rows: Rows, frequency: Longs, axes: Bits, *, is_set: bool) -> Terms:
    """Return what `finish` does, where the `document_frequency` is known."""
    idf = _inverse(frequency, len(rows.indptr) - 1)
    return Terms(indptr=rows.indptr, terms=rows.terms, axes=axes, idf=idf, is_set=is_set)


def document_frequency(indptr: Longs, terms: Ints, n_vocabulary: int) -> Longs:
    """Return the number of records that have each term, shape (n_vocabulary,)."""
    counts, newest = np.zeros(n_vocabulary, np.int64), np.zeros(n_vocabulary, np.int64)
    _count_records(indptr, terms, counts, newest)
    return counts


@kernel
def _count_records(indptr: Longs, terms: Ints, counts: Longs, newest: Longs) -> None:
    for record in range(1, len(indptr)):
        for place in range(indptr[record - 1], indptr[record]):
            term = terms[place]
            counts[term] += newest[term] != record
            newest[term] = record


def _inverse(frequency: Longs, n_records: int) -> Floats:
    """Return the inverse document frequency, ``log((1 + n) / (1 + df)) + 1``."""
    return (np.log((1 + n_records) / (1 + frequency)) + 1).astype(np.float32)
