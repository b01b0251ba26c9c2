"""The numbers of the words of a catalogue, and which of them slips of spelling are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.blocking import hash_words
from matcher.records import Slips
from matcher.types import Ints, Longs

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class WordBook:
    """Words of a catalogue, found by their hashes.

    Attributes
    ----------
    words : pa.StringArray
        Shape (n_words,): by number.
    hashes : Hashes
        Shape (n_words,): ascending.
    order : Ints
        Shape (n_words,): number of the word of each hash.
    """

    words: pa.StringArray
    hashes: Hashes
    order: Ints

    @classmethod
    def of(cls, words: pa.StringArray) -> "WordBook":
        """Make the book of a vocabulary."""
        hashes = hash_words(np.asarray(words.to_numpy(zero_copy_only=False), dtype=object))
        order = np.argsort(hashes)
        return cls(words, hashes[order], order.astype(np.int32))

    def numbers(self, words: Sequence[str]) -> Longs:
        """Return the number of each word, -1 where there is none."""
        if not words or not len(self.hashes):
            return np.full(len(words), -1)
        wanted = hash_words(np.array(words, dtype=object))
        place = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        return np.where(self.hashes[place] == wanted, self.order[place], -1)

    def are_known(self, words: Sequence[str]) -> list[bool]:
        """Return which words there are."""
        return [number >= 0 for number in self.numbers(words).tolist()]

    def spelled(self, numbers: Longs) -> list[str]:
        """Return the words of these numbers."""
        return [str(word) for word in self.words.take(pa.array(numbers)).to_pylist()]

    def arrays(self, prefix: str) -> dict[str, Any]:
        """Return the arrays as they are written."""
        return {f"{prefix}_hashes": self.hashes, f"{prefix}_order": self.order}

    @classmethod
    def read(cls, words: pa.StringArray, prefix: str, arrays: Mapping[str, Any]) -> "WordBook":
        """Return the book that `arrays` was written of."""
        return cls(words, arrays[f"{prefix}_hashes"], arrays[f"{prefix}_order"])


@dataclass(frozen=True, slots=True)
class Speller:
    """Knows the right spelling of the words of a catalogue, and of new ones.

    Attributes
    ----------
    book : WordBook
        The words.
    repaired : Ints
        Shape (n_words,): number of the right spelling of each.
    slips : Slips
        Finds words that new ones are slips of.
    """

    book: WordBook
    repaired: Ints
    slips: Slips

    def repair(self, words: Sequence[str]) -> list[str]:
        """Return the right spelling of each word."""
        right, numbers = [*words], self.book.numbers(words)
        known = np.maximum(numbers, 0)
        meant = self.repaired[known] if len(self.repaired) else known
        wrong = np.flatnonzero((numbers >= 0) & (meant != numbers)).tolist()
        fixes = {place: int(meant[place]) for place in wrong}
        for place in np.flatnonzero(numbers < 0).tolist():
            number = self.slips.meant(words[place], self.book.words)
            if number >= 0:
                fixes[place] = number
        if fixes:
            spelled = self.book.spelled(np.array([*fixes.values()]))
            for place, word in zip(fixes, spelled, strict=True):
                right[place] = word
        return right
