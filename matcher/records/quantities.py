"""Quantities: a number and its unit, in one spelling and in base units."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.records.needles import DIGIT, LETTER, NOT_ASCII, Needle, literal
from matcher.records.text import replace_where
from matcher.records.units import BY_SPELLING, DIMENSIONS, GLUED_ONLY, SINGLE, Unit
from matcher.types import Ints

_TOKEN = re.compile(r"([0-9]+(?:\.[0-9]+)?)(\D+)")
# Mobile networks, which outnumber things of four grams by far.
_GENERATIONS = frozenset({"2g", "3g", "4g", "5g", "6g"})
_NUMBER = r"\d+(?:[.,]\d+)?"


def _alternatives(spellings: set[str]) -> str:
    return "|".join(sorted(spellings, key=lambda s: (-len(s), s)))


UNITS = _alternatives(set(BY_SPELLING))
"""All spellings of units, as a regular expression."""

_SPACED = _alternatives(set(BY_SPELLING) - GLUED_ONLY)
_HYPHENED = _alternatives(set(BY_SPELLING) - GLUED_ONLY - SINGLE)
_COUNTED = _alternatives(
    {s for s, unit in BY_SPELLING.items() if unit.dimension in ("volume", "weight")} - GLUED_ONLY
)
_STORED = _alternatives({s for s, unit in BY_SPELLING.items() if unit.dimension == "storage"})
# "6 x 330 ml" is a pack of six, "60 x 90 cm" is no pack of sixty.

_PACKS = (
    "pack|set|box|case|bundle|lot|pkg|carton|paquete|caja|estuche|confezione|pacco|caixa|doos|pak"
    "|packung|paket|coffret"
)

_BETWEEN: Needle = (DIGIT + b" ", b"x*", DIGIT + b" ")

REWRITES: tuple[tuple[Needle, str, str], ...] = (
    # (bytes that must occur, pattern, replacement); RE2 has no look-around.
    # Hebrew marks abbreviations so, those of units too.
    ((NOT_ASCII, b'"', NOT_ASCII), r"([א-ת])\"([א-ת])", r"\1\2"),
    (literal("״"), r"([א-ת])״([א-ת])", r"\1\2"),
    # "6 Gb/s" is a rate and no storage; of "6gb s" the bar was lost.
    (
        (b"mg", b"b"),
        rf"\b({_NUMBER}) ?([mg])b(?:yte|it)?s? ?(?:/ ?s|-s|ps|p/s)(?:ec)?\b",
        r"\1\2bps",
    ),
    (literal("gb s"), r"\b(\d(?:[.,]\d)?|1[02]) ?gb s\b", r"\1gbps"),
    (literal("oz"), r"\bfl(?:uid)?\.? ?(oz|ounces?)\b", "floz"),
    (literal("cu"), r"\bcu ?\.? ?ft\b", "cuft"),
    (
        _BETWEEN,
        rf"\b(\d{{1,3}}) ?[x*] ?({_NUMBER}) ?({_COUNTED})\b",
        r"\1pk \2\3",
    ),
    # "2 x 8 GB" are 16 GB in one shop's words and 8 GB in another's: one token, no amount.
    (_BETWEEN, rf"\b(\d{{1,2}}) ?[x*] ?(\d{{1,3}}) ?({_STORED})\b", r"\1x\2\3"),
    ((DIGIT + b" -", b"i", b"n"), r"\b(\d+[.,]\d+|\d+ ?-) ?in\b", r"\1inch"),
    ((DIGIT, b" ", LETTER + NOT_ASCII), rf"\b({_NUMBER}) ({_SPACED})([^\pL\pN]|$)", r"\1\2\3"),
    ((DIGIT, b"-", LETTER), rf"\b({_NUMBER})-({_HYPHENED})\b", r"\1\2"),
    # Last, so that a "box of 500 g" is no pack of 500.
    (
        (b"odai", b"feant", b" ", DIGIT),
        rf"\b(?:{_PACKS}) (?:of|de|da|van|mit|von) (\d{{1,4}})\b",
        r"\1pk",
    ),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit.

    Attributes
    ----------
    amount : float
        As written.
    unit : Unit
        As written.
    """

    amount: float
    unit: Unit

    @property
    def token(self) -> str:
        """Canonical spelling, such as ``64gb``."""
        return f"{self.amount:.10g}{self.unit.symbol}"

    @property
    def base(self) -> float:
        """The amount in the base unit of the dimension, to 9 significant digits.

        Of storage, a thousand of a unit is one of the next: 1000 GB are sold as 1 TB.
        """
        is_round = self.unit.dimension == "storage" and self.amount % 1000 == 0
        return float(f"{self.amount * self.unit.factor * (1.024 if is_round else 1):.9g}")


