"""What sellers tell apart: words in which records of one seller differ name two products."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import number_keys, sum_texts
from matcher.types import SPREAD, Bools, Floats, Ints, Longs, Pairs, Records

SLOTS = 8
"""For each difference, at least: one of eight others is looked for in vain."""


@dataclass(frozen=True, slots=True)
class Siblings:
    """How often sellers tell apart what two titles differ in.

    A seller who lists "iPhone 12" and "iPhone 12 Pro" in one color and size sells two products, so
    "Pro" tells products apart, for all sellers and all phones; "smartphone", which another seller
    writes behind every title, never does.  Titles are compared by their cores.

    Attributes
    ----------
    sums : NDArray[np.uint64]
        Shape (n_records,): sum of random numbers of the words of the core, 0 without a core.
        Differences of sums stand for the words in which two cores differ.
    sources : Ints
        Shape (n_records,): number of the seller.
    options : NDArray[np.uint64]
        Shape (n_records,): number of the values of all axes.
    is_alone : Bools
        Shape (n_records,): no other record of the seller has the same core.
    differences : NDArray[np.uint64]
        Shape (n_differences,): ascending, those of the candidates; not those of a single one
        across sellers, most of all, which say nothing.
    perhaps : Bools
        Shape (n_slots,), a power of two: in which slots differences lie, of `_slots`.  It answers
        for four of five pairs, whose difference is none of these, without a search.
    counts : Ints
        Shape (3, n_differences): candidates of one seller with equal options, of one seller who
        has written both cores at least twice (a slip stands alone), all.
    can_tell : bool
        Whether anybody could have told anything apart: there are several sellers, and candidates
        within one.
    """

    sums: NDArray[np.uint64]
    sources: Ints
    options: NDArray[np.uint64]
    is_alone: Bools
    differences: NDArray[np.uint64]
    perhaps: Bools
    counts: Ints
    can_tell: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return ("told_apart_equal", "told_apart", "told_apart_share")

    def compare(self, pairs: Pairs) -> Floats:
        """Return how often sellers tell apart what the pair differs in, the pair itself left out.

        Logarithms of the counts with equal options and with any, and the share of the latter in
        all.  NaN where a core is missing, where cores are equal, or where nobody could have told
        anything apart, because there is one seller or no candidate within one.
        """
        if not self.can_tell:
            return np.full((len(pairs), 3), np.nan, dtype=np.float32)
        differences, is_asked = _differences(self.sums, pairs)
        found = np.zeros((3, len(pairs)), dtype=np.float32)
        found[2] = np.nan  # of differences that nobody else has
        found[:, ~is_asked] = np.nan
        some = np.flatnonzero(is_asked & self.perhaps[_slots(differences, len(self.perhaps))])
        place = np.searchsorted(self.differences, differences[some])
        place = np.minimum(place, len(self.differences) - 1)
        is_known = self.differences[place] == differences[some]
        known, place = some[is_known], place[is_known]
        own = _kinds(self.sources, self.options, self.is_alone, pairs.take(known))
        # A pair that is no candidate was not counted: its counts may be one too low.
        equal, within, every = np.maximum(self.counts[:, place] - own, 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            found[:, known] = np.log1p(equal), np.log1p(within), within / every
        return found.T


def find_siblings(records: Records, candidates: Pairs) -> Siblings:
    """Count in what the candidates within and across sellers differ.

    Parameters
    ----------
    records : Records
        The catalogue.
    candidates : Pairs
        Every candidate pair.
    """
    # Numbers of 64 bits wrap around, so a difference of sums is that of the words.
    sums = sum_texts(records.core.indptr, records.core.terms)
    options = records.options()
    is_alone = _is_alone(records, number_keys(sums))
    differences, is_asked = _differences(sums, candidates)
    kinds = _kinds(records.sources, options, is_alone, candidates)
    order = np.flatnonzero(is_asked)
    order = order[np.argsort(differences[order])]
    differences = differences[order]
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = differences[1:] != differences[:-1]
    starts = np.flatnonzero(is_first)
    counts = np.zeros((3, len(starts)), np.int32)
    for kind, count in zip(kinds, counts, strict=True):
        if len(starts):
            np.add.reduceat(kind[order], starts, dtype=np.int32, out=count)
    n_within, n_all = (int(count.sum(dtype=np.int64)) for count in counts[1:])
    # The single pair of a difference leaves itself out: without sellers that are the same, nothing
    # is left, and nine of ten differences are so.
    is_telling = (counts[2] > 1) | counts[:2].any(axis=0)
    telling = differences[starts[is_telling]]
    perhaps = np.zeros(1 << max(len(telling) * SLOTS, 1).bit_length(), dtype=np.bool_)
    perhaps[_slots(telling, len(perhaps))] = True
    return Siblings(
        sums,
        records.sources,
        options,
        is_alone,
        telling,
        perhaps,
        counts[:, is_telling],
        can_tell=0 < n_within < n_all,
    )


def _slots(differences: NDArray[np.uint64], n_slots: int) -> NDArray[np.uint64]:
    """Return the slot of each difference, the first bits of which are those of a random number."""
    return np.asarray(differences * SPREAD >> np.uint64(65 - n_slots.bit_length()))


def _is_alone(records: Records, cores: Longs) -> Bools:
    keys = ((records.sources + 2).astype(np.int64) << 32) | (cores + 1)
    numbers = number_keys(keys.view(np.uint64))
    return np.asarray(np.bincount(numbers)[numbers] == 1)


def _kinds(sources: Ints, options: NDArray[np.uint64], is_alone: Bools, pairs: Pairs) -> Bools:
    """Return of which kinds each pair is, as in `Siblings.counts`, shape (3, n_pairs)."""
    is_within = sources[pairs.left] == sources[pairs.right]
    is_equal = options[pairs.left] == options[pairs.right]
    is_usual = ~is_alone[pairs.left] & ~is_alone[pairs.right]
    every = np.ones(len(pairs), dtype=np.bool_)
    return np.stack([is_within & is_equal, is_within & is_usual, every])


def _differences(sums: NDArray[np.uint64], pairs: Pairs) -> tuple[NDArray[np.uint64], Bools]:
    """Return the difference of each pair, whichever side is which, and whether there is one."""
    left, right = sums[pairs.left], sums[pairs.right]
    difference = np.minimum(left - right, right - left)
    return difference, (left != 0) & (right != 0) & (difference != 0)
