"""Colours in thirty-eight languages: their normal form, and the base colour of a shade.

The words stand in `colors.toml`, which `color_words.py` reads.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from matcher.records.color_words import ColorWords, Language, color_words
from matcher.scripts import SIGNS

_LONGEST = 3
_SHORTEST_SLIP = 5
# Shorter words have too many neighbours: "rod" is one letter away from "red".
_NUMBER_SIGNS = frozenset(
    ("no", "nr", "n", "num", "numero", "nummer", "shade", "tone", "ton", "teinte", "tono", "odcien")
) | {"тон"}
# Words that only say that the number of a shade follows.


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
    lexicon = color_words()
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
    lexicon = color_words()
    found = {
        phrase: form
        for phrase, form in lexicon.colors.items()
        if (form in lexicon.title_forms or phrase in lexicon.sure)
        and phrase not in lexicon.never_in_titles
        and _is_long(phrase)
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
    lexicon = color_words()
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
    lexicon, sure = color_words(), title_colors()
    forms = lexicon.title_forms | {lexicon.colors[word] for word in lexicon.closing}
    forms -= {"multicolor"}
    found = {
        word: form
        for word, form in lexicon.colors.items()
        if form in forms and word not in sure and " " not in word and _is_long(word)
    }
    return MappingProxyType(found)


@dataclass(frozen=True, slots=True)
class ColorLanguage:
    """Single words of color of a language: all, and those that surely are one, and no English."""

    words: frozenset[str]
    sure: frozenset[str]


@cache
def foreign_languages() -> tuple[ColorLanguage, ...]:
    """Return the words of color of each language but English.

    Examples
    --------
    >>> german = foreign_languages()[0]
    >>> "rot" in german.words, "rot" in german.sure, "schwarz" in german.sure
    (True, False, True)
    """
    lexicon = color_words()
    sure = title_colors().keys() - {*lexicon.bases, *lexicon.languages[0].colors}
    every = (
        frozenset(word for word in language.colors if " " not in word)
        for language in lexicon.languages[1:]
    )
    return tuple(ColorLanguage(words, words & sure) for words in every)


def _is_long(phrase: str) -> bool:
    """Return whether a word is no abbreviation: "bk" is one, "red" is not, nor is a sign."""
    return len(phrase) > 2 or phrase >= SIGNS


def _changed(language: Language, lexicon: ColorWords) -> Iterator[tuple[str, str]]:
    """Yield "dark blue" and the like, in the order and the spelling of a language."""
    bases = {*lexicon.bases.values()} - {"multicolor", "transparent"}
    plain = [
        word
        for word, form in language.colors.items()
        if form in bases and _is_long(word) and word.count(" ") < 2
    ]
    for modifier, change in language.modifiers.items():
        if modifier in lexicon.never_in_titles or " " in modifier:
            continue
        for word in plain:
            form = _changed_form(modifier, word, lexicon)
            yield (f"{word} {modifier}" if language.follows else f"{modifier} {word}"), form
            if language.glued and change in ("dark", "light"):
                yield modifier + word, form


def _changed_form(modifier: str, word: str, lexicon: ColorWords) -> str:
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
    lexicon = color_words()
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
    lexicon = color_words()
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


def _kind(modifier: str, lexicon: ColorWords) -> str:
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
    lexicon = color_words()
    for length in range(4, len(word) - 2):
        if word[:length] in lexicon.modifiers and word[length:] in lexicon.colors:
            return word[:length], word[length:]
    return "", ""


@lru_cache(maxsize=1 << 16)
def _repair(word: str) -> str:
    """Return the word of the lexicon that a slip of the pen means, ``""`` where none is sure."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    lexicon = color_words()
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
    lexicon = color_words()
    words: dict[str, list[str]] = {}
    for word in sorted({*lexicon.colors, *lexicon.modifiers}):
        if len(word) > 3 and word.isalpha():
            words.setdefault(word[0], []).append(word)
    return words
