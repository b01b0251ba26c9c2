"""Letters and numbers that a catalogue uses as sizes, wherever they stand in a title.

"M", "XL" and "42" may be anything. Where they are sizes, titles name one of them and no other,
although other titles with the same words name others: of the offers of a jacket most name a size.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.records.sizes import letter_sizes, size_form
from matcher.records.terms import Rows
from matcher.types import Bools, Longs

LEAST_SIZES = 5
"""Different sizes of a kind, with which these are sizes."""

FEWEST = 20
"""Titles with a size that would name another one beside it if it were none."""

USUAL = 0.2
"""Share of the titles beside a size that name another one, below which nothing tells."""

BESIDE = 0.25
"""Share of that from which titles with it name another one too: then it is none."""

N_LOOKED_AT = 100_000
"""Titles that are looked at, at most."""

_SHOES = [f"{half / 2:g}" for half in range(68, 101)]
# European sizes from 34 to 50: smaller numbers count things, or name versions.


def sizes_in_use(title: Rows, words: Sequence[str]) -> Mapping[str, str]:
    """Return the words that titles use as sizes wherever these stand, with their normal form.

    Parameters
    ----------
    title : Rows
        Tokens of the titles.
    words : Sequence[str]
        The vocabulary.
    """
    n_titles = len(title.indptr) - 1
    some = title.take(np.arange(0, n_titles, max(n_titles // N_LOOKED_AT, 1)))
    present = np.flatnonzero(np.bincount(some.terms, minlength=len(words)))
    numbers = np.empty(len(words), np.int32)
    numbers[present] = np.arange(len(present))
    some = Rows(some.indptr, numbers[some.terms])
    place = {words[term]: number for number, term in enumerate(present.tolist())}
    found: dict[str, str] = {}
    for forms in (letter_sizes(), {size: size_form(size) for size in _SHOES}):
        asked = {word: form for word, form in forms.items() if word in place}
        is_one = np.zeros(len(present), np.bool_)
        is_one[[place[word] for word in asked]] = True
        titles = _Titles.of(some, is_one)
        used = {word: form for word, form in asked.items() if titles.is_size(place[word])}
        if len(set(used.values())) >= LEAST_SIZES:
            found |= used
    return found


@dataclass(frozen=True, slots=True)
class _Titles:
    """Words of titles, and how many words of a kind each title names."""

    title: Rows
    is_one: Bools  # of each word
    named: Longs  # title << 32 | word of the kind, ascending, once each
    n_named: Longs  # of each title
    n_places: Longs  # where each word stands
    n_naming: Longs  # where it stands in titles that name a word of the kind

    @classmethod
    def of(cls, title: Rows, is_one: Bools) -> "_Titles":
        owners, n_titles = title.owners(), len(title.indptr) - 1
        at = np.flatnonzero(is_one[title.terms])
        named = np.unique(owners[at].astype(np.int64) << 32 | title.terms[at])
        n_named = np.bincount(named >> 32, minlength=n_titles)
        n_places, n_naming = (
            np.bincount(terms, minlength=len(is_one))
            for terms in (title.terms, title.terms[n_named[owners] > 0])
        )
        return cls(title, is_one, named, n_named, n_places, n_naming)

    def is_size(self, term: int) -> bool:
        """Return whether a word of the kind stands where other titles have another one."""
        holders = self.named[self.named & 0xFFFFFFFF == term] >> 32
        beside = self.title.take(holders).terms
        n_mine = np.bincount(beside, minlength=len(self.is_one))
        n_without, n_others = self.n_places - n_mine, self.n_naming - n_mine
        beside = beside[~self.is_one[beside] & (n_without[beside] > 0)]
        if len(beside) == 0:
            return False
        usual = float((n_others[beside] / n_without[beside]).mean())
        is_told = usual >= USUAL and usual * len(holders) >= FEWEST
        return is_told and float((self.n_named[holders] > 1).mean()) < BESIDE * usual
