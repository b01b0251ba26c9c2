"""Fit what a model learned on other catalogues to this one, without a label.

The order in which such a model puts pairs carries over, its threshold does not: the best one lies
anywhere from 0.03 to 0.85.  What a catalogue shows without a label tells how many of the chosen
pairs are wrong.  Structure: a wrong pair contradicts others, as a third match of an item in a list
that holds each once, or as two matches of a record that do not match each other.  Sources: a seller
rarely lists a product twice, and a wrong pair lies within one seller as often as any other pair.
Prices: see `matcher.classify.prices`.  Differences that other records repeat: see
`matcher.classify.repetition`.
See docs/decisions/0016-thresholds-that-adapt.md for the figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from matcher.classify.levels import THRESHOLDS, Levels, levels_of, n_above
from matcher.classify.prices import PriceClasses, matches_by_prices
from matcher.classify.rivals import odds_of
from matcher.classify.self_training import OwnTrees
from matcher.classify.structure import matches_by_structure
from matcher.types import Bools, Ints, Pairs

Doubles = NDArray[np.float64]

RELUCTANCE = 0.005
"""To move away from the model's threshold, by the square of the way in log-odds."""

TRUST, DOUBT = 2.0, 0.5
"""Power of what structure says of two tables: as a rule, and once the catalogue's own trees have
made the probabilities sharper. An item there twice contradicts itself: walmart-amazon's end to end
F1 is 81.7 with the first and 82.5 with the second, that of four others moves by .1 at most, but its
dirty copy's by .8."""

SHARPNESS = 30
"""Power of a threshold's merit: one with nine tenths of the best merit counts a twentieth."""

LEAST_CHOSEN = 100
"""Pairs that must be chosen: fewer show too little, and the model's threshold stays."""

SURELY, HARDLY = 0.9, 0.05
"""Probabilities from which a pair is surely a match, and below which it is hardly one."""

ROUNDS = 4
"""Times that the share of sure matches within sources is taken again; it settles after three."""

RARELY = 0.3
"""Share of pairs within a source among sure matches, beside that among others, below which sources
tell how many of the chosen pairs are wrong."""

SELDOM = 0.5
"""The same share, below which sources are taken to list a product once."""

