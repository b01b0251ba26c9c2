"""Cores of titles: whether they are the same, and how common each is."""

from dataclasses import dataclass

import numpy as np

from matcher.compiled import number_texts
from matcher.features.comparison import columns, ordered
from matcher.types import Floats, Ints, Longs, Pairs, Terms


@dataclass(frozen=True, slots=True)
class Cores:
    """Whether two titles have one core, and how many records share each core.

    Two different cores that many records share are two products; one that stands alone may be a
    slip or a longer way of saying the same.

    Attributes
    ----------
    forms : Ints
        Shape (n_records,): number of the core, -1 where the title has none.
    support : Floats
        Shape (n_cores + 1,): logarithm of the number of records that have each; the last is NaN,
        where there is no core.
    """

    forms: Ints
    support: Floats

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return ("core_equal", "core_support_min", "core_support_max")

    def with_counts(self, counts: Longs) -> "Cores":
        """Return the same with cores as frequent as in a larger catalogue.

        Parameters
        ----------
        counts : Longs
            Shape (n_records,): how many of its records have the core of each, at least one.
        """
        support = self.support.copy()
        support[self.forms] = np.log(counts)
        support[-1] = np.nan  # where there is no core, that is -1
        return Cores(self.forms, support)

    def compare(self, pairs: Pairs) -> Floats:
        """Return 1 or 0, and the smaller and the larger support; NaN where a side has no core."""
        left, right = self.forms[pairs.left], self.forms[pairs.right]
        equal = np.asarray(left == right, dtype=np.float32)
        equal[(left < 0) | (right < 0)] = np.nan
        return columns(equal, *ordered(self.support[left], self.support[right]))


def number_cores(cores: Terms) -> Cores:
    """Count the records of the different cores of a catalogue."""
    forms = number_texts(cores).astype(np.int32)
    counts = np.maximum(np.bincount(forms[forms >= 0]), 1)
    return Cores(forms, np.append(np.log(counts), np.nan).astype(np.float32))
