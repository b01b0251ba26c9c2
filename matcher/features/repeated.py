"""Differences that other records repeat: of two products, not of two ways to name one.

How a shop writes a title differs from offer to offer.  What tells two products apart comes back:
several of the records around say ``64 GB``, several ``128 GB``, and none both.  No pair shows that
by itself.  See docs/decisions/0040-repeated-differences.md for the figures.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.compiled import kernel
from matcher.features.sets import as_set
from matcher.types import WORD, Bools, Ints, Longs, Pairs, Records, Terms

N_AROUND = 32
"""Neighbors of a record that are looked at, and words that only one record of a pair has."""

REPEATED_NAMES = ("numbers_against", "numbers_more", "words_against", "words_more")


@dataclass(frozen=True, slots=True)
class RepeatedDifferences:
    """The titles of a catalogue and the likely matches of its records.

    Attributes
    ----------
    titles : Terms
        As sets.
    is_number : Bools
        Shape (n_vocabulary,): whether a word has a digit.
    starts : Longs
        Shape (n_records + 1,): the neighbors of record i are ``others[starts[i]:starts[i + 1]]``.
    others : Ints
        Shape (2 * n_likely,).
    """

    titles: Terms
    is_number: Bools
    starts: Longs
    others: Ints

    @classmethod
    def among(cls, records: Records, likely: Pairs) -> "RepeatedDifferences":
        """Make the records ready, of which these pairs are likely matches."""
        keys = np.concatenate([likely.keys(), Pairs(likely.right, likely.left).keys()])
        keys.sort()
        starts = np.zeros(len(records) + 1, np.int64)
        np.cumsum(np.bincount(keys >> 32, minlength=len(records)), out=starts[1:])
        others = (keys & 0xFFFFFFFF).astype(np.int32)
        return cls(as_set(records.title), records.vocabulary.kinds != WORD, starts, others)

    def differ(self, pairs: Pairs) -> Bools:
        """Return which pairs' titles differ in a word, shape (n_pairs,)."""
        titles = self.titles
        ones = np.ones(len(titles.terms), dtype=np.int8)
        shape = (len(titles.indptr) - 1, len(self.is_number))
        words = csr_array((ones, titles.terms, titles.indptr), shape=shape)
        rest = words[pairs.left] - words[pairs.right]
        rest.eliminate_zeros()
        return np.asarray(np.diff(rest.indptr) > 0)

    def compare(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Return which differences of the pairs' titles are repeated around them.

        Around are both records and their likely matches.  A word against another: two records and
        more have the one, two and more the other, none has both, though chance would have it that
        one or more do: among many records two rare words need not meet.  A word more: the other has
        no word that this one lacks, and of the records around two and more have the word and two
        and more do not.

        Returns
        -------
        NDArray[np.bool_]
            Shape (n_pairs, 4): by `REPEATED_NAMES`, of words with digits and of all words.
        """
        return _find_repeated(
            self.titles.indptr,
            self.titles.terms,
            self.is_number,
            self.starts,
            self.others,
            pairs.left,
            pairs.right,
        )


@kernel
def _only(indptr: Longs, terms: Ints, record: int, other: int, out: Ints) -> int:
    """Write the terms that a record has and another lacks; return how many, at most `N_AROUND`."""
    n_only, at, end = 0, indptr[other], indptr[other + 1]
    for place in range(indptr[record], indptr[record + 1]):
        while at < end and terms[at] < terms[place]:
            at += 1
        if (at == end or terms[at] != terms[place]) and n_only < N_AROUND:
            out[n_only] = terms[place]
            n_only += 1
    return n_only


@kernel
def _which(indptr: Longs, terms: Ints, record: int, asked: Ints, n_asked: int) -> np.uint64:
    """Return a bit for each of the asked terms, ascending, that a record has."""
    bits, at = np.uint64(0), 0
    for place in range(indptr[record], indptr[record + 1]):
        while at < n_asked and asked[at] < terms[place]:
            at += 1
        if at == n_asked:
            break
        if asked[at] == terms[place]:
            bits |= np.uint64(1) << np.uint64(at)
    return bits


@kernel
def _find_repeated(
    indptr: Longs,
    terms: Ints,
    is_number: Bools,
    starts: Longs,
    others: Ints,
    left: Ints,
    right: Ints,
) -> Bools:
    out = np.zeros((len(left), 4), np.bool_)
    only = np.empty((2, N_AROUND), np.int32)
    around = np.empty(2 * N_AROUND + 2, np.int32)
    has = np.empty((2, 2 * N_AROUND + 2), np.uint64)
    for pair in range(len(left)):
        one, two = left[pair], right[pair]
        counts = (
            _only(indptr, terms, one, two, only[0]),
            _only(indptr, terms, two, one, only[1]),
        )
        n_around = _gather(starts, others, one, two, around)
        if n_around < 4 or counts[0] + counts[1] == 0:
            continue
        for place in range(n_around):
            for side in range(2):
                has[side, place] = _which(indptr, terms, around[place], only[side], counts[side])
        for which in range(2):
            asked = (
                _bits(only[0], counts[0], is_number, which),
                _bits(only[1], counts[1], is_number, which),
            )
            against, more = _repeats(asked, has, n_around)
            out[pair, 2 * which], out[pair, 2 * which + 1] = against, more
    return out


@kernel
def _gather(starts: Longs, others: Ints, one: int, two: int, around: Ints) -> int:
    """Write two records and their neighbors, each once; return how many."""
    around[0], around[1] = one, two
    n_around = 2
    for place in range(starts[one], min(starts[one + 1], starts[one] + N_AROUND)):
        if others[place] != two:
            around[n_around] = others[place]
            n_around += 1
    of_one = n_around
    for place in range(starts[two], min(starts[two + 1], starts[two] + N_AROUND)):
        is_new = others[place] != one
        for known in range(2, of_one):
            is_new = is_new and around[known] != others[place]
        if is_new:
            around[n_around] = others[place]
            n_around += 1
    return n_around


@kernel
def _bits(only: Ints, n_only: int, is_number: Bools, which: int) -> np.uint64:
    """Return a bit for each of the words, or, where `which` is 0, for those with digits."""
    bits = np.uint64(0)
    for word in range(n_only):
        if which == 1 or is_number[only[word]]:
            bits |= np.uint64(1) << np.uint64(word)
    return bits


@kernel
def _repeats(
    asked: tuple[np.uint64, np.uint64], has: NDArray[np.uint64], n_around: int
) -> tuple[bool, bool]:
    """Return whether a word against another is repeated, and whether a word more is."""
    one = np.uint64(1)
    if asked[0] == 0 or asked[1] == 0:
        side = 0 if asked[0] != 0 else 1
        for word in range(N_AROUND):
            n_having = _count(has[side, :n_around], (one << np.uint64(word)) & asked[side])
            if min(n_having, n_around - n_having) > 1:
                return False, True
        return False, False
    for word in range(N_AROUND):
        bit = (one << np.uint64(word)) & asked[0]
        n_having = _count(has[0, :n_around], bit)
        if n_having < 2:
            continue
        together = np.uint64(0)
        for place in range(n_around):
            if has[0, place] & bit != 0:
                together |= has[1, place]
        for against in range(N_AROUND):
            other = (one << np.uint64(against)) & asked[1] & ~together
            n_against = _count(has[1, :n_around], other)
            if n_against > 1 and n_having * n_against >= n_around:
                return True, False
    return False, False


@kernel
def _count(has: NDArray[np.uint64], bit: np.uint64) -> int:
    """Return how many have a word; none has no word."""
    n_having = 0
    if bit != 0:
        for each in has:
            if each & bit != 0:
                n_having += 1
    return n_having
