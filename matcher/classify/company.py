"""The company that both records of a pair keep: the other records that each is likely to match.

Two offers of one product are matched by the same third offers; two siblings each by its own.  So
where one table holds a product more than twice, what a model says of the other pairs of both
records tells what it cannot see in the pair itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import kernel
from matcher.types import Floats, Ints, Longs, Pairs

Doubles = NDArray[np.float64]

NAMES = (
    *("company_agreement", "company_best", "company_shared", "company_share"),
    *("company_apart_max", "company_apart_min"),
)
"""The features: over third records, the sum of both probabilities multiplied, the best of their
minima, and the sum of these, also as a share of the sum of the maxima; and for both records
how many third ones are expected that the other one does not match."""

LIKELY = 0.01
"""Least probability of a match that keeps company."""

MOST = 50
"""Likeliest matches of a record that keep it company: thousands of equal offers must not cost the
square of their number."""

LEAST = 0.05
"""Of the sum of maxima: shares of less say nothing."""


@dataclass(frozen=True, slots=True)
class Company:
    """The likely matches of every record.

    Attributes
    ----------
    indptr : Longs
        Shape (n_records + 1,).
    others : Ints
        The likely matches of each record, ascending.
    probability : Doubles
        Of each of them.
    """

    indptr: Longs
    others: Ints
    probability: Doubles

    def features(self, pairs: Pairs) -> Floats:
        """Return what company the records of pairs keep, shape (n_pairs, len(NAMES)).

        What is said of a pair itself plays no part.
        """
        found = np.empty((5, len(pairs)))
        _meet(self.indptr, self.others, self.probability, pairs.left, pairs.right, found)
        agreement, best, shared, left, right = found
        share = shared / np.maximum(left + right - shared, LEAST)
        apart = np.stack([left - shared, right - shared])
        columns = (agreement, best, shared, share, apart.max(axis=0), apart.min(axis=0))
        return np.stack(columns, axis=1).astype(np.float32)


def arrange_company(n_records: int, pairs: Pairs, probability: Doubles) -> Company:
    """Arrange the likely ones of pairs by record.

    Parameters
    ----------
    n_records : int
        Of the catalogue.
    pairs : Pairs
        All candidates, or all of some records.
    probability : Doubles
        Shape (n_pairs,): that they match.

    Examples
    --------
    >>> three = Pairs(np.array([0, 0, 1], np.int32), np.array([1, 2, 2], np.int32))
    >>> company = arrange_company(3, three, np.array([0.5, 0.9, 0.8]))
    >>> [round(float(each), 2) for each in company.features(three)[0]]  # 0 and 1 meet in 2
    [0.72, 0.8, 0.8, 0.89, 0.1, 0.0]
    """
    likely = np.flatnonzero(probability >= LIKELY)
    left, right, value = pairs.left[likely], pairs.right[likely], probability[likely]
    indptr = np.zeros(n_records + 1, np.int64)
    for side in (left, right):
        indptr[1:] += np.bincount(side, minlength=n_records)
    np.cumsum(indptr, out=indptr)
    others, kept = np.empty(2 * len(likely), np.int32), np.empty(2 * len(likely))
    _place(left, right, value, indptr[:-1].copy(), others, kept)
    return _likeliest(Company(indptr, others, kept))


def _likeliest(company: Company) -> Company:
    """Return the company with the likeliest matches only of a record that has too many."""
    counts = np.diff(company.indptr)
    if counts.max(initial=0) <= MOST:
        return company
    is_kept = np.ones(len(company.others), np.bool_)
    for record in np.flatnonzero(counts > MOST).tolist():
        own = slice(company.indptr[record], company.indptr[record + 1])
        is_kept[own][np.argsort(-company.probability[own], kind="stable")[MOST:]] = False
    indptr = np.append(np.zeros(1, np.int64), np.cumsum(np.minimum(counts, MOST)))
    return Company(indptr, company.others[is_kept], company.probability[is_kept])


@kernel
def _place(
    left: Ints, right: Ints, probability: Doubles, ends: Longs, others: Ints, kept: Doubles
) -> None:
    """Write the matches of each record, ascending; `ends` begins where those of each do.

    Pairs ascend: those in which a record is the right one come first, and have smaller others.
    """
    for of_left in range(2):
        for pair in range(len(left)):
            record, other = left[pair], right[pair]
            if not of_left:
                record, other = other, record
            others[ends[record]], kept[ends[record]] = other, probability[pair]
            ends[record] += 1


@kernel
def _meet(
    indptr: Longs, others: Ints, probability: Doubles, left: Ints, right: Ints, found: Doubles
) -> None:
    """Write agreement, best and shared company, and the sums of both sides, (5, n_pairs)."""
    for pair in range(len(left)):
        one, other = indptr[left[pair]], indptr[right[pair]]
        end_one, end_other = indptr[left[pair] + 1], indptr[right[pair] + 1]
        agreement, best, shared, sum_one, sum_other = 0.0, 0.0, 0.0, 0.0, 0.0
        for place in range(one, end_one):
            if others[place] != right[pair]:
                sum_one += probability[place]
        for place in range(other, end_other):
            if others[place] != left[pair]:
                sum_other += probability[place]
        while one < end_one and other < end_other:
            if others[one] < others[other]:
                one += 1
            elif others[one] > others[other]:
                other += 1
            else:
                low = min(probability[one], probability[other])
                agreement += probability[one] * probability[other]
                best = max(best, low)
                shared += low
                one, other = one + 1, other + 1
        found[0, pair], found[1, pair], found[2, pair] = agreement, best, shared
        found[3, pair], found[4, pair] = sum_one, sum_other
