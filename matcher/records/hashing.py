"""Polynomial hashes of strings, computed over one byte array."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

BASE = np.uint64(0x9E3779B97F4A7C15)
# An odd multiplier from the golden ratio: its powers keep all 64 bits busy.


def powers(n: int) -> Hashes:
    """Return `BASE` to the powers 0 to n - 1, modulo 2**64, shape (n,)."""
    factors = np.full(max(n, 1), BASE, dtype=np.uint64)
    factors[0] = 1
    table: Hashes = np.cumprod(factors, dtype=np.uint64)
    return table


def byte_view(values: pa.StringArray) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the UTF-8 bytes of all values and the n + 1 offsets of the values in them."""
    wide = values.cast(pa.large_string()).fill_null("")
    offsets = np.frombuffer(wide.buffers()[1], dtype=np.int64)
    offsets = offsets[wide.offset : wide.offset + len(wide) + 1]
    data = wide.buffers()[2]
    view = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, np.uint8)
    return view[offsets[0] : offsets[-1]], offsets - offsets[0]


def hash_strings(values: pa.StringArray) -> Hashes:
    """Return one uint64 per value; null hashes as the empty string.

    The hash of a concatenation follows from the hashes of its parts:
    ``hash(ab) = hash(a) * BASE ** len(b) + hash(b)``, with lengths in bytes.

    Examples
    --------
    >>> first, second, both = np.split(hash_strings(pa.array(["lx", "43m", "lx43m"])), 3)
    >>> (first * powers(4)[3] + second == both).tolist()
    [True]
    """
    data, offsets = byte_view(values)
    lengths = np.diff(offsets)
    from_end = np.repeat(offsets[1:], lengths) - 1 - np.arange(len(data))
    table = powers(int(lengths.max(initial=0)) + 1)
    parts = (data.astype(np.uint64) + np.uint64(1)) * table[from_end]
    totals = np.concatenate([np.zeros(1, np.uint64), np.cumsum(parts, dtype=np.uint64)])
    hashes: Hashes = totals[offsets[1:]] - totals[offsets[:-1]]
    return hashes


MIXING = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
"""Shifts and factors of splitmix64."""


def mix(values: Hashes) -> Hashes:
    """Return `values` with every input bit spread over all output bits (splitmix64)."""
    for shift, factor in MIXING:
        values = (values ^ (values >> np.uint64(shift))) * np.uint64(factor)
    return values ^ (values >> np.uint64(31))


def hash_rows(columns: list[pa.StringArray]) -> Hashes:
    """Return one hash per row of equally long columns; nulls differ from empty strings."""
    total = np.zeros(len(columns[0]) if columns else 0, dtype=np.uint64)
    for column in columns:
        absent = np.asarray(pc.is_null(column)).astype(np.uint64)
        total = mix(total * BASE + hash_strings(column) + absent)
    return total
