"""Bring text into one normal form: case, accents, markup, control characters, white space."""

import html
import re
from collections.abc import Callable
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.records.needles import (
    CONTROL,
    DIGIT,
    FEW,
    NOT_ASCII,
    Needle,
    find_holding,
    literal,
)
from matcher.records.unspaced import UNSPACED, separate_scripts
from matcher.scripts import ACCENTS, PLAIN_DIGITS, PLAIN_LETTERS
from matcher.types import Longs

TITLE_LIMIT = 400
DESCRIPTION_LIMIT = 2000
# Characters that take part in comparisons; what stands further back rarely names a product.

MARKUP = r"<[a-zA-Z/!][^<>]{0,500}>"
ENTITY = r"&(#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});"
_LOOKALIKES = (
    ("[\u201c-\u201f\u2033]", '"'),  # double quotation marks, double prime
    ("[\u2018-\u201b\u2032\u00b4]", "'"),  # single quotation marks, prime, acute accent
    ("[\u2010-\u2015\u2212]", "-"),  # hyphens, dashes, minus
    ("\u00d7", "x"),  # the multiplication sign of "6 x 330 ml"
    ("\u00bd", " 1/2"),
    ("\u00bc", " 1/4"),
    ("\u00be", " 3/4"),
)
TEXT_STEPS: tuple[tuple[Needle, str, str], ...] = (
    ((CONTROL,), r"[\x00-\x1f\x7f]+", " "),
    ((DIGIT + b" ", b"\"'"), r"(\d) ?(?:\"|'')", r"\1 inch "),
    ((DIGIT, b"'"), r"(\d)' ?x ?", r"\1 ft x "),
    ((DIGIT, b"'"), r"(\d)'( ?\d|[ ,;)]|$)", r"\1 ft \2"),
    (literal("  "), "  +", " "),
)
"""Replacements in lower-case text: what must occur, the pattern, what takes its place."""

_PLAIN = PLAIN_LETTERS | PLAIN_DIGITS
_PLAIN_TABLE, _NOT_PLAIN = str.maketrans(_PLAIN), f"[{''.join(_PLAIN)}]"
INVISIBLE = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"

_CLASSES = (
    (r"[\pL\pN]", r"[^\W_]"),
    (r"[^\pL\pN]", r"[\W_]"),
    (r"\pL", r"[^\W\d_]"),
    (r"\b", r"(?a:\b)"),
    ("$", r"\Z"),
)


def normalize_text(values: pa.StringArray, limit: int) -> tuple[pa.StringArray, int]:
    """Return the normal form of `values`, and how many of them were cut.

    Markup and entities are dropped, then NFKC, lower case, no accents, no control characters,
    single spaces, and the signs of feet and inches after a digit spelt ``ft`` and ``inch``.

    Parameters
    ----------
    values : pa.StringArray
        Raw values; null is missing and stays null.
    limit : int
        Most characters that a value keeps.

    Returns
    -------
    tuple[pa.StringArray, int]
        Values, null where nothing is left, and the number of values that were cut.

    Examples
    --------
    >>> normalize_text(pa.array(["5' x 7' rug", "the '90s"]), 400)[0].to_pylist()
    ['5 ft x 7 ft rug', "the '90s"]
    >>> normalize_text(pa.array(['  Café&nbsp;<b>15.6"</b> LCD', "ÉTUI"]), 400)[0].to_pylist()
    ['cafe 15.6 inch lcd', 'etui']
    """
    # Markup may be longer than the text in it, so the first cut is generous; it is what keeps a
    # value of many megabytes from being normalised as a whole.
    values, n_first = _cut(values, 4 * limit)
    values = _change_at(values, find_holding(values, literal("&")), _unescape)
    values = replace_where(values, literal("<"), MARKUP, " ")
    values = _change_at(values, find_holding(values, (NOT_ASCII,)), _fold)
    values = pc.utf8_lower(values)
    for needle, pattern, replacement in TEXT_STEPS:
        values = replace_where(values, needle, pattern, replacement)
    values = pc.utf8_trim_whitespace(values)
    values, n_second = _cut(values, limit)
    return pc.if_else(pc.equal(values, ""), None, values), max(n_first, n_second)


def replace_where(
    values: pa.StringArray, needle: Needle, pattern: str, replacement: str
) -> pa.StringArray:
    """Return `values` with `pattern`, a regular expression, replaced in those that hold `needle`.

    A replacement that finds nothing costs ten times as much as the search for a needle.
    """
    concerned = find_holding(values, needle)
    if len(values) <= FEW:
        change = python_pattern(pattern).sub
        return _change_at(
            values,
            concerned,
            lambda few: pa.array([change(replacement, t) for t in few.to_pylist()], pa.string()),
        )
    return _change_at(values, concerned, lambda found: _replace(found, pattern, replacement))


@cache
def python_pattern(pattern: str) -> re.Pattern[str]:
    """Return a pattern of RE2 as Python's: letters are of Unicode, digits and words of ASCII."""
    pattern = pattern.replace(r"\d", "[0-9]")
    for theirs, ours in _CLASSES:
        pattern = pattern.replace(theirs, ours)
    return re.compile(pattern)


def _cut(values: pa.StringArray, limit: int) -> tuple[pa.StringArray, int]:
    # Bytes are an upper bound of characters, and free to count.
    if (pc.max(pc.binary_length(values)).as_py() or 0) <= limit:
        return values, 0
    n_cut = pc.sum(pc.greater(pc.utf8_length(values), limit)).as_py() or 0
    return pc.utf8_slice_codeunits(values, 0, limit), n_cut


def _change_at(
    values: pa.StringArray, places: Longs, change: Callable[[pa.StringArray], pa.StringArray]
) -> pa.StringArray:
    if not len(places):
        return values
    mask = np.zeros(len(values), np.bool_)
    mask[places] = True
    return pc.replace_with_mask(values, pa.array(mask), change(values.take(pa.array(places))))


def _replace(values: pa.StringArray, pattern: str, replacement: str) -> pa.StringArray:
    return pc.replace_substring_regex(values, pattern=pattern, replacement=replacement)


def _unescape(values: pa.StringArray) -> pa.StringArray:
    if not pc.any(pc.match_substring_regex(values, ENTITY)).as_py():
        return values
    return pa.array([html.unescape(value) for value in values.to_pylist()], pa.string())


def _fold(values: pa.StringArray) -> pa.StringArray:
    values = _replace(values, INVISIBLE, "")
    for special, plain in _LOOKALIKES:
        values = _replace(values, special, plain)
    values = _replace(pc.utf8_normalize(values, "NFKD"), f"[{ACCENTS}]", "")
    values = pc.utf8_lower(values)
    has_others = np.asarray(pc.match_substring_regex(values, _NOT_PLAIN))
    values = _change_at(values, np.flatnonzero(has_others), _plain)
    values = _replace(values, r"[\pZ\pC]+", " ")
    # Hangul was taken apart by NFKD; put it together again.
    values = pc.utf8_normalize(values, "NFKC")
    return _change_at(values, find_holding(values, UNSPACED), separate_scripts)


def _plain(values: pa.StringArray) -> pa.StringArray:
    return pa.array([value.translate(_PLAIN_TABLE) for value in values.to_pylist()], pa.string())
