"""Comparison of the axes by role: no axis is named, so one model serves every set of them."""

from dataclasses import dataclass

import numpy as np

from matcher.features.passes import count_axis
from matcher.types import Floats, Pairs, Records


@dataclass(frozen=True, slots=True)
class Axes:
    """How many axes of one role agree, nearly agree, conflict, or are unknown on a side.

    Attributes
    ----------
    prefix : str
        Of the feature names.
    records : Records
        The catalogue.
    axes : tuple[str, ...]
        The axes of the role.
    """

    prefix: str
    records: Records
    axes: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        parts = ("equal", "near", "conflict", "one_sided", "unknown")
        return tuple(f"{self.prefix}_{part}" for part in parts)

    def compare(self, pairs: Pairs) -> Floats:
        """Return the five counts; near are values of which one may be the other ("blue", "navy").

        One-sided are axes of which only one record knows a value, unknown those of which none does.
        """
        counts = np.zeros((5, len(pairs)), dtype=np.float32)
        for axis in self.axes:
            forms, limits = self.records.axis_values[axis], self.records.axis_limits[axis]
            count_axis(forms, limits, pairs.left, pairs.right, counts)
        return counts.T
