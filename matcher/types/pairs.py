"""Pairs of records, and what is said of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.types.arrays import Floats, Ints, Longs, as_places, distinct

Relation = Literal["exact", "variant", "different"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)

EXACT, VARIANT, DIFFERENT = range(3)
"""Numbers of the relations, and their columns in `Scores.probabilities`."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Unordered pairs of records: ``left < right``, unique, sorted by left then right.

    Attributes
    ----------
    left, right : Ints
        Shape (n_pairs,): record numbers.
    """

    left: Ints
    right: Ints

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.left)

    def keys(self) -> Longs:
        """Return one int64 per pair, ``left << 32 | right``, ascending."""
        return (self.left.astype(np.int64) << 32) | self.right

    def places_of(self, some: "Pairs") -> Longs:
        """Return the places of pairs that are among these, shape (n_some,).

        Examples
        --------
        >>> Pairs.from_keys(np.array([1, 3, 5])).places_of(Pairs.from_keys(np.array([1, 5])))
        array([0, 2])
        """
        if self.equals(some):
            return np.arange(len(self))
        return np.searchsorted(self.keys(), some.keys())

    def equals(self, other: "Pairs") -> bool:
        """Return whether both are the same pairs: quick, where to find or to join them is not."""
        sides = (self.left, other.left), (self.right, other.right)
        return all(own is its or np.array_equal(own, its) for own, its in sides)

    def take(self, rows: NDArray[Any]) -> "Pairs":
        """Return the pairs at `rows`, ascending positions or a mask."""
        places = as_places(rows)
        return Pairs(self.left[places], self.right[places])

    def union(self, other: "Pairs") -> "Pairs":
        """Return the pairs that are in either.

        Examples
        --------
        >>> one, two = Pairs.from_keys(np.array([1, 5])), Pairs.from_keys(np.array([3, 5]))
        >>> one.union(two).keys().tolist()
        [1, 3, 5]
        """
        if not len(other) or self.equals(other):
            return self
        return Pairs.from_keys(distinct(np.concatenate([self.keys(), other.keys()])))

    def chunks(self, size: int) -> Iterator["Pairs"]:
        """Yield the pairs in consecutive chunks of at most `size`."""
        for start in range(0, len(self), size):
            yield self.between(start, start + size)

    def between(self, start: int, end: int) -> "Pairs":
        """Return the pairs from one place to another."""
        return Pairs(self.left[start:end], self.right[start:end])

    @staticmethod
    def from_keys(keys: Longs) -> "Pairs":
        """Make pairs from ascending, unique keys, the inverse of `keys`."""
        return Pairs((keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32))

    @staticmethod
    def from_unordered(first: NDArray[Any], second: NDArray[Any]) -> "Pairs":
        """Make pairs from record numbers in any order, with repetitions and self-pairs removed.

        Examples
        --------
        >>> pairs = Pairs.from_unordered(np.array([3, 1, 2, 2]), np.array([1, 3, 2, 0]))
        >>> pairs.left.tolist(), pairs.right.tolist()
        ([0, 1], [2, 3])
        """
        first, second = first.astype(np.int64), second.astype(np.int64)
        keys = (np.minimum(first, second) << 32) | np.maximum(first, second)
        return Pairs.from_keys(distinct(keys[first != second]))


@dataclass(frozen=True, slots=True)
class Labels:
    """Relations that a person gave.

    Attributes
    ----------
    pairs : Pairs
        The labelled pairs.
    relations : NDArray[np.int8]
        Shape (n_pairs,): `EXACT`, `VARIANT` or `DIFFERENT`.
    """

    pairs: Pairs
    relations: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class LearnedWords:
    """What labels said of words.

    Attributes
    ----------
    words : pa.StringArray
        Shape (n_words,): words in their normal form.
    shared, only : Floats
        Shape (n_words,): log-odds of a match where both titles have the word, and where one has.
    shift : float
        Log-odds of two titles without any of them.
    """

    words: pa.StringArray
    shared: Floats
    only: Floats
    shift: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Calibrated probabilities of the three relations.

    Attributes
    ----------
    pairs : Pairs
        The scored pairs.
    probabilities : Floats
        Shape (n_pairs, 3): columns `EXACT`, `VARIANT`, `DIFFERENT`; rows sum to 1.
    relations : NDArray[np.int8]
        Shape (n_pairs,): the decision, after thresholds and hard rules.
    """

    pairs: Pairs
    probabilities: Floats
    relations: NDArray[np.int8]

    def take(self, rows: NDArray[Any]) -> "Scores":
        """Return what was said of the pairs at `rows`, ascending positions or a mask.

        Examples
        --------
        >>> pairs = Pairs.from_keys(np.array([1, 3]))
        >>> scores = Scores(pairs, np.float32([[1, 0, 0], [0, 0, 1]]), np.int8([0, 2]))
        >>> last = scores.take(np.array([False, True]))
        >>> last.pairs.keys().tolist(), last.probabilities.tolist(), last.relations.tolist()
        ([3], [[0.0, 0.0, 1.0]], [2])
        """
        places = as_places(rows)
        return Scores(
            self.pairs.take(places),
            self.probabilities.take(places, axis=0),
            self.relations[places],
        )
