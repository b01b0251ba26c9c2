"""Overlap of two term sets, counted and weighted by inverse document frequency."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import distinct_parts, kernel
from matcher.features.kernels import overlaps, unmatched
from matcher.features.passes import measure_sets
from matcher.types import Bits, Bools, Floats, Ints, Longs, Pairs, Terms


def as_set(terms: Terms) -> Terms:
    """Return the terms ascending and unique inside each record.

    A term that occurs twice keeps only the axis bits that both occurrences have: what also stands
    outside an axis value is not masked with it.
    """
    if terms.is_set:
        return terms
    same = np.arange(len(terms.idf) + 1)
    indptr, found, axes = distinct_parts(
        terms.indptr, terms.terms, terms.axes, same, same[:-1].astype(np.int32)
    )
    return Terms(indptr, found, axes, terms.idf, is_set=True)


def raw_overlaps(terms: Terms, pairs: Pairs, ignored: int) -> Floats:
    """Return the columns of `kernels.overlaps` for pairs of records of a term set."""
    return overlaps(
        terms.indptr,
        terms.terms,
        terms.axes,
        terms.idf,
        pairs.left,
        pairs.right,
        np.uint32(ignored),
    )


def rarest_unmatched(terms: Terms, records: Ints, others: Ints, ignored: int, n_best: int) -> Ints:
    """Return the rarest terms that records have and others lack, by `kernels.unmatched`."""
    return unmatched(
        terms.indptr,
        terms.terms,
        terms.axes,
        terms.idf,
        records,
        others,
        np.uint32(ignored),
        n_best,
    )


def cosine(raw: Floats) -> Floats:
    """Return the IDF-weighted cosine of two sets from their raw overlaps; NaN if one is empty."""
    return np.asarray(measure_sets(raw.T)[_PARTS.index("cosine")])


_PARTS = (
    "jaccard",
    "weighted_jaccard",
    "cosine",
    "containment_min",
    "containment_max",
    "only_min",
    "only_max",
    "only_weight_min",
    "only_weight_max",
    "rarest_only_min",
    "rarest_only_max",
    "rarest_shared",
    "shared",
)


@lru_cache(maxsize=256)  # every search asks for them
def _names(view: str) -> tuple[str, ...]:
    return tuple(f"{view}_{part}" for part in _PARTS)


@dataclass(frozen=True, slots=True)
class SetComparison:
    """Overlap features of one view of the records (title tokens, numbers, n-grams, ...).

    Attributes
    ----------
    view : str
        Prefix of the feature names.
    terms : Terms
        A term set; terms with an `idf` of 0 do not exist.
    ignored : int
        Bits of the axes whose terms do not exist either.
    """

    view: str
    terms: Terms
    ignored: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return _names(self.view)

    def compare(self, pairs: Pairs) -> Floats:
        """Return the overlap features; NaN where a side has no term."""
        return measure_sets(raw_overlaps(self.terms, pairs, self.ignored).T).T


def keep_kinds(terms: Terms, kinds: NDArray[np.uint8], *wanted: int) -> Terms:
    """Return the terms of the wanted kinds of token, `kinds` being those of the vocabulary."""
    is_wanted = np.zeros(256, np.bool_)
    is_wanted[list(wanted)] = True
    return keep(terms, is_wanted[kinds])


def keep(terms: Terms, is_wanted: Bools) -> Terms:
    """Return the terms that are wanted, `is_wanted` (n_vocabulary,) being by term number."""
    return _filter(terms, is_wanted[terms.terms])


def leave_out(terms: Terms, ignored: int) -> Terms:
    """Return terms without those of the ignored axes, given as bits.

    Pairs of term sets must not be masked so, but in the comparison: a term that is an axis value in
    one record does not exist in the other either.
    """
    return _filter(terms, (terms.axes & np.uint32(ignored)) == 0) if ignored else terms


def _filter(terms: Terms, kept: Bools) -> Terms:
    starts = np.zeros(len(terms.indptr), np.int64)
    found, bits = np.empty_like(terms.terms), np.empty_like(terms.axes)
    end = _keep(terms.indptr, terms.terms, terms.axes, kept, (starts, found, bits))
    return Terms(starts, found[:end].copy(), bits[:end].copy(), terms.idf, terms.is_set)


@kernel
def _keep(
    indptr: Longs, terms: Ints, axes: Bits, kept: Bools, out: tuple[Longs, Ints, Bits]
) -> int:
    (starts, found, bits), end = out, 0
    for row in range(len(indptr) - 1):
        for place in range(indptr[row], indptr[row + 1]):
            found[end], bits[end] = terms[place], axes[place]
            end += kept[place]
        starts[row + 1] = end
    return end
