"""What a person sees of a pair: two records side by side, with the words that differ marked."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from matcher.scripts import UNSPACED, is_unspaced

Piece = tuple[str, bool]
"""A part of a text, and whether it is marked as something that the other record does not say."""

LONGEST = 1_500
"""Characters of a value that are shown: descriptions of a megabyte exist."""

_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]{0,500}>")
# With its +, which tells "8" from "8+"; runs of letters without spaces are words of their own.
_WORD = re.compile(rf"[{UNSPACED}]+|[^\W_{UNSPACED}]+(?:[.,'][^\W_{UNSPACED}]+)*\+*")


@dataclass(frozen=True, slots=True)
class FieldView:
    """One attribute of both records.

    Attributes
    ----------
    name : str
        The attribute.
    left, right : tuple[Piece, ...]
        The two values; none where a record has no value.
    state : str
        ``"same"``, ``"differs"``, or ``"missing"`` where one side has no value.
    """

    name: str
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    state: str


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture of a record.

    Attributes
    ----------
    address : str
        An http(s) address, or the path on the page's own server.
    is_remote : bool
        Whether showing it asks another server.
    """

    address: str
    is_remote: bool


@dataclass(frozen=True, slots=True)
class SideView:
    """What stands above the attributes of one record.

    Attributes
    ----------
    id, source : str
        How the catalogue calls the record, and where it comes from; empty where unknown.
    title : tuple[Piece, ...]
        Its title; none where it has none.
    pictures : tuple[PictureView, ...]
        Its pictures.
    """

    id: str
    source: str
    title: tuple[Piece, ...]
    pictures: tuple[PictureView, ...] = ()


@dataclass(frozen=True, slots=True)
class PairView:
    """Two records side by side.

    Attributes
    ----------
    left, right : SideView
        The two records.
    fields : tuple[FieldView, ...]
        Their other attributes, in the same order for every pair; those that both lack are left out.
    choices : tuple[str, ...]
        Attributes that a variant may differ in: known axes first, then what differs here.
    guessed : tuple[str, ...]
        Those of the choices whose values differ here.
    """

    left: SideView
    right: SideView
    fields: tuple[FieldView, ...]
    choices: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelView:
    """What the model makes of a pair; a person sees it only after the answer.

    Attributes
    ----------
    probabilities : tuple[float, float, float]
        That the pair is exact, variant, different.
    reasons : tuple[tuple[str, str], ...]
        What speaks for what, ``("same", "same brand: Bosch")``, what decides first.
    """

    probabilities: tuple[float, float, float]
    reasons: tuple[tuple[str, str], ...]


def clean(value: object) -> str:
    r"""Return a value as one line of readable text in NFC, cut after `LONGEST` characters.

    Examples
    --------
    >>> clean(None), clean("a\n b\x1b[31m"), len(clean("x" * 10_000))
    ('', 'a b [31m', 1501)
    """
    if value is None:
        return ""
    text = str(value)
    cut = unicodedata.normalize("NFC", text[: LONGEST * 4])
    cut = " ".join("".join(char if char.isprintable() else " " for char in cut).split())
    return cut if len(cut) <= LONGEST and len(text) <= LONGEST * 4 else cut[:LONGEST] + "…"


def without_markup(value: str) -> str:
    """Return a text without HTML: shops write descriptions in it.

    Examples
    --------
    >>> without_markup("<ul><li>red &amp; 5 < 6</li></ul>").split()
    ['red', '&', '5', '<', '6']
    """
    return unescape(_MARKUP.sub(" ", value[: LONGEST * 8]))


def mark_differences(left: str, right: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Cut two texts into pieces, with the words marked that only one of them has.

    Letter case, ways of writing a letter in Unicode and the order of words do not matter.  Where
    one text is empty nothing is marked.

    Examples
    --------
    >>> mark_differences("Basic T-Shirt, red", "basic t-shirt BLUE")
    ((('Basic T-Shirt, ', False), ('red', True)), (('basic t-shirt ', False), ('BLUE', True)))
    >>> mark_differences("手机壳黑色", "黑色手机套")[0]
    (('手机', False), ('壳', True), ('黑色', False))
    """
    words = [_words(text) for text in (left, right)]
    if not left or not right:
        words = [words[0] | words[1]] * 2
    return _pieces(left, words[1]), _pieces(right, words[0])


def view_field(name: str, left: str, right: str) -> FieldView:
    """Return how one attribute of two records is shown.

    Examples
    --------
    >>> view_field("color", "Red", "red").state, view_field("color", "Red", "").state
    ('same', 'missing')
    """
    pieces = mark_differences(left, right)
    if not left or not right:
        return FieldView(name, *pieces, "missing")
    words = [sorted(map(_same, _WORD.findall(text))) for text in (left, right)]
    is_same = words[0] == words[1] if words[0] else _same(left) == _same(right)
    return FieldView(name, *pieces, "same" if is_same else "differs")


def _pieces(text: str, known: set[str]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    end = 0
    for word in _WORD.finditer(text):
        for start, stop in _unknown(word.group(), known):
            first, last = word.start() + start, word.start() + stop
            pieces += _given((text[end:first], False), (text[first:last], True))
            end = last
    return (*pieces, *_given((text[end:], False)))


def _words(text: str) -> set[str]:
    """Return the words of a text; of a run of letters without spaces every two in a row."""
    words: list[str] = _WORD.findall(text)
    return {_same(word[part]) for word in words for part in _parts(word)}


def _parts(word: str) -> list[slice]:
    """Return where the words are in what looks like one."""
    last = max(len(word) - 2, 0)
    return [slice(at, at + 2) for at in range(last + 1)] if is_unspaced(word) else [slice(None)]


def _unknown(word: str, known: set[str]) -> Iterable[tuple[int, int]]:
    """Yield where a word has letters that are in no known word."""
    is_known = bytearray(len(word))
    for part in _parts(word):
        if _same(word[part]) in known:
            is_known[part] = b"\x01" * len(word[part])
    for run in re.finditer(b"\x00+", is_known):
        yield run.span()


def _given(*pieces: Piece) -> Iterable[Piece]:
    return [piece for piece in pieces if piece[0]]


def _same(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()
