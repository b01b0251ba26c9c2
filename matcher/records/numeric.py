"""Numbers in European and American notation, with currencies around them."""

import math
import re
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.types import Ints

_RUN = re.compile(r"[-+]?\d(?:[\d.,' ]*\d)?(?:e[-+]?\d{1,3}\b)?")
_PLAIN = "^[0-9]{1,15}(?:[.,][0-9]{1,2})?$"
# Most values: nobody can read them in two ways.
_GROUPED = re.compile(r"\d{1,3}([ '.,])\d{3}(?:\1\d{3})*")


def parse_numbers(values: pa.StringArray) -> NDArray[np.float64]:
    """Return the number in each normalised value; NaN where there is none.

    Where ``1,234`` alone does not tell its notation, the other values of the column decide.

    Examples
    --------
    >>> parse_numbers(pa.array(["1.234,56", "1 234,56 zł", "7,5", "1.299", None])).tolist()
    [1234.56, 1234.56, 7.5, 1299.0, nan]
    >>> parse_numbers(pa.array(["$1,299", "36 98 usd", "9.59e2"])).tolist()
    [1299.0, 36.98, 959.0]
    """
    codes, parsed = encode_numbers(values)
    return np.asarray(parsed[codes], dtype=np.float64)


def encode_numbers(values: pa.StringArray) -> tuple[Ints, NDArray[np.float64]]:
    """Return where the number of each value stands among the numbers of different values.

    The last of these is NaN.
    """
    encoded = values.dictionary_encode()
    distinct = encoded.dictionary
    is_plain = np.asarray(pc.match_substring_regex(distinct, _PLAIN))
    plain = distinct.filter(pa.array(is_plain))
    others = distinct.filter(pa.array(~is_plain)).to_pylist()
    counts = [pc.sum(pc.match_substring(plain, sign)).as_py() or 0 for sign in ".,"]
    decimal = decimal_sign(others, *counts)
    parsed = np.full(len(distinct) + 1, np.nan)
    places = np.flatnonzero(~is_plain)
    parsed[:-1][is_plain] = pc.replace_substring(plain, ",", ".").cast(pa.float64())
    parsed[places] = [parse_number(value, decimal) for value in others]
    return np.asarray(encoded.indices.fill_null(len(distinct))), parsed


def decimal_sign(values: Iterable[str], n_points: int = 0, n_commas: int = 0) -> str:
    """Return the decimal sign that most unambiguous values use, or ``""`` where none does.

    Parameters
    ----------
    values : Iterable[str]
        Normalised values.
    n_points, n_commas : int
        How many more values use either sign.
    """
    votes = {".": n_points, ",": n_commas}
    for value in values:
        sign = _certain_sign(value)
        if sign:
            votes[sign] += 1
    if votes["."] == votes[","]:
        return ""
    return "." if votes["."] > votes[","] else ","


def _certain_sign(value: str) -> str:
    match = _RUN.search(value)
    if match is None:
        return ""
    run = match[0].partition("e")[0]
    point, comma = run.rfind("."), run.rfind(",")
    if point < 0 and comma < 0:
        return ""
    sign = "." if point > comma else ","
    other = "," if sign == "." else "."
    if run.count(sign) > 1:
        return "" if other in run else other
    is_ambiguous = other not in run and _GROUPED.fullmatch(run.lstrip("+-")) is not None
    return "" if is_ambiguous else sign


def parse_number(value: str, decimal: str = "") -> float:
    """Return the first number in a normalised value, NaN where there is none.

    Parameters
    ----------
    value : str
        Lower-cased text.
    decimal : str
        Decimal sign of the column, ``"."``, ``","`` or ``""`` for unknown; only asked where the
        value does not tell.
    """
    match = _RUN.search(value)
    if match is None:
        return float("nan")
    run, _, exponent = match[0].partition("e")
    sign = _certain_sign(value)
    body = run.lstrip("+-")
    if not sign and _GROUPED.fullmatch(body):
        sign = decimal if decimal and body.count(decimal) == 1 else "#"
    elif not sign and re.fullmatch(r"\d+ \d\d", body):
        sign = " "  # punctuation was stripped by someone: "36 98 usd"
    whole, _, fraction = body.rpartition(sign) if sign in body and sign else (body, "", "")
    digits = re.sub(r"\D", "", whole) or "0"
    cents = re.sub(r"\D", "", fraction) or "0"
    number = f"{'-' if run[0] == '-' else ''}{digits}.{cents}"
    parsed = float(f"{number}e{exponent or 0}")
    return parsed if math.isfinite(parsed) else float("nan")
