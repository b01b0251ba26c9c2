"""What the model says of pairs under "exact?", fitted to the catalogue or judged twice."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from matcher.classify import (
    STANDING_NAMES,
    Adaptation,
    Classifier,
    Shown,
    adapt,
    arrange_standing,
    find_conflicts,
    fitted_before,
    log_odds,
    make_unranked_scorer,
    options_agree,
    say_the_same,
    say_the_same_words,
)
from matcher.pipeline.counting import count_matches
from matcher.pipeline.doubting import doubt_repeated
from matcher.pipeline.judge import Judge, Look, Probabilities
from matcher.pipeline.pricing import ask_prices
from matcher.pipeline.self_training import ask_own_trees, learn_own_trees
from matcher.types import Bools, Floats, Ints, Longs, Pairs

EXACT_WEIGHT = 2 / 3
"""Of the answer to "exact?" beside that to "one family?", where all options agree."""

SURE = 0.99
"""Probability that two records are one product which say the same and leave nothing open."""

POSSIBLE = 0.01
"""What the second look says of a pair, from which there is a third one."""


def judge_exact(
    judge: Judge, look: Look, asked: Longs | None = None
) -> tuple[Probabilities, Adaptation | None]:
    """Return the probability of the same product, and how a general model was fitted.

    Parameters
    ----------
    judge : Judge
        The model and the catalogue.
    look : Look
        What it says at first sight, of all candidates where it is general or has a second model:
        they fit it, and give a pair its rivals.
    asked : Longs | None
        Places of the pairs of which it is asked, the others being their rivals; None asks of all.

    Returns
    -------
    tuple[Probabilities, Adaptation | None]
        Of the asked pairs; None where the model knows the catalogue.
    """
    classifier = judge.classifier
    asked = np.arange(len(look.pairs)) if asked is None else asked
    if not classifier.is_general:
        return _same(judge, look, classifier.second, _alike(judge, look))[asked], None
    alike = _alike(judge, look)
    first, found = _judge_generally(judge, look, alike)
    # Where the fit is known, rivals are not needed after the last look, nor to learn from.
    heard = None if judge.fitted is None else asked
    pairs = look.pairs if heard is None else look.pairs.take(heard)
    if classifier.second is None:
        first = _at(first, heard)
    else:
        third = classifier.second.second
        seen = heard if third is None else None
        again = _look_again(judge, look.pairs, classifier.second, first, seen)
        if not classifier.is_told:
            again, given_back = doubt_repeated(judge, look.pairs, again, first, seen)
            if given_back != found.given_back:
                found = replace(found, given_back=given_back)
        if third is not None and sees_standing_alone(third):
            again = _look_again(judge, look.pairs, third, again, heard)
        elif third is not None:
            again = _at(_look_closer(judge, look.pairs, third, first, again), heard)
        first, found = _fit_again(judge, pairs, again, found)
    alike = _at(alike, heard)
    first[alike] = SURE
    if not classifier.is_told:
        first, found = _teach_itself(judge, pairs, first, found)
        first, found = ask_prices(judge, pairs, first, found)
    first[alike] = SURE
    return first if judge.fitted is not None else first[asked], found


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
    return _judge_generally(judge, look, _alike(judge, look))


def _at(values: NDArray[Any], places: Longs | None) -> NDArray[Any]:
    """Return the values at some places, all of them where these are None: no copy then."""
    return values if places is None else values[places]


def _alike(judge: Judge, look: Look) -> Bools:
    return say_the_same(judge.prepared.records, look.pairs)


def _judge_generally(judge: Judge, look: Look, alike: Bools) -> tuple[Probabilities, Adaptation]:
    records = judge.prepared.records
    conflicts = find_conflicts(records, look.pairs, 0)
    same = _same(judge, look, None, alike)
    possible = np.where(conflicts.kept | conflicts.no_identity, 0.0, same)
    return _fit(judge, look.pairs, possible, records.sources)


def _teach_itself(
    judge: Judge, pairs: Pairs, probability: Probabilities, found: Adaptation
) -> tuple[Probabilities, Adaptation]:
    """Return probabilities on which trees that the catalogue taught have a say, if any can."""
    own, ahead = found.own, list[Floats]()
    if not judge.fitted and (taught := learn_own_trees(judge, pairs, probability, found)):
        own, ahead = taught
    if own is None:
        return probability, found
    asked = ask_own_trees(judge, pairs, probability, found, own, ahead)
    probability, fitted = _fit_again(judge, pairs, asked, found, is_taught=True)
    return probability, replace(fitted, own=own)


def _fit_again(
    judge: Judge,
    pairs: Pairs,
    probability: Probabilities,
    before: Adaptation,
    *,
    is_taught: bool = False,
) -> tuple[Probabilities, Adaptation]:
    """Return probabilities fitted to the catalogue once more, its sources left out."""
    sources = judge.prepared.records.sources
    if not judge.prepared.records.is_link:
        sources = np.full_like(sources, -1)
    earlier = (*before.earlier, before.shift)
    probability, found = _fit(judge, pairs, probability, sources, before, is_taught=is_taught)
    found = replace(found, within=before.within, across=before.across, earlier=earlier)
    if found.given_back != before.given_back:
        found = replace(found, given_back=before.given_back)
    return probability, found


def _fit(
    judge: Judge,
    every: Pairs,
    probability: Probabilities,
    sources: Ints,
    before: Adaptation | None = None,
    *,
    is_taught: bool = False,
) -> tuple[Probabilities, Adaptation]:
    """Return probabilities fitted to the catalogue, by these sources, after an earlier fit."""
    candidates, records = judge.candidates, judge.prepared.records
    if judge.fitted is not None:  # as an earlier run of the catalogue was
        n_before = 0 if before is None else len(before.earlier) + 1
        known = fitted_before(judge.fitted, n_before)
        return known.weigh(probability, every, sources), known
    own = probability[every.places_of(candidates)]
    prices, same_words, n_told = judge.prepared.engine.together(
        lambda: judge.price_classes(candidates),
        lambda: say_the_same_words(records, candidates) if before is None else None,
        lambda: count_matches(judge, own) if before is None else before.n_told,
    )
    shown = Shown(candidates, sources, records.is_link, prices, n_told, same_words)
    found = adapt(shown, own, judge.classifier.threshold_exact, is_taught=is_taught)
    return found.weigh(probability, every, sources), found


def _same(judge: Judge, look: Look, second: Classifier | None, alike: Bools) -> Probabilities:
    """Return the probability of the same product, `alike` being the pairs that say the same.

    Where all options are known to agree, "exact?" and "of one family, whatever the options?" are
    one question, and records that say the same in a column and in a title look less alike than they
    are under the first. So the log-odds of both answers are averaged, if that is more; see
    docs/decisions/0007-agreeing-options.md.
    """
    records, pairs, same = judge.prepared.records, look.pairs, look.same.copy()
    if second is not None:
        same = _look_again(judge, pairs, second, same, None)
        if second.second is not None:
            same = _look_closer(judge, pairs, second.second, same, same)
    same[alike] = SURE
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


def _look_closer(
    judge: Judge, pairs: Pairs, third: Classifier, said: Probabilities, second: Probabilities
) -> Probabilities:
    """Return what the third model says of pairs that the second one thinks possible.

    It sees company by what the second says, and rivals by `said`: see
    docs/decisions/0038-company.md and 0056-company-for-all.md.
    """
    asked = np.flatnonzero(second >= POSSIBLE)
    again = second.copy()
    again[asked] = _look_again(judge, pairs, third, said, asked, company=second)
    return again


def _look_again(
    judge: Judge,
    pairs: Pairs,
    model: Classifier,
    said: Probabilities,
    asked: Longs | None,
    company: Probabilities | None = None,
) -> Probabilities:
    """Return what a model that sees how pairs stand says of some of them; 0 stays 0.

    Parameters
    ----------
    judge : Judge
        The catalogue.
    pairs : Pairs
        All candidates, and maybe others.
    model : Classifier
        Sees all features of a pair, or how it stands alone.
    said : Probabilities
        Shape (n_pairs,): by what pairs stand so, and what a general model corrects.
    asked : Longs | None
        Places of the pairs that it is asked of; None asks it of all.
    company : Probabilities | None
        Shape (n_pairs,): what company is arranged by, if by something else.
    """
    prepared, keys, place = judge.prepared, pairs.keys(), pairs.places_of(judge.candidates)
    standing = arrange_standing(
        len(prepared.records),
        judge.candidates,
        said[place],
        is_link=prepared.records.is_link,
        company=None if company is None else company[place],
    )
    compared = judge.comparisons(0)
    is_compared = not sees_standing_alone(model)
    names = (*compared.names, *STANDING_NAMES) if is_compared else STANDING_NAMES
    scorer = make_unranked_scorer(model, names)

    def probability(chunk: Pairs) -> Probabilities:
        own = said[np.searchsorted(keys, chunk.keys())]
        features = standing.features(chunk, own)
        if is_compared:
            features = np.concatenate([compared.compare(chunk), features], axis=1)
        # What other catalogues taught of rivals corrects the first answer; what labels of this one
        # taught gives a new answer, of which the first is one feature (decision 0018).
        start = log_odds(own) if judge.classifier.is_general else 0.0
        again = model.calibration.probability(scorer.margin(features) + start)
        return np.where(own > 0, again, 0.0)

    some = pairs if asked is None else pairs.take(asked)
    chunks = prepared.engine.map_chunks("scoring", probability, some)
    return np.concatenate([np.zeros(0), *chunks])


def sees_standing_alone(model: Classifier) -> bool:
    """Return whether a model sees how pairs stand, and nothing of what they say."""
    return set(model.features) <= set(STANDING_NAMES)
