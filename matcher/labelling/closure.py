"""What follows from the labels that were given: exact pairs chain, and so do families."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array

from matcher.types import DIFFERENT, EXACT, VARIANT, Bools, Ints, Labels, Longs, Pairs

UNKNOWN = -1
"""In place of a relation: it does not follow."""


@dataclass(frozen=True, slots=True)
class Closure:
    """What labels say of all pairs of their records.

    Records that a chain of exact labels joins are exact.  Two such groups are variants if a label
    says so of any of their records.  Two families, joined by exact and variant labels, are
    different if a label says so of any of their records.  Two members of a family without a label
    between their groups may be exact or variant: that does not follow.

    Attributes
    ----------
    product, family : Longs
        Shape (n_records,): number of the group and of the family of each record.
    variants, different : Longs
        Keys of the groups, and of the families, that a label holds apart; ascending.
    """

    product: Longs
    family: Longs
    variants: Longs
    different: Longs

    def relations(self, pairs: Pairs) -> Ints:
        """Return the relation that follows for each pair, `UNKNOWN` where none does, (n_pairs,).

        Examples
        --------
        >>> pairs = Pairs(np.array([0, 1, 1], np.int32), np.array([1, 2, 3], np.int32))
        >>> known = close(5, Labels(pairs, np.array([EXACT, VARIANT, DIFFERENT], np.int8)))
        >>> asked = Pairs(np.array([0, 0, 2, 0], np.int32), np.array([2, 3, 3, 4], np.int32))
        >>> known.relations(asked).tolist()  # exact is 0, variant 1, different 2
        [1, 2, 2, -1]
        """
        product = self.product[pairs.left], self.product[pairs.right]
        family = self.family[pairs.left], self.family[pairs.right]
        found = np.full(len(pairs), UNKNOWN, dtype=np.int32)
        found[_is_among(_keys(*family), self.different)] = DIFFERENT
        found[_is_among(_keys(*product), self.variants)] = VARIANT
        found[product[0] == product[1]] = EXACT
        return found


def close(n_records: int, labels: Labels) -> Closure:
    """Return what follows from labels of a catalogue of so many records.

    Labels that contradict each other are no error here: exact stands above variant, and variant
    above different.
    """
    left, right = labels.pairs.left, labels.pairs.right
    product = _join(n_records, labels, labels.relations == EXACT)
    family = _join(n_records, labels, labels.relations != DIFFERENT)
    is_variant, is_different = (labels.relations == each for each in (VARIANT, DIFFERENT))
    return Closure(
        product,
        family,
        np.unique(_keys(product[left], product[right])[is_variant]),
        np.unique(_keys(family[left], family[right])[is_different]),
    )


def _join(n_records: int, labels: Labels, is_held: Bools) -> Longs:
    from scipy.sparse.csgraph import connected_components

    ends = labels.pairs.left[is_held], labels.pairs.right[is_held]
    held = coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(n_records, n_records))
    return np.asarray(connected_components(held, directed=False)[1], np.int64)


def _keys(first: Longs, second: Longs) -> Longs:
    return (np.minimum(first, second) << 32) | np.maximum(first, second)


def _is_among(keys: Longs, known: Longs) -> Bools:
    """Return which keys are among the known ones, which are few and ascending."""
    if len(known) == 0:
        return np.zeros(len(keys), dtype=np.bool_)
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.asarray(known[place] == keys)