def parse_quantity(token: str) -> Quantity | None:
    """Return the quantity that a token is, or None.

    Examples
    --------
    >>> parse_quantity("3liters").token, parse_quantity("64gb").base
    ('3l', 65536.0)
    >>> parse_quantity("lx43m") is None
    True
    """
    match = _TOKEN.fullmatch(token)
    if match is None or len(match[1]) > 12 or token in _GENERATIONS:
        return None
    unit = BY_SPELLING.get(match[2])
    return Quantity(float(match[1]), unit) if unit else None


FEW = 2_000
"""Words that are parsed one by one: to make a pattern of all units ready takes longer."""


def quantities_among(words: pa.StringArray) -> dict[int, Quantity]:
    """Return the places of the words that are quantities, ascending, and what they are."""
    places: Sequence[int] = range(len(words))
    if len(words) > FEW:
        # All that look like one are parsed, a few thousand of a million words.
        places = np.flatnonzero(pc.match_substring_regex(words, rf"^[\pN.]+(?:{UNITS})$")).tolist()
        words = words.take(pa.array(places, pa.int64()))
    parsed = zip(places, map(parse_quantity, words.to_pylist()), strict=True)
    return {place: found for place, found in parsed if found}


_SPELLED = {
    "storage": ("TB", "GB", "MB"),
    "volume": ("l", "ml"),
    "weight": ("kg", "g", "mg"),
    "length": ("m", "cm", "mm"),
    "pack": ("pk",),
}
_BASE_FORM = re.compile(rf"(\d[\d.e+-]*(?:x\d[\d.]*)*) ({'|'.join(_SPELLED)})")


def spell_form(form: str) -> str:
    """Return a normal form with its amounts in everyday units, for people to read.

    Examples
    --------
    >>> spell_form("65536 storage"), spell_form("1500 volume"), spell_form("600x900 length")
    ('64 GB', '1.5 l', '60x90 cm')
    >>> spell_form("dark blue")
    'dark blue'
    """
    return _BASE_FORM.sub(_spell_amounts, form)


def _spell_amounts(match: re.Match[str]) -> str:
    amounts = [float(amount) for amount in match[1].split("x")]
    units = [(symbol, BY_SPELLING[symbol.lower()].factor) for symbol in _SPELLED[match[2]]]
    symbol, factor = next((unit for unit in units if min(amounts) >= unit[1]), units[-1])
    return f"{'x'.join(f'{amount / factor:.6g}' for amount in amounts)} {symbol}"


def join_units(text: pa.StringArray) -> pa.StringArray:
    """Return `text` with numbers and their units written together, packs as ``6pk``.

    Examples
    --------
    >>> join_units(pa.array(["cola 6 x 330 ml", "pack of 12", "64 gb", "2 in 1"])).to_pylist()
    ['cola 6pk 330ml', '12pk', '64gb', '2 in 1']
    """
    for needle, pattern, replacement in REWRITES:
        text = replace_where(text, needle, pattern, replacement)
    return text


@dataclass(frozen=True, slots=True)
class Quantities:
    """The distinct quantities of a vocabulary.

    Attributes
    ----------
    terms : Ints
        Shape (n_vocabulary,): number of the quantity that each token is, -1 where it is none;
        ``64gb`` and ``65536mb`` have the same.
    dimensions : Ints
        Shape (n_quantities,): number in `DIMENSIONS`.
    values : NDArray[np.float64]
        Shape (n_quantities,): in base units.
    """

    terms: Ints
    dimensions: Ints
    values: NDArray[np.float64]


def number_quantities(among: Mapping[int, Quantity], n_words: int) -> Quantities:
    """Return the quantities among so many words, ascending by dimension and value."""
    # An amount of zero is a number that lost its other half: "3 0ghz".
    keys = {
        place: (DIMENSIONS.index(found.unit.dimension), found.base)
        for place, found in among.items()
        if found.amount
    }
    distinct = sorted(set(keys.values()))
    numbers = {key: number for number, key in enumerate(distinct)}
    terms = np.full(n_words, -1, dtype=np.int32)
    terms[list(keys)] = [numbers[key] for key in keys.values()]
    return Quantities(
        terms=terms,
        dimensions=np.array([key[0] for key in distinct], dtype=np.int32),
        values=np.array([key[1] for key in distinct], dtype=np.float64),
    )
