"""What a general model says of families, once it has judged which pairs are exact.

The question of families is asked at first sight only; that of exact pairs is judged again beside
their rivals, and fitted to the catalogue.  See docs/decisions/0047-families-follow.md.
"""

import numpy as np
from scipy.special import expit

from matcher.classify import (
    Adaptation,
    differing_axes,
    fitted_before,
    gain,
    log_odds,
    within_source,
)
from matcher.features import RepeatedDifferences
from matcher.pipeline.doubting import LIKELY, REPEATED_ODDS
from matcher.pipeline.judge import Judge, Look, Probabilities
from matcher.types import Bools, Longs, Pairs, Records

FOLLOWED = 1 / 3
"""Of what was judged of exact pairs beside what was said of families, where no option differs."""

GIVEN = 1 / 2
"""Of what the first fit to the catalogue gave the log-odds of exact pairs, what families are given:
where shops write so freely that a model doubts too much, it doubts both."""

POSSIBLE = 0.2
"""Probability of a family from which it is asked what others repeat: less is decided already."""


def judge_families(
    judge: Judge, look: Look, asked: Longs, same: Probabilities, fitted: Adaptation
) -> list[Probabilities]:
    """Return the probabilities of one family under each question, after those of exact pairs.

    Parameters
    ----------
    judge : Judge
        The model and the catalogue.
    look : Look
        What it said at first sight, of all candidates.
    asked : Longs
        Shape (n_asked,): places of the pairs that are asked about.
    same : Probabilities
        Shape (n_asked,): that they are exact, as judged in the end.
    fitted : Adaptation
        How that was fitted to the catalogue.

    Returns
    -------
    list[Probabilities]
        Shape (n_asked,) each.
    """
    related = [found[asked] for found in look.related]
    if not related:
        return related
    records, engine = judge.prepared.records, judge.prepared.engine
    pairs = look.pairs.take(asked)
    differs = differing_axes(records, pairs) != 0
    lost = np.zeros(len(pairs))
    if not judge.classifier.is_told:
        given = GIVEN * fitted_before(fitted, 0).shift
        if given > 0:
            related = engine.each(lambda found: gain(found, given), related)
        doubtful = np.flatnonzero(differs & (related[0] >= POSSIBLE))
        lost[doubtful] = _lost_by_repeated(judge, look, pairs.take(doubtful))
    follows = ~differs & (same > 0)
    untold = _untold(records, pairs) if fitted.told_apart else np.zeros(len(pairs), dtype=np.bool_)
    return engine.each(lambda found: _after_exact(found, same, lost, follows, untold), related)


def _after_exact(
    related: Probabilities, same: Probabilities, lost: Probabilities, follows: Bools, untold: Bools
) -> Probabilities:
    """Return what is said of families under one question, less where exact pairs tell so."""
    odds = log_odds(related)
    followed = FOLLOWED * log_odds(same) + (1 - FOLLOWED) * odds
    related = np.where(follows & (followed < odds), expit(followed), related)
    related = np.where(lost > 0, expit(odds - lost), related)
    return np.where(untold, np.minimum(related, same), related)


def _lost_by_repeated(judge: Judge, look: Look, doubtful: Pairs) -> Probabilities:
    """Return the log-odds that pairs lose by differences beside the options that others repeat."""
    likely = look.pairs.take(np.flatnonzero(look.related[0] >= LIKELY))
    records, titles = judge.prepared.records, judge.prepared.titles
    repeated = RepeatedDifferences.among(records, titles, likely, judge.everything)
    chunks = judge.prepared.engine.map_chunks("scoring", repeated.compare, doubtful)
    found = np.concatenate([np.zeros((0, len(REPEATED_ODDS)), np.bool_), *chunks])
    return np.asarray(found @ REPEATED_ODDS)


def _untold(records: Records, pairs: Pairs) -> Bools:
    """Return the pairs within a source that say the same of every option.

    Who sells variants tells them apart. So records of one source that differ in no option are of
    one family only if they are one product.
    """
    options = records.options()
    is_equal = options[pairs.left] == options[pairs.right]
    return np.asarray(is_equal & within_source(pairs, records.sources))
