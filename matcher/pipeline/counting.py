"""Count the matches of a catalogue by the differences that its records repeat.

See docs/decisions/0045-counted-by-repeated-differences.md.
"""

import numpy as np

from matcher.classify import UNLIKELY, matches_by_repetition
from matcher.features import RepeatedDifferences
from matcher.pipeline.judge import Judge, Probabilities
from matcher.types import Bools, Pairs

AROUND = 0.1
"""Probability from which two records are around each other: low, for where a model thinks little of
matches that are noisy, their words are seen to come back only then."""

N_ASKED = 50_000
"""Candidates that are asked, at least, if there are as many: shares are known to half a percent."""


def count_matches(judge: Judge, probability: Probabilities) -> float | None:
    """Return how many candidates of one table are matches; None if nothing tells.

    Parameters
    ----------
    judge : Judge
        The model and the catalogue.
    probability : Probabilities
        Shape (n_candidates,): at first sight; 0 by rule.
    """
    records, candidates = judge.prepared.records, judge.candidates
    if records.is_link:  # an item that is there twice contradicts itself: structure tells
        return None
    asked = np.flatnonzero(probability >= UNLIKELY)
    asked = asked[:: max(len(asked) // N_ASKED, 1)]
    pairs, is_asked = candidates.take(asked), np.zeros(len(records), dtype=np.bool_)
    is_asked[pairs.left] = is_asked[pairs.right] = True
    touched = is_asked[candidates.left] | is_asked[candidates.right]
    around = np.flatnonzero((probability >= AROUND) & touched)
    repeated = RepeatedDifferences.among(records, judge.prepared.titles, candidates.take(around))

    def is_repeated(chunk: Pairs) -> Bools:
        return np.asarray(repeated.compare(chunk).any(axis=1))

    chunks = judge.prepared.engine.map_chunks("scoring", is_repeated, pairs)
    found = np.concatenate([np.zeros(0, np.bool_), *chunks])
    return matches_by_repetition(probability, asked, repeated.differ(pairs), found)
