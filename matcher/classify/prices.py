"""What the pairs' prices say, which hardly had a say in their probabilities.

Offers of one product ask about the same, those of any two products do not.  So the pairs that are
chosen at a threshold are a mixture of both kinds, and its prices tell how much there is of each:
siblings whose titles differ in one character are many, agree with each other, and still do not ask
the same.  Once it is known how many are matches, prices help to say which: see
docs/decisions/0039-prices-as-a-witness.md for the figures.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from matcher.classify.levels import N_LEVELS, Levels, at_least, n_above
from matcher.classify.rivals import log_odds
from matcher.types import Bools, Floats

Doubles = NDArray[np.float64]
PriceClasses = NDArray[np.int8]

EDGES = np.array([0.005, 0.05, 0.16, 0.4, 1.0])
"""Between classes of the logarithm of two prices' ratio: equal, 5, 17 %, 1.5, 2.7 times apart."""

N_CLASSES = len(EDGES) + 1

UNKNOWN = N_CLASSES
"""The class of pairs one price of which is unknown."""

SURELY = 0.95
"""Probability from which a pair's prices show those of matches, if there are enough."""

HARDLY = 0.05
"""Probability below which a pair's prices show those of pairs that are none."""

FEWEST = 200
"""Pairs of either kind with both prices, below which they show nothing."""

LEAST_KNOWN = 0.2
"""Share of the pairs with both prices, below which they do not stand for the rest."""

LEAST_APART = 0.2
"""Total variation between the prices of both kinds, below which they tell nothing."""

N_SUREST, WILDLY = 1000, 0.08
"""So many of the surest matches are looked at, at most, and the share of them in the last class of
`EDGES` from which prices are not believed: several currencies, packs, or nothing at all."""

ROUNDS = 50
"""Of expectation and maximization: the share of matches stands still long before."""

DOUBTFUL = 0.02, 0.2
"""Probabilities of the pairs whose prices are held against those of matches to say which are some:
siblings more than strangers, which ask prices further apart."""

LEAST_TELLING = 0.1
"""Total variation between the prices of both kinds, below which they do not say which are matches:
they need not be as far apart as for counting, for each gains what its class tells."""

SAY = 0.6
"""Share of what a price tells that counts: the probability knows some of it."""


def price_classes(gaps: Floats) -> PriceClasses:
    """Return the class of each pair's prices by `EDGES`, the one behind the last if unknown.

    Parameters
    ----------
    gaps : Floats
        Shape (n_pairs,): absolute logarithm of the ratio of a pair's prices, NaN if unknown.

    Examples
    --------
    >>> price_classes(np.array([0.0, 0.1, 5.0, np.nan], dtype=np.float32)).tolist()
    [0, 2, 5, 6]
    """
    classes = np.digitize(gaps, EDGES).astype(np.int8)
    classes[np.isnan(gaps)] = UNKNOWN
    return classes


def matches_by_prices(
    probability: Doubles, levels: Levels, classes: PriceClasses, likely: float
) -> Doubles | None:
    """Return how many of the pairs at or above each threshold are matches by their prices.

    Parameters
    ----------
    probability : Doubles
        Shape (n_pairs,).
    levels : Levels
        Shape (n_pairs,): how many thresholds each reaches.
    classes : PriceClasses
        Shape (n_pairs,): `price_classes` of the pairs.
    likely : float
        Probability from which a pair's prices show those of matches, where few reach `SURELY`.

    Returns
    -------
    Doubles | None
        Shape (n_thresholds,); None if prices are few or wild, or tell too little.
    """
    shares = _shares_of_both(probability, classes, likely, (0.0, HARDLY), LEAST_APART)
    if shares is None:
        return None
    of_matches, of_others = shares
    cells = levels.astype(np.int32) * (N_CLASSES + 1) + classes
    counts = np.bincount(cells, minlength=N_LEVELS * (N_CLASSES + 1)).astype(np.float64)
    chosen = at_least(counts.reshape(N_LEVELS, -1)[:, :N_CLASSES])
    return np.asarray(n_above(levels) * _share_of_matches(chosen, of_matches, of_others))


def weigh_prices(
    probability: Doubles, classes: PriceClasses, threshold: float
) -> tuple[float, ...]:
    """Return what the log-odds of pairs gain by their prices, as many being above the threshold.

    Parameters
    ----------
    probability : Doubles
        Shape (n_pairs,): fitted to the catalogue; 0 by rule.
    classes : PriceClasses
        Shape (n_pairs,): `price_classes` of the pairs.
    threshold : float
        From which a pair is a match.

    Returns
    -------
    tuple[float, ...]
        By class of `EDGES`, and last of pairs one price of which is unknown; empty if prices are
        few or wild, or tell too little.
    """
    shares = _shares_of_both(probability, classes, threshold, DOUBTFUL, LEAST_TELLING)
    n_matches = int((probability >= threshold).sum())
    if shares is None or n_matches == 0:
        return ()
    told = np.append(SAY * np.log(shares[0] / shares[1]), 0.0)
    possible = probability > 0
    odds = log_odds(probability[possible]) + told[classes[possible]]
    least = np.partition(odds, -n_matches)[-n_matches]
    return tuple((told + logit(threshold) - least).tolist())


def gain_by_prices(by_price: tuple[float, ...], classes: PriceClasses) -> Doubles:
    """Return what the log-odds of pairs gain, shape (n_pairs,), of what `weigh_prices` returned."""
    return np.array(by_price)[classes]


def _shares_of_both(
    probability: Doubles,
    classes: PriceClasses,
    likely: float,
    unlikely: tuple[float, float],
    least_apart: float,
) -> tuple[Doubles, Doubles] | None:
    """Return the share of each class among matches and among others.

    Parameters
    ----------
    probability, classes : Doubles, PriceClasses
        Shape (n_pairs,) each.
    likely : float
        Probability from which a pair's prices show those of matches, where few reach `SURELY`.
    unlikely : tuple[float, float]
        Between which probabilities they show those of others.
    least_apart : float
        Total variation between both, below which they tell too little.
    """
    known = classes != UNKNOWN
    are_none = known & (probability >= unlikely[0]) & (probability < unlikely[1])
    are_matches = known & (probability >= SURELY)
    if are_matches.sum() < FEWEST:
        are_matches = known & (probability >= likely)
    if min(are_matches.sum(), are_none.sum()) < FEWEST or known.mean() < LEAST_KNOWN:
        return None
    surest = np.argsort(-probability[are_matches], kind="stable")[:N_SUREST]
    if (classes[are_matches][surest] == len(EDGES)).mean() > WILDLY:
        return None
    of_matches, of_others = _shares(classes, are_matches), _shares(classes, are_none)
    is_apart = np.abs(of_matches - of_others).sum() / 2 >= least_apart
    return (of_matches, of_others) if is_apart else None


def _shares(classes: PriceClasses, chosen: Bools) -> Doubles:
    """Return the share of each class, by Laplace's rule."""
    counts = np.bincount(classes[chosen], minlength=N_CLASSES) + 1.0
    return np.asarray(counts / counts.sum())


def _share_of_matches(chosen: Doubles, of_matches: Doubles, of_others: Doubles) -> Doubles:
    """Return the share of matches that makes the counts of classes, a row each, most likely."""
    n_chosen = np.maximum(chosen.sum(axis=1), 1)
    share = np.full(len(chosen), 0.5)
    for _ in range(ROUNDS):
        match = share[:, np.newaxis] * of_matches
        match /= match + (1 - share[:, np.newaxis]) * of_others
        share = (chosen * match).sum(axis=1) / n_chosen
    return share
