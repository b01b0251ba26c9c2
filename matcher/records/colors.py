"""Colours in eleven languages: their normal form, and the base colour of a shade.

The words stand in `colors.toml`.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from matcher.records.text import normalize_text
from matcher.records.tokens import spell, split_tokens

_LONGEST = 3
_SHORTEST_SLIP = 5
# Shorter words have too many neighbours: "rod" is one letter away from "red".
_WORD_LIMIT = 100
_NUMBER_SIGNS = frozenset(
    ("no", "nr", "n", "num", "numero", "nummer", "shade", "tone", "ton", "teinte", "tono", "odcien")
) | {"тон"}
# Words that only say that the number of a shade follows.


@dataclass(frozen=True, slots=True)
class _Language:
    """Words of one language: spelling to normal form, of colours and of what changes them."""

    colors: dict[str, str]
    modifiers: dict[str, str]
    follows: bool
    glued: bool


@dataclass(frozen=True, slots=True)
class _Lexicon:
    languages: tuple[_Language, ...]
    bases: Mapping[str, str]
    near: Mapping[str, frozenset[str]]
    tints: frozenset[str]
    joining: frozenset[str]
    labels: frozenset[str]
    real: frozenset[str]
    title_forms: frozenset[str]
    never_in_titles: frozenset[str]
    closing: frozenset[str]
    colors: dict[str, str] = field(default_factory=dict)
    modifiers: dict[str, str] = field(default_factory=dict)
    following: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        # The first language that has a word decides, and English shades go before all languages.
        self.colors.update({shade: shade for shade in self.bases})
        for spelling, form in self.languages[0].colors.items():
            self.colors[spelling] = form
        for language in self.languages:
            for spelling, form in language.colors.items():
                self.colors.setdefault(spelling, form)
            for spelling, form in language.modifiers.items():
                if language.follows and spelling not in self.modifiers:
                    self.following.add(spelling)
                self.modifiers.setdefault(spelling, form)


def color_form(text: str) -> str:
    """Return the normal form of a colour: English words, ``gray`` for ``grey``.

    Words that are no colours stay, several colours keep their order, what changes a colour stands
    before it, and slips of the pen are repaired.

    Parameters
    ----------
    text : str
        Tokens of the value, normalised, joined by spaces.

    Examples
    --------
    >>> color_form("bleu marine"), color_form("grau schwarz"), color_form("dunkelblau")
    ('navy', 'gray black', 'dark blue')
    >>> color_form("rouge fonce"), color_form("burgandy"), color_form("kalahari 7")
    ('dark red', 'burgundy', 'kalahari 7')
    >>> color_form("shade no 07"), color_form("7")
    ('7', '7')
    """
    forms = _Forms()
    for word, kind, form in _read(_unnumbered(text.split())):
        forms.add(word, kind, form)
    return forms.text() or text


def base_color(form: str) -> str:
    """Return the base colour of a normal form, ``""`` where it is unknown.

    Of several colours it is the first one.

    Examples
    --------
    >>> base_color("dark navy"), base_color("kalahari sand"), base_color("black white")
    ('blue', 'beige', 'black')
    >>> base_color("wine red"), base_color("navy white"), base_color("kalahari")
    ('red', 'blue', '')
    >>> base_color("pearl black"), base_color("ocean green")
    ('black', 'green')
    """
    lexicon = _lexicon()
    words = form.split()
    place = 0
    found, is_tint = "", False
    while place < len(words):
        phrase = _longest(words, place, lexicon.bases)
        base = lexicon.bases.get(phrase, "")
        if found:
            is_head = phrase == base and (is_tint or base in lexicon.near.get(found, ()))
            return base if is_head else found
        if phrase and phrase == base:
            return base
        found, is_tint = base, phrase in lexicon.tints
        place += max(phrase.count(" ") + 1, 1)
    return found


@cache
def title_colors() -> Mapping[str, str]:
    """Return phrases that name a colour in the title of any product, to their normal form.

    Words that are often something else in titles ("orange", "gold", "mint") are left out unless
    something before them says that they are colours ("light orange").

    Returns
    -------
    Mapping[str, str]
        One to three tokens, joined by spaces.

    Examples
    --------
    >>> colors = title_colors()
    >>> colors["schwarz"], colors["dark blue"], "orange" in colors, colors["dunkel rot"]
    ('black', 'dark blue', False, 'dark red')
    """
    lexicon = _lexicon()
    found = {
        phrase: form
        for phrase, form in lexicon.colors.items()
        if form in lexicon.title_forms
        and phrase not in lexicon.never_in_titles
        and len(phrase) > 2
        and phrase.count(" ") < _LONGEST
    }
    for language in lexicon.languages:
        for phrase, form in _changed(language, lexicon):
            found.setdefault(phrase, form)
    return MappingProxyType(found)


@cache
def closing_colors() -> Mapping[str, str]:
    """Return words that name a colour where the title of a product ends with them, to their form.

    Elsewhere they are often something else.

    Examples
    --------
    >>> closing_colors()["silber"], "black" in closing_colors()
    ('silver', False)
    """
    lexicon = _lexicon()
    return MappingProxyType({word: lexicon.colors[word] for word in sorted(lexicon.closing)})


@cache
def possible_colors() -> Mapping[str, str]:
    """Return words that may name a color in a title and may be anything else, to their form.

    Examples
    --------
    >>> possible_colors()["rot"], possible_colors()["silver"], "black" in possible_colors()
    ('red', 'silver', False)
    >>> "coffee" in possible_colors()
    False
    """
    lexicon, sure = _lexicon(), title_colors()
    forms = lexicon.title_forms | {lexicon.colors[word] for word in lexicon.closing}
    forms -= {"multicolor"}
    found = {
        word: form
        for word, form in lexicon.colors.items()
        if form in forms and word not in sure and " " not in word and len(word) > 2
    }
    return MappingProxyType(found)


def _changed(language: _Language, lexicon: _Lexicon) -> Iterator[tuple[str, str]]:
    """Yield "dark blue" and the like, in the order and the spelling of a language."""
    bases = {*lexicon.bases.values()} - {"multicolor", "transparent"}
    plain = [
        word
        for word, form in language.colors.items()
        if form in bases and len(word) > 2 and word.count(" ") < 2
    ]
    for modifier, change in language.modifiers.items():
        if modifier in lexicon.never_in_titles or " " in modifier:
            continue
        for word in plain:
            form = _changed_form(modifier, word, lexicon)
            yield (f"{word} {modifier}" if language.follows else f"{modifier} {word}"), form
            if language.glued and change in ("dark", "light"):
                yield modifier + word, form


def _changed_form(modifier: str, word: str, lexicon: _Lexicon) -> str:
    """Return the `color_form` of both, for 12,000 pairs in a tenth of the time that it takes."""
    begun = (modifier, f"{modifier} {word.partition(' ')[0]}", f"{modifier} {word}")
    is_other = modifier in lexicon.labels or modifier in lexicon.joining
    if is_other or any(phrase in lexicon.colors for phrase in begun):
        return color_form(f"{modifier} {word}")
    return f"{lexicon.modifiers[modifier]} {lexicon.colors[word]}"


class _Forms:
    """Normal forms put together word by word."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._color = -1  # place of the last colour, if nothing but modifiers follows it
        self._waiting: list[str] = []  # modifiers that no colour has followed yet
        self._joining = ""

    def add(self, word: str, kind: str, form: str) -> None:
        if kind == "label":
            return
        if kind == "joining" and self._color >= 0 and not self._waiting:
            self._joining = word
            return
        if kind == "following" and self._color >= 0 and not self._waiting:
            self._change(form)
            return
        if kind in ("modifier", "following"):
            self._waiting.append(form)
            return
        if self._joining and kind != "color":
            self._words.append(self._joining)
        self._joining = ""
        is_repeated = kind == "color" and not self._waiting and self._words[-1:] == [form]
        self._words += self._waiting if is_repeated else [*self._waiting, form]
        self._waiting = []
        self._color = len(self._words) - 1 if kind == "color" else -1

    def text(self) -> str:
        """Return the form; modifiers at its end belong to the colour before them."""
        for form in self._waiting if self._color >= 0 else ():
            self._change(form)
        rest = [] if self._color >= 0 else self._waiting
        return " ".join([*self._words, *([self._joining] if self._joining else []), *rest])

    def _change(self, modifier: str) -> None:
        self._words.insert(self._color, modifier)
        self._color += 1


