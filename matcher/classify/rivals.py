"""How a pair stands among its rivals: the other candidates of its two records, once all are judged.

The context features compare similarities; these compare what a first model makes of all features.
A second model that sees both knows that of two likely matches of a record one is the likelier
(EVIDENCE.md section 1: abt-buy 95.2 to 97.3).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import kernel
from matcher.types import Bools, Floats, Ints, Longs, Pairs

Doubles = NDArray[np.float64]

NAMES = (
    "rivals_logit",
    *("rivals_rank_min", "rivals_rank_max", "rivals_lead_min", "rivals_lead_max"),
    *("rivals_odds_min", "rivals_odds_max", "rivals_share_min", "rivals_share_max"),
    *("rivals_likely_min", "rivals_likely_max", "rivals_mutual_best", "rivals_is_link"),
)
"""The features: log-odds of the pair; for both of its records how many rivals are likelier, the
distance to the likeliest rival in probability and in log-odds, the share of all probability, and
how many rivals are likely; whether it is the likeliest of both; whether two tables are linked."""

LIKELY = 0.5
LEAST = 1e-5

FEW = 64
"""Candidates of a record that are sorted one by one; of more numpy sorts all at once."""


@dataclass(frozen=True, slots=True)
class Rivals:
    """All candidates with their probabilities, arranged by record.

    Attributes
    ----------
    keys : Longs
        Shape (n_candidates + 1,): of the candidates, ascending, and -1 behind them.
    indptr : Longs
        Shape (n_records + 1,).
    negated : Doubles
        Shape (2 * n_candidates + 1,): negated probabilities of the candidates of each record,
        ascending, and 0 behind them all.
    sums : Doubles
        Shape (n_records,): their sum.
    likely : Longs
        Shape (n_records,): how many of them are likely.
    is_link : bool
        Whether two tables are linked: then a record has one match as a rule.
    """

    keys: Longs
    indptr: Longs
    negated: Doubles
    sums: Doubles
    likely: Longs
    is_link: bool

    def features(self, pairs: Pairs, probability: Doubles) -> Floats:
        """Return the standing of pairs, shape (n_pairs, len(NAMES)).

        Parameters
        ----------
        pairs : Pairs
            The pairs, candidates or not.
        probability : Doubles
            Shape (n_pairs,): theirs by the first model.
        """
        asked = pairs.keys()
        place = np.searchsorted(self.keys[:-1], asked)  # isin would sort all candidates each time
        is_candidate = self.keys[place] == asked
        left, right = (
            self._side(records, probability, is_candidate) for records in (pairs.left, pairs.right)
        )
        both = np.stack([np.minimum(left, right), np.maximum(left, right)], axis=2)
        is_best = (left[:, 0] == 0) & (right[:, 0] == 0)
        is_link = np.full(len(pairs), self.is_link)
        parts = (
            log_odds(probability)[:, None],
            both.reshape(len(pairs), 2 * left.shape[1]),
            np.stack([is_best, is_link], axis=1),
        )
        return np.concatenate(parts, axis=1).astype(np.float32)

    def _side(self, records: Ints, probability: Doubles, own: Bools) -> Doubles:
        """Return rank, lead, lead in log-odds, share, likely rivals; the pair itself left out."""
        out = np.empty((4, len(records)))
        _stand(self.indptr, self.negated, self.sums, self.likely, records, probability, own, out)
        rank, best, others, likely = out
        share = probability / np.maximum(others + probability, LEAST)
        odds = log_odds(probability) - log_odds(best)
        return np.stack([rank, probability - best, odds, share, likely], axis=1)


def arrange_rivals(
    n_records: int, candidates: Pairs, probability: Doubles, *, is_link: bool
) -> Rivals:
    """Arrange the candidates of a catalogue and their probabilities, shape (n_candidates,)."""
    left, right = candidates.left, candidates.right
    indptr = np.zeros(n_records + 1, np.int64)
    for side in (left, right):
        indptr[1:] += np.bincount(side, minlength=n_records)
    np.cumsum(indptr, out=indptr)
    negated, sums = np.zeros(2 * len(candidates) + 1), np.zeros(n_records)
    likely, ends = np.zeros(n_records, np.int64), indptr[:-1].copy()
    _arrange(left, right, probability, ends, (negated, sums, likely))
    for record in np.flatnonzero(np.diff(indptr) > FEW):
        negated[indptr[record] : indptr[record + 1]].sort()
    keys = np.append(candidates.keys(), -1)
    return Rivals(keys, indptr, negated, sums, likely, is_link)


def log_odds(probability: Doubles) -> Doubles:
    """Return the log-odds of probabilities, none of them infinite: where a second model starts."""
    # Half the time of `numpy.clip` where pairs are few.
    return odds_of(np.minimum(np.maximum(probability, LEAST), 1 - LEAST))


def odds_of(probability: Doubles) -> Doubles:
    """Return the log-odds of probabilities between 0 and 1: six times as fast as scipy's."""
    return np.asarray(np.log(probability / (1 - probability)))


@kernel
def _arrange(
    left: Ints,
    right: Ints,
    probability: Doubles,
    ends: Longs,
    of_record: tuple[Doubles, Doubles, Longs],
) -> None:
    """Write the negated probabilities of each record, their sum, and how many are likely.

    They ascend where they are few. `ends` begins where those of each record do.
    """
    negated, sums, likely = of_record
    for of_right in range(2):
        for pair in range(len(left)):
            record, value = right[pair] if of_right else left[pair], probability[pair]
            negated[ends[record]] = -value
            ends[record] += 1
            sums[record] += value
            likely[record] += value >= LIKELY
    first = 0
    for record in range(len(ends)):
        if ends[record] - first <= FEW:
            for place in range(first + 1, ends[record]):
                value, free = negated[place], place
                while free > first and negated[free - 1] > value:
                    negated[free] = negated[free - 1]
                    free -= 1
                negated[free] = value
        first = ends[record]


@kernel
def _stand(
    indptr: Longs,
    negated: Doubles,
    sums: Doubles,
    likely: Longs,
    records: Ints,
    probability: Doubles,
    own: Bools,
    out: Doubles,
) -> None:
    """Write rank, probability of the likeliest rival, sum, and likely ones, (4, n_pairs).

    The first arguments are the fields of `Rivals`; `own` pairs are among the candidates.
    """
    for pair in range(len(records)):
        record, value = records[pair], probability[pair]
        first, end = indptr[record], indptr[record + 1]
        low, high = first, end
        while low < high:
            middle = (low + high) // 2
            if negated[middle] < -value:
                low = middle + 1
            else:
                high = middle
        # The likeliest rival: the first of the record, or the second where that is the pair.
        place = first + (own[pair] and low == first)
        out[0, pair] = low - first
        out[1, pair] = -negated[place] if place < end else 0.0
        out[2, pair] = sums[record] - (value if own[pair] else 0.0)
        out[3, pair] = likely[record] - (own[pair] and value >= LIKELY)