APART = 1.25
"""How far apart two estimates of the number of matches are before a person should look."""


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What a catalogue says of the probabilities that a model gives its pairs.

    Attributes
    ----------
    within, across : float
        What the log-odds of a pair gain that lies within one source, and of one that does not.
    shift : float
        What the log-odds of every pair gain besides: it takes the threshold that the catalogue
        chose to the model's. 0 where too little is chosen to say anything.
    n_chosen, n_expected : int
        Candidates that the catalogue chooses, and those of its probabilities' best expected F1.
    earlier : tuple[float, ...]
        What the log-odds gained besides at the first look, and then at the second, where the
        probabilities were fitted again after it.
    given_back : float
        What the log-odds gained at the second look because likely matches lose it, on average, by
        differences that other records repeat.
    n_told : float | None
        Candidates that are matches by the differences that other records repeat, if these tell.
    own : OwnTrees | None
        Trees that the catalogue taught between the last two fits.
    by_price : tuple[float, ...]
        What the log-odds gain in the end by the prices of both records, see `weigh_prices`.
    """

    within: float
    across: float
    shift: float
    n_chosen: int
    n_expected: int
    earlier: tuple[float, ...] = ()
    given_back: float = 0.0
    n_told: float | None = None
    own: OwnTrees | None = None
    by_price: tuple[float, ...] = ()

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "Adaptation":
        """Return what ``dataclasses.asdict`` took apart, and JSON perhaps made lists of."""
        own = facts["own"] and OwnTrees(tuple(facts["own"]["features"]), facts["own"]["trees"])
        lists = {name: tuple(facts[name]) for name in ("earlier", "by_price") if name in facts}
        return cls(**{**facts, **lists, "own": own})

    @property
    def told_apart(self) -> bool:
        """Whether sources hardly ever list a product twice."""
        return self.within < log(SELDOM)

    @property
    def is_unsure(self) -> bool:
        """Whether the structure of the catalogue and the probabilities disagree."""
        counts = sorted((self.n_chosen, self.n_expected))
        return self.shift != 0 and counts[1] > APART * counts[0]

    def weigh(self, probability: Doubles, pairs: Pairs, sources: Ints) -> Doubles:
        """Return the probabilities that pairs have in this catalogue; 0 stays 0."""
        return gain(probability, self._gained(pairs, sources))

    def unweigh(self, probability: Doubles, pairs: Pairs, sources: Ints) -> Doubles:
        """Return the probabilities of which `weigh` makes these; 0 stays 0."""
        return gain(probability, -self._gained(pairs, sources))

    def _gained(self, pairs: Pairs, sources: Ints) -> Doubles:
        is_within = within_source(pairs, sources)
        return np.where(is_within, self.within, self.across) + self.shift


@lru_cache(maxsize=64)  # a search asks again and again
def fitted_before(known: Adaptation, n_before: int) -> Adaptation:
    """Return how the probabilities were fitted at the first look (0), or after as many fits."""
    shift = (*known.earlier, known.shift)[n_before]
    fitted = replace(known, shift=shift, earlier=known.earlier[:n_before])
    return replace(fitted, within=0.0, across=0.0) if n_before else fitted


@dataclass(frozen=True, slots=True)
class Shown:
    """What a catalogue shows of its candidates beside their probabilities.

    Attributes
    ----------
    candidates : Pairs
        Every candidate pair.
    sources : Ints
        Shape (n_records,): source of each record, -1 where unknown.
    is_link : bool
        Whether two tables are linked, sources 0 and 1.
    price_classes : PriceClasses | None
        Shape (n_candidates,): of both prices, as `prices.price_classes` has them.
    n_told : float | None
        As in `Adaptation`.
    same_words : Bools | None
        Shape (n_candidates,): both records say the same words; None where nobody looked.
    """

    candidates: Pairs
    sources: Ints
    is_link: bool
    price_classes: PriceClasses | None = None
    n_told: float | None = None
    same_words: Bools | None = None

    def matches(self, probability: Doubles, levels: Levels, threshold: float) -> Doubles:
        """Return the matches at or above each threshold, shape (n_thresholds,).

        What other records repeat is believed where it tells, else structure; and neither of them
        above what prices say.
        """
        if self.n_told is not None:
            true = np.minimum(n_above(levels), self.n_told)
        else:
            true = matches_by_structure(self.candidates, levels, self.sources, is_link=self.is_link)
        if self.price_classes is not None:
            told = matches_by_prices(probability, levels, self.price_classes, threshold)
            true = true if told is None else np.minimum(true, told)
        return true


def adapt(
    shown: Shown, probability: Doubles, threshold: float, *, is_taught: bool = False
) -> Adaptation:
    """Find out what the candidates of a catalogue say of their probabilities.

    Parameters
    ----------
    shown : Shown
        The candidates.
    probability : Doubles
        Shape (n_candidates,): that the pair is exact, 0 where a rule says no.
    threshold : float
        The model's, between 0 and 1.
    is_taught : bool
        Whether the catalogue's own trees had a say in the probabilities.
    """
    within, across, told_by_sources = 0.0, 0.0, None
    is_within = within_source(shown.candidates, shown.sources)
    if not shown.is_link and is_within.any() and not is_within.all():
        surely, hardly = _shares_within(*_told(shown, probability, is_within))
        within, across = log(surely / hardly), log((1 - surely) / (1 - hardly))
        if surely < RARELY * hardly:
            told_by_sources = _matches_by_sources(levels_of(probability), is_within, hardly)
    probability = gain(probability, np.where(is_within, within, across))
    levels = levels_of(probability)
    n_chosen, expected = n_above(levels), _expected_f1(probability, levels)
    power = 1.0 if not shown.is_link else DOUBT if is_taught else TRUST
    merit = _f1(shown.matches(probability, levels, threshold), n_chosen) ** power
    merit *= expected if told_by_sources is None else expected * _f1(told_by_sources, n_chosen)
    chosen = _best_threshold(merit, threshold)
    n_above_it = int((probability >= chosen).sum())
    return Adaptation(
        within=within,
        across=across,
        shift=float(logit(threshold) - logit(chosen)) if n_above_it >= LEAST_CHOSEN else 0.0,
        n_chosen=n_above_it,
        n_expected=int(n_chosen[expected.argmax()]),
        n_told=shown.n_told,
    )


def _best_threshold(merit: Doubles, usual: float) -> float:
    """Return the mean of all thresholds by merit, those far from the usual one having less.

    The best one alone jumps where many are about as good.
    """
    merit = merit * np.exp(-RELUCTANCE * (logit(THRESHOLDS) - logit(usual)) ** 2)
    weights = (merit / max(merit.max(), 1e-9)) ** SHARPNESS
    return float(expit(weights @ logit(THRESHOLDS) / max(weights.sum(), 1e-9)))


def _told(shown: Shown, probability: Doubles, is_within: Bools) -> tuple[Doubles, Bools]:
    """Return the pairs that tell whether sources list a product twice, their words being different.

    The same words from one source are one product listed twice or the many that a seller gives no
    name; a model is sure of both.
    """
    if shown.same_words is None:
        return probability, is_within
    return probability[~shown.same_words], is_within[~shown.same_words]


def _shares_within(probability: Doubles, is_within: Bools) -> tuple[float, float]:
    """Return the share of pairs within a source among sure matches and among unlikely pairs.

    Pairs that look sure within sources that list a product once are wrong; weighed down by what the
    others show, they are sure no more, and the share is taken again.
    """
    hardly = _share(is_within[probability < HARDLY])
    surely = min(_share(is_within[probability >= SURELY]), hardly)
    for _ in range(ROUNDS):
        # What has the odds of two classes moved is sure from another probability in each.
        least_within = expit(logit(SURELY) - log(surely / hardly))
        least_across = expit(logit(SURELY) - log((1 - surely) / (1 - hardly)))
        are_sure = probability >= np.where(is_within, least_within, least_across)
        surely = min(_share(is_within[are_sure]), hardly)
    return surely, hardly


def gain(probability: Doubles, gained: Doubles | float) -> Doubles:
    """Return probabilities whose log-odds have gained so much; 0 stays 0."""
    odds = odds_of(np.minimum(np.maximum(probability, 1e-6), 1 - 1e-6)) + gained
    return np.where(probability > 0, expit(odds), 0.0)


def within_source(pairs: Pairs, sources: Ints) -> Bools:
    """Return which pairs lie within one source, of the sources of all records; -1 is unknown."""
    left = sources[pairs.left]
    return np.asarray((left == sources[pairs.right]) & (left >= 0))


def _share(are: Bools) -> float:
    return float((are.sum() + 1) / (len(are) + 2))  # Laplace's: few pairs say little


def _f1(true: Doubles, n_chosen: Doubles) -> Doubles:
    """Return the F1 at each threshold from estimates of the true pairs above it, at most 1."""
    found = 2 * true / np.maximum(n_chosen + true.max(), 1)
    return np.asarray(found / max(found.max(), 1e-9))


def _expected_f1(probability: Doubles, levels: Levels) -> Doubles:
    """Return the F1 at each threshold that the probabilities expect, at most 1."""
    matches = n_above(levels, probability)
    expected = 2 * matches / np.maximum(n_above(levels) + probability.sum(), 1e-9)
    return np.asarray(expected / max(expected.max(), 1e-9))


def _matches_by_sources(levels: Levels, is_within: Bools, hardly: float) -> Doubles:
    """Return the matches above each threshold, if none of the chosen pairs within a source is."""
    return np.maximum(n_above(levels) - n_above(levels[is_within]) / hardly, 0.0)
