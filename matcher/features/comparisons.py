"""Several comparisons in a fixed order, and what they say of pairs."""

from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np

from matcher.features.axes import Axes
from matcher.features.comparison import Comparison
from matcher.features.context import Context
from matcher.features.core import Cores
from matcher.features.sets import SetComparison
from matcher.features.siblings import Siblings
from matcher.features.values import BrandInTitle, Categories, Forms, Numbers, Quantities
from matcher.types import Floats, Longs, Pairs

QUICK = (Axes, BrandInTitle, Categories, Context, Cores, Forms, Numbers, Quantities, Siblings)
QUICK_VIEWS = ("title", "core", "title_models", "title_numbers")
"""What is compared of every candidate of a large catalogue: 4 of 8 us a pair.  Without the three
contexts twice as many candidates would have to be kept."""


@dataclass(frozen=True, slots=True)
class Comparisons:
    """All comparisons of a catalogue under one set of ignored axes.

    Attributes
    ----------
    parts : tuple[Comparison, ...]
        The comparisons in order.
    ignored : int
        Bits of the ignored axes.
    """

    parts: tuple[Comparison, ...]
    ignored: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all features, in the order of the columns."""
        if len(self.parts) == 1:
            return self.parts[0].names
        return tuple(chain.from_iterable(part.names for part in self.parts))

    def compare(self, pairs: Pairs) -> Floats:
        """Return the features of pairs, shape (n_pairs, n_features); NaN is missing."""
        return Compared(pairs).by(self)

    def extended(self, part: Comparison) -> "Comparisons":
        """Return the same comparisons and one more, last."""
        return Comparisons((*self.parts, part), self.ignored)

    def as_in(self, shares: Floats, core_counts: Longs | None = None) -> "Comparisons":
        """Return the same comparisons with brands and cores as frequent as in a larger catalogue.

        Parameters
        ----------
        shares : Floats
            Shape (n_brands,): share of its records that have each brand.
        core_counts : Longs | None
            Shape (n_records,): how many of its records have the core of each, at least one; None
            leaves the cores as they are.
        """
        parts = list(self.parts)
        for place, part in enumerate(parts):
            if isinstance(part, BrandInTitle):
                parts[place] = replace(part, sizes=shares)
            elif isinstance(part, Cores) and core_counts is not None:
                parts[place] = part.with_counts(core_counts)
        return Comparisons(tuple(parts), self.ignored)

    def quick(self) -> "Comparisons":
        """Return those that cost little and tell hopeless pairs from others."""
        return Comparisons(tuple(filter(_is_quick, self.parts)), self.ignored)

    def by_itself(self) -> "Comparisons":
        """Return those that do not depend on which other pairs are candidates.

        What the catalogue says as a whole stays: how rare words are, which brands and options it
        names.
        """
        parts = (part for part in self.parts if not isinstance(part, Context | Siblings))
        return Comparisons(tuple(parts), self.ignored)


def _is_quick(part: Comparison) -> bool:
    if isinstance(part, SetComparison):
        return part.view in QUICK_VIEWS
    return isinstance(part, QUICK)


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs that several sets of comparisons are asked about; what these share is made once.

    Attributes
    ----------
    pairs : Pairs
        The pairs.
    """

    pairs: Pairs
    _made: dict[int, Floats] = field(default_factory=dict)

    def by(self, comparisons: Comparisons) -> Floats:
        """Return the features of the pairs, as `Comparisons.compare` does."""
        # Column by column, as the parts are: rows would cost more than several of the parts.
        return np.concatenate([self._columns(part) for part in comparisons.parts]).T

    def having(self, comparisons: Comparisons) -> "Compared":
        """Return the same, compared by these already."""
        for part in comparisons.parts:
            self._columns(part)
        return self

    def take(self, rows: Longs, comparisons: Comparisons) -> "Compared":
        """Return some of the pairs with what is known of them that these comparisons ask."""
        known = (id(part) for part in comparisons.parts if id(part) in self._made)
        # The rows are there: to clip what is not is faster than to ask.
        made = {key: self._made[key].take(rows, axis=1, mode="clip") for key in known}
        return Compared(self.pairs.take(rows), made)

    def _columns(self, part: Comparison) -> Floats:
        if id(part) not in self._made:
            self._made[id(part)] = part.compare(self.pairs).T
        return self._made[id(part)]
