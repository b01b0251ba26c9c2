"""Compile loops with numba, and the loops that several stages share."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from matcher.types import Bits, Ints, Longs, Terms

_Function = TypeVar("_Function", bound=Callable[..., Any])


_Words = NDArray[np.uint64]

_ONE, _SIX, _TWELVE, _LAST, _TOP = (np.uint64(number) for number in (1, 6, 12, 63, 58))
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
"""Of its product with the lowest bit of a number the first six bits tell which bit that is."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""Odd, from the golden ratio: multiples of it spread over all numbers."""

_PLACES = np.argsort((_DE_BRUIJN << np.arange(64, dtype=np.uint64)) >> _TOP).astype(np.uint64)


def kernel(function: _Function) -> _Function:
    """Compile a function with numba, without the GIL, cached on disk.

    Dividing by zero gives inf or NaN, as numpy has it, so nothing has to be asked of a divisor and
    loops of plain arithmetic become vector instructions.  What lets C call a function is left out,
    a sixth of the time to compile.  So that the first run is short, kernels write into arrays that
    are made by numpy (one made in a kernel takes .05 to .2 s to compile), and what they call stands
    in one place, for it is compiled again for each.
    """
    compiled = numba.njit(nogil=True, cache=True, error_model="numpy", no_cfunc_wrapper=True)
    return cast("_Function", compiled(function))


def inner_kernel(function: _Function) -> _Function:
    """Compile a function that only kernels call, which is compiled and cached with them.

    It cannot be called from Python.
    """
    compiled = numba.njit(
        nogil=True, error_model="numpy", no_cfunc_wrapper=True, no_cpython_wrapper=True
    )
    return cast("_Function", compiled(function))


@kernel
def mark_differing(limits: Ints, left: Ints, right: Ints, bit: np.uint32, found: Bits) -> None:
    """Set a bit where `types.any_differs`, in one pass: seven times as fast.

    Parameters
    ----------
    limits : Ints
        Shape (n_limits, n_records), -1 where unknown.
    left, right : Ints
        Shape (n_pairs,): record numbers.
    bit : np.uint32
        The bit.
    found : Bits
        Shape (n_pairs,), uint32: changed.
    """
    for pair in range(len(left)):
        differs = False
        for limit in range(len(limits)):
            first, second = limits[limit, left[pair]], limits[limit, right[pair]]
            differs |= (first >= 0) & (second >= 0) & (first != second)
        found[pair] |= bit * np.uint32(differs)


def number_texts(texts: Terms) -> Longs:
    """Return a number per record that is equal for the same terms; -1 where there are none.

    Examples
    --------
    >>> indptr, numbers = np.array([0, 2, 2, 4]), np.array([1, 2, 2, 1], np.int32)
    >>> text = Terms(indptr, numbers, np.zeros(4, np.uint32), np.ones(3, np.float32), False)
    >>> number_texts(text).tolist()
    [0, -1, 0]
    """
    return number_keys(sum_texts(texts.indptr, texts.terms))


def sum_texts(indptr: Longs, terms: Ints) -> _Words:
    """Return a sum of 64 bits of the terms of each record, 0 where there are none.

    Each term counts a random number (Steele et al., 2014, Fast splittable pseudorandom number
    generators): equal sums are equal texts, whatever their order, and a difference of two sums
    stands for the terms in which they differ.
    """
    sums = np.zeros(len(indptr) - 1, np.uint64)
    _sum_texts(indptr, terms, sums)
    return sums


@kernel
def _sum_texts(indptr: Longs, terms: Ints, sums: _Words) -> None:
    for row in range(len(sums)):
        for place in range(indptr[row], indptr[row + 1]):
            mixed = (np.uint64(terms[place]) + _ONE) * _GOLDEN
            mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            sums[row] += mixed ^ (mixed >> np.uint64(31))


def number_keys(keys: _Words) -> Longs:
    """Return a number for each key, equal where keys are, from 0 in their order; -1 for key 0.

    A table of open addresses: of a million keys a twentieth of what `numpy.unique` takes.
    """
    bits = max(2 * len(keys) - 1, 4).bit_length()
    numbers = np.full(len(keys), -1, np.int64)
    _number_keys(keys, np.full(1 << bits, -1, np.int32), np.uint64(64 - bits), numbers)
    return numbers


