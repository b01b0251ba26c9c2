"""What the model says of pairs under "exact?", fitted to the catalogue or judged twice."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
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
from matcher.features import Comparisons
from matcher.pipeline.stages import Prepared, scorer_of, with_words
from matcher.types import Ints, Pairs

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
    every = Pairs.from_keys(np.union1d(prepared.candidates.pairs.keys(), pairs.keys()))
    asked = np.searchsorted(every.keys(), pairs.keys())
    if not classifier.is_general:
        return _same(prepared, every, classifier)[asked], None
    first, found = judge_generally(prepared, every, classifier)
    if classifier.second is not None:
        first, again = _fit(
            prepared, every, classifier, _look_again(prepared, every, classifier, first)
        )
        found = replace(again, within=found.within, across=found.across)
    same = first[asked]
    same[say_the_same(prepared.records, pairs)] = SURE
    return same, found


def judge_generally(
    prepared: Prepared, every: Pairs, classifier: Classifier
) -> tuple[Probabilities, Adaptation]:
    """Return what a general model says at first sight, fitted to the catalogue.

    Parameters
    ----------
    prepared : Prepared
        The catalogue.
    every : Pairs
        All its candidates, among other pairs.
    classifier : Classifier
        The model.

    Returns
    -------
    tuple[Probabilities, Adaptation]
        Shape (n_pairs,), 0 where a rule says no; and how it was fitted.
    """
    records = prepared.records
    conflicts = find_conflicts(records, every, 0)
    same = _same(prepared, every, replace(classifier, second=None))
    possible = np.where(conflicts.kept | conflicts.no_identity, 0.0, same)
    return _fit(prepared, every, classifier, possible, records.sources)


def _fit(
    prepared: Prepared,
    every: Pairs,
    classifier: Classifier,
    probability: Probabilities,
    sources: Ints | None = None,
) -> tuple[Probabilities, Adaptation]:
    """Return probabilities fitted to the catalogue, by its sources where they are given."""
    records, candidates = prepared.records, prepared.candidates.pairs
    if sources is None:
        sources = records.sources if records.is_link else np.full_like(records.sources, -1)
    found = adapt(
        candidates,
        probability[np.searchsorted(every.keys(), candidates.keys())],
        sources,
        is_link=records.is_link,
        threshold=classifier.threshold_exact,
        is_told=classifier.prior is not None,  # what labels taught it stands on that
    )
    return found.weigh(probability, every, sources), found


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
    odds = EXACT_WEIGHT * log_odds(exact) + (1 - EXACT_WEIGHT) * log_odds(family)
    same[agreeing] = np.maximum(exact, expit(odds))
    return same


def _look_again(
    prepared: Prepared, pairs: Pairs, classifier: Classifier, first: Probabilities
) -> Probabilities:
    """Return what the second model says of pairs, which must hold all candidates; 0 stays 0."""
    second = classifier.second
    assert second is not None
    candidates = prepared.candidates.pairs
    judged = first[np.searchsorted(pairs.keys(), candidates.keys())]
    around = arrange_rivals(
        len(prepared.records), candidates, judged, is_link=prepared.records.is_link
    )
    compared = with_words(prepared, prepared.plain, classifier.words)
    is_compared = not set(second.features) <= set(RIVAL_NAMES)
    names = (*compared.names, *RIVAL_NAMES) if is_compared else RIVAL_NAMES
    scorer = make_scorer(second, names, np.zeros((0, len(names)), dtype=np.float32))

    def probability(chunk: Pairs) -> Probabilities:
        own = first[np.searchsorted(pairs.keys(), chunk.keys())]
        features = around.features(chunk, own)
        if is_compared:
            features = np.concatenate([compared.compare(chunk), features], axis=1)
        # What other catalogues taught of rivals corrects the first answer; what labels of this one
        # taught gives a new answer, of which the first is one feature (decision 0018).
        start = log_odds(own) if classifier.is_general else 0.0
        again = second.calibration.probability(scorer.margin(features) + start)
        return np.where(own > 0, again, 0.0)

    return np.concatenate([np.zeros(0), *prepared.engine.map_chunks("scoring", probability, pairs)])


def probabilities(
    prepared: Prepared, pairs: Pairs, classifier: Classifier, comparisons: Comparisons
) -> Probabilities:
    """Return what the model says of pairs under one set of ignored axes, shape (n_pairs,)."""
    compared = with_words(prepared, comparisons, classifier.words)
    scorer = scorer_of(prepared, classifier, compared)

    def probability(chunk: Pairs) -> Probabilities:
        return scorer.probability(compared.compare(chunk))

    return np.concatenate([np.zeros(0), *prepared.engine.map_chunks("scoring", probability, pairs)])
