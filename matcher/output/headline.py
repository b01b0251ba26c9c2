"""Take the words of options out of a title, or mark them: one headline for all of a family."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from matcher.scripts import ACCENTS, PLAIN_LETTERS, is_unspaced

LONGEST = 1600  # characters that are looked at; the words of an option stand near the name
HOLE = "\x00"  # stands where words were taken out

_SIGNS = (
    r"(?:sizes?|sz|colou?rs?|farbe|couleur|groe?sse|gr|taille|talla|taglia|maat|in|eu|uk|us)"
    r"\.?(?:\s*[:=.]\s*|\s+)"
)
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)([a-z]+)")
_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*\x00[^()\[\]{}]*)[)\]}]")
_BETWEEN = r"[\s,;|/:+&_\-\u2010-\u2015\u00b7\u2022]*"
_HOLES = re.compile(rf"({_BETWEEN})\x00(?:{_BETWEEN}\x00)*({_BETWEEN})")
_ACCENT = re.compile(f"[{ACCENTS}]")


def strip_options(title: str, words: Sequence[str]) -> str:
    """Return a title without given words and without what then dangles.

    Parameters
    ----------
    title : str
        The title as it came in.
    words : Sequence[str]
        Tokens in their normal form: lower case, no accents, ``64 GB`` as ``"64gb"``.

    Returns
    -------
    str
        The title as it came in where nothing would be left.

    Examples
    --------
    >>> strip_options("Velmora Running Shoes Strider 3 (Orange, Größe 43)", ["orange", "43"])
    'Velmora Running Shoes Strider 3'
    >>> strip_options("PICO 5 - 64 GB - Café Noir, Smartphone", ["64gb", "cafe", "noir"])
    'PICO 5 - Smartphone'
    >>> strip_options("ソニーWH-1000XM5ブラック", ["ブラック"])
    'ソニーWH-1000XM5'
    """
    head, tail = title[:LONGEST].replace(HOLE, " "), title[LONGEST:]
    folded, places = _fold(head)
    holes = sorted(_find(folded, words))
    pieces, end = [], 0
    for start, stop in holes:
        if places[start] >= end:
            pieces += [head[end : places[start]], HOLE]
        end = max(end, places[stop - 1] + 1)
    tidied = _tidy("".join([*pieces, head[end:]])) + tail
    return tidied if any(char.isalnum() for char in tidied) else title


def bracket_options(title: str, words: Sequence[str]) -> str:
    """Return a title with given words in brackets.

    Parameters
    ----------
    title, words : str, Sequence[str]
        As in `strip_options`.

    Examples
    --------
    >>> bracket_options("Velmora Shoes Strider 3, Orange, Größe 43", ["orange", "43"])
    'Velmora Shoes Strider 3, [Orange], [Größe 43]'
    """
    head, tail = title[:LONGEST], title[LONGEST:]
    folded, places = _fold(head)
    pieces, end = [], 0
    for start, stop in sorted(_find(folded, words)):
        first, last = places[start], places[stop - 1] + 1
        if first >= end:
            pieces += [head[end:first], "[", head[first:last], "]"]
            end = last
    return "".join([*pieces, head[end:]]) + tail


def _find(folded: str, words: Iterable[str]) -> Iterable[tuple[int, int]]:
    """Yield where the words stand as whole words, with what introduces them ("size", "in")."""
    for word in dict.fromkeys(words):
        for found in _whole_word(word).finditer(folded):
            yield found.span()


@lru_cache(maxsize=4096)
def _whole_word(word: str) -> re.Pattern[str]:
    if is_unspaced(word):
        return re.compile(re.escape(word))
    return re.compile(
        rf"(?<![^\W_])(?<!\d[.,])(?:{_SIGNS})*{_word_pattern(word)}(?![^\W_])(?![.,]\d)"
    )


def _word_pattern(word: str) -> str:
    """Return the pattern of a token: units may stand apart from their number, and be spelt out."""
    quantity = _QUANTITY.fullmatch(word)
    if quantity is None:
        return re.escape(word).replace(r"\.", "[.,]")
    number, unit = quantity.groups()
    number = re.escape(number).replace(r"\.", "[.,]")
    spelt = r"|\"|''|\u2033|\u201d" if unit in ("inch", "in") else ""
    return rf"{number}[\s\-]?(?:{unit[0]}[a-z]*{spelt})"


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """Return text without case and accents, and the place in `text` of each of its characters."""
    if text.isascii():
        return text.lower(), range(len(text))
    folded = [_fold_character(character) for character in text]
    places = [place for place, plain in enumerate(folded) for _ in plain]
    return "".join(folded), places


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character).lower()
    plain = "".join(PLAIN_LETTERS.get(one, one) for one in _ACCENT.sub("", parts))
    return unicodedata.normalize("NFKC", plain)  # Hangul was taken apart; together again


def _tidy(text: str) -> str:
    """Close the holes: no empty brackets, no separators without something on both sides."""
    text = _BRACKETS.sub(_close_bracket, text)
    text = _HOLES.sub(lambda found: _join(found, text), text)
    return " ".join(text.split())


def _close_bracket(found: re.Match[str]) -> str:
    inside = _HOLES.sub(lambda hole: _join(hole, found[1]), found[1]).strip()
    return f"{found[0][0]}{inside}{found[0][-1]}" if inside else HOLE


def _join(found: re.Match[str], text: str) -> str:
    """Return what stands in place of a hole: nothing at the ends, else the one separator."""
    if found.start() == 0 or found.end() == len(text):
        return ""
    left, right = found[1], found[2]
    for part in (left, right):
        if part.strip() and part != "".join(part.split()):
            return part
    return left if left == right and left.strip() else " "  # a glued hyphen goes with its word
