"""Words inside the text of another record, where it joins what this one writes apart."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.compiled import inner_kernel, kernel
from matcher.features.letters import join_bytes, utf8_bytes
from matcher.types import Floats, Ints, Longs, Terms

MAX_SQUASHED = 600
"""Letters of squashed text that are searched for a word; what follows is prose."""

SHORTEST = 3
"""Bytes of the shortest word that is searched for; shorter ones are found by chance."""

FILTER_BITS = 512
"""Of the filter of each text: 60 letters fill an eighth, so most searches end after two looks."""

_N_BLOCKS = FILTER_BITS // 64


@dataclass(frozen=True, slots=True)
class Words:
    """Words to search for.

    Attributes
    ----------
    data : NDArray[np.uint8]
        UTF-8 bytes of all words, one after the other.
    offsets : Longs
        Shape (n_words + 1,): word i is ``data[offsets[i]:offsets[i + 1]]``.
    weights : Floats
        Shape (n_words,): how much each counts.
    """

    data: NDArray[np.uint8]
    offsets: Longs
    weights: Floats


@dataclass(frozen=True, slots=True)
class Squashed:
    """The whole text of each record, written without spaces.

    Attributes
    ----------
    data : NDArray[np.uint8]
        UTF-8 bytes of all texts, one after the other.
    offsets : Longs
        Shape (n_records + 1,): text i is ``data[offsets[i]:offsets[i + 1]]``.
    filters : NDArray[np.uint64]
        Shape (n_records, FILTER_BITS / 64): a bit for each three bytes in a row that the text has.
    """

    data: NDArray[np.uint8]
    offsets: Longs
    filters: NDArray[np.uint64]

    def weigh(self, only: Ints, near: Floats, words: Words, others: Ints) -> Floats:
        """Sum the weights of words that a record explains, by spelling or inside its text.

        Parameters
        ----------
        only : Ints
            Shape (n_pairs, n_best): words as `kernels.unmatched` returns them.
        near : Floats
            Shape (n_pairs, n_best): share of each word that is already explained; where it is
            more than 0, the word is not searched for.
        words : Words
            What `only` numbers.
        others : Ints
            Shape (n_pairs,): the record in whose text words are searched for.

        Returns
        -------
        Floats
            Shape (n_pairs,).
        """
        out = np.zeros(len(others), np.float32)
        _explain(
            only,
            near,
            words.data,
            words.offsets,
            words.weights,
            self.data,
            self.offsets,
            self.filters,
            others,
            out,
        )
        return out


def squash(whole: Terms, words: Words, ignored: int) -> Squashed:
    """Write the whole text of each record without spaces, the values of ignored axes left out."""
    data, offsets = join_bytes(whole, ignored, words.data, words.offsets, MAX_SQUASHED)
    return Squashed(data, offsets, filters_of(data, offsets))


def words_of(spellings: pa.Array, weights: Floats) -> Words:
    """Make words ready to be searched for."""
    return Words(*utf8_bytes(spellings), weights)


@inner_kernel
def _bit(data: NDArray[np.uint8], place: int) -> int:
    three = (np.int64(data[place]) << 16) | (np.int64(data[place + 1]) << 8) | data[place + 2]
    return int((three * 2654435761 >> 15) % FILTER_BITS)  # Knuth's multiplicative hash


def filters_of(data: NDArray[np.uint8], offsets: Longs) -> NDArray[np.uint64]:
    """Return the filter of each text, shape (n_texts, FILTER_BITS / 64)."""
    filters = np.zeros((len(offsets) - 1, _N_BLOCKS), dtype=np.uint64)
    _filter(data, offsets, filters)
    return filters


@kernel
def _filter(data: NDArray[np.uint8], offsets: Longs, filters: NDArray[np.uint64]) -> None:
    for text in range(len(filters)):
        for place in range(offsets[text], offsets[text + 1] - 2):
            bit = _bit(data, place)
            filters[text, bit // 64] |= np.uint64(1) << np.uint64(bit % 64)


@inner_kernel
def _may_contain(text: NDArray[np.uint64], word: NDArray[np.uint8]) -> bool:
    for place in range(len(word) - 2):
        bit = _bit(word, place)
        if (text[bit // 64] >> np.uint64(bit % 64)) & np.uint64(1) == 0:
            return False
    return True


@inner_kernel
def _contains(text: NDArray[np.uint8], word: NDArray[np.uint8]) -> bool:
    for start in range(len(text) - len(word) + 1):
        place = 0
        while place < len(word) and text[start + place] == word[place]:
            place += 1
        if place == len(word):
            return True
    return False


@kernel
def _explain(
    only: Ints,
    near: Floats,
    words: NDArray[np.uint8],
    word_offsets: Longs,
    weights: Floats,
    texts: NDArray[np.uint8],
    text_offsets: Longs,
    filters: NDArray[np.uint64],
    others: Ints,
    out: Floats,
) -> None:
    """Compiled `Squashed.weigh`, on the arrays of its arguments."""
    for pair in range(len(others)):
        record = others[pair]
        text = texts[text_offsets[record] : text_offsets[record + 1]]
        for place in range(only.shape[1]):
            term = only[pair, place]
            if term < 0:
                break
            if near[pair, place] > 0:
                out[pair] += weights[term] * near[pair, place]
                continue
            word = words[word_offsets[term] : word_offsets[term + 1]]
            if len(word) < SHORTEST or not _may_contain(filters[record], word):
                continue
            if _contains(text, word):
                out[pair] += weights[term]
