"""Similarity of whole strings: the title as it is written, masked values left out."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from matcher.features.comparison import columns
from matcher.types import Floats, Pairs, Terms

Strings = NDArray[np.object_]


def join_terms(terms: Terms, words: pa.StringArray, ignored: int, separator: str) -> Strings:
    """Write the terms of each record as one string, in their order, ignored axes left out."""
    keep = (terms.axes & np.uint32(ignored)) == 0
    offsets = np.concatenate([[0], np.cumsum(keep)])[terms.indptr]
    lists = pa.LargeListArray.from_arrays(
        pa.array(offsets, pa.int64()), words.take(pa.array(terms.terms[keep]))
    )
    joined = pc.binary_join(lists, separator)
    return np.asarray(joined.to_numpy(zero_copy_only=False), dtype=object)


def similarities(scorer: Callable[..., float], first: Strings, second: Strings) -> Floats:
    """Return a rapidfuzz similarity (0 to 1) of each pair of strings, NaN where one is empty."""
    empty = (first == "") | (second == "")
    score = process.cpdist(first, second, scorer=scorer, dtype=np.float32)
    score = score if scorer is JaroWinkler.normalized_similarity else score / np.float32(100)
    score[empty] = np.nan
    return np.asarray(score, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class TitleStrings:
    """Edit similarities of titles.

    Attributes
    ----------
    titles : Strings
        Shape (n_records,): titles in normal form, the values of ignored axes left out.
    """

    titles: Strings

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return ("title_ratio", "title_token_set", "title_partial", "title_winkler")

    def compare(self, pairs: Pairs) -> Floats:
        """Return the similarities, 0 to 1; NaN where a title is missing."""
        left, right = self.titles[pairs.left], self.titles[pairs.right]
        return columns(
            similarities(fuzz.ratio, left, right),
            similarities(fuzz.token_set_ratio, left, right),
            similarities(fuzz.partial_ratio, left, right),
            similarities(JaroWinkler.normalized_similarity, left, right),
        )


@dataclass(frozen=True, slots=True)
class ColumnStrings:
    """Edit similarity of one column's text, for models trained on that catalogue.

    Attributes
    ----------
    column : str
        Its name.
    texts : Strings
        Shape (n_records,): values in normal form, empty where missing.
    """

    column: str
    texts: Strings

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return (f"column:{self.column}:ratio", f"column:{self.column}:token_set")

    def compare(self, pairs: Pairs) -> Floats:
        """Return the similarities, 0 to 1; NaN where a value is missing."""
        left, right = self.texts[pairs.left], self.texts[pairs.right]
        return columns(
            similarities(fuzz.ratio, left, right), similarities(fuzz.token_set_ratio, left, right)
        )
