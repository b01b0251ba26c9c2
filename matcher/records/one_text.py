"""Single values as text and tokens: what `text` and `tokens` do with columns, without arrays.

A search parses one record. Machinery that is made for columns takes 15 ms for one, whatever it
says, most of it to begin and end calls; these functions take some 0.1 ms for a title.
"""

import re
import unicodedata
from functools import cache

import pyarrow as pa

from matcher.records.missing import SPELLINGS
from matcher.records.needles import Needle, literal, python_needle
from matcher.records.quantities import REWRITES, parse_quantity
from matcher.records.text import MARKUP, TEXT_STEPS, normalize_text, python_pattern
from matcher.records.tokens import SPELT, spelling_steps
from matcher.records.unspaced import pieces_of

_MISSING = frozenset(SPELLINGS)
_LONGEST_MISSING = 64  # bytes: as `missing.is_missing` looks at
_ALNUM = rb"[0-9A-Za-z\x80-\xff]"
_TOKEN = re.compile(rb"(?:" + _ALNUM + rb"|(?<=[0-9])[.,](?=[0-9]))+")
_JOINED = re.compile(_ALNUM + rb"+(?:[-/._]" + _ALNUM + rb"+)*")
_THOUSANDS = re.compile(rb"(?<=[0-9])(?<![0-9][\s\S]{3}),(?=[0-9]{3}(?![0-9]))")


def known_value(value: str | None) -> str | None:
    """Return a raw value, None where it is a spelling of missing.

    Examples
    --------
    >>> known_value(" N/A "), known_value("red")
    (None, 'red')
    """
    if value is None:
        return None
    is_short = len(value) <= _LONGEST_MISSING and len(value.encode()) <= _LONGEST_MISSING
    return None if is_short and value.strip().lower() in _MISSING else value


def normal_text(value: str | None, limit: int) -> str | None:
    """Return the normal form of a value, as `text.normalize_text` does; None where nothing is left.

    Examples
    --------
    >>> normal_text('  Sony<b>15.6"</b>  LCD', 400), normal_text("Café", 400), normal_text(" ", 9)
    ('sony 15.6 inch lcd', 'cafe', None)
    """
    if value is None:
        return None
    value = value[: 4 * limit]
    if not value.isascii() or "&" in value:
        return normalize_text(pa.array([value], pa.string()), limit)[0][0].as_py()  # type: ignore[no-any-return]
    value = _replaced(value, literal("<"), MARKUP, " ").lower()
    for step in TEXT_STEPS:
        value = _replaced(value, *step)
    return value.strip()[:limit] or None


def _replaced(value: str, needle: Needle, pattern: str, replacement: str) -> str:
    if python_needle(needle).search(value) is None:
        return value
    return python_pattern(pattern).sub(replacement, value)


def spelled(text: str) -> str:
    """Return normalised text as `tokens.spell` does: units at their numbers, "+" spelt out.

    Examples
    --------
    >>> spelled("kid's 64 gb s21+")
    'kids 64gb s21 plus '
    """
    if not any(python_needle(needle).search(text) for needle in SPELT):
        return text
    for step in _steps():
        text = _replaced(text, *step)
    return text


@cache
def _steps() -> tuple[tuple[Needle, str, str], ...]:
    return (*spelling_steps(), *REWRITES)


def tokens_of(text: str) -> list[str]:
    """Return the tokens of spelled text, as `tokens.split_tokens` does.

    Examples
    --------
    >>> tokens_of("15,6 inch lx-43m, 1,500 w v2.0")
    ['15.6', 'inch', 'lx', '43m', '1500', 'w', 'v2.0']
    """
    data = _THOUSANDS.sub(b"", _letters(text))
    runs = [found.replace(b",", b".").decode() for found in _TOKEN.findall(data)]
    return runs if text.isascii() else [piece for run in runs for piece in pieces_of(run)]


def joined_runs(text: str) -> list[str]:
    """Return runs of letters and digits that single signs join, as `tokens.split_joined` does.

    Examples
    --------
    >>> joined_runs("sony lx-43m/b (new)")
    ['sony', 'lx-43m/b', 'new']
    """
    return [found.decode() for found in _JOINED.findall(_letters(text))]


def canonical_token(token: str) -> str:
    """Return the spelling under which a token is counted, as `tokens.canonical` does."""
    quantity = parse_quantity(token) if token[:1].isdigit() else None
    return quantity.token if quantity else token


def _letters(text: str) -> bytes:
    """Return the bytes of a text, signs that no token may hold being spaces."""
    if text.isascii():
        return text.encode()
    kept = (
        letter if letter < "\x80" or unicodedata.category(letter)[0] in "LNM" else " "
        for letter in text
    )
    return "".join(kept).encode()
