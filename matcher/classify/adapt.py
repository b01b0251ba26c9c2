"""Fit what a model learned on other catalogues to this one, without a label.

The order in which such a model puts pairs carries over, its threshold does not: the best one lies
anywhere from 0.03 to 0.85.  What a catalogue shows without a label tells how many of the chosen
pairs are wrong.  Structure: a wrong pair contradicts others, as a third match of an item in a list
that holds each once, or as two matches of a record that do not match each other.  Sources: a seller
rarely lists a product twice, and a wrong pair lies within one seller as often as any other pair.
Prices: see `matcher.classify.prices`.
See docs/decisions/0016-thresholds-that-adapt.md for the figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import expit, logit

from matcher.classify.prices import matches_by_prices
from matcher.classify.self_training import OwnTrees
from matcher.compiled import kernel
from matcher.types import Bools, Floats, Ints, Longs, Pairs

Doubles = NDArray[np.float64]

THRESHOLDS = np.concatenate([np.linspace(0.01, 0.1, 10), np.linspace(0.125, 0.95, 34)])
"""From which one is chosen."""

N_LEVELS = len(THRESHOLDS) + 1
"""Of a probability: how many thresholds it reaches."""

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

LEAST_COVERAGE = 0.1
"""Share of records in a chosen pair below which contradictions are not made up for."""

N_ASKED = 20_000
"""Records whose matches are asked whether they match each other."""

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
    own : OwnTrees | None
        Trees that the catalogue taught between the last two fits.
    """

    within: float
    across: float
    shift: float
    n_chosen: int
    n_expected: int
    earlier: tuple[float, ...] = ()
    given_back: float = 0.0
    own: OwnTrees | None = None

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "Adaptation":
        """Return what ``dataclasses.asdict`` took apart, and JSON perhaps made lists of."""
        own = facts["own"] and OwnTrees(tuple(facts["own"]["features"]), facts["own"]["trees"])
        return cls(**{**facts, "earlier": tuple(facts["earlier"]), "own": own})

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
        is_within = within_source(pairs, sources)
        return _gain(probability, np.where(is_within, self.within, self.across) + self.shift)


def adapt(
    candidates: Pairs,
    probability: Doubles,
    sources: Ints,
    *,
    is_link: bool,
    threshold: float,
    price_gaps: Floats | None = None,
    is_taught: bool = False,
) -> Adaptation:
    """Find out what the candidates of a catalogue say of their probabilities.

    Parameters
    ----------
    candidates : Pairs
        Every candidate pair.
    probability : Doubles
        Shape (n_candidates,): that the pair is exact, 0 where a rule says no.
    sources : Ints
        Shape (n_records,): source of each record, -1 where unknown.
    is_link : bool
        Whether two tables are linked, sources 0 and 1.
    threshold : float
        The model's, between 0 and 1.
    price_gaps : Floats | None
        Shape (n_candidates,): absolute logarithm of the ratio of both prices, NaN if unknown.
    is_taught : bool
        Whether the catalogue's own trees had a say in the probabilities.
    """
    is_within = within_source(candidates, sources)
    within, across, told_by_sources = 0.0, 0.0, None
    if not is_link and is_within.any() and not is_within.all():
        surely, hardly = _shares_within(probability, is_within)
        within, across = log(surely / hardly), log((1 - surely) / (1 - hardly))
        if surely < RARELY * hardly:
            told_by_sources = _matches_by_sources(probability, is_within, hardly)
    probability = _gain(probability, np.where(is_within, within, across))
    n_chosen, expected = _count_above(probability), _expected_f1(probability)
    true = _matches_by_structure(candidates, probability, sources, is_link=is_link)
    if price_gaps is not None:
        told_by_prices = matches_by_prices(probability, price_gaps, THRESHOLDS, threshold)
        if told_by_prices is not None:
            true = np.minimum(true, told_by_prices)
    agreement = _f1(true, n_chosen)
    if is_link:
        agreement **= DOUBT if is_taught else TRUST
    merit = agreement * expected
    if told_by_sources is not None:
        merit *= _f1(told_by_sources, n_chosen)
    merit *= np.exp(-RELUCTANCE * (logit(THRESHOLDS) - logit(threshold)) ** 2)
    # The mean of all thresholds by merit: the best one alone jumps where many are about as good.
    weights = (merit / max(merit.max(), 1e-9)) ** SHARPNESS
    chosen = float(weights @ logit(THRESHOLDS) / max(weights.sum(), 1e-9))
    n_above = int((probability >= expit(chosen)).sum())
    return Adaptation(
        within=within,
        across=across,
        shift=float(logit(threshold)) - chosen if n_above >= LEAST_CHOSEN else 0.0,
        n_chosen=n_above,
        n_expected=int(n_chosen[expected.argmax()]),
    )


def _shares_within(probability: Doubles, is_within: Bools) -> tuple[float, float]:
    """Return the share of pairs within a source among sure matches and among unlikely pairs.

    Pairs that look sure within sources that list a product once are wrong; weighed down by what the
    others show, they are sure no more, and the share is taken again.
    """
    hardly = _share(is_within[probability < HARDLY])
    surely = min(_share(is_within[probability >= SURELY]), hardly)
    for _ in range(ROUNDS):
        odds = np.where(is_within, log(surely / hardly), log((1 - surely) / (1 - hardly)))
        surely = min(_share(is_within[_gain(probability, odds) >= SURELY]), hardly)
    return surely, hardly


def _gain(probability: Doubles, gained: Doubles) -> Doubles:
    odds = logit(np.clip(probability, 1e-6, 1 - 1e-6)) + gained
    return np.where(probability > 0, expit(odds), 0.0)


