"""Pairs that show what was decided: sure ones, usual ones and close calls of every relation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from matcher.types import DIFFERENT, EXACT, VARIANT, Floats, Ints, Longs, Records, Scores, Terms

N_NEAR = 3
"""Different pairs that are shown, the nearest ones."""

LOOKED_AT = 64
"""Pairs around a place among which one with two different titles is looked for."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A pair that is to be shown.

    Attributes
    ----------
    pair : int
        Its position among the scored pairs.
    relation : int
        Number of its relation.
    place : str
        ``"sure"``, ``"usual"``, ``"close call"`` or ``"near miss"``.
    """

    pair: int
    relation: int
    place: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One record of a shown pair; every text is one line and not too long.

    Attributes
    ----------
    id, source, title, price : str
        Empty where unknown.
    facts : Mapping[str, str]
        Its other values by the name of the column.
    """

    id: str
    source: str
    title: str
    price: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """A shown pair and why it was decided so.

    Attributes
    ----------
    relation, place : str
        As in `Chosen`, the relation by its name.
    probabilities : tuple[float, float, float]
        Exact, variant, different.
    records : tuple[Shown, Shown]
        The two.
    reasons : tuple[tuple[str, str], ...]
        In words, each with what it speaks for: ``"same"``, ``"variant"``, ``"different"`` or
        ``"neither"``.
    """

    relation: str
    place: str
    probabilities: tuple[float, float, float]
    records: tuple[Shown, Shown]
    reasons: tuple[tuple[str, str], ...]


def choose_examples(scores: Scores, records: Records) -> list[Chosen]:
    """Choose the pairs that a report shows, the same for the same result.

    Parameters
    ----------
    scores : Scores
        What was said of the pairs.
    records : Records
        The catalogue.

    Returns
    -------
    list[Chosen]
        At most three of each relation.  No record is in two of them if that can be avoided.
    """
    family = np.float32(1.0) - scores.probabilities[:, DIFFERENT]
    chosen: list[Chosen] = []
    seen: set[int] = set()
    titles = _Titles(scores, records.title)
    for relation, probabilities in ((EXACT, scores.probabilities[:, EXACT]), (VARIANT, family)):
        rows = np.flatnonzero(scores.relations == relation)
        ordered = rows[np.argsort(-probabilities[rows], kind="stable")]
        for place, window in _windows(ordered):
            pair = titles.first(window, seen)
            if pair not in {one.pair for one in chosen}:
                chosen.append(Chosen(pair, relation, place))
    nearest = _nearest(np.flatnonzero(scores.relations == DIFFERENT), family)
    for _ in range(min(N_NEAR, len(nearest))):
        pair = titles.first(nearest, seen)
        nearest = nearest[nearest != pair]
        chosen.append(Chosen(pair, DIFFERENT, "near miss"))
    return chosen


@dataclass(frozen=True, slots=True)
class _Titles:
    """Which titles are equal."""

    scores: Scores
    terms: Terms

    def first(self, window: Longs, seen: set[int]) -> int:
        """Return the first pair of new records with two titles; if there is none, the first."""
        pairs = self.scores.pairs
        best, best_rank = int(window[0]), -1
        for pair in window[:LOOKED_AT].tolist():
            left, right = int(pairs.left[pair]), int(pairs.right[pair])
            rank = 2 * (not {left, right} & seen) + (self._words(left) != self._words(right))
            if rank > best_rank:
                best, best_rank = pair, rank
        seen.update((int(pairs.left[best]), int(pairs.right[best])))
        return best

    def _words(self, record: int) -> list[int]:
        """Return the words of a title in one order, whatever order they stand in."""
        starts = self.terms.indptr
        return sorted(self.terms.terms[starts[record] : starts[record + 1]].tolist())


def _windows(ordered: Longs) -> Iterable[tuple[str, Longs]]:
    """Yield where to look for the surest pair, a usual one and the closest call."""
    if len(ordered):
        yield "sure", ordered
        yield "usual", ordered[len(ordered) // 2 :]
        yield "close call", ordered[::-1]


def _nearest(rows: Longs, probabilities: Floats | Ints) -> Longs:
    """Return the most probable of these pairs, the most probable first."""
    if len(rows) > LOOKED_AT:
        rows = rows[np.argpartition(-probabilities[rows], LOOKED_AT)[:LOOKED_AT]]
    return np.asarray(rows[np.argsort(-probabilities[rows], kind="stable")])
