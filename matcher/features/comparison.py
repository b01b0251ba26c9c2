"""What every comparison of pairs has in common, and the small arithmetic that they share."""

from typing import Protocol

import numpy as np

from matcher.types import Floats, Pairs


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
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(total > 0, part / total, np.float32(np.nan)).astype(np.float32)


def columns(*features: Floats) -> Floats:
    """Stack features of shape (n_pairs,) into one C-ordered array (n_pairs, n_features)."""
    return np.stack(features, axis=1).astype(np.float32, copy=False)
