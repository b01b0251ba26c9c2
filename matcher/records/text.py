"""Bring text into one normal form: case, accents, markup, control characters, white space."""

import html
import re
from collections.abc import Callable
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

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
TEXT_STEPS = (
    (r"[\x00-\x1f\x7f]", r"[\x00-\x1f\x7f]+", " "),
    (r"\d ?[\"']", r"(\d) ?(?:\"|'')", r"\1 inch "),
    (r"\d' ?x", r"(\d)' ?x ?", r"\1 ft x "),
    (r"\d'", r"(\d)'( ?\d|[ ,;)]|$)", r"\1 ft \2"),
    ("  ", "  +", " "),
)
"""Replacements in lower-case text: what must occur, the pattern, what takes its place."""

INVISIBLE = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"

FEW = 200
"""Values in which Python's patterns replace: RE2 makes a pattern ready anew for every call, which
takes as long as a thousand titles, and a search would spend half its time on it."""

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
    values = _where(values, pc.match_substring(values, "&"), _unescape)
    values = replace_where(values, "<", MARKUP, " ")
    values = _where(values, pc.invert(pc.string_is_ascii(values)), _fold)
    values = pc.utf8_lower(values)
    for needle, pattern, replacement in TEXT_STEPS:
        values = replace_where(values, needle, pattern, replacement)
    values = pc.utf8_trim_whitespace(values)
    values, n_second = _cut(values, limit)
    return pc.if_else(pc.equal(values, ""), None, values), max(n_first, n_second)


def replace_where(
    values: pa.StringArray, needle: str, pattern: str, replacement: str
) -> pa.StringArray:
    """Return `values` with `pattern` replaced in those that `needle` matches.

    Both are regular expressions of RE2; a search costs a tenth of a replacement that finds nothing.
    """
    if len(values) <= FEW:
        return _replace_in_few(values, needle, pattern, replacement)
    return _where(
        values,
        pc.match_substring_regex(values, needle),
        lambda found: _replace(found, pattern, replacement),
    )


def _replace_in_few(
    values: pa.StringArray, needle: str, pattern: str, replacement: str
) -> pa.StringArray:
    texts, has_needle = values.to_pylist(), python_pattern(needle).search
    change = python_pattern(pattern).sub
    concerned = {at for at, text in enumerate(texts) if text is not None and has_needle(text)}
    if not concerned:
        return values
    changed = (change(replacement, t) if at in concerned else t for at, t in enumerate(texts))
    return pa.array(list(changed), pa.string())


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


def _where(
    values: pa.StringArray,
    mask: pa.BooleanArray,
    change: Callable[[pa.StringArray], pa.StringArray],
) -> pa.StringArray:
    mask = mask.fill_null(fill_value=False)
    if not pc.any(mask).as_py():
        return values
    return pc.replace_with_mask(values, mask, change(values.filter(mask)))


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
    values = _replace(pc.utf8_normalize(values, "NFKD"), r"\p{Mn}", "")
    values = pc.utf8_lower(values)
    for special, plain in (("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("ø", "o"), ("ł", "l")):
        values = pc.replace_substring(values, special, plain)
    values = _replace(values, r"[\pZ\pC]+", " ")
    # Hangul was taken apart by NFKD; put it together again.
    return pc.utf8_normalize(values, "NFKC")
