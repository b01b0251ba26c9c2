"""Compile loops with numba, and the loops that several stages share."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

from matcher.types import Bits, Bools, Ints, Longs

_Function = TypeVar("_Function", bound=Callable[..., Any])


def kernel(function: _Function) -> _Function:
    """Compile a function with numba, without the GIL, cached on disk."""
    return cast("_Function", numba.njit(nogil=True, cache=True)(function))


def vector_kernel(function: _Function) -> _Function:
    """Compile loops of plain arithmetic: dividing by zero gives inf or NaN, as numpy has it.

    Nothing has to be asked of a divisor then, so such loops become vector instructions.
    """
    compiled = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    return cast("_Function", compiled)


@kernel
def differing(limits: Ints, left: Ints, right: Ints) -> Bools:
    """Return what `types.any_differs` does, in one pass: seven times as fast.

    Parameters
    ----------
    limits : Ints
        Shape (n_limits, n_records), -1 where unknown.
    left, right : Ints
        Shape (n_pairs,): record numbers.
    """
    found = np.zeros(len(left), np.bool_)
    for pair in range(len(left)):
        for limit in range(len(limits)):
            first, second = limits[limit, left[pair]], limits[limit, right[pair]]
            found[pair] |= (first >= 0) & (second >= 0) & (first != second)
    return found


@kernel
def distinct_parts(
    indptr: Longs, terms: Ints, axes: Bits, starts: Longs, parts: Ints
) -> tuple[Longs, Ints, Bits]:
    """Return what the terms of each row consist of, ascending and each part once.

    A part has the bits that all of its occurrences in the row have.  Each row is sorted by itself,
    so nothing is as long as all parts but the result.

    Parameters
    ----------
    indptr : Longs
        Shape (n_rows + 1,).
    terms : Ints
        Shape (n_terms,).
    axes : Bits
        Shape (n_terms,): bits of the terms.
    starts : Longs
        Shape (n_vocabulary + 1,): term i consists of ``parts[starts[i]:starts[i + 1]]``.
    parts : Ints
        Their numbers, none below 0.

    Returns
    -------
    tuple[Longs, Ints, Bits]
        Row pointers, parts and their bits.
    """
    most, longest, n_rows = 0, 0, len(indptr) - 1
    for row in range(n_rows):
        length = 0
        for place in range(indptr[row], indptr[row + 1]):
            length += starts[terms[place] + 1] - starts[terms[place]]
        most, longest = most + length, max(longest, length)
    pointers, found = np.zeros(n_rows + 1, np.int64), np.empty(most, np.int32)
    bits, keys = np.zeros(most, axes.dtype), np.empty(longest, np.int64)
    end = 0
    for row in range(n_rows):
        length = 0
        for place in range(indptr[row], indptr[row + 1]):
            for part in range(starts[terms[place]], starts[terms[place] + 1]):
                keys[length] = (np.int64(parts[part]) << 32) | np.int64(axes[place])
                length += 1
        _sort(keys, length)
        for place in range(length):
            part, own = keys[place] >> 32, keys[place] & 0xFFFFFFFF
            if place and part == keys[place - 1] >> 32:
                bits[end - 1] &= own
                continue
            found[end] = part
            if own:  # memory of zeros that is never written is never taken
                bits[end] = own
            end += 1
        pointers[row + 1] = end
    return pointers, found[:end], bits[:end]


@kernel
def _sort(keys: Longs, length: int) -> None:
    """Sort the first keys in place (Shell's sort with Ciura's gaps); a row has few."""
    for gap in (1750, 701, 301, 132, 57, 23, 10, 4, 1):
        for place in range(gap, length):
            key, spot = keys[place], place
            while spot >= gap and keys[spot - gap] > key:
                keys[spot] = keys[spot - gap]
                spot -= gap
            keys[spot] = key
