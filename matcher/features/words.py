"""Learned words: which shared words speak for a match, and which differing ones against it.

"Refurbished" on one side only decides in one catalogue and is noise in the next; labels tell.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_array, hstack

from matcher.features.comparison import columns
from matcher.features.kernels import term_margins
from matcher.features.sets import as_set, keep, leave_out
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
    title = leave_out(as_set(records.title), ignored)
    ones = np.ones(len(title.terms), np.float32)
    indptr = title.indptr.astype(np.int32)  # scikit-learn takes no wider indices
    words = csr_array((ones, title.terms, indptr), shape=(len(records), len(title.idf)))
    left, right = words[pairs.left], words[pairs.right]
    shared = left.multiply(right)
    return csr_array(hstack([shared, abs(left - right)]))


@dataclass(frozen=True, slots=True)
class WordMargin:
    """What learned words say of a pair.

    Attributes
    ----------
    tokens : Terms
        Learned tokens of the titles, as a set.
    shared, only : Floats
        Shape (n_vocabulary,): weight of each token where both records have it, and where one has.
    shift : float
        Margin of two titles without a learned word.
    ignored : int
        Bits of the ignored axes.
    """

    tokens: Terms
    shared: Floats
    only: Floats
    shift: float
    ignored: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return ("word_margin",)

    def compare(self, pairs: Pairs) -> Floats:
        """Return the margin of a logistic regression over words."""
        margin = term_margins(
            self.tokens.indptr,
            self.tokens.terms,
            self.tokens.axes,
            self.shared,
            self.only,
            pairs.left,
            pairs.right,
            np.uint32(self.ignored),
        )
        return columns(margin + np.float32(self.shift))


def word_margin(records: Records, learned: LearnedWords, ignored: int) -> WordMargin:
    """Return the comparison by learned words, for the vocabulary of a catalogue."""
    place = pc.fill_null(pc.index_in(records.vocabulary.words, value_set=learned.words), -1)
    places = np.asarray(place.to_numpy(zero_copy_only=False), dtype=np.int64)
    return WordMargin(
        tokens=keep(as_set(records.title), places >= 0),
        shared=np.append(learned.shared, np.float32(0))[places],
        only=np.append(learned.only, np.float32(0))[places],
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