@kernel
def _number_keys(keys: _Words, slots: Ints, n_dropped: np.uint64, numbers: Longs) -> None:
    last, n_numbers = len(slots) - 1, 0
    for row in range(len(keys)):
        key = keys[row]
        if key == 0:
            continue
        slot = np.int64((key * _GOLDEN) >> n_dropped)
        while slots[slot] >= 0 and keys[slots[slot]] != key:
            slot = (slot + 1) & last
        if slots[slot] < 0:
            slots[slot], numbers[row] = row, n_numbers
            n_numbers += 1
        else:
            numbers[row] = numbers[slots[slot]]


def distinct_parts(
    indptr: Longs, terms: Ints, axes: Bits, starts: Longs, parts: Ints
) -> tuple[Longs, Ints, Bits]:
    """Return what the terms of each row consist of, ascending and each part once.

    A part has the bits that all of its occurrences in the row have.  The parts of a row are marked
    in a tree of bits, of which every node has 64 children, and read off in order: a third of the
    time that sorting them takes.

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
    n_parts, most = int(parts.max(initial=-1)) + 1, _count_parts(indptr, terms, starts)
    # Memory of zeros that is never written is never taken.
    bits, own = np.zeros(most, axes.dtype), np.zeros(n_parts, axes.dtype)
    pointers, found = np.zeros(len(indptr), np.int64), np.empty(most, np.int32)
    tree = (
        np.zeros((n_parts >> 6) + 1, np.uint64),
        np.zeros((n_parts >> 12) + 1, np.uint64),
        np.zeros((n_parts >> 18) + 1, np.uint64),
        own,
    )
    _mark_parts((indptr, terms, axes), (starts, parts), tree, (pointers, found, bits))
    return pointers, found[: pointers[-1]], bits[: pointers[-1]]


@kernel
def _count_parts(indptr: Longs, terms: Ints, starts: Longs) -> int:
    n_parts = 0
    for place in range(indptr[0], indptr[len(indptr) - 1]):
        n_parts += starts[terms[place] + 1] - starts[terms[place]]
    return n_parts


@kernel
def _mark_parts(
    rows: tuple[Longs, Ints, Bits],
    parts_of: tuple[Longs, Ints],
    tree: tuple[_Words, _Words, _Words, Bits],
    out: tuple[Longs, Ints, Bits],
) -> None:
    indptr, terms, axes = rows
    starts, parts = parts_of
    leaves, nodes, roots, own = tree
    pointers, found, bits = out
    for row in range(len(indptr) - 1):
        has_bits = False
        for place in range(indptr[row], indptr[row + 1]):
            has_bits |= axes[place] != 0
        for place in range(indptr[row], indptr[row + 1]):
            for spot in range(starts[terms[place]], starts[terms[place] + 1]):
                part = np.uint64(parts[spot])
                leaf, bit = part >> _SIX, _ONE << (part & _LAST)
                if has_bits:
                    own[part] = axes[place] & own[part] if leaves[leaf] & bit else axes[place]
                leaves[leaf] |= bit
                nodes[leaf >> _SIX] |= _ONE << (leaf & _LAST)
                roots[leaf >> _TWELVE] |= _ONE << (leaf >> _SIX & _LAST)
        pointers[row + 1] = _read_off(roots, nodes, leaves, found, pointers[row])
        if has_bits:
            for place in range(pointers[row], pointers[row + 1]):
                if own[found[place]]:
                    bits[place] = own[found[place]]


@inner_kernel
def _read_off(roots: _Words, nodes: _Words, leaves: _Words, found: Ints, end: int) -> int:
    """Write the numbers that are marked behind the first found, and unmark them."""
    for root in range(np.uint64(len(roots))):
        of_root, roots[root] = roots[root], 0
        while of_root:
            node = root << _SIX | _lowest(of_root)
            of_root &= of_root - _ONE
            of_node, nodes[node] = nodes[node], 0
            while of_node:
                leaf = node << _SIX | _lowest(of_node)
                of_node &= of_node - _ONE
                of_leaf, leaves[leaf] = leaves[leaf], 0
                while of_leaf:
                    found[end] = leaf << _SIX | _lowest(of_leaf)
                    of_leaf &= of_leaf - _ONE
                    end += 1
    return end


@inner_kernel
def _lowest(word: np.uint64) -> np.uint64:
    """Return the place of the lowest bit of a word that is not 0."""
    place: np.uint64 = _PLACES[((word & (~word + _ONE)) * _DE_BRUIJN) >> _TOP]
    return place
