"""Learned words: which shared words speak for a match, and which differing ones against it.

"Refurbished" on one side only decides in one catalogue and is noise in the next; labels tell.
"""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_array, hstack

from matcher.features.comparison import columns
from matcher.features.sets import as_set, raw_overlaps
from matcher.types import Floats, LearnedWords, Pairs, Records, Terms


def word_indicators(records: Records, pairs: Pairs, ignored: int) -> csr_array:
    """Return which words of the titles two records share, and which only one of them has.

    Parameters
    ----------
    records : Records
        The catalogue.
    pairs : Pairs
        Pairs of it.
    ignored : int
        Bits of the ignored axes, whose words do not exist.

    Returns
    -------
    csr_array
        Shape (n_pairs, 2 * n_vocabulary), 0 and 1: shared words, then words of one side only.
    """
    title = as_set(records.title)
    seen = (title.axes & np.uint32(ignored)) == 0
    # int32: scikit-learn takes no wider indices.
    indptr = np.concatenate([[0], np.cumsum(seen)])[title.indptr].astype(np.int32)
    terms = title.terms[seen]
    shape = (len(records), len(title.idf))
    words = csr_array((np.ones(len(terms), np.float32), terms, indptr), shape=shape)
    left, right = words[pairs.left], words[pairs.right]
    shared = left.multiply(right)
    return csr_array(hstack([shared, abs(left - right)]))


@dataclass(frozen=True, slots=True)
class WordMargin:
    """What learned words say of a pair.

    Attributes
    ----------
    shared, only : Terms
        Title tokens whose `idf` is the learned weight where both records have the token, and where
        one has.
    shift : float
        Margin of two titles without a learned word.
    ignored : int
        Bits of the ignored axes.
    """

    shared: Terms
    only: Terms
    shift: float
    ignored: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return ("word_margin",)

    def compare(self, pairs: Pairs) -> Floats:
        """Return the margin of a logistic regression over words."""
        # Weights below 0 do not exist for the kernel: both signs are looked up apart.
        margin = np.full(len(pairs), self.shift, dtype=np.float32)
        for sign in (1, -1):
            shared = raw_overlaps(_signed(self.shared, sign), pairs, self.ignored)
            only = raw_overlaps(_signed(self.only, sign), pairs, self.ignored)
            margin += sign * (shared[:, 5] + only[:, 3] + only[:, 4] - 2 * only[:, 5])
        return columns(margin)


def _signed(terms: Terms, sign: int) -> Terms:
    return replace(terms, idf=np.maximum(sign * terms.idf, 0).astype(np.float32))


def word_margin(records: Records, learned: LearnedWords, ignored: int) -> WordMargin:
    """Return the comparison by learned words, for the vocabulary of a catalogue."""
    title = as_set(records.title)
    place = pc.fill_null(pc.index_in(records.vocabulary.words, value_set=learned.words), -1)
    places = np.asarray(place.to_numpy(zero_copy_only=False), dtype=np.int64)
    return WordMargin(
        shared=replace(title, idf=np.append(learned.shared, np.float32(0))[places]),
        only=replace(title, idf=np.append(learned.only, np.float32(0))[places]),
        shift=learned.shift,
        ignored=ignored,
    )


def name_words(records: Records, weights: Floats, shift: float) -> LearnedWords:
    """Give the weights of a regression over `word_indicators` the words that they belong to.

    Parameters
    ----------
    records : Records
        The catalogue.
    weights : Floats
        Shape (2 * n_vocabulary,).
    shift : float
        The regression's intercept.
    """
    shared, only = np.split(weights.astype(np.float32), 2)
    known = np.flatnonzero((shared != 0) | (only != 0))
    words = records.vocabulary.words.take(pa.array(known))
    return LearnedWords(words, shared[known], only[known], shift)
