"""Texts as numbered letters in one buffer, which is what compiled loops read."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.compiled import kernel
from matcher.types import Bits, Ints, Longs, Terms

Bytes = NDArray[np.uint8]
Codes = NDArray[np.uint16]

_ALL = 1 << 62
"""Letters: nothing is cut off."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Texts, letter by letter.

    Attributes
    ----------
    codes : Codes
        Shape (n_letters_of_all_texts,): numbers of the letters, all texts one after the other.
    offsets : Longs
        Shape (n_texts + 1,): text i is ``codes[offsets[i]:offsets[i + 1]]``.
    n_codes : int
        Every code is smaller.
    longest : int
        Letters of the longest text.
    """

    codes: Codes
    offsets: Longs
    n_codes: int
    longest: int


def number_letters(texts: pa.Array) -> Letters:
    """Return texts in numbered letters: those that occur, so that tables by letter stay small.

    A few hundred numbers in place of 1.1 million code points keep such tables in the cache.

    Parameters
    ----------
    texts : pa.Array
        Strings; null is an empty text.  A space has number 0, and no other letter has.

    Examples
    --------
    >>> number_letters(pa.array(["cab", None, "a c"])).codes.tolist()
    [3, 1, 2, 1, 0, 3]
    """
    data, starts = utf8_bytes(texts)
    used = data[starts[0] : starts[-1]]
    points = np.frombuffer(used.tobytes().decode("utf-8").encode("utf-32-le"), dtype=np.uint32)
    occurs = np.zeros(max(int(points.max(initial=0)), ord(" ")) + 1, dtype=np.bool_)
    occurs[points] = True
    occurs[ord(" ")] = False
    # Past 65,535 different letters, more than any script has, the last ones share a number.
    numbers = (np.minimum(np.cumsum(occurs), np.iinfo(np.uint16).max) * occurs).astype(np.uint16)
    begins = np.zeros(len(used) + 1, np.int64)  # letters that begin before each byte
    np.cumsum(used & 0xC0 != 0x80, out=begins[1:])
    offsets = begins[starts - starts[0]]
    longest = int(np.diff(offsets).max(initial=0))
    return Letters(numbers[points], offsets, int(numbers.max(initial=0)) + 1, longest)


def join_letters(terms: Terms, ignored: int, letters: Letters) -> Letters:
    """Write the terms of each record as one text, a space between them, as `join_bytes` does.

    Parameters
    ----------
    terms : Terms
        Terms in the order of the text.
    ignored : int
        Bits of the ignored axes.
    letters : Letters
        Of each term.
    """
    # Bytes by twos: the loop is compiled once, for bytes that nobody writes to.
    codes = letters.codes.view(np.uint8)
    codes.setflags(write=False)
    bits = np.uint32(ignored)
    found, starts = _joined(terms, bits, codes, 2 * letters.offsets, 2, _ALL)
    offsets = starts // 2
    longest = int((offsets[1:] - offsets[:-1]).max(initial=0))
    return Letters(found.view(np.uint16), offsets, letters.n_codes, longest)


def join_bytes(
    terms: Terms, ignored: int, data: Bytes, offsets: Longs, most: int
) -> tuple[Bytes, Longs]:
    """Write the terms of each record as one text, in their order, those of ignored axes left out.

    Parameters
    ----------
    terms : Terms
        Terms in the order of the text.
    ignored : int
        Bits of the ignored axes.
    data, offsets : Bytes, Longs
        UTF-8 of each term, as `utf8_bytes` returns it.
    most : int
        Letters of a text that are written; what follows is cut off.

    Returns
    -------
    tuple[Bytes, Longs]
        All texts one after the other and, shape (n_records + 1,), where each begins.
    """
    return _joined(terms, np.uint32(ignored), data, offsets, 0, most)


def _joined(
    terms: Terms, ignored: np.uint32, codes: Bytes, offsets: Longs, gap: int, most: int
) -> tuple[Bytes, Longs]:
    starts, numbers = np.zeros(len(terms.indptr), np.int64), terms.terms
    size = _measure(numbers, offsets, gap)
    found = np.zeros(size, np.uint8)
    _join(terms.indptr, numbers, terms.axes, ignored, codes, offsets, gap, most, found, starts)
    return found[: starts[-1]], starts


@kernel
def _measure(terms: Ints, offsets: Longs, gap: int) -> int:
    size = 0
    for place in range(len(terms)):
        size += offsets[terms[place] + 1] - offsets[terms[place]] + gap
    return size


@kernel
def _join(
    indptr: Longs,
    terms: Ints,
    axes: Bits,
    ignored: np.uint32,
    codes: Bytes,
    offsets: Longs,
    gap: int,
    most: int,
    found: Bytes,
    starts: Longs,
) -> None:
    end = 0
    for row in range(len(indptr) - 1):
        n_letters, first = 0, end
        for place in range(indptr[row], indptr[row + 1]):
            if axes[place] & ignored != 0:
                continue
            if end > first:
                end += gap
            for spot in range(offsets[terms[place]], offsets[terms[place] + 1]):
                # Bytes that go on with a letter are none.
                n_letters += codes[spot] & 0xC0 != 0x80
                if n_letters > most:
                    break
                found[end] = codes[spot]
                end += 1
        starts[row + 1] = end


def utf8_bytes(texts: pa.Array) -> tuple[Bytes, Longs]:
    """Return the bytes of texts and, shape (n_texts + 1,), where each begins; null is empty."""
    if texts.null_count:
        texts = pc.fill_null(texts, "")
    if not len(texts):
        return np.frombuffer(b"", np.uint8), np.zeros(1, dtype=np.int64)
    is_large = pa.types.is_large_string(texts.type)
    _, starts, data = texts.buffers()
    offsets = np.frombuffer(starts, dtype=np.int64 if is_large else np.int32)
    text = np.frombuffer(data or b"", dtype=np.uint8)
    text.setflags(write=False)  # as some buffers are: loops are compiled once then
    return text, offsets[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
