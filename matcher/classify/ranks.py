"""Mid-ranks: features as their place among the same catalogue's candidates.

A cosine of 0.6 is high in one catalogue and low in the next; its place among the candidates means
the same in both. With them the mean F1 on catalogues never seen rose from 65 to 72 (EVIDENCE.md
section 4).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.types import Floats

Doubles = NDArray[np.float64]

N_STEPS = 255
"""Steps of a scale: a place is known to 0.4 %, and a search among so few stays in the cache."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """Places of feature values among a sample of candidate pairs.

    Attributes
    ----------
    ordered : tuple[Floats, ...]
        For each feature, at most `N_STEPS` evenly spaced values of the sample, ascending, NaN left
        out.
    """

    ordered: tuple[Floats, ...]

    def places(self, features: Floats) -> Floats:
        """Return places in 0 to 1, the mean of the places of equal values; NaN stays NaN.

        Examples
        --------
        >>> ranks = rank_features(np.array([[1.0], [2.0], [2.0], [4.0]], dtype=np.float32))
        >>> ranks.places(np.array([[2.0], [9.0]], dtype=np.float32)).ravel().tolist()
        [0.5, 1.0]
        """
        out = np.full(features.shape, np.nan, dtype=np.float32)
        for column, values in enumerate(self.ordered):
            if len(values) == 0:
                continue
            feature = features[:, column]
            below = np.searchsorted(values, feature, "left")
            up_to = np.searchsorted(values, feature, "right")
            known = ~np.isnan(feature)
            out[known, column] = ((below + up_to) / (2 * len(values)))[known]
        return out

    def values_at(self, feature: int, places: Doubles) -> Doubles:
        """Return up to which value a feature's place is at most each of `places`.

        Examples
        --------
        >>> ranks = rank_features(np.array([[1.0], [2.0], [4.0]], dtype=np.float32))
        >>> ranks.values_at(0, np.array([-0.1, 0.5, 1.0])).tolist()
        [-inf, 2.0, inf]
        """
        values, counts = np.unique(self.ordered[feature], return_counts=True)
        below = np.concatenate([[0], np.cumsum(counts)])
        # Places of what lies before each value, of the value, and of what lies after all of them.
        steps = np.empty(2 * len(values) + 1, dtype=np.float32)
        steps[::2] = 2 * below / (2 * max(below[-1], 1))
        steps[1::2] = (below[1:] + below[:-1]) / (2 * max(below[-1], 1))
        last = np.empty(len(steps), dtype=np.float32)
        last[:-1:2] = np.nextafter(values, np.float32(-np.inf))
        last[1::2] = values
        last[-1] = np.inf
        found = np.searchsorted(steps.astype(np.float64), places, "right")
        return np.concatenate([[-np.inf], last])[found]


def rank_features(features: Floats) -> Ranks:
    """Order the features of a sample of candidate pairs, shape (n_sample, n_features)."""
    columns = (np.sort(column[~np.isnan(column)]) for column in features.T)
    return Ranks(tuple(_thin(column) for column in columns))


def _thin(ordered: Floats) -> Floats:
    """Return at most `N_STEPS` evenly spaced values of an ascending array."""
    if len(ordered) <= N_STEPS:
        return ordered
    places = np.linspace(0, len(ordered) - 1, N_STEPS).round().astype(np.intp)
    return ordered[places]
