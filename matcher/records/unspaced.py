"""Scripts in which spaces do not tell where words begin.

Chinese, Japanese and Thai titles run their words together, and into model numbers, as Korean ones
do: ``ソニーWH-1000XM5ブラック``.  Text is cut where such a script meets another, but for Korean
what is left is cut into overlapping pieces, of two letters, of three in alphabets.  So titles have
pieces in common wherever their words begin.  Words of color stay whole; see
docs/decisions/0054-unspaced-scripts.md.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from matcher.records.color_tables import color_tables
from matcher.records.needles import FEW, Needle, find_holding
from matcher.records.units import BY_SPELLING
from matcher.scripts import ALPHABETS, HAN, HANGUL, KATAKANA, LONG_VOWEL, SIGNS

UNSPACED: Needle = (bytes(range(0xE0, 0xF5)),)
"""First byte, in UTF-8, of every letter of such scripts, and of others."""

_COLOR_IN_THAI = unicodedata.normalize("NFKC", "สี")

_NOT_UNITS = ("克拉", "升级", "升級", "寸照", "包装", "包裝")
# What begins like a unit: carats, upgrades, passport photographs, packaging.


def separate_scripts(values: pa.StringArray) -> pa.StringArray:
    """Return text with a space wherever an unspaced script, or a unit in it, meets anything else.

    Parameters
    ----------
    values : pa.StringArray
        Text in lower case.

    Examples
    --------
    >>> text = pa.array(["ソニーwh-1000xm5ブラック", "新款iphone 15手机壳", "500克糖", "5克拉钻"])
    >>> separate_scripts(text).to_pylist()
    ['ソニー wh-1000xm5 ブラック', '新款 iphone 15 手机壳', '500 克 糖', '5 克拉 钻']
    """
    if len(values) <= FEW:
        return pa.array([_separated(value) for value in values.to_pylist()], pa.string())
    for pattern, replacement in _separations(r"(?:[^{0}\PL]|[^{0}\PN])", r"\pL"):
        values = pc.replace_substring_regex(values, pattern=pattern, replacement=replacement)
    return values


def _separated(value: str) -> str:
    for pattern, replacement in _python_separations():
        value = pattern.sub(replacement, value)
    return value


@cache
def _python_separations() -> list[tuple[re.Pattern[str], str]]:
    steps = _separations(r"[^\W_{0}]", r"[^\W\d_]")
    return [(re.compile(pattern), replacement) for pattern, replacement in steps]


def _separations(others: str, letter: str) -> Iterable[tuple[str, str]]:
    """Yield patterns and what takes their place.

    Parameters
    ----------
    others, letter : str
        Patterns of letters and digits but for some, and of a letter: RE2 and Python differ in them.
    """
    yield r"([0-9])v型", r"\1型"  # inches of the visible part of a Japanese screen
    for script in (KATAKANA, HAN, HANGUL, ALPHABETS):
        other = others.format(f"{script}{LONG_VOWEL}")
        yield rf"([{script}]{LONG_VOWEL}*)({other})", r"\1 \2"
        yield rf"({other})([{script}])", r"\1 \2"
    units = _any(unit for unit in BY_SPELLING if unit >= SIGNS)
    yield rf"([0-9] ?(?:{_any(_NOT_UNITS)}))|([0-9] ?(?:{units}))({letter})", r"\1\2 \3"


def pieces_of(word: str) -> list[str]:
    """Return the overlapping pieces of a run of letters; itself where words are spaced.

    Examples
    --------
    >>> pieces_of("手机壳"), pieces_of("手机"), pieces_of("laptop")
    (['手机', '机壳'], ['手机'], ['laptop'])
    >>> pieces_of("手机深蓝色保护壳"), pieces_of("シャツブラック"), pieces_of("ブルートゥース")[:2]
    (['手机', '深', '蓝色', '保护', '护壳'], ['シャ', 'ャツ', 'ブラック'], ['ブル', 'ルー'])
    """
    for script in _scripts():
        if script.run.fullmatch(word):
            return script.cut(word)
    return [word]


def cut_runs(words: pa.StringArray) -> tuple[list[int], list[list[str]]]:
    """Return the places of words that are cut, and the pieces of each.

    Examples
    --------
    >>> cut_runs(pa.array(["laptop", "手机壳", "手机"]))
    ([1], [['手机', '机壳']])
    """
    places = find_holding(words, UNSPACED).tolist()
    pieces = map(pieces_of, words.take(pa.array(places, pa.int64())).to_pylist())
    cut = [(place, parts) for place, parts in zip(places, pieces, strict=True) if len(parts) > 1]
    return [place for place, _ in cut], [parts for _, parts in cut]


@dataclass(frozen=True, slots=True)
class _Script:
    """How runs of letters of a script are cut.

    Attributes
    ----------
    run : re.Pattern[str]
        What is a run of its letters.
    size : int
        Letters of a piece.
    colors : re.Pattern[str]
        Where words of color stand for sure in a longer run.
    words : re.Pattern[str]
        The words of color, longest first.
    """

    run: re.Pattern[str]
    size: int
    colors: re.Pattern[str]
    words: re.Pattern[str]

    def cut(self, word: str) -> list[str]:
        """Return the pieces of a run."""
        if len(word) <= self.size or self.words.fullmatch(word):
            return [word]
        pieces, place = [], 0
        for found in self.colors.finditer(word):
            pieces += [*self._overlapping(word[place : found.start()])]
            pieces += self.words.findall(found[0])
            place = found.end()
        return [*pieces, *self._overlapping(word[place:])]

    def _overlapping(self, part: str) -> list[str]:
        last = max(len(part) - self.size, 0)
        return [part[start : start + self.size] for start in range(last + 1)] if part else []


@cache
def _scripts() -> tuple[_Script, ...]:
    tables = [table for table in color_tables().values() if table.get("unspaced")]
    colors, changes = (
        {unicodedata.normalize("NFKC", word) for table in tables for word in _spellings(table[key])}
        for key in ("colors", "modifiers")
    )
    both = colors | changes
    change = f"(?:{_any(changes)})?"
    sure = {word for word in colors if len(word) > 1}
    spelt_out = {word for word in colors if word.startswith(_COLOR_IN_THAI)}
    every = re.compile(_any(both))
    # "Bluetooth" begins like blue, and "whitening" like white: katakana names colors at its end.
    return (
        _Script(_run(KATAKANA + LONG_VOWEL), 2, re.compile(rf"(?>(?:{_any(both)})+)\Z"), every),
        _Script(_run(HAN + LONG_VOWEL), 2, re.compile(f"{change}(?:{_any(sure)})"), every),
        _Script(_run(ALPHABETS), 3, re.compile(f"(?:{_any(spelt_out)}){change}"), every),
    )


def _run(letters: str) -> re.Pattern[str]:
    return re.compile(f"[{letters}]+")


def _any(words: Iterable[str]) -> str:
    """Return a pattern of any of the words, the longest first."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


def _spellings(forms: Mapping[str, str]) -> list[str]:
    return [word.strip() for spellings in forms.values() for word in spellings.split(",")]
