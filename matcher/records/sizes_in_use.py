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
    owners = some.owners().astype(np.int64)
    present, terms = np.unique(some.terms, return_inverse=True)
    place = {words[term]: number for number, term in enumerate(present.tolist())}
    found: dict[str, str] = {}
    for forms in (letter_sizes(), {size: size_form(size) for size in _SHOES}):
        asked = {word: form for word, form in forms.items() if word in place}
        is_one = np.zeros(len(present), np.bool_)
        is_one[[place[word] for word in asked]] = True
        titles = _Titles.of(owners, terms, is_one)
        used = {word: form for word, form in asked.items() if titles.is_size(place[word])}
        if len(set(used.values())) >= LEAST_SIZES:
            found |= used
    return found


@dataclass(frozen=True, slots=True)
class _Titles:
    """Words of titles, and how many words of a kind each title names."""

    owners: Longs
    terms: Longs
    is_one: Bools  # of each word
    n_named: Longs  # of each title

    @classmethod
    def of(cls, owners: Longs, terms: Longs, is_one: Bools) -> "_Titles":
        named = np.unique((owners << 32 | terms)[is_one[terms]]) >> 32
        n_titles = int(owners.max(initial=-1)) + 1
        return cls(owners, terms, is_one, np.bincount(named, minlength=n_titles))

    def is_size(self, term: int) -> bool:
        """Return whether a word of the kind stands where other titles have another one."""
        holds = np.zeros(len(self.n_named), np.bool_)
        holds[self.owners[self.terms == term]] = True
        mine, names_other = holds[self.owners], self.n_named > holds
        elsewhere, size = self.terms[~mine], len(self.is_one)
        n_without = np.bincount(elsewhere, minlength=size)
        n_others = np.bincount(elsewhere, names_other[self.owners[~mine]], minlength=size)
        beside = self.terms[mine]
        beside = beside[~self.is_one[beside] & (n_without[beside] > 0)]
        if len(beside) == 0:
            return False
        usual = float((n_others[beside] / n_without[beside]).mean())
        is_told = usual >= USUAL and usual * int(holds.sum()) >= FEWEST
        return is_told and float(names_other[holds].mean()) < BESIDE * usual
