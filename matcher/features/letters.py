"""Texts as numbered letters in one buffer, which is what compiled loops read."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.types import Longs

Codes = NDArray[np.uint16]

STEP = 1 << 16
"""Texts that are written at once: on the way a letter takes five times as much memory."""


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


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Numbers for the letters that occur in a catalogue.

    A few hundred letters in place of 1.1 million code points keep tables by letter in the cache.

    Attributes
    ----------
    numbers : Codes
        Shape (n_code_points,): number of each code point; 0 for those that do not occur.
    n_codes : int
        Every number is smaller.
    """

    numbers: Codes
    n_codes: int

    def write(self, texts: pa.Array) -> Letters:
        """Return texts in numbered letters; null is an empty text.

        Parameters
        ----------
        texts : pa.Array
            Strings.  Letters outside the alphabet all get number 0.
        """
        lengths = pc.fill_null(pc.utf8_length(texts), 0).to_numpy(zero_copy_only=False)
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
        parts = [self._codes(texts.slice(start, STEP)) for start in range(0, len(texts), STEP)]
        codes = np.concatenate([np.zeros(0, np.uint16), *parts])
        return Letters(codes, offsets, self.n_codes, int(lengths.max(initial=0)))

    def _codes(self, texts: pa.Array) -> Codes:
        return self.numbers[np.minimum(_code_points(texts), len(self.numbers) - 1)]


def number_letters(texts: pa.Array) -> Alphabet:
    """Give a number to each letter of texts; 0 stays free for letters that are in none.

    Examples
    --------
    >>> alphabet = number_letters(pa.array(["abba", None, "a c"]))
    >>> alphabet.write(pa.array(["cab", "x"])).codes.tolist()
    [4, 2, 3, 0]
    """
    points = _code_points(texts)
    occurs = np.zeros(int(points.max(initial=0)) + 2, dtype=np.bool_)
    occurs[points] = True
    # Past 65,535 different letters, more than any script has, the last ones share a number.
    numbers = np.minimum(np.cumsum(occurs), np.iinfo(np.uint16).max) * occurs
    return Alphabet(numbers.astype(np.uint16), int(numbers.max(initial=0)) + 1)


def _code_points(texts: pa.Array) -> NDArray[np.uint32]:
    data, offsets = utf8_bytes(texts)
    used = data[offsets[0] : offsets[-1]]
    return np.frombuffer(used.tobytes().decode("utf-8").encode("utf-32-le"), dtype=np.uint32)


def utf8_bytes(texts: pa.Array) -> tuple[NDArray[np.uint8], Longs]:
    """Return the bytes of texts and, shape (n_texts + 1,), where each begins; null is empty."""
    texts = pc.fill_null(texts, "").cast(pa.large_string())
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int64)
    data = texts.buffers()[2]
    text = np.frombuffer(data, dtype=np.uint8) if data else np.zeros(0, dtype=np.uint8)
    return text, offsets[texts.offset : texts.offset + len(texts) + 1]
