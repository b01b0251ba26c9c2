"""Product codes: GTINs with their check digits, and manufacturer part numbers."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.records.models import squash
from matcher.types import Ints

_PLACEHOLDERS = frozenset({"123456789012", "1234567890128", "12345678901231", "12345670"})
_SHAPE = re.compile(r"[0-9]{1,14}|[0-9]{9}x")
_SEQUENCE = "01234567890123456789"
_PROBLEMS = ("", "invalid", "placeholder", "restricted")
_INVALID, _PLACEHOLDER, _RESTRICTED = 1, 2, 3
_EQUAL_DIGITS = [0, *(int(digit * length) for digit in "123456789" for length in range(1, 14))]
_TOO_PLAIN = [
    *_PLACEHOLDERS,
    *(digit * length for digit in "0123456789" for length in (12, 13, 14)),
    *(_SEQUENCE[start : start + length] for length in (12, 13, 14) for start in range(9)),
]


@dataclass(frozen=True, slots=True)
class Gtin:
    """What a value of a GTIN column is.

    Attributes
    ----------
    code : str
        GTIN-14; empty where the value cannot identify a product.
    problem : str
        ``""``, ``"invalid"``, ``"placeholder"`` or ``"restricted"``.
    """

    code: str
    problem: str = ""


def parse_gtin(value: str) -> Gtin:
    """Return the GTIN-14 of a GTIN, EAN, UPC-A, UPC-E or ISBN, or why it is none.

    Examples
    --------
    >>> parse_gtin("4006381333931").code, parse_gtin("0-306-40615-2").code
    ('04006381333931', '09780306406157')
    >>> parse_gtin("0000000000000").problem, parse_gtin("2012345678903").problem
    ('placeholder', 'restricted')
    """
    digits = squash(value.removesuffix(".0"))
    if not _SHAPE.fullmatch(digits):
        return Gtin("", "invalid")
    from stdnum import ean, isbn

    if len(digits) == 10 and isbn.is_valid(digits):
        return Gtin(isbn.to_isbn13(digits).zfill(14))
    if digits in _PLACEHOLDERS or len(set(digits)) == 1 or digits in _SEQUENCE:
        return Gtin("", "placeholder")
    if len(digits) == 11:
        digits = digits.zfill(12)  # a spreadsheet took the leading zero of a UPC
    expanded = expand_upc_e(digits)
    if expanded and (digits[0] == "0" or not ean.is_valid(digits)):
        digits = expanded
    if len(digits) not in (8, 12, 13, 14) or not ean.is_valid(digits):
        return Gtin("", "invalid")
    return _unrestricted(digits)


def _unrestricted(digits: str) -> Gtin:
    code = digits.zfill(14)
    if len(set(code[:-1].lstrip("0"))) <= 1:
        return Gtin("", "placeholder")
    prefix = code[1:3]
    is_restricted = prefix in ("02", "04") or "20" <= prefix <= "29"
    return Gtin("", "restricted") if is_restricted and len(digits) > 8 else Gtin(code)


def expand_upc_e(digits: str) -> str:
    """Return the UPC-A of an 8-digit UPC-E, or ``""`` where it is none.

    Examples
    --------
    >>> expand_upc_e("04252614")
    '042100005264'
    """
    from stdnum import ean

    if len(digits) != 8 or digits[0] not in "01":
        return ""
    body, last = digits[1:7], digits[6]
    if last in "012":
        middle = body[:2] + last + "0000" + body[2:5]
    elif last == "3":
        middle = body[:3] + "00000" + body[3:5]
    elif last == "4":
        middle = body[:4] + "00000" + body[4]
    else:
        middle = body[:5] + "0000" + last
    expanded = digits[0] + middle + digits[7]
    return expanded if ean.is_valid(expanded) else ""


def encode_gtins(values: pa.StringArray) -> tuple[Ints, list[str], Counter[str]]:
    """Return the number of each value's GTIN-14 (-1: none), the codes, and counts of problems."""
    encoded = values.dictionary_encode()
    codes, problems = parse_gtins(encoded.dictionary)
    numbered = codes.dictionary_encode()
    numbers = np.append(np.asarray(numbered.indices.fill_null(-1)), np.int32(-1))
    indices = np.asarray(encoded.indices.fill_null(len(codes)))
    uses = np.bincount(indices, minlength=len(codes) + 1)[:-1]
    counts = np.bincount(problems, uses, len(_PROBLEMS)).astype(np.int64).tolist()
    found = Counter({name: n for name, n in zip(_PROBLEMS, counts, strict=True) if name and n})
    return numbers[indices], numbered.dictionary.to_pylist(), found


def parse_gtins(values: pa.StringArray) -> tuple[pa.StringArray, NDArray[np.int8]]:
    """Return what `parse_gtin` does of every value, none being null, of many in a moment.

    Returns
    -------
    tuple[pa.StringArray, NDArray[np.int8]]
        The codes, null where there is none, and the numbers of the problems in `_PROBLEMS`.
    """
    is_plain = np.asarray(pc.match_substring_regex(values, "^[0-9]{12,14}$"))
    plain = values.filter(pa.array(is_plain))
    problems = np.zeros(len(values), np.int8)
    problems[is_plain] = _problems_of(plain)
    others = [parse_gtin(value) for value in values.filter(pa.array(~is_plain)).to_pylist()]
    problems[~is_plain] = [_PROBLEMS.index(other.problem) for other in others]
    codes = pc.replace_with_mask(values, pa.array(is_plain), pc.utf8_lpad(plain, 14, "0"))
    found = pa.array([other.code for other in others], pa.string())
    codes = pc.replace_with_mask(codes, pa.array(~is_plain), found)
    return pc.if_else(pa.array(problems == 0), codes, None), problems


def _problems_of(plain: pa.StringArray) -> NDArray[np.int8]:
    """Return the numbers of the problems of values of 12 to 14 digits and nothing else."""
    numbers = np.asarray(plain.cast(pa.int64()))
    rest, total = numbers.copy(), np.zeros(len(numbers), np.int64)
    for place in range(14):
        total += rest % 10 * (3 if place % 2 else 1)
        rest //= 10
    company = numbers // 10**11 % 100
    is_restricted = np.isin(company, [2, 4, *range(20, 30)])
    is_placeholder = np.isin(numbers // 10, _EQUAL_DIGITS)
    problems = np.where(is_placeholder, _PLACEHOLDER, np.where(is_restricted, _RESTRICTED, 0))
    problems[total % 10 != 0] = _INVALID
    problems[np.asarray(pc.is_in(plain, value_set=pa.array(_TOO_PLAIN)))] = _PLACEHOLDER
    return problems.astype(np.int8)


def encode_mpns(values: pa.StringArray) -> tuple[Ints, list[str]]:
    """Return the number of each squashed part number, -1 for none, and the part numbers."""
    encoded = values.dictionary_encode()
    numbers, codes = _number([squash(value) for value in encoded.dictionary.to_pylist()])
    return numbers[np.asarray(encoded.indices.fill_null(len(numbers) - 1))], codes


def _number(values: list[str]) -> tuple[Ints, list[str]]:
    codes: dict[str, int] = {}
    numbers = [codes.setdefault(value, len(codes)) if value else -1 for value in values]
    return np.array([*numbers, -1], dtype=np.int32), list(codes)
