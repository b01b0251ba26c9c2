"""Values of axes that a title may name although no column of the catalogue teaches them."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from matcher.records.axes import form_of_tokens
from matcher.records.colors import closing_colors, title_colors
from matcher.records.quantities import Quantity
from matcher.records.sizes import PLAIN_LABELS, SIZED, letter_sizes, size_form
from matcher.records.terms import Rows

LEAST_SIZES = 4
"""Different sizes at the ends of titles from which they are sizes: phones end in S and XL too."""

LEAST_SHARE = 0.02
"""Share of the titles that end in one."""


_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})?")

SPACES = ("cuft",)
"""Units of the room inside machines, which sellers round: 3.5 and 3.6 cubic feet are one washer."""


def lexicon_of(
    axis: str,
    names: list[str],
    title: Rows,
    words: Sequence[str],
    quantities: Mapping[int, Quantity],
    used: Mapping[str, str],
) -> dict[str, int]:
    """Return phrases that are values of an axis, with the number of their normal form.

    Parameters
    ----------
    axis : str
        Colors are words of many languages, sizes letters (XS, 2XL) where titles end in them,
        storage, volume, weight, length and pack the quantities of that dimension; other axes have
        no lexicon.
    names : list[str]
        The normal forms so far; changed: new ones are added.
    title : Rows
        Tokens of the titles.
    words : Sequence[str]
        The vocabulary.
    quantities : Mapping[int, Quantity]
        The words that are quantities.
    used : Mapping[str, str]
        Words that titles use as colors, or as sizes, with their normal form.
    """
    number = {name: place for place, name in enumerate(names)}
    if axis == "color":
        found = {**_colors_among(words), **used}
    elif axis == "size":
        found = {**_sizes(title, words), **_labelled_sizes(title, words), **used}
    else:
        found = {
            words[place]: form_of_tokens(words[place], "quantity")
            for place, quantity in quantities.items()
            if quantity.unit.dimension == axis and quantity.unit.symbol not in SPACES
        }
    lexicon = {phrase: number.setdefault(form, len(number)) for phrase, form in found.items()}
    names.extend(list(number)[len(names) :])
    return lexicon


def _colors_among(words: Sequence[str]) -> dict[str, str]:
    """Return the colors of titles that can be written with these words, in their usual order."""
    colors, places = _colors_by_word()
    known = {word for word in words if word in places}
    possible = sorted({place for word in known for place in places[word]})
    return {
        phrase: form
        for phrase, form in (colors[place] for place in possible)
        if known.issuperset(phrase.split())
    }


@cache
def _colors_by_word() -> tuple[list[tuple[str, str]], dict[str, list[int]]]:
    """Return the colors of titles, and the places of those that have a word."""
    colors = [*title_colors().items(), *closing_colors().items()]
    places: dict[str, list[int]] = {}
    for place, (phrase, _) in enumerate(colors):
        for word in phrase.split():
            places.setdefault(word, []).append(place)
    return colors, places


def _labelled_sizes(title: Rows, words: Sequence[str]) -> dict[str, str]:
    """Return numbers that stand behind a word like "size", with it."""
    labels = [term for term, word in enumerate(words) if word in PLAIN_LABELS]
    if not labels:
        return {}
    owners, terms = title.owners(), title.terms
    at = np.flatnonzero(np.isin(terms, labels))
    at = at[at + 1 < len(terms)]
    at = at[owners[at] == owners[at + 1]]
    before = np.where((at > 0) & (owners[at] == owners[at - 1]), terms[at - 1], -1)
    found = {
        f"{words[label]} {words[size]}"
        for label, size, of in {
            *zip(terms[at].tolist(), terms[at + 1].tolist(), before.tolist(), strict=True)
        }
        if _NUMBER.fullmatch(words[size]) and (of < 0 or words[of] not in SIZED)
    }
    return {phrase: size_form(phrase) for phrase in sorted(found)}


def _sizes(title: Rows, words: Sequence[str]) -> dict[str, str]:
    sizes = letter_sizes()
    filled = title.indptr[1:] > title.indptr[:-1]
    last = np.bincount(title.terms[title.indptr[1:][filled] - 1], minlength=len(words))
    present = np.flatnonzero(last).tolist()
    ends = {words[term]: int(last[term]) for term in present if words[term] in sizes}
    is_usual = sum(ends.values()) >= LEAST_SHARE * max(len(filled), 1)
    if not is_usual or len({sizes[word] for word in ends}) < LEAST_SIZES:
        return {}
    known = set(sizes).intersection(words)
    return {word: form for word, form in sizes.items() if word in known}
