"""Find names that a text writes in several tokens: ``lx 43 m`` names ``lx43m``."""

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.compiled import kernel
from matcher.records.hashing import Hashes, hash_strings, powers
from matcher.records.terms import Rows
from matcher.types import Ints, Longs


def find_joined(
    text: Rows, words: pa.StringArray, wanted: Mapping[int, Hashes], longest: int
) -> Iterator[tuple[Ints, Longs, Longs]]:
    """Yield the runs of tokens that are spelt like a name if nothing stands between them.

    Parameters
    ----------
    text : Rows
        Tokens of the texts.
    words : pa.StringArray
        The tokens by number.
    wanted : Mapping[int, Hashes]
        For each number of tokens, ascending, the hashes of the names that so many may spell.
    longest : int
        Bytes of the longest name.

    Yields
    ------
    tuple[Ints, Longs, Longs]
        For each number of tokens: the records, the places of the first tokens, ascending, and the
        places of the names in `wanted`.

    Examples
    --------
    >>> text = Rows(np.array([0, 3]), np.array([2, 0, 1], np.int32))
    >>> names = hash_strings(pa.array(["tv", "lx43m"]))
    >>> found = find_joined(text, pa.array(["lx", "43m", "tv"]), {2: names}, 9)
    >>> [[each.tolist() for each in of_size] for of_size in found]
    [[[0], [1], [1]]]
    """
    # Most hashes are not wanted, and a look at a bit of a table that fits the cache costs a tenth
    # of a search: one in 32 bits is set.
    n_bits = min(max(max(map(len, wanted.values())).bit_length() + 5, 10), 24)
    is_wanted = np.zeros(1 << n_bits, np.bool_)
    for hashes in wanted.values():
        is_wanted[hashes >> np.uint64(64 - n_bits)] = True
    n_most = len(text.terms) * (max(wanted) - min(wanted) + 1)
    # Memory that is never written is never taken.
    runs = (
        np.empty(n_most, np.int32),
        np.empty(n_most, np.int64),
        np.empty(n_most, np.int32),
        np.empty(n_most, np.uint64),
    )
    n_found = _windows(
        text.indptr,
        text.terms,
        (hash_strings(words), np.asarray(pc.binary_length(words))),
        powers(longest + 1),
        (min(wanted), max(wanted)),
        np.packbits(is_wanted, bitorder="little"),
        runs,
    )
    records, firsts, sizes, totals = (each[:n_found] for each in runs)
    for size, hashes in wanted.items():
        order = np.argsort(hashes)
        ascending = hashes[order]
        at = np.flatnonzero(sizes == size)
        place = np.minimum(np.searchsorted(ascending, totals[at]), max(len(hashes) - 1, 0))
        is_hit = ascending[place] == totals[at] if len(hashes) else np.zeros(len(at), np.bool_)
        at, place = at[is_hit], place[is_hit]
        yield records[at], firsts[at], order[place]


@kernel
def _windows(
    indptr: Longs,
    terms: Ints,
    words: tuple[Hashes, Ints],
    shifts: Hashes,
    sizes: tuple[int, int],
    is_wanted: NDArray[np.uint8],
    runs: tuple[Ints, Longs, Ints, Hashes],
) -> int:
    """Return how many runs may be wanted, and write record, first token, size and hash of each.

    `words` has the hash and the bytes of each word, `shifts` the powers of the base of the hashes,
    `sizes` the least and the most tokens of a run; the first bits of a hash are a bit's place in
    `is_wanted`, of which there are a power of two.
    """
    (hashes, lengths), (least, most) = words, sizes
    n_dropped, n_bytes = np.uint64(61), len(is_wanted)
    while n_bytes > 1:
        n_dropped, n_bytes = n_dropped - np.uint64(1), n_bytes // 2
    records, firsts, counts, totals = runs
    n_found = 0
    for record in range(len(indptr) - 1):
        for first in range(indptr[record], indptr[record + 1]):
            total, length = np.uint64(0), 0
            for place in range(first, min(first + most, indptr[record + 1])):
                term = terms[place]
                length += lengths[term]
                if length >= len(shifts):
                    break
                total = total * shifts[lengths[term]] + hashes[term]
                bit = total >> n_dropped
                may_be = is_wanted[bit >> np.uint64(3)] >> (bit & np.uint64(7)) & 1
                if may_be and place - first + 1 >= least:
                    records[n_found], firsts[n_found] = record, first
                    counts[n_found], totals[n_found] = place - first + 1, total
                    n_found += 1
    return n_found
