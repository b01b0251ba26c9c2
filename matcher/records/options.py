"""Find the values of axes in titles whose column is empty.

The vocabulary is the catalogue's own: what a filled column says of one record is looked for in the
titles of the others ("Ozzy Denim Shorts - Dark Blue, M").  Where none teaches an axis, its lexicon
stands in (`matcher.records.lexicon`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from matcher.records.colors import title_colors
from matcher.records.sizes import LABELS, letter_sizes
from matcher.records.terms import Rows, indptr_of
from matcher.types import Bools, Ints, Longs

LONGEST = 4
"""Words of a value that is looked for; longer ones are descriptions."""

PART = 0.3
"""A value that stands in longer ones more than this often, beside alone, may be a part of one that
no column taught: three of ten "black" phones are "pearl black", and so on."""

CONNECTORS = LABELS | {
    *("in", "eu", "uk", "us", "color", "colour", "farbe", "couleur", "kolor", "kleur", "colore"),
    *("boja", "barva", "цвет", "боја", "shade", "no", "nr", "тон"),
}
"""Words that stand between options and say nothing themselves."""


@dataclass(frozen=True, slots=True)
class AxisColumn:
    """What the columns of one axis say.

    Attributes
    ----------
    tokens : tuple[Rows, ...]
        Tokens of each column's values.
    forms : Ints
        Shape (n_records,): number of the normal form of the axis value, -1 where unknown.
    lexicon : Mapping[str, int]
        Values that no column needs to teach, words joined by spaces, with their normal form.
    is_taught : bool
        Whether the columns know enough values to say which of several in a title is meant.
    closing : frozenset[str]
        Words of the lexicon that count among the options at the end of a title alone.
    anywhere : frozenset[str]
        Numbers and letters of the lexicon that count wherever they stand.
    """

    tokens: tuple[Rows, ...]
    forms: Ints
    lexicon: Mapping[str, int]
    is_taught: bool
    closing: frozenset[str] = frozenset()
    anywhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """Values of one axis found in titles.

    Attributes
    ----------
    forms : Ints
        Shape (n_records,): those of the columns, and where these are unknown those of the titles;
        ``-2 - form`` where the title may name a longer value that has this one in it.
    tokens : Rows
        The tokens that were found, of the records whose column is unknown.
    """

    forms: Ints
    tokens: Rows


@dataclass(frozen=True, slots=True)
class _Matches:
    """Values in titles: record, place of the first token, number of tokens, axis and form."""

    record: Ints
    start: Longs
    length: Longs
    axis: Longs
    form: Longs

    def take(self, rows: NDArray[np.generic]) -> "_Matches":
        return _Matches(
            self.record[rows],
            self.start[rows],
            self.length[rows],
            self.axis[rows],
            self.form[rows],
        )

    def join(self, others: "_Matches") -> "_Matches":
        return _Matches(
            np.concatenate([self.record, others.record]),
            np.concatenate([self.start, others.start]),
            np.concatenate([self.length, others.length]),
            np.concatenate([self.axis, others.axis]),
            np.concatenate([self.form, others.form]),
        )


def find_options(
    title: Rows, columns: Sequence[AxisColumn], words: Sequence[str], repaired: Ints
) -> list[Found]:
    """Look for the values of axes in titles.

    A value that is a bare number or a letter ("38", "M") counts only among the options at the end
    of a title or after a word like "size", unless titles use it as a size; elsewhere it may be
    anything.  So does "gold" where neither a column nor titles teach that it is a color.  A value
    that is often part of another one ("black" of "pearl black") is vague: the title may name a
    longer value that no column taught.

    Parameters
    ----------
    title : Rows
        Tokens of the titles, in order.
    columns : Sequence[AxisColumn]
        The columns of each axis.
    words : Sequence[str]
        Shape (n_vocabulary,): the tokens.
    repaired : Ints
        Shape (n_vocabulary,): right spelling of each token.
    """
    spelling = canonical_words(words)[repaired]
    taught, others = taught_phrases(columns, spelling)
    phrases = {**lexicon_phrases(columns, words, spelling), **taught}
    owners = title.owners()
    matches = _uncovered(_match(spelling, title, owners, phrases))
    accepted, at_end = _accept(matches, title, words, columns)
    is_clear = np.ones(len(at_end), dtype=np.bool_)
    for axis, column in enumerate(columns):
        if not column.is_taught:
            is_last = at_end & bool(column.closing)  # amounts at the end are any amounts
            is_clear &= _are_clear(accepted, is_last, axis, len(title.indptr) - 1)
    accepted = accepted.take(is_clear)
    chosen = [_choose(axis, column, accepted) for axis, column in enumerate(columns)]
    chosen = _share(chosen, columns, accepted, others)
    return [_fill(column, each, title) for column, each in zip(columns, chosen, strict=True)]


@cache
def synonyms() -> tuple[dict[str, str], set[str]]:
    """Return the spellings of sizes and colors to their form, and all words among them."""
    forms = {**letter_sizes(), **title_colors()}
    return forms, {*forms, *forms.values()}


def canonical_words(words: Sequence[str]) -> Longs:
    """Return for each token the number of its canonical spelling: ``grey`` is ``gray``."""
    forms, asked = synonyms()
    number = {word: place for place, word in enumerate(words) if word in asked}
    spelling = np.arange(len(words))
    n_spellings = len(words)
    for word, place in list(number.items()):
        # Two-letter synonyms are words of other languages: "or" is gold only in French.
        if len(word) > 2 and word in forms:
            spelling[place] = number.setdefault(forms[word], n_spellings)
            n_spellings += spelling[place] == n_spellings
    return spelling


def taught_phrases(
    columns: Sequence[AxisColumn], spelling: Longs
) -> tuple[dict[tuple[int, ...], tuple[int, int]], dict[tuple[int, int], dict[int, int]]]:
    """Return axis and form of every value, ``-2 - form`` where it is often a part of another one.

    A value that several axes have goes to the one in which it is the most frequent; its forms in
    the others are returned beside, by that axis and form.
    """
    counts: dict[tuple[int, ...], Counter[tuple[int, int]]] = {}
    for axis, column in enumerate(columns):
        for tokens in column.tokens:
            for phrase, form, count in _values(tokens, column.forms, spelling):
                counts.setdefault(phrase, Counter())[axis, form] += count
    longer: Counter[tuple[int, ...]] = Counter()
    best = {phrase: max(found, key=lambda key: found[key]) for phrase, found in counts.items()}
    for phrase, key in best.items():
        for length in range(1, len(phrase)):
            for start in range(len(phrase) - length + 1):
                longer[phrase[start : start + length]] += counts[phrase][key]
    taught = {
        phrase: (axis, -2 - form if longer[phrase] > PART * counts[phrase][axis, form] else form)
        for phrase, (axis, form) in best.items()
    }
    others = {
        taught[phrase]: {axis: form for axis, form in found if axis != best[phrase][0]}
        for phrase, found in counts.items()
        if len(found) > 1
    }
    return taught, others


def lexicon_phrases(
    columns: Sequence[AxisColumn], words: Sequence[str], spelling: Longs
) -> dict[tuple[int, ...], tuple[int, int]]:
    """Return axis and form of the values of the lexicons whose words all occur."""
    asked = {word for column in columns for phrase in column.lexicon for word in phrase.split()}
    places = {word: place for place, word in enumerate(words) if word in asked}
    number = {word: int(spelling[place]) for word, place in places.items()}
    return {
        tuple(number[word] for word in phrase.split()): (axis, form)
        for axis, column in enumerate(columns)
        for phrase, form in column.lexicon.items()
        if all(word in number for word in phrase.split())
    }


def _values(
    tokens: Rows, forms: Ints, spelling: Longs
) -> Iterator[tuple[tuple[int, ...], int, int]]:
    lengths = np.diff(tokens.indptr)
    for length in range(1, LONGEST + 1):
        records = np.flatnonzero((lengths == length) & (forms >= 0))
        if len(records) == 0:
            continue
        places = tokens.indptr[records][:, None] + np.arange(length)
        values, first, counts = np.unique(
            spelling[tokens.terms[places]], axis=0, return_index=True, return_counts=True
        )
        for value, record, count in zip(values.tolist(), records[first], counts, strict=True):
            yield tuple(value), int(forms[record]), int(count)


def _match(
    spelling: Longs, title: Rows, owners: Ints, phrases: Mapping[tuple[int, ...], tuple[int, int]]
) -> _Matches:
    """Return, for every token of the titles, the longest value that starts there."""
    steps, ends = _trie(phrases)
    keys = np.array(sorted(steps), dtype=np.int64)
    targets = np.array([steps[key] for key in keys.tolist()], dtype=np.int64)
    axes = np.array([ends.get(state, (-1, -1))[0] for state in range(len(steps) + 1)])
    forms = np.array([ends.get(state, (-1, -1))[1] for state in range(len(steps) + 1)])
    begins = np.zeros(int(spelling.max(initial=-1)) + 1, dtype=np.bool_)
    begins[[phrase[0] for phrase in phrases if phrase[0] < len(begins)]] = True
    start = np.flatnonzero(begins[spelling][title.terms])
    stop = title.indptr[1:][owners[start]]
    at, state = np.arange(len(start)), np.zeros(len(start), np.int64)
    longest, final = np.zeros(len(start), np.int64), np.zeros(len(start), np.int64)
    for length in range(1, LONGEST + 1):
        inside = start[at] + length <= stop[at]
        at, state = at[inside], state[inside]
        if len(at) == 0 or len(keys) == 0:
            break
        wanted = (state << 32) | spelling[title.terms[start[at] + length - 1]]
        step = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        there = keys[step] == wanted
        at, state = at[there], targets[step[there]]
        is_end = axes[state] >= 0
        longest[at[is_end]], final[at[is_end]] = length, state[is_end]
    found = np.flatnonzero(longest)
    start, final = start[found], final[found]
    return _Matches(owners[start], start, longest[found], axes[final], forms[final])


def _trie(
    phrases: Mapping[tuple[int, ...], tuple[int, int]],
) -> tuple[dict[int, int], dict[int, tuple[int, int]]]:
    """Return steps, ``state << 32 | token`` to the next state, and what ends in which state."""
    steps: dict[int, int] = {}
    ends = {}
    for phrase, value in phrases.items():
        state = 0
        for token in phrase:
            state = steps.setdefault((state << 32) | token, len(steps) + 1)
        ends[state] = value
    return steps, ends


def _uncovered(matches: _Matches) -> _Matches:
    """Return the matches that do not start inside an earlier one: "blue" of "navy blue" goes."""
    reach = np.maximum.accumulate(matches.start + matches.length)
    before = np.concatenate([np.zeros(1, np.int64), reach[:-1]])[: len(reach)]
    return matches.take(matches.start >= before)


def _accept(
    matches: _Matches, title: Rows, words: Sequence[str], columns: Sequence[AxisColumn]
) -> tuple[_Matches, Bools]:
    """Return the matches without what outside a title's options may be anything.

    And whether each stands among the options at the end of its title.
    """
    is_option = _are_among(words, CONNECTORS)[title.terms]
    is_sign = _are_among(words, LABELS)
    starts = title.terms[matches.start]
    closing = frozenset[str]().union(*(column.closing for column in columns))
    anywhere = frozenset[str]().union(*(column.anywhere for column in columns))
    is_bare, is_closing = np.zeros((2, len(words)), dtype=np.bool_)
    for term in np.unique(starts).tolist():
        word = words[term]
        is_bare[term] = is_bare_word(word) and word not in anywhere
        is_closing[term] = word in closing
    for step in range(LONGEST):
        is_option[(matches.start + step)[matches.length > step]] = True
    # Behind the last token that is no option, be it of a title before, stand options.
    others = np.append(-1, np.flatnonzero(~is_option))
    stop = title.indptr[1:][matches.record]
    at_end = matches.start > others[np.searchsorted(others, stop) - 1]
    before = title.terms[np.maximum(matches.start - 1, 0)]
    after_sign = is_sign[before] & (matches.start > 0)
    has_closing = np.array([bool(column.closing) for column in columns], dtype=np.bool_)
    is_bare_here = is_bare[starts] | (is_closing[starts] & has_closing[matches.axis])
    bare = is_bare_here & (matches.length == 1)
    kept = np.flatnonzero(~bare | at_end | after_sign)
    # Options at the end go before others, later ones before earlier ones: the last is taken.
    order = np.argsort(2 * matches.record[kept].astype(np.int64) + at_end[kept], kind="stable")
    return matches.take(kept[order]), at_end[kept[order]]


def _are_among(words: Sequence[str], wanted: frozenset[str]) -> Bools:
    return np.fromiter(map(wanted.__contains__, words), np.bool_, len(words))


def _are_clear(matches: _Matches, is_last: Bools, axis: int, n_records: int) -> Bools:
    """Return which matches are not of an axis of which a title names several values.

    Without columns to learn from nobody knows which is meant: "black case for the white phone".
    Unless one color alone is an option at the end: "case for the white phone - black".
    """
    mine = np.flatnonzero(matches.axis == axis)
    of_titles, of_lasts = (
        _several(matches.take(each), n_records) for each in (mine, mine[is_last[mine]])
    )
    is_told = is_last & ~of_lasts[matches.record]
    return np.asarray((matches.axis != axis) | ~of_titles[matches.record] | is_told)


def _several(matches: _Matches, n_records: int) -> Bools:
    """Return for each record whether matches of it name several values."""
    least: Longs = np.full(n_records, np.iinfo(np.int64).max)
    most: Longs = np.full(len(least), -1)  # what is vague alone is several values, too
    np.minimum.at(least, matches.record, matches.form)
    np.maximum.at(most, matches.record, matches.form)
    return np.asarray(least != most)


def is_bare_word(word: str) -> bool:
    """Return whether a word is a number or a letter alone, which may be anything."""
    return len(word) == 1 or word.replace(".", "").isdecimal()


def _choose(axis: int, column: AxisColumn, matches: _Matches) -> _Matches:
    """Return the last match of each record whose column is unknown."""
    owners = matches.record
    mine = np.flatnonzero((matches.axis == axis) & (column.forms[owners] < 0))
    is_last: Bools = np.append(owners[mine][1:] != owners[mine][:-1], True)[: len(mine)]
    return matches.take(mine[is_last])


def _share(
    chosen: Sequence[_Matches],
    columns: Sequence[AxisColumn],
    matches: _Matches,
    others: Mapping[tuple[int, int], Mapping[int, int]],
) -> list[_Matches]:
    """Return what was chosen, with values that an axis left over given to another that has them.

    "8 GB, 1 GB" names two amounts of memory: the first is the storage.
    """
    forms = [column.forms.copy() for column in columns]
    for axis, found in enumerate(chosen):
        forms[axis][found.record] = found.form
    every = list(chosen)
    for (axis, form), elsewhere in others.items():
        is_left = (matches.axis == axis) & (matches.form == form)
        is_left &= forms[axis][matches.record] != form
        for other, other_form in elsewhere.items():
            free = np.flatnonzero(is_left & (forms[other][matches.record] == -1))
            spare = matches.take(free)
            forms[other][spare.record] = other_form
            given = _Matches(
                spare.record,
                spare.start,
                spare.length,
                np.full(len(free), other),
                np.full(len(free), other_form),
            )
            every[other] = every[other].join(given)
    return every


def _fill(column: AxisColumn, chosen: _Matches, title: Rows) -> Found:
    """Return the column's forms, filled from what was chosen."""
    chosen = chosen.take(np.argsort(chosen.record, kind="stable"))
    records = chosen.record
    forms = column.forms.copy()
    forms[records] = chosen.form
    counts = np.zeros(len(forms), dtype=np.int64)
    counts[records] = chosen.length
    indptr = indptr_of(counts)
    within = np.arange(indptr[-1]) - np.repeat(indptr[records], chosen.length)
    return Found(forms, Rows(indptr, title.terms[np.repeat(chosen.start, chosen.length) + within]))