def _read(words: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield word, kind and normal form of what a value consists of."""
    lexicon = _lexicon()
    place = 0
    while place < len(words):
        phrase = _longest(words, place, lexicon.colors)
        if phrase:
            yield phrase, "color", lexicon.colors[phrase]
            place += phrase.count(" ") + 1
            continue
        word = words[place]
        place += 1
        if word in lexicon.labels or word in lexicon.joining:
            yield word, "label" if word in lexicon.labels else "joining", word
        elif word in lexicon.modifiers:
            yield word, _kind(word, lexicon), lexicon.modifiers[word]
        else:
            yield from _read_unknown(word)


def _read_unknown(word: str) -> Iterator[tuple[str, str, str]]:
    lexicon = _lexicon()
    modifier, color = _parts(word)
    if color:
        yield modifier, "modifier", lexicon.modifiers[modifier]
        yield color, "color", lexicon.colors[color]
        return
    slip = _repair(word)
    if slip in lexicon.colors:
        yield word, "color", lexicon.colors[slip]
    elif slip:
        yield word, _kind(slip, lexicon), lexicon.modifiers[slip]
    else:
        yield word, "other", word


def _unnumbered(words: Sequence[str]) -> list[str]:
    """Return the words without those that only say that a number follows."""
    before_number = [False] * len(words)
    for place in reversed(range(len(words) - 1)):
        follows = words[place + 1].isdecimal() or before_number[place + 1]
        before_number[place] = words[place] in _NUMBER_SIGNS and follows
    return [
        word.lstrip("0") or word if word.isdecimal() else word
        for word, is_sign in zip(words, before_number, strict=True)
        if not is_sign
    ]


def _kind(modifier: str, lexicon: _Lexicon) -> str:
    return "following" if modifier in lexicon.following else "modifier"


def _longest(words: Sequence[str], place: int, phrases: Mapping[str, str]) -> str:
    """Return the longest phrase that starts at a place, ``""`` where there is none."""
    for length in range(min(_LONGEST, len(words) - place), 0, -1):
        phrase = " ".join(words[place : place + length])
        if phrase in phrases:
            return phrase
    return ""


def _parts(word: str) -> tuple[str, str]:
    """Return the two parts of a compound: ``dunkelblau`` is ``dunkel`` and ``blau``."""
    lexicon = _lexicon()
    for length in range(4, len(word) - 2):
        if word[:length] in lexicon.modifiers and word[length:] in lexicon.colors:
            return word[:length], word[length:]
    return "", ""


@lru_cache(maxsize=1 << 16)
def _repair(word: str) -> str:
    """Return the word of the lexicon that a slip of the pen means, ``""`` where none is sure."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    lexicon = _lexicon()
    if len(word) < _SHORTEST_SLIP or not word.isalpha() or word in lexicon.real:
        return ""
    near = extract(
        word, _words_by_letter().get(word[0], ()), scorer=OSA.distance, score_cutoff=1, limit=None
    )
    meant = {lexicon.colors.get(w) or lexicon.modifiers[w]: w for w, _, _ in near}
    return next(iter(meant.values())) if len(meant) == 1 else ""


@cache
def _words_by_letter() -> Mapping[str, list[str]]:
    # The first letter is seldom wrong, and asking for it keeps "range" from being orange.
    lexicon = _lexicon()
    words: dict[str, list[str]] = {}
    for word in sorted({*lexicon.colors, *lexicon.modifiers}):
        if len(word) > 3 and word.isalpha():
            words.setdefault(word[0], []).append(word)
    return words


@cache
def _lexicon() -> _Lexicon:
    tables = _tables()
    bases = {shade: base for base, shades in tables["shades"].items() for shade in _entries(shades)}
    return _Lexicon(
        languages=tuple(_language(t) for t in tables.values() if "colors" in t),
        bases=bases,
        near={base: frozenset(others.split()) for base, others in tables["near"].items()},
        tints=_word_set(tables["tints"]["words"]),
        joining=_word_set(tables["joining"]["words"]),
        labels=_word_set(tables["joining"]["labels"]),
        real=_word_set(tables["real"]["words"]),
        title_forms=frozenset(_entries(tables["title"]["forms"])),
        never_in_titles=frozenset(_entries(tables["title"]["never"])),
        closing=frozenset(_entries(tables["title"]["closing"])),
    )


@cache
def _tables() -> Mapping[str, Any]:
    text = files("matcher.records").joinpath("colors.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _language(table: Mapping[str, Any]) -> _Language:
    colors = _spellings(table["colors"])
    endings = [_normal_forms()[ending] for ending in table.get("endings", "").split()]  # "-" is ""
    stems = {form: _entries(stems) for form, stems in table.get("stems", {}).items()}
    for form, found in stems.items():
        for stem, ending in product(found, endings):
            colors.setdefault(stem + ending, form)
    return _Language(
        colors,
        _spellings(table.get("modifiers", {})),
        follows=table.get("follows", False),
        glued=table.get("glued", False),
    )


def _spellings(table: Mapping[str, str]) -> dict[str, str]:
    return {spelling: form for form, entries in table.items() for spelling in _entries(entries)}


def _entries(text: str) -> list[str]:
    """Return the entries of a list as the tokens that they are in normalised text."""
    forms = _normal_forms()
    return [forms[entry] for entry in text.split(",") if forms[entry]]


@cache
def _normal_forms() -> Mapping[str, str]:
    """Return the normal form of every entry: one call for all is a second less than many."""
    entries = sorted({entry for text in _strings(_tables()) for entry in _pieces(text)})
    folded, _ = normalize_text(pa.array(entries, pa.string()), _WORD_LIMIT)
    tokens = split_tokens(spell(folded.fill_null("")))
    pieces = tokens.pieces.to_pylist()
    bounds = zip(tokens.indptr[:-1], tokens.indptr[1:], strict=True)
    forms = (" ".join(pieces[start:stop]) for start, stop in bounds)
    return dict(zip(entries, forms, strict=True))


def _pieces(text: str) -> list[str]:
    return [*text.split(","), *text.split()]  # endings have no commas


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, str):
        yield value


def _word_set(text: str) -> frozenset[str]:
    return frozenset(word for entry in _entries(text) for word in entry.split())
