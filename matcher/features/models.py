"""Model numbers: the same, one inside the other's text, or nearly the same."""

from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from matcher.features.comparison import columns, ordered, ratio, unique_keys
from matcher.features.inside import Squashed, Words
from matcher.features.sets import rarest_unmatched, raw_overlaps
from matcher.features.strings import Strings
from matcher.types import Floats, Ints, Pairs, Terms

N_BEST = 4
"""Unmatched model numbers compared on each side; few records have more."""


@dataclass(frozen=True, slots=True)
class ModelNumbers:
    """Agreement of model numbers.

    Attributes
    ----------
    models : Terms
        Set of squashed model numbers.
    spellings : Strings
        Shape (n_models,): the squashed spellings.
    words : Words
        The same, to be searched for.
    texts : Squashed
        Whole text of each record.
    ignored : int
        Bits of the ignored axes.
    """

    models: Terms
    spellings: Strings
    words: Words
    texts: Squashed
    ignored: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return (
            "models_shared_weight",
            "models_only_min",
            "models_only_max",
            "models_inside_min",
            "models_inside_max",
            "models_nearest_min",
            "models_nearest_max",
            "models_both",
        )

    def compare(self, pairs: Pairs) -> Floats:
        """Return the agreement of model numbers; NaN where neither side has one."""
        raw = raw_overlaps(self.models, pairs, self.ignored)
        only_left, inside_left = self._inside(pairs.left, pairs.right)
        only_right, inside_right = self._inside(pairs.right, pairs.left)
        nearest = self._nearest(only_left, only_right)
        shared = raw[:, 5]
        features = columns(
            shared,
            *ordered(raw[:, 3] - shared - inside_left, raw[:, 4] - shared - inside_right),
            *ordered(
                ratio(shared + inside_left, raw[:, 3]), ratio(shared + inside_right, raw[:, 4])
            ),
            nearest,  # from either side: the nearest of one is the nearest of the other
            nearest,
            ((raw[:, 0] > 0) & (raw[:, 1] > 0)).astype(np.float32),
        )
        features[(raw[:, 0] == 0) & (raw[:, 1] == 0)] = np.nan
        return features

    def _inside(self, first: Ints, second: Ints) -> tuple[Ints, Floats]:
        only = rarest_unmatched(self.models, first, second, self.ignored, N_BEST)
        unexplained = np.zeros(only.shape, dtype=np.float32)
        return only, self.texts.weigh(only, unexplained, self.words, second)

    def _nearest(self, first: Ints, second: Ints) -> Floats:
        """Return the best similarity of two unmatched model numbers, 0 where a side has none."""
        best = np.zeros(len(first), dtype=np.float32)
        both = np.flatnonzero((first[:, 0] >= 0) & (second[:, 0] >= 0))
        one = np.repeat(first[both], N_BEST, axis=1)
        other = np.tile(second[both], (1, N_BEST))
        known = (one >= 0) & (other >= 0)
        unique_one, unique_other, place = unique_keys(one[known], other[known])
        score = process.cpdist(
            self.spellings[unique_one],
            self.spellings[unique_other],
            scorer=Levenshtein.normalized_similarity,
            dtype=np.float32,
        )
        grid = np.zeros(one.shape, dtype=np.float32)
        grid[known] = score[place]
        best[both] = grid.max(axis=1)
        return best
