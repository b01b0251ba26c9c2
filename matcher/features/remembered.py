"""Features of pairs that were compared before, kept where comparing again costs most."""

from dataclasses import dataclass

import numpy as np

from matcher.features.comparison import Comparison
from matcher.features.comparisons import Compared, Comparisons
from matcher.features.models import ModelNumbers
from matcher.features.soft import SoftWords
from matcher.features.strings import TitleStrings
from matcher.types import Floats, Longs, Pairs

COSTLY = (TitleStrings, SoftWords, ModelNumbers)
"""What looks at letters: half of the time of all comparisons, and 16 of some 250 features."""


def costly(comparisons: Comparisons) -> Comparisons:
    """Return those of the comparisons that are worth remembering."""
    parts = (part for part in comparisons.parts if isinstance(part, COSTLY))
    return Comparisons(tuple(parts), comparisons.ignored)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What costly comparisons said of some pairs.

    Attributes
    ----------
    keys : Longs
        Shape (n_pairs,): keys of the pairs, ascending.
    features : Floats
        Shape (n_pairs, n_features): of all parts that are `costly`, in order.
    """

    keys: Longs
    features: Floats

    @staticmethod
    def of(compared: Compared, costs_much: Comparisons) -> "Remembered":
        """Keep what the costly comparisons said of pairs that are compared."""
        return Remembered(compared.pairs.keys(), np.ascontiguousarray(compared.by(costs_much)))

    @staticmethod
    def join(parts: list["Remembered"]) -> "Remembered":
        """Put what is kept of several chunks, one after the other, into one."""
        keys = np.concatenate([part.keys for part in parts])
        return Remembered(keys, np.concatenate([part.features for part in parts]))

    def beside(self, comparisons: Comparisons) -> Comparisons:
        """Return the same comparisons, which need not look at these pairs again."""
        parts: list[Comparison] = []
        column = 0
        for part in comparisons.parts:
            if isinstance(part, COSTLY):
                end = column + len(part.names)
                parts.append(_Known(part, self.keys, self.features[:, column:end]))
                column = end
            else:
                parts.append(part)
        return Comparisons(tuple(parts), comparisons.ignored)


@dataclass(frozen=True, slots=True)
class _Known:
    """A comparison whose features of some pairs, (n_pairs, n_features), are known."""

    part: Comparison
    keys: Longs
    features: Floats

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return self.part.names

    def compare(self, pairs: Pairs) -> Floats:
        """Return the features, those that are known as they are."""
        asked = pairs.keys()
        place = np.searchsorted(self.keys, asked)
        is_known = np.zeros(len(pairs), np.bool_)
        inside = place < len(self.keys)
        is_known[inside] = self.keys[place[inside]] == asked[inside]
        others = np.flatnonzero(~is_known)
        out = np.empty((len(self.names), len(pairs)), np.float32).T
        out[is_known] = self.features[place[is_known]]
        if len(others):
            out[others] = self.part.compare(pairs.take(others))
        return out
