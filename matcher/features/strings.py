"""Similarity of whole strings: the title as it is written, masked values left out."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from matcher.features.alignment import string_similarities, token_set_ratios, word_shapes
from matcher.features.comparison import columns, unique_keys
from matcher.features.letters import Letters, join_letters, number_letters
from matcher.features.sets import as_set, leave_out
from matcher.types import Floats, Ints, Pairs, Records, Terms

Strings = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Spelling:
    """How the tokens of a catalogue are spelt.

    Attributes
    ----------
    letters : Letters
        Letters of each token; a space has number 0.
    ranks : Ints
        Shape (n_vocabulary,): alphabetical place of each token.
    shapes : NDArray[np.uint64]
        Shape (n_vocabulary,): `alignment.word_shapes` of the tokens.
    """

    letters: Letters
    ranks: Ints
    shapes: NDArray[np.uint64]


def spell(words: pa.Array) -> Spelling:
    """Spell the tokens of a vocabulary, none of which has a space in it."""
    letters = number_letters(words)
    ranks = np.empty(len(words), dtype=np.int32)
    ranks[pc.array_sort_indices(words).to_numpy()] = np.arange(len(words), dtype=np.int32)
    return Spelling(letters, ranks, word_shapes(letters.codes, letters.offsets))


@dataclass(frozen=True, slots=True)
class TitleStrings:
    """Edit similarities of titles.

    Attributes
    ----------
    titles : Letters
        Titles in normal form, the values of ignored axes left out.
    tokens : Terms
        Their tokens as a set, those of ignored axes left out.
    spelling : Spelling
        Of the tokens.
    """

    titles: Letters
    tokens: Terms
    spelling: Spelling

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return ("title_ratio", "title_token_set", "title_partial", "title_winkler")

    def compare(self, pairs: Pairs) -> Floats:
        """Return the similarities, 0 to 1; NaN where a title is missing."""
        titles, words = self.titles, self.spelling.letters
        whole = string_similarities(
            titles.codes, titles.offsets, titles.n_codes, titles.longest, pairs.left, pairs.right
        )
        token_set = token_set_ratios(
            self.tokens.indptr,
            self.tokens.terms,
            self.spelling.ranks,
            words.codes,
            words.offsets,
            words.n_codes,
            titles.longest,
            pairs.left,
            pairs.right,
        )
        return columns(whole[:, 0], token_set, whole[:, 1], whole[:, 2])


def title_strings(records: Records, spelling: Spelling, ignored: int) -> TitleStrings:
    """Make the comparison of titles under one set of ignored axes.

    Parameters
    ----------
    records : Records
        The catalogue.
    spelling : Spelling
        Of its vocabulary.
    ignored : int
        Bits of the ignored axes.
    """
    kept = leave_out(records.title, ignored)
    titles = join_letters(records.title, ignored, spelling.letters)
    return TitleStrings(titles, as_set(kept), spelling)


@dataclass(frozen=True, slots=True)
class ColumnStrings:
    """Edit similarity of one column's text, for models trained on that catalogue.

    Attributes
    ----------
    column : str
        Its name.
    forms : Ints
        Shape (n_records,): number of the text in `texts`; -1 where missing.
    texts : Strings
        Shape (n_texts,): the different texts in normal form.
    """

    column: str
    forms: Ints
    texts: Strings

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return (f"column:{self.column}:ratio", f"column:{self.column}:token_set")

    def compare(self, pairs: Pairs) -> Floats:
        """Return the similarities, 0 to 1; NaN where a value is missing."""
        left, right = self.forms[pairs.left], self.forms[pairs.right]
        out = np.full((2, len(pairs)), np.nan, dtype=np.float32).T
        out[(left >= 0) & (left == right)] = 1
        differs = np.flatnonzero((left >= 0) & (right >= 0) & (left != right))
        first, second, place = unique_keys(left[differs], right[differs])
        for column, scorer in enumerate((fuzz.ratio, fuzz.token_set_ratio)):
            out[differs, column] = self._score(scorer, first, second)[place]
        return out

    def _score(self, scorer: Callable[..., float], first: Ints, second: Ints) -> Floats:
        score = process.cpdist(
            self.texts[first], self.texts[second], scorer=scorer, dtype=np.float32
        )
        return np.asarray(score / np.float32(100), dtype=np.float32)


def column_strings(name: str, text: pa.Array) -> ColumnStrings:
    """Make the comparison of a column's text; null is missing."""
    encoded = text.dictionary_encode()
    numbers = encoded.indices.to_numpy(zero_copy_only=False)
    if text.null_count:
        numbers = np.where(np.isnan(numbers), -1, numbers)
    texts = encoded.dictionary.to_numpy(zero_copy_only=False)
    return ColumnStrings(name, numbers.astype(np.int32), np.asarray(texts, dtype=object))
