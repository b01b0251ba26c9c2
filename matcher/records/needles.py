"""Find the texts that hold certain bytes in a row: 1 ns a byte, a regular expression takes 2."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from string import ascii_lowercase, digits

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.types import Bools, Longs

Needle = tuple[bytes, ...]
"""For each of several bytes in a row, the bytes that it may be."""

FEW = 200
"""Values in which Python's patterns replace: RE2 makes a pattern ready anew for every call, which
takes as long as a thousand titles, and a search would spend half its time on it."""

DIGIT = digits.encode()
LETTER = ascii_lowercase.encode()
NOT_ASCII = bytes(range(0x80, 0x100))
CONTROL = bytes([*range(0x20), 0x7F])


def literal(text: str) -> Needle:
    """Return the needle that is a text.

    Examples
    --------
    >>> literal("oz")
    (b'o', b'z')
    """
    return tuple(bytes([byte]) for byte in text.encode())


@cache
def python_needle(needle: Needle) -> re.Pattern[str]:
    """Return a pattern that finds a needle in a text of Python; of other letters it finds more."""
    classes = []
    for allowed in needle:
        plain = "".join(re.escape(chr(byte)) for byte in sorted(set(allowed)) if byte < 0x80)
        others = "\u0080-\U0010ffff" if max(allowed) >= 0x80 else ""
        classes.append(f"[{plain}{others}]")
    return re.compile("".join(classes))


def find_holding(values: pa.StringArray, needle: Needle) -> Longs:
    """Return the places of the values that hold a needle, ascending; null holds nothing.

    Examples
    --------
    >>> find_holding(pa.array(["10 oz", None, "5 l", "o", "z"]), literal("oz")).tolist()
    [0]
    >>> find_holding(pa.array(["10 oz", "3l", "5 l"]), (DIGIT, b" ", LETTER)).tolist()
    [0, 2]
    """
    data, offsets = bytes_of(values)
    n_starts = len(data) - len(needle) + 1
    if n_starts <= 0:
        return np.zeros(0, np.int64)
    at = np.flatnonzero(_starts(data, needle, n_starts))
    owners = np.searchsorted(offsets, at, "right") - 1
    # Not what begins in one value and ends in the next.
    owners = owners[at + len(needle) <= offsets[owners + 1]]
    owners = owners[np.append(True, owners[1:] != owners[:-1])[: len(owners)]]
    if values.null_count:
        owners = owners[np.asarray(values.is_valid())[owners]]
    return np.asarray(owners)


def _starts(data: NDArray[np.uint8], needle: Needle, n_starts: int) -> Bools:
    found = _is_any(data[:n_starts], needle[0])
    for place, allowed in enumerate(needle[1:], 1):
        found &= _is_any(data[place : place + n_starts], allowed)
    return found


def _is_any(data: NDArray[np.uint8], allowed: bytes) -> Bools:
    found = np.zeros(0, np.bool_)
    for low, high in _ranges(allowed):
        # What is below the range wraps around to large numbers.
        is_in: Bools = data == low if low == high else data - np.uint8(low) <= high - low
        found = np.logical_or(found, is_in, out=found) if len(found) else is_in
    return found


@cache
def _ranges(allowed: bytes) -> Sequence[tuple[int, int]]:
    """Return the first and last of bytes that follow each other."""
    ordered = sorted(set(allowed))
    cuts = [0, *(place + 1 for place, (a, b) in enumerate(pairwise(ordered)) if b > a + 1)]
    ends = [*cuts[1:], len(ordered)]
    return tuple((ordered[cut], ordered[end - 1]) for cut, end in zip(cuts, ends, strict=True))


def bytes_of(values: pa.StringArray) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Return the bytes of values, without a copy, and the n + 1 offsets of the values in them.

    A value that is null may have bytes as well.
    """
    if not len(values):
        return np.zeros(0, np.uint8), np.zeros(1, np.int32)
    _, places, data = values.buffers()
    offsets = np.frombuffer(places, np.int32)[values.offset : values.offset + len(values) + 1]
    return np.frombuffer(data or b"", np.uint8)[offsets[0] : offsets[-1]], offsets - offsets[0]
