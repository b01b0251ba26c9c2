"""What the model says of pairs under "exact?", fitted to the catalogue or judged twice."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from matcher.classify import (
    RIVAL_NAMES,
    Adaptation,
    Classifier,
    adapt,
    arrange_rivals,
    find_conflicts,
    make_scorer,
    options_agree,
    say_the_same,
)
from matcher.features import Comparisons
from matcher.pipeline.stages import Prepared, scorer_of, with_words
from matcher.types import Pairs

Probabilities = NDArray[np.float64]

EXACT_WEIGHT = 2 / 3
"""Of the answer to "exact?" beside that to "one family?", where all options agree."""

SURE = 0.99
"""Probability that two records are one product which say the same and leave nothing open."""


def judge_exact(
    prepared: Prepared, pairs: Pairs, classifier: Classifier
) -> tuple[Probabilities, Adaptation | None]:
    """Return the probability of the same product, and how a general model was fitted.

    What fits it, or gives a pair its rivals, is seen in all candidates, whichever pairs are asked
    for.
    """
    if not classifier.is_general and classifier.second is None:
        return _same(prepared, pairs, classifier), None
    records, candidates = prepared.records, prepared.candidates.pairs
    every = Pairs.from_keys(np.union1d(candidates.keys(), pairs.keys()))
    same = _same(prepared, every, classifier)
    asked = same[np.searchsorted(every.keys(), pairs.keys())]
    if not classifier.is_general:
        return asked, None
    conflicts = find_conflicts(records, every, 0)
    possible = np.where(conflicts.kept | conflicts.no_identity, 0.0, same)
    found = adapt(
        candidates,
        possible[np.searchsorted(every.keys(), candidates.keys())],
        records.sources,
        is_link=records.is_link,
        threshold=classifier.threshold_exact,
    )
    weighed = found.weigh(asked, pairs, records.sources)
    weighed[say_the_same(records, pairs)] = SURE
    return weighed, found


def _same(prepared: Prepared, pairs: Pairs, classifier: Classifier) -> Probabilities:
    """Return the probability of the same product.

    Where all options are known to agree, "exact?" and "of one family, whatever the options?" are
    one question, and records that say the same in a column and in a title look less alike than they
    are under the first. So the log-odds of both answers are averaged, if that is more; see
    docs/decisions/0007-agreeing-options.md.
    """
    same = probabilities(prepared, pairs, classifier, prepared.plain)
    if classifier.second is not None:
        same = _look_again(prepared, pairs, classifier, same)
    same[say_the_same(prepared.records, pairs)] = SURE
    agreeing = np.flatnonzero(options_agree(prepared.records, pairs))
    if len(agreeing) == 0:
        return same
    chosen = Pairs(pairs.left[agreeing], pairs.right[agreeing])
    everything = prepared.compare((1 << len(prepared.records.axes)) - 1)
    family = probabilities(prepared, chosen, classifier, everything)
    exact = same[agreeing]
    odds = EXACT_WEIGHT * _log_odds(exact) + (1 - EXACT_WEIGHT) * _log_odds(family)
    same[agreeing] = np.maximum(exact, expit(odds))
    return same


def _look_again(
    prepared: Prepared, pairs: Pairs, classifier: Classifier, first: Probabilities
) -> Probabilities:
    """Return what the second model says of pairs, which must hold all candidates."""
    assert classifier.second is not None
    candidates = prepared.candidates.pairs
    judged = first[np.searchsorted(pairs.keys(), candidates.keys())]
    around = arrange_rivals(len(prepared.records), candidates, judged)
    compared = with_words(prepared, prepared.plain, classifier.words)
    names = (*compared.names, *RIVAL_NAMES)
    scorer = make_scorer(classifier.second, names, np.zeros((0, len(names)), dtype=np.float32))

    def probability(chunk: Pairs) -> Probabilities:
        own = first[np.searchsorted(pairs.keys(), chunk.keys())]
        standing = around.features(chunk, own)
        return scorer.probability(np.concatenate([compared.compare(chunk), standing], axis=1))

    return np.concatenate([np.zeros(0), *prepared.engine.map_chunks("scoring", probability, pairs)])


def _log_odds(probabilities: Probabilities) -> Probabilities:
    return np.asarray(logit(np.clip(probabilities, 1e-6, 1 - 1e-6)))


def probabilities(
    prepared: Prepared, pairs: Pairs, classifier: Classifier, comparisons: Comparisons
) -> Probabilities:
    """Return what the model says of pairs under one set of ignored axes, shape (n_pairs,)."""
    compared = with_words(prepared, comparisons, classifier.words)
    scorer = scorer_of(prepared, classifier, compared)

    def probability(chunk: Pairs) -> Probabilities:
        return scorer.probability(compared.compare(chunk))

    return np.concatenate([np.zeros(0), *prepared.engine.map_chunks("scoring", probability, pairs)])
