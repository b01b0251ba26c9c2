"""Differences that other records repeat: of two products, not of two ways to name one.

How a shop writes a title differs from offer to offer.  What tells two products apart comes back:
several of the records around say ``64 GB``, several ``128 GB``, and none both.  No pair shows that
by itself.  See docs/decisions/0040-repeated-differences.md for the figures.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import inner_kernel, kernel, sum_texts
from matcher.features.sets import leave_out
from matcher.types import WORD, Bools, Ints, Longs, Pairs, Records, Terms

_Masks = NDArray[np.uint64]

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
    def among(
        cls, records: Records, titles: Terms, likely: Pairs, ignored: int = 0
    ) -> "RepeatedDifferences":
        """Make the records ready, of which these pairs are likely matches.

        Parameters
        ----------
        records : Records
            The catalogue.
        titles : Terms
            Their titles, as sets.
        likely : Pairs
            Pairs of it.
        ignored : int
            Bits of the axes whose words in titles do not count.
        """
        keys = np.concatenate([likely.keys(), Pairs(likely.right, likely.left).keys()])
        keys.sort()
        starts = np.zeros(len(records) + 1, np.int64)
        np.cumsum(np.bincount(keys >> 32, minlength=len(records)), out=starts[1:])
        others = (keys & 0xFFFFFFFF).astype(np.int32)
        return cls(leave_out(titles, ignored), records.vocabulary.kinds != WORD, starts, others)

    def differ(self, pairs: Pairs) -> Bools:
        """Return which pairs' titles differ in a word, shape (n_pairs,)."""
        sums = sum_texts(self.titles.indptr, self.titles.terms)
        return np.asarray(sums[pairs.left] != sums[pairs.right])

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
        out = np.zeros((len(pairs), len(REPEATED_NAMES)), np.bool_)
        bits = np.zeros(2 * N_AROUND + 1, np.uint64)  # of a code
        bits[1:] = np.uint64(1) << np.arange(2 * N_AROUND, dtype=np.uint64)
        _find_repeated(
            self.titles.indptr,
            self.titles.terms,
            self.is_number,
            self.starts,
            self.others,
            pairs.left,
            pairs.right,
            (
                bits,
                np.zeros(len(self.is_number), np.uint8),
                np.empty(2 * N_AROUND, np.int32),
                np.empty(2 * N_AROUND + 2, np.int32),
                np.empty(2 * N_AROUND + 2, np.uint64),
            ),
            out,
        )
        return out


@inner_kernel
def _only(indptr: Longs, terms: Ints, record: int, other: int, first: int, out: Ints) -> int:
    """Write the terms that a record has and another lacks; return how many, at most `N_AROUND`."""
    n_only, at, end = 0, indptr[other], indptr[other + 1]
    for place in range(indptr[record], indptr[record + 1]):
        while at < end and terms[at] < terms[place]:
            at += 1
        if (at == end or terms[at] != terms[place]) and n_only < N_AROUND:
            out[first + n_only] = terms[place]
            n_only += 1
    return n_only


@kernel
def _find_repeated(
    indptr: Longs,
    terms: Ints,
    is_number: Bools,
    starts: Longs,
    others: Ints,
    left: Ints,
    right: Ints,
    scratch: tuple[_Masks, NDArray[np.uint8], Ints, Ints, _Masks],
    out: Bools,
) -> None:
    """Write what `RepeatedDifferences.compare` returns.

    A word that only one record of a pair has is a bit: those of the left record are the lower half
    of a number, those of the right one the upper half.  So the words of a record around are looked
    up once, in a table of one byte a word of the catalogue.

    `scratch` are the bit of each code, the code of each word, from 1, 0 being none, and room for
    words that only one side has, the records around, and the bits that each of these has.
    """
    bits, code, only, around, has = scratch
    for pair in range(len(left)):
        n_around = _gather(starts, others, left[pair], right[pair], around)
        if n_around < 4:
            continue
        n_left = n_right = 0
        for of_right in range(2):  # in a loop, so that what it calls is compiled once
            record, other = left[pair], right[pair]
            if of_right:
                record, other = other, record
            n_left = n_right
            n_right = _only(indptr, terms, record, other, of_right * N_AROUND, only)
        if n_left + n_right == 0:
            continue
        every = numbers = np.uint64(0)
        for word in range(2 * N_AROUND):
            if word < n_left or N_AROUND <= word < N_AROUND + n_right:
                code[only[word]] = word + 1
                every |= bits[word + 1]
                numbers |= bits[word + 1] if is_number[only[word]] else np.uint64(0)
        for place in range(n_around):
            found = np.uint64(0)
            for spot in range(indptr[around[place]], indptr[around[place] + 1]):
                found |= bits[code[terms[spot]]]
            has[place] = found
        for word in range(2 * N_AROUND):
            if every & bits[word + 1]:
                code[only[word]] = 0
        for column in range(0, 4, 2):
            asked = every if column else numbers
            out[pair, column], out[pair, column + 1] = _repeats(asked, has, n_around)


@inner_kernel
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


@inner_kernel
def _repeats(asked: np.uint64, has: _Masks, n_around: int) -> tuple[bool, bool]:
    """Return whether a word against another is repeated, and whether a word more is.

    `asked` are bits of words, and `has` begins with those of each record around.
    """
    half, lower = np.uint64(N_AROUND), np.uint64(0xFFFFFFFF)
    is_against = (asked & lower != 0) & (asked >> half != 0)
    for word in range(2 * N_AROUND):
        bit = (np.uint64(1) << np.uint64(word)) & asked
        if bit == 0:
            continue
        if is_against and word >= N_AROUND:
            break  # words of the left have been held against those of the right
        n_having, together = 0, np.uint64(0)
        for record in range(n_around):
            if has[record] & bit != 0:
                n_having += 1
                together |= has[record]
        if not is_against:
            if n_having > 1 and n_around - n_having > 1:
                return False, True
        elif n_having > 1:
            apart = asked & ~together & ~lower
            if apart != 0 and _most(has, n_around, apart) * n_having >= n_around:
                return True, False
    return False, False


@inner_kernel
def _most(has: _Masks, n_around: int, asked: np.uint64) -> int:
    """Return how many have the word of the upper half that most have; 0 if one has it, or none."""
    most = 1
    for word in range(N_AROUND, 2 * N_AROUND):
        bit = (np.uint64(1) << np.uint64(word)) & asked
        if bit != 0:
            n_having = 0
            for record in range(n_around):
                n_having += has[record] & bit != 0
            most = max(most, n_having)
    return most if most > 1 else 0
