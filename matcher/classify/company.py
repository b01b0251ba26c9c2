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
        agreement, best, shared, left, right = _meet(
            self.indptr, self.others, self.probability, pairs.left, pairs.right
        ).T
        share = shared / np.maximum(left + right - shared, LEAST)
        apart = np.stack([left - shared, right - shared])
        found = (agreement, best, shared, share, apart.max(axis=0), apart.min(axis=0))
        return np.stack(found, axis=1).astype(np.float32)


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
    left, right = pairs.left[likely], pairs.right[likely]
    record, other = np.concatenate([left, right]), np.concatenate([right, left])
    value = np.tile(probability[likely], 2)
    order = np.lexsort((other, -value, record))
    counts = np.bincount(record, minlength=n_records)
    starts = np.cumsum(counts) - counts
    rank = np.arange(len(order)) - np.repeat(starts, counts)
    kept = order[rank < MOST]
    kept = kept[np.lexsort((other[kept], record[kept]))]
    ends = np.cumsum(np.minimum(counts, MOST))
    return Company(np.concatenate([np.zeros(1, np.int64), ends]), other[kept], value[kept])


@kernel
def _meet(indptr: Longs, others: Ints, probability: Doubles, left: Ints, right: Ints) -> Doubles:
    """Return agreement, best and shared company, and the sums of both sides, of each pair."""
    found = np.zeros((len(left), 5))
    for pair in range(len(left)):
        one, other = indptr[left[pair]], indptr[right[pair]]
        end_one, end_other = indptr[left[pair] + 1], indptr[right[pair] + 1]
        for place in range(one, end_one):
            if others[place] != right[pair]:
                found[pair, 3] += probability[place]
        for place in range(other, end_other):
            if others[place] != left[pair]:
                found[pair, 4] += probability[place]
        while one < end_one and other < end_other:
            if others[one] < others[other]:
                one += 1
            elif others[one] > others[other]:
                other += 1
            else:
                low = min(probability[one], probability[other])
                found[pair, 0] += probability[one] * probability[other]
                found[pair, 1] = max(found[pair, 1], low)
                found[pair, 2] += low
                one, other = one + 1, other + 1
    return found
