"""What the model says of pairs under "exact?", fitted to the catalogue or judged twice."""

from dataclasses import replace

import numpy as np
from scipy.special import expit

from matcher.classify import (
    RIVAL_NAMES,
    Adaptation,
    Classifier,
    adapt,
    arrange_rivals,
    find_conflicts,
    log_odds,
    make_scorer,
    options_agree,
    say_the_same,
)
from matcher.pipeline.judge import Judge, Look, Probabilities
from matcher.types import Ints, Pairs

EXACT_WEIGHT = 2 / 3
"""Of the answer to "exact?" beside that to "one family?", where all options agree."""

SURE = 0.99
"""Probability that two records are one product which say the same and leave nothing open."""


def judge_exact(judge: Judge, look: Look) -> tuple[Probabilities, Adaptation | None]:
    """Return the probability of the same product, and how a general model was fitted.

    Parameters
    ----------
    judge : Judge
        The model and the catalogue.
    look : Look
        What it says at first sight, of all candidates where it is general or has a second model:
        they fit it, and give a pair its rivals.

    Returns
    -------
    tuple[Probabilities, Adaptation | None]
        Shape (n_pairs,); None where the model knows the catalogue.
    """
    classifier = judge.classifier
    if not classifier.is_general:
        return _same(judge, look, classifier.second), None
    first, found = judge_generally(judge, look)
    if classifier.second is not None:
        again = _look_again(judge, look.pairs, classifier.second, first)
        first, fitted = _fit(judge, look.pairs, again)
        found = replace(fitted, within=found.within, across=found.across, first_shift=found.shift)
    first[say_the_same(judge.prepared.records, look.pairs)] = SURE
    return first, found


def judge_generally(judge: Judge, look: Look) -> tuple[Probabilities, Adaptation]:
    """Return what a general model says at first sight, fitted to the catalogue.

    Parameters
    ----------
    judge : Judge
        The model and the catalogue.
    look : Look
        Of all candidates, among other pairs.

    Returns
    -------
    tuple[Probabilities, Adaptation]
        Shape (n_pairs,), 0 where a rule says no; and how it was fitted.
    """
    records = judge.prepared.records
    conflicts = find_conflicts(records, look.pairs, 0)
    same = _same(judge, look, second=None)
    possible = np.where(conflicts.kept | conflicts.no_identity, 0.0, same)
    return _fit(judge, look.pairs, possible, records.sources)


def _fit(
    judge: Judge, every: Pairs, probability: Probabilities, sources: Ints | None = None
) -> tuple[Probabilities, Adaptation]:
    """Return probabilities fitted to the catalogue, by its sources where they are given."""
    records, candidates = judge.prepared.records, judge.candidates
    known = judge.fitted
    if known is not None:  # as an earlier run of the catalogue was
        if sources is None:
            known = replace(known, within=0.0, across=0.0)
        elif judge.classifier.second is not None:
            known = replace(known, shift=known.first_shift)
        return known.weigh(probability, every, records.sources), known
    if sources is None:
        sources = records.sources if records.is_link else np.full_like(records.sources, -1)
    found = adapt(
        candidates,
        probability[np.searchsorted(every.keys(), candidates.keys())],
        sources,
        is_link=records.is_link,
        threshold=judge.classifier.threshold_exact,
        is_told=judge.classifier.prior is not None,  # what labels taught it stands on that
    )
    return found.weigh(probability, every, sources), found


def _same(judge: Judge, look: Look, second: Classifier | None) -> Probabilities:
    """Return the probability of the same product.

    Where all options are known to agree, "exact?" and "of one family, whatever the options?" are
    one question, and records that say the same in a column and in a title look less alike than they
    are under the first. So the log-odds of both answers are averaged, if that is more; see
    docs/decisions/0007-agreeing-options.md.
    """
    records, pairs, same = judge.prepared.records, look.pairs, look.same.copy()
    if second is not None:
        same = _look_again(judge, pairs, second, same)
    same[say_the_same(records, pairs)] = SURE
    agreeing = np.flatnonzero(options_agree(records, pairs))
    if len(agreeing) == 0:
        return same
    if look.family is None:
        family = judge.probabilities(pairs.take(agreeing), judge.everything)
    else:
        family = look.family[agreeing]
    exact = same[agreeing]
    odds = EXACT_WEIGHT * log_odds(exact) + (1 - EXACT_WEIGHT) * log_odds(family)
    same[agreeing] = np.maximum(exact, expit(odds))
    return same


def _look_again(
    judge: Judge, pairs: Pairs, second: Classifier, first: Probabilities
) -> Probabilities:
    """Return what the second model says of pairs, which must hold all candidates; 0 stays 0."""
    prepared, keys = judge.prepared, pairs.keys()
    candidates = judge.candidates
    around = arrange_rivals(
        len(prepared.records),
        candidates,
        first[np.searchsorted(keys, candidates.keys())],
        is_link=prepared.records.is_link,
    )
    compared = judge.comparisons(0)
    is_compared = not set(second.features) <= set(RIVAL_NAMES)
    names = (*compared.names, *RIVAL_NAMES) if is_compared else RIVAL_NAMES
    scorer = make_scorer(second, names, np.zeros((0, len(names)), dtype=np.float32))

    def probability(chunk: Pairs) -> Probabilities:
        own = first[np.searchsorted(keys, chunk.keys())]
        features = around.features(chunk, own)
        if is_compared:
            features = np.concatenate([compared.compare(chunk), features], axis=1)
        # What other catalogues taught of rivals corrects the first answer; what labels of this one
        # taught gives a new answer, of which the first is one feature (decision 0018).
        start = log_odds(own) if judge.classifier.is_general else 0.0
        again = second.calibration.probability(scorer.margin(features) + start)
        return np.where(own > 0, again, 0.0)

    return np.concatenate([np.zeros(0), *prepared.engine.map_chunks("scoring", probability, pairs)])
