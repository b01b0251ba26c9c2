"""Features of a few pairs, each compared once however often it is asked about.

A search asks six times about the same hundred pairs. Whether it is a hundred or ten, a comparison
takes as long, most of it to begin and end calls.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from matcher.features import Comparison, Comparisons
from matcher.pipeline.stages import Prepared
from matcher.types import Floats, Longs, Pairs


@dataclass(frozen=True, slots=True)
class _Made:
    """What was compared so far of all pairs."""

    pairs: Pairs
    keys: Longs
    parts: dict[int, tuple[Comparison, Floats]] = field(default_factory=dict)

    def of(self, part: Comparison) -> Floats:
        """Return the features of a comparison, shape (n_features, n_pairs)."""
        if id(part) not in self.parts:  # the part is kept too: no other one gets its id
            self.parts[id(part)] = part, part.compare(self.pairs).T
        return self.parts[id(part)][1]


@dataclass(frozen=True, slots=True)
class Remembered:
    """All comparisons under one set of ignored axes.

    Attributes
    ----------
    names : tuple[str, ...]
        Names of the features.
    """

    names: tuple[str, ...]
    _comparisons: Comparisons
    _made: _Made
    _matrix: list[Floats] = field(default_factory=list)

    def compare(self, pairs: Pairs) -> Floats:
        """Return the features of some of the pairs, shape (n_pairs, n_features)."""
        if not self._matrix:
            parts = [self._made.of(part) for part in self._comparisons.parts]
            self._matrix.append(np.concatenate(parts).T)
        if len(pairs) == len(self._made.pairs):
            return self._matrix[0]
        return self._matrix[0][np.searchsorted(self._made.keys, pairs.keys())]


def remember(prepared: Prepared) -> Prepared:
    """Return what is ready to compare candidates, and no other pairs, each of them once."""
    pairs = prepared.candidates.pairs
    made = _Made(pairs, pairs.keys())
    ready: dict[int, Comparisons] = {}

    names = prepared.plain.names  # the same whatever is ignored

    def of(comparisons: Comparisons) -> Comparisons:
        part = Remembered(names, comparisons, made)
        return Comparisons((part,), comparisons.ignored)

    def compare(ignored: int) -> Comparisons:
        if ignored not in ready:
            ready[ignored] = of(prepared.compare(ignored))
        return ready[ignored]

    return replace(prepared, plain=of(prepared.plain), compare=compare)
