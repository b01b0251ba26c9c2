"""Comparison of the axes by role: no axis is named, so one model serves every set of them."""

from dataclasses import dataclass

import numpy as np

from matcher.features.passes import count_axes
from matcher.types import Floats, Ints, Longs, Pairs, Records

ROLES = ("kept_axes", "ignored_axes")
PARTS = ("equal", "near", "conflict", "one_sided", "unknown")


@dataclass(frozen=True, slots=True)
class AxisTable:
    """The values of all axes, side by side: of a random record they come from memory at once.

    Attributes
    ----------
    values : Ints
        Shape (n_records, n_columns): for each axis its form and then its limits, as in `Records`.
    starts : Longs
        Shape (n_axes + 1,): where the columns of each axis are.
    """

    values: Ints
    starts: Longs

    @staticmethod
    def of(records: Records) -> "AxisTable":
        """Arrange the values of a catalogue: a pair costs a third of what it does axis by axis."""
        rows = [
            np.vstack([records.axis_values[axis], records.axis_limits[axis]])
            for axis in records.axes
        ]
        starts = np.cumsum([0, *map(len, rows)])
        values = np.empty((len(records), int(starts[-1])), np.int32)
        for start, of_axis in zip(starts[:-1], rows, strict=True):
            values[:, start : start + len(of_axis)] = of_axis.T
        return AxisTable(values, starts)


@dataclass(frozen=True, slots=True)
class Axes:
    """How many axes of each role agree, nearly agree, conflict, or are unknown on a side.

    Attributes
    ----------
    table : AxisTable
        The values of all axes.
    ignored : int
        Bits of the ignored axes; the others are kept.
    """

    table: AxisTable
    ignored: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return tuple(f"{role}_{part}" for role in ROLES for part in PARTS)

    def compare(self, pairs: Pairs) -> Floats:
        """Return the five counts of the kept axes, and of the ignored ones.

        Near are values of which one may be the other ("blue", "navy"); one-sided are axes of which
        only one record knows a value, unknown those of which none does.
        """
        counts = np.zeros((len(ROLES) * len(PARTS), len(pairs)), dtype=np.float32)
        bits = np.uint32(self.ignored)
        count_axes(self.table.values, self.table.starts, bits, pairs.left, pairs.right, counts)
        return counts.T
