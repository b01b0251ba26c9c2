"""Which pair to ask about next."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Literal

import numpy as np

from matcher.labelling.closure import UNKNOWN
from matcher.labelling.pool import Pool
from matcher.types import Bools, Ints, Longs

Reason = Literal["boundary-exact", "boundary-variant", "disagreement", "random"]

WINDOW = 20
"""Of the best pairs for a reason, among which the one is drawn that is least like those asked
before: the very best ones are often all of one kind."""


class Chooser:
    """Hands out the places of pairs, each once.

    Parameters
    ----------
    pool : Pool
        The pairs.
    alike : Ints
        Shape (n_properties, n_pairs): properties of pairs, such as brand and category, of which
        questions should have many; -1 where unknown.
    seed : int
        Of the draws.
    """

    def __init__(self, pool: Pool, alike: Ints, seed: int) -> None:
        n_pairs = len(pool)
        self._pool = pool
        self._alike = alike
        self._random = np.random.default_rng(seed)
        self._queues: Mapping[Reason, Longs] = {}
        self._wanted: Mapping[Reason, float] = {}
        self._shares: dict[Reason, float] = {}
        self._is_out = np.zeros(n_pairs, dtype=np.bool_)
        self._answer = np.full(n_pairs, UNKNOWN, dtype=np.int32)
        self._is_sampled = np.zeros(n_pairs, dtype=np.bool_)
        self._n_drawn = np.zeros(len(pool.draws), dtype=np.int64)
        self._silent: list[int] = []
        self._due: defaultdict[Reason, float] = defaultdict(float)
        self._seen: list[Counter[int]] = [Counter() for _ in alike]
        self._recent: set[int] = set()

    def rank(self, queues: Mapping[Reason, Longs], shares: Mapping[Reason, float]) -> None:
        """Take a new ranking.

        Parameters
        ----------
        queues : Mapping[Reason, Longs]
            For each reason but ``"random"`` the places of the pairs, the best first.
        shares : Mapping[Reason, float]
            Of the questions asked for each reason, ``"random"`` among them.
        """
        self._queues, self._wanted, self._shares = queues, shares, dict(shares)
        self._recent = set()

    def know(self, answer: Ints, is_sampled: Bools) -> None:
        """Take note of what is known.

        Parameters
        ----------
        answer : Ints
            Shape (n_pairs,): what was told of each pair, or follows; `UNKNOWN` where nothing does.
        is_sampled : Bools
            Shape (n_pairs,): whether it was told as the answer to a random question.
        """
        self._answer, self._is_sampled = answer, is_sampled
        self._shares = dict(self._wanted)  # what was taken back may be asked again

    def next(self) -> tuple[int, Reason] | None:
        """Return the place of the next pair and why it is asked; None where none is left."""
        for reason, share in self._shares.items():
            self._due[reason] += share
        for reason in sorted(self._shares, key=lambda why: -self._due[why]):
            place = self._draw() if reason == "random" else self._choose(reason)
            if place is not None:
                self._hand_out(place)
                self._due[reason] -= 1
                return place, reason
            self._give_up(reason)
        return None

    def _give_up(self, reason: Reason) -> None:
        """Leave the share of a reason that has no pair to another one, until more is known."""
        share = self._shares.pop(reason)
        rest = sorted(self._shares, key=lambda why: why == "random")
        if rest:
            self._shares[rest[0]] += share
            self._due[rest[0]] += self._due[reason]
        self._due[reason] = 0.0

    def settled(self) -> list[tuple[int, int]]:
        """Return, once each, the places drawn at random whose answer is known, and the answers."""
        known = [place for place in self._silent if self._answer[place] != UNKNOWN]
        self._silent = [place for place in self._silent if self._answer[place] == UNKNOWN]
        return [(place, int(self._answer[place])) for place in known if not self._is_sampled[place]]

    def take_back(self, place: int, *, is_random: bool) -> None:
        """Take back a pair that was handed out and will not be answered."""
        if self._is_out[place]:
            self._is_out[place] = False
            if is_random:
                self._silent.append(place)

    def _draw(self) -> int | None:
        """Draw from the stratum with the fewest draws so far; what needs no question is noted."""
        for place in self._silent:
            if self._is_free(place):  # what was known of it was taken back
                self._silent.remove(place)
                return place
        sizes = np.array([len(draws) for draws in self._pool.draws])
        while (self._n_drawn < sizes).any():
            stratum = int(np.argmin(np.where(self._n_drawn < sizes, self._n_drawn, sizes.max())))
            place = int(self._pool.draws[stratum][self._n_drawn[stratum]])
            self._n_drawn[stratum] += 1
            if self._is_free(place):
                return place
            if not self._is_sampled[place]:
                self._silent.append(place)
        return None

    def _is_free(self, place: int) -> bool:
        return not self._is_out[place] and self._answer[place] == UNKNOWN

    def _choose(self, reason: Reason) -> int | None:
        """Choose one of the best pairs, of records not asked about since the last ranking."""
        queue = self._queues.get(reason, np.zeros(0, np.int64))
        free = queue[~self._is_out[queue] & (self._answer[queue] == UNKNOWN)]
        if len(free) == 0:
            return None
        pairs = self._pool.pairs
        best: list[int] = []
        for place in free.tolist():
            if len(best) == WINDOW:
                break
            if not {int(pairs.left[place]), int(pairs.right[place])} & self._recent:
                best.append(place)
        best = best or free[:WINDOW].tolist()
        weights = 1 / (1 + np.array([self._n_alike(place) for place in best]))
        return int(self._random.choice(best, p=weights / weights.sum()))

    def _n_alike(self, place: int) -> int:
        """Return how often a property of the pair was asked about."""
        values = self._alike[:, place].tolist()
        return sum(seen[value] for seen, value in zip(self._seen, values, strict=True))

    def _hand_out(self, place: int) -> None:
        self._is_out[place] = True
        pairs = self._pool.pairs
        self._recent |= {int(pairs.left[place]), int(pairs.right[place])}
        for seen, value in zip(self._seen, self._alike[:, place].tolist(), strict=True):
            if value >= 0:
                seen[value] += 1