def within_source(pairs: Pairs, sources: Ints) -> Bools:
    """Return which pairs lie within one source, of the sources of all records; -1 is unknown."""
    left = sources[pairs.left]
    return np.asarray((left == sources[pairs.right]) & (left >= 0))


def _share(are: Bools) -> float:
    return float((are.sum() + 1) / (len(are) + 2))  # Laplace's: few pairs say little


def _f1(true: Doubles, n_chosen: Longs) -> Doubles:
    """Return the F1 at each threshold from estimates of the true pairs above it, at most 1."""
    found = 2 * true / np.maximum(n_chosen + true.max(), 1)
    return np.asarray(found / max(found.max(), 1e-9))


def _expected_f1(probability: Doubles) -> Doubles:
    """Return the F1 at each threshold that the probabilities expect, at most 1."""
    sums = np.concatenate([[0.0], np.cumsum(np.sort(probability)[::-1])])
    n_chosen = _count_above(probability)
    expected = 2 * sums[n_chosen] / np.maximum(n_chosen + sums[-1], 1e-9)
    return np.asarray(expected / max(expected.max(), 1e-9))


def _matches_by_sources(probability: Doubles, is_within: Bools, hardly: float) -> Doubles:
    """Return the matches above each threshold, if none of the chosen pairs within a source is."""
    n_chosen, n_within = _count_above(probability), _count_above(probability[is_within])
    return np.maximum(n_chosen - n_within / hardly, 0.0)


def _count_above(probability: Doubles) -> Longs:
    """Return how many lie at or above each threshold."""
    return len(probability) - np.searchsorted(np.sort(probability), THRESHOLDS)


def _matches_by_structure(
    candidates: Pairs, probability: Doubles, sources: Ints, *, is_link: bool
) -> Doubles:
    """Return the matches above each threshold, judged by how the chosen pairs contradict.

    Two lists: an item has one match.  One table: the matches of a record match each other, and most
    products are there twice.
    """
    n_above = _count_above(probability)
    likely = np.argsort(-probability, kind="stable")[: n_above.max()]
    closed = np.zeros(len(THRESHOLDS))
    if not is_link:
        near = likely[_touch_asked(candidates.take(likely), len(sources))]
        closed = _closed_shares(candidates.take(near), probability[near], len(sources))
    true = np.zeros(len(THRESHOLDS))
    for place, n_chosen in enumerate(n_above):
        chosen = candidates.take(likely[:n_chosen])
        is_in = np.zeros(len(sources), dtype=np.bool_)
        is_in[chosen.left] = is_in[chosen.right] = True
        if is_link:
            sides = [is_in[sources == side] for side in (0, 1)]
            contradicting = n_chosen - min(int(side.sum()) for side in sides)
            coverage = max(side.sum() / max(len(side), 1) for side in sides)
        else:
            contradicting = (n_chosen - is_in.sum() / 2) * (1 - closed[place])
            coverage = is_in.sum() / max(len(is_in), 1)
        true[place] = max(n_chosen - contradicting / max(coverage, LEAST_COVERAGE), 0.0)
    return true


def _touch_asked(pairs: Pairs, n_records: int) -> Bools:
    """Return which pairs `_closed_shares` needs: of records it asks, and of those they match."""
    is_asked = np.zeros(n_records, dtype=np.bool_)
    is_asked[_asked(n_records)] = True
    is_near = is_asked.copy()
    is_near[pairs.left[is_asked[pairs.right]]] = True
    is_near[pairs.right[is_asked[pairs.left]]] = True
    return np.asarray(is_near[pairs.left] & is_near[pairs.right])


def _asked(n_records: int) -> slice:
    return slice(None, None, max(n_records // N_ASKED, 1))


def _closed_shares(pairs: Pairs, probability: Doubles, n_records: int) -> Doubles:
    """Return how often two matches of a record match each other, at each threshold.

    At most `N_ASKED` records are asked; 1 where none has two matches.
    """
    levels = np.searchsorted(THRESHOLDS, probability, side="right").astype(np.int32)
    rows, columns = (
        np.concatenate([pairs.left, pairs.right]),
        np.concatenate([pairs.right, pairs.left]),
    )
    matches = csr_array((np.tile(levels, 2), (rows, columns)), shape=(n_records, n_records))
    matches.sort_indices()
    asked = np.arange(n_records, dtype=np.int64)[_asked(n_records)]
    twos, closed = _count_triangles(
        matches.indptr.astype(np.int64), matches.indices.astype(np.int32), matches.data, asked
    )
    return np.asarray(np.where(twos > 0, closed / np.maximum(twos, 1), 1.0))


@kernel
def _count_triangles(
    indptr: Longs, others: Ints, levels: Ints, asked: Longs
) -> tuple[Longs, Longs]:
    """Count pairs of matches of the asked records, and those that match, at each threshold.

    A match of a level is chosen at as many thresholds, the lowest ones.
    """
    twos, closed = np.zeros(N_LEVELS, np.int64), np.zeros(N_LEVELS, np.int64)
    counts = np.empty(N_LEVELS, np.int64)
    for record in asked:
        start, end = indptr[record], indptr[record + 1]
        counts[:] = 0
        for one in range(start, end):
            counts[levels[one]] += 1
            at, other = start, others[one]
            for third in range(indptr[other], indptr[other + 1]):
                while at < end and others[at] < others[third]:
                    at += 1
                if at < end and others[at] == others[third]:
                    closed[min(levels[one], levels[at], levels[third])] += 1
        n_chosen = 0
        for level in range(N_LEVELS - 1, 0, -1):
            n_chosen += counts[level]
            twos[level] += n_chosen * (n_chosen - 1)
    for level in range(N_LEVELS - 1, 0, -1):
        closed[level - 1] += closed[level]
    return twos[1:], closed[1:]
