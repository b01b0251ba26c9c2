"""Terms of a new record and of some rows of a catalogue, numbered anew."""

import numpy as np

from matcher.compiled import kernel
from matcher.types import Bits, Floats, Ints, Longs, Terms

SPREAD = 0x9E3779B1
"""Odd, from the golden ratio: times it, numbers that are near lie apart."""


@kernel
def take_rows(
    indptr: Longs, terms: Ints, axes: Bits, numbers: Ints, first: Ints, bits: Bits
) -> tuple[Longs, Ints, Bits]:
    """Return the terms of some records, behind those of a first one."""
    starts = np.empty(len(numbers) + 2, np.int64)
    starts[0], starts[1] = 0, len(first)
    for place in range(len(numbers)):
        number = numbers[place]
        starts[place + 2] = starts[place + 1] + indptr[number + 1] - indptr[number]
    found, marks = np.empty(starts[-1], np.int32), np.empty(starts[-1], axes.dtype)
    for place in range(len(first)):
        found[place], marks[place] = first[place], bits[place]
    for place in range(len(numbers)):
        start = indptr[numbers[place]]
        for step in range(starts[place + 2] - starts[place + 1]):
            found[starts[place + 1] + step] = terms[start + step]
            marks[starts[place + 1] + step] = axes[start + step]
    return starts, found, marks


def join_rows(terms: Terms, numbers: Ints, first: Ints, bits: Bits) -> Terms:
    """Return the terms of some records behind those of the new one, numbered as before."""
    starts, found, axes = take_rows(terms.indptr, terms.terms, terms.axes, numbers, first, bits)
    return Terms(starts, found, axes, terms.idf, terms.is_set)


def renumber(terms: Terms, used: Ints, n_records: int) -> Terms:
    """Return terms by their place among the used ones; new ones are as rare as one of a record."""
    rarest = np.float32(np.log((1 + n_records) / 2) + 1)
    place, idf = places_of(terms.terms, used, terms.idf, rarest)
    return Terms(terms.indptr, place, terms.axes, idf, terms.is_set)


@kernel
def places_of(terms: Ints, used: Ints, weights: Floats, rarest: np.float32) -> tuple[Ints, Floats]:
    """Return the place of each term among the used ones, and the weights of these.

    Numbers that have no weight are new, and get the greatest.  A table of open addresses finds a
    place in a third of the time of a bisection.
    """
    bits = 3
    while 1 << bits < 2 * len(used):
        bits += 1
    slots, last = np.empty(1 << bits, np.int32), (1 << bits) - 1
    for place in range(len(slots)):
        slots[place] = -1
    found, own = np.empty(len(terms), np.int32), np.empty(len(used), np.float32)
    for place in range(len(used)):
        own[place] = weights[used[place]] if used[place] < len(weights) else rarest
        slot = np.int64(np.uint32(used[place]) * np.uint32(SPREAD)) & last
        while slots[slot] >= 0:
            slot = (slot + 1) & last
        slots[slot] = place
    for number in range(len(terms)):
        slot = np.int64(np.uint32(terms[number]) * np.uint32(SPREAD)) & last
        while used[slots[slot]] != terms[number]:
            slot = (slot + 1) & last
        found[number] = slots[slot]
    return found, own
