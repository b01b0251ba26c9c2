"""Doubt pairs whose titles differ in what the records around repeat.

See docs/decisions/0040-repeated-differences.md.
"""

import numpy as np
from scipy.special import expit

from matcher.classify import log_odds
from matcher.features import RepeatedDifferences
from matcher.pipeline.judge import Judge, Probabilities
from matcher.types import Longs, Pairs

LIKELY, HARDLY = 0.3, 0.02
"""Probability from which pairs show what differs around, and below which it is not asked."""

REPEATED_ODDS = np.array([0.5, 0.7, 0.8, 0.4])
"""What the log-odds of a pair lose by each of `matcher.features.REPEATED_NAMES`: half to all of
what a regression on the log-odds and these four gave on twelve catalogues."""

MADE_UP = 0.7
"""Share of what likely matches lose on average that all pairs gain: where titles of one product
differ in what others repeat, such a difference says less, and the sum shall stay."""


def doubt_repeated(
    judge: Judge,
    pairs: Pairs,
    probability: Probabilities,
    fitted: Probabilities,
    asked: Longs | None,
) -> tuple[Probabilities, float]:
    """Make pairs less likely where others repeat what their titles differ in.

    Parameters
    ----------
    judge : Judge
        The model and the catalogue.
    pairs : Pairs
        All candidates, among other pairs.
    probability : Probabilities
        Shape (n_asked,): what is corrected.
    fitted : Probabilities
        Shape (n_pairs,): fitted to the catalogue: it says which records are around.
    asked : Longs | None
        Shape (n_asked,): places of the pairs that are asked about, None of all; these are asked
        about where nothing is known of how the catalogue was fitted.

    Returns
    -------
    tuple[Probabilities, float]
        Shape (n_asked,), and what all log-odds were given back: as in the run by which the judge is
        fitted, if there was one.
    """
    known = judge.fitted
    likely, unsure = np.flatnonzero(fitted >= LIKELY), np.flatnonzero(probability >= HARDLY)
    records, titles = judge.prepared.records, judge.prepared.titles
    repeated = RepeatedDifferences.among(records, titles, pairs.take(likely))
    chosen = unsure if asked is None else asked[unsure]
    chunks = judge.prepared.engine.map_chunks("scoring", repeated.compare, pairs.take(chosen))
    lost = np.concatenate([np.zeros((0, len(REPEATED_ODDS)), np.bool_), *chunks]) @ REPEATED_ODDS
    if known is None:
        given_back = MADE_UP * float(lost @ fitted[chosen]) / max(float(fitted[chosen].sum()), 1.0)
    else:
        given_back = known.given_back
    doubted = probability.copy()
    doubted[unsure] = expit(log_odds(probability[unsure]) - lost + given_back)
    return doubted, given_back
