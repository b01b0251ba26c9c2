"""Words that differ in spelling: joined, split, abbreviated or misspelt."""

from dataclasses import dataclass

import numpy as np

from matcher.features.alignment import nearest_spellings
from matcher.features.comparison import columns, ordered, ratio
from matcher.features.inside import Squashed, Words
from matcher.features.sets import rarest_unmatched, raw_overlaps
from matcher.features.strings import Spelling
from matcher.types import Floats, Pairs, Terms

N_BEST = 4
"""Unmatched words compared fuzzily on each side: the rarest decide; cost grows as its square."""

SIMILAR = 0.85
"""Jaro-Winkler similarity from which two words count as spellings of one."""


@dataclass(frozen=True, slots=True)
class SoftWords:
    """How much of each text the other explains once spelling is forgiven.

    A word is explained if the other side has it, has it inside its text written without spaces, or
    has a word spelt nearly so. Numbers are never matched fuzzily.

    Attributes
    ----------
    terms : Terms
        Token set of the whole text, without numbers.
    spelling : Spelling
        Of the tokens.
    words : Words
        The tokens, to be searched for.
    texts : Squashed
        Whole text of each record.
    ignored : int
        Bits of the ignored axes.
    """

    terms: Terms
    spelling: Spelling
    words: Words
    texts: Squashed
    ignored: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return ("soft_cover_min", "soft_cover_max", "soft_left_over_min", "soft_left_over_max")

    def compare(self, pairs: Pairs) -> Floats:
        """Return the explained shares and the unexplained weights; NaN if a side has no word."""
        raw = raw_overlaps(self.terms, pairs, self.ignored)
        only_left = rarest_unmatched(self.terms, pairs.left, pairs.right, self.ignored, N_BEST)
        only_right = rarest_unmatched(self.terms, pairs.right, pairs.left, self.ignored, N_BEST)
        letters = self.spelling.letters
        near_left, near_right = nearest_spellings(
            letters.codes,
            letters.offsets,
            self.spelling.shapes,
            letters.n_codes,
            letters.longest,
            only_left,
            only_right,
            SIMILAR,
        )
        covered_left = raw[:, 5] + self.texts.weigh(only_left, near_left, self.words, pairs.right)
        covered_right = raw[:, 5] + self.texts.weigh(only_right, near_right, self.words, pairs.left)
        features = columns(
            *ordered(ratio(covered_left, raw[:, 3]), ratio(covered_right, raw[:, 4])),
            *ordered(raw[:, 3] - covered_left, raw[:, 4] - covered_right),
        )
        features[(raw[:, 0] == 0) | (raw[:, 1] == 0)] = np.nan
        return features
