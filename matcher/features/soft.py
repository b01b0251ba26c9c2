"""Words that differ in spelling: joined, split, abbreviated or misspelt."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler, Levenshtein

from matcher.features.comparison import columns, ordered, ratio
from matcher.features.kernels import contained, unmatched
from matcher.features.sets import raw_overlaps
from matcher.types import MODEL, NUMBER, QUANTITY, Floats, Ints, Pairs, Terms, Vocabulary

N_BEST = 4
"""Unmatched words compared fuzzily on each side: the rarest decide; cost grows as its square."""

SIMILAR = 0.85
"""Jaro-Winkler similarity from which two words count as spellings of one."""

MAX_SQUASHED = 600
"""Bytes of squashed text that are searched for a word; what follows is prose."""


@dataclass(frozen=True, slots=True)
class Squashed:
    """Texts written without spaces, as one buffer.

    Attributes
    ----------
    text : NDArray[np.uint8]
        UTF-8 bytes of all texts, one after the other.
    offsets : NDArray[np.int64]
        Shape (n_texts + 1,): text i is ``text[offsets[i]:offsets[i + 1]]``.
    """

    text: NDArray[np.uint8]
    offsets: NDArray[np.int64]


def to_buffer(strings: pa.Array) -> Squashed:
    """Return the bytes of an array of strings without nulls."""
    strings = strings.cast(pa.large_string())
    offsets = np.frombuffer(strings.buffers()[1], dtype=np.int64)[
        strings.offset : strings.offset + len(strings) + 1
    ]
    data = strings.buffers()[2]
    text = np.frombuffer(data, dtype=np.uint8) if data else np.zeros(0, dtype=np.uint8)
    return Squashed(text, offsets.copy())


def best_matches(
    first: Ints, second: Ints, words: NDArray[np.object_], scorer: Callable[..., float]
) -> Floats:
    """Return, for each word of `first`, the similarity of the nearest word of `second`.

    Parameters
    ----------
    first, second : Ints
        Shape (n_pairs, n): token numbers, -1 where there is none.
    words : NDArray[np.object_]
        Shape (n_vocabulary,): the tokens.
    scorer : Callable
        A normalised similarity of rapidfuzz.

    Returns
    -------
    Floats
        Shape (n_pairs, n): 0 where there is no word on a side.
    """
    n_pairs, n = first.shape
    one, other = np.repeat(first, n, axis=1).ravel(), np.tile(second, (1, n)).ravel()
    known = np.flatnonzero((one >= 0) & (other >= 0))
    keys = (one[known].astype(np.int64) << 32) | other[known]
    unique, place = np.unique(keys, return_inverse=True)
    score = process.cpdist(
        words[unique >> 32],
        words[unique & 0xFFFFFFFF],
        scorer=scorer,
        dtype=np.float32,
    )
    grid = np.zeros(n_pairs * n * n, dtype=np.float32)
    grid[known] = score[place]
    return np.asarray(grid.reshape(n_pairs, n, n).max(axis=2))


@dataclass(frozen=True, slots=True)
class SoftWords:
    """How much of each text the other explains once spelling is forgiven.

    A word is explained if the other side has it, has it inside its text written without spaces, or
    has a word spelt nearly so. Numbers are never matched fuzzily.

    Attributes
    ----------
    words : Terms
        Token set of the whole text, numbers weighing nothing.
    vocabulary : NDArray[np.object_]
        The tokens as strings.
    spelt : Squashed
        The tokens as bytes.
    texts : Squashed
        Whole text of each record, squashed.
    ignored : int
        Bits of the ignored axes.
    """

    words: Terms
    vocabulary: NDArray[np.object_]
    spelt: Squashed
    texts: Squashed
    ignored: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return ("soft_cover_min", "soft_cover_max", "soft_left_over_min", "soft_left_over_max")

    def compare(self, pairs: Pairs) -> Floats:
        """Return covered shares and left-over weights; NaN where a side has no word."""
        raw = raw_overlaps(self.words, pairs, self.ignored)
        only_left = self._unmatched(pairs.left, pairs.right)
        only_right = self._unmatched(pairs.right, pairs.left)
        near_left = best_matches(
            only_left, only_right, self.vocabulary, JaroWinkler.normalized_similarity
        )
        near_right = best_matches(
            only_right, only_left, self.vocabulary, JaroWinkler.normalized_similarity
        )
        covered_left = raw[:, 5] + self._explained(only_left, near_left, pairs.right)
        covered_right = raw[:, 5] + self._explained(only_right, near_right, pairs.left)
        features = columns(
            *ordered(ratio(covered_left, raw[:, 3]), ratio(covered_right, raw[:, 4])),
            *ordered(raw[:, 3] - covered_left, raw[:, 4] - covered_right),
        )
        features[(raw[:, 0] == 0) | (raw[:, 1] == 0)] = np.nan
        return features

    def _unmatched(self, first: Ints, second: Ints) -> Ints:
        words = self.words
        return unmatched(
            words.indptr,
            words.terms,
            words.axes,
            words.idf,
            first,
            second,
            np.uint32(self.ignored),
            N_BEST,
        )

    def _explained(self, only: Ints, near: Floats, others: Ints) -> Floats:
        weights = np.where(only >= 0, self.words.idf[only], np.float32(0))
        by_spelling = near >= SIMILAR
        by_spelling_weight = (weights * near * by_spelling).sum(axis=1, dtype=np.float32)
        rest = np.where(by_spelling, -1, only)
        rest.sort(axis=1)  # the kernel stops at the first -1: put them last
        return np.asarray(
            by_spelling_weight
            + contained(
                np.ascontiguousarray(rest[:, ::-1]),
                self.words.idf,
                self.spelt.text,
                self.spelt.offsets,
                self.texts.text,
                self.texts.offsets,
                others,
            )
        )


@dataclass(frozen=True, slots=True)
class ModelNumbers:
    """Agreement of model numbers: the same, one inside the other's text, or nearly the same.

    Attributes
    ----------
    models : Terms
        Set of squashed model numbers.
    vocabulary : NDArray[np.object_]
        The squashed spellings as strings.
    spelt : Squashed
        The same as bytes.
    texts : Squashed
        Whole text of each record, squashed.
    ignored : int
        Bits of the ignored axes.
    """

    models: Terms
    vocabulary: NDArray[np.object_]
    spelt: Squashed
    texts: Squashed
    ignored: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return (
            "models_shared_weight",
            "models_only_min",
            "models_only_max",
            "models_inside_min",
            "models_inside_max",
            "models_nearest_min",
            "models_nearest_max",
            "models_both",
        )

    def compare(self, pairs: Pairs) -> Floats:
        """Return the agreement of model numbers; NaN where neither side has one."""
        raw = raw_overlaps(self.models, pairs, self.ignored)
        only_left, inside_left = self._inside(pairs.left, pairs.right)
        only_right, inside_right = self._inside(pairs.right, pairs.left)
        near_left = best_matches(
            only_left, only_right, self.vocabulary, Levenshtein.normalized_similarity
        )
        near_right = best_matches(
            only_right, only_left, self.vocabulary, Levenshtein.normalized_similarity
        )
        shared = raw[:, 5]
        features = columns(
            shared,
            *ordered(raw[:, 3] - shared - inside_left, raw[:, 4] - shared - inside_right),
            *ordered(
                ratio(shared + inside_left, raw[:, 3]), ratio(shared + inside_right, raw[:, 4])
            ),
            *ordered(near_left.max(axis=1), near_right.max(axis=1)),
            ((raw[:, 0] > 0) & (raw[:, 1] > 0)).astype(np.float32),
        )
        features[(raw[:, 0] == 0) & (raw[:, 1] == 0)] = np.nan
        return features

    def _inside(self, first: Ints, second: Ints) -> tuple[Ints, Floats]:
        models = self.models
        only = unmatched(
            models.indptr,
            models.terms,
            models.axes,
            models.idf,
            first,
            second,
            np.uint32(self.ignored),
            N_BEST,
        )
        inside = contained(
            only,
            models.idf,
            self.spelt.text,
            self.spelt.offsets,
            self.texts.text,
            self.texts.offsets,
            second,
        )
        return only, inside


def without_numbers(terms: Terms, vocabulary: Vocabulary) -> Terms:
    """Return the terms with numbers, quantities and model numbers weighing nothing."""
    plain = ~np.isin(vocabulary.kinds, [NUMBER, QUANTITY, MODEL])
    return replace(terms, idf=np.where(plain, terms.idf, np.float32(0)).astype(np.float32))
