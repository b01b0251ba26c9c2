"""Words that a catalogue uses as colors although elsewhere they are often something else.

"Silver", "rot", "blu" and "rose" are colors, brands, names and words.  Where they are colors they
stand in titles that name no other color, beside words whose titles often do: of the offers of a
kettle most say a color, and those that say "silver" say no other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.records.colors import foreign_languages, possible_colors, title_colors
from matcher.records.terms import Rows
from matcher.types import Bools, Ints, Longs

Doubles = NDArray[np.float64]

FEWEST = 20
"""Titles with a word that would name another color beside it if the word were none."""

FEW = 3
"""The same where it is a word of the language, other than English, that titles name colors in."""

SPEAKING = 5
"""Titles that name a color in a language from which it may be that of all."""

USUAL = 0.2
"""Share of titles beside a word that name a color, below which nothing tells."""

BESIDE = 0.15
"""Share of that from which titles with the word name another color too: then it is none."""

N_LOOKED_AT = 2_000
"""Titles with a word that are looked at, at most."""


def colors_in_use(title: Rows, words: Sequence[str]) -> Mapping[str, str]:
    """Return the words that titles use as colors wherever these stand, with their normal form.

    Parameters
    ----------
    title : Rows
        Tokens of the titles.
    words : Sequence[str]
        The vocabulary.
    """
    possible = possible_colors()
    asked = [number for number, word in enumerate(words) if word in possible]
    if not asked:
        return {}
    titles = _Titles.of(title, words)
    spoken = titles.spoken(words) & possible.keys()
    if spoken:  # its words count as colors beside each other
        titles = _Titles.of(title, words, spoken)
    is_asked = np.zeros(len(words), dtype=np.bool_)
    is_asked[asked] = True
    places = np.flatnonzero(is_asked[title.terms])
    found = {}
    for term in asked:
        holders = np.unique(titles.owners[places[title.terms[places] == term]])
        fewest = FEW if words[term] in spoken else FEWEST
        if len(holders) < fewest:
            continue
        usual, beside = titles.usual(holders, term), titles.names_other(holders, term).mean()
        if usual >= USUAL and usual * len(holders) >= fewest and beside < BESIDE * usual:
            found[words[term]] = possible[words[term]]
    return found


@dataclass(frozen=True, slots=True)
class _Titles:
    """Titles, and which of them name a color for sure."""

    title: Rows
    owners: Ints
    is_color: Bools  # of each word
    n_colors: Ints  # of each title
    n_titles: Doubles  # with each word
    n_colored: Doubles  # of these, those that name a color

    @classmethod
    def of(cls, title: Rows, words: Sequence[str], more: frozenset[str] = frozenset()) -> "_Titles":
        colors, owners = title_colors(), title.owners()
        is_color = np.array([word in colors or word in more for word in words], dtype=np.bool_)
        n_colors = np.bincount(owners[is_color[title.terms]], minlength=len(title.indptr) - 1)
        n_titles, n_colored = (
            np.bincount(title.terms, each, minlength=len(words)).astype(np.float64)
            for each in (None, n_colors[owners] > 0)
        )
        return cls(title, owners, is_color, n_colors.astype(np.int32), n_titles, n_colored)

    def names_other(self, holders: Longs, term: int) -> Bools:
        """Return which titles with a word name a color besides."""
        return np.asarray(self.n_colors[holders] > int(self.is_color[term]))

    def spoken(self, words: Sequence[str]) -> frozenset[str]:
        """Return the words of color of a language that most titles name colors in; none of English.

        What is read in English already needs no more evidence than before.
        """
        languages = foreign_languages()
        telling = frozenset[str]().union(*(language.sure for language in languages))
        terms = {word: term for term, word in enumerate(words) if word in telling}
        is_telling = np.zeros(len(words), dtype=np.bool_)
        is_telling[[*terms.values()]] = True
        places = np.flatnonzero(is_telling[self.title.terms])
        told, owners = self.title.terms[places], self.owners[places]
        spoken, most = frozenset[str](), max(SPEAKING - 1, int((self.n_colors > 0).sum()) // 2)
        for language in languages:
            own = [terms[word] for word in language.sure if word in terms]
            n_speaking = len(np.unique(owners[np.isin(told, own)])) if own else 0
            if n_speaking > most:
                spoken, most = language.words, n_speaking
        return spoken

    def usual(self, holders: Longs, term: int) -> float:
        """Return how often other titles with the words of these name another color.

        Colors are left out, and the word that these titles have in common.
        """
        alone = holders[~self.names_other(holders, term)] if self.is_color[term] else holders[:0]
        n_alone = np.bincount(self.title.take(alone).terms, minlength=len(self.n_titles))
        holders = holders[:: max(len(holders) // N_LOOKED_AT, 1)]
        held = self.title.take(holders)
        beside, owner = held.terms, holders[held.owners()]
        is_told = (beside != term) & ~self.is_color[beside] & (self.n_titles[beside] > 1)
        beside, owner = beside[is_told], owner[is_told]
        if len(beside) == 0:
            return 0.0
        others = self.n_colored[beside] - n_alone[beside] - self.names_other(owner, term)
        return float((others / (self.n_titles[beside] - 1)).mean())
