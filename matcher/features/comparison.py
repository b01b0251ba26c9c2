"""What every comparison of pairs has in common, and the small arithmetic that they share."""

from typing import Protocol

import numpy as np

from matcher.types import Floats, Ints, Longs, Pairs


class Comparison(Protocol):
    """Compares pairs and answers with a few named features.

    A comparison is made once, from `Records` and a set of ignored axes, and is then called for
    chunks of pairs, from several threads. Its features do not depend on which record of a pair
    stands on the left.
    """

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features, unique in the whole engine."""

    def compare(self, pairs: Pairs) -> Floats:
        """Return features of shape (n_pairs, len(names)); NaN where a side is missing."""


def ordered(first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """Return the smaller and the larger of two arrays, so that sides can be swapped freely."""
    return np.minimum(first, second), np.maximum(first, second)


def ratio(part: Floats, total: Floats) -> Floats:
    """Return ``part / total``, NaN where the total is 0."""
    missing = np.full(len(total), np.nan, np.float32)
    return np.divide(part, total, out=missing, where=total > 0)


def columns(*features: Floats) -> Floats:
    """Stack features of shape (n_pairs,) into one array (n_pairs, n_features), column by column.

    Each feature lies in one piece of memory: stacking row by row costs three times as much.
    """
    return np.array(features, dtype=np.float32).T


def unique_keys(first: Ints, second: Ints) -> tuple[Ints, Ints, Longs]:
    """Return the different unordered pairs of two arrays, and the place of each row among them.

    Both numbers are 0 or more.  Sorting is several times as fast as the hashing `numpy.unique`.

    Examples
    --------
    >>> first, second, place = unique_keys(np.array([5, 1, 2]), np.array([2, 3, 5]))
    >>> first.tolist(), second.tolist(), place.tolist()
    ([1, 2], [3, 5], [1, 0, 1])
    """
    keys = (np.minimum(first, second).astype(np.int64) << 32) | np.maximum(first, second)
    order = np.argsort(keys)
    ascending = keys[order]
    is_new = np.ones(len(keys), np.bool_)
    is_new[1:] = ascending[1:] != ascending[:-1]
    place = np.empty(len(keys), dtype=np.int64)
    place[order] = np.cumsum(is_new) - 1
    unique = ascending[is_new]
    return (unique >> 32).astype(np.int32), (unique & 0xFFFFFFFF).astype(np.int32), place
