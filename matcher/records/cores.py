"""The core of a title: what is left of it without its options and its brand."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.records.terms import Rows, finish, keep_tokens, parts_of
from matcher.types import Bits, Bools, Ints, Terms


def find_cores(title: Rows, options: Bits, is_left_out: Bools, repaired: Ints) -> Terms:
    """Return the core of each title: the words that name the product, as a set.

    Records of one family have equal cores however they write their options; where cores differ
    ("Galaxy S21" and "Galaxy S21 Plus") and both are common, they are two products.

    Parameters
    ----------
    title : Rows
        Tokens of the titles.
    options : Bits
        Shape (n_terms,): not 0 where a token is part of an axis value.
    is_left_out : Bools
        Shape (n_terms,): whether a token is part of the record's brand, or a word like "size".
    repaired : Ints
        Shape (n_vocabulary,): right spelling of each token.
    """
    kept = options == 0
    bare = keep_tokens(title, kept & ~is_left_out)
    # A title that is nothing but its brand keeps it.
    is_brand_only = np.repeat(np.diff(bare.indptr) == 0, np.diff(title.indptr))
    left = keep_tokens(title, kept & (~is_left_out | is_brand_only))
    right = Rows(np.arange(len(repaired) + 1), repaired)
    core, bits = parts_of(left, np.zeros(len(left.terms), np.uint8), right)
    return finish(core, len(repaired), bits, is_set=True)


def mark_brands(title: Rows, brands: Ints, names: Sequence[str], words: pa.StringArray) -> Bools:
    """Return which tokens of the titles are words of the record's own brand, shape (n_terms,).

    Parameters
    ----------
    title : Rows
        Tokens of the titles.
    brands : Ints
        Shape (n_records,): number of the brand, -1 where unknown.
    names : Sequence[str]
        The brands.
    words : pa.StringArray
        The vocabulary.
    """
    pairs = [(number, word) for number, name in enumerate(names) for word in set(name.split())]
    if not pairs:
        return np.zeros(len(title.terms), dtype=np.bool_)
    numbers, spelled = zip(*pairs, strict=True)
    terms = np.asarray(pc.index_in(pa.array(spelled), value_set=words).fill_null(-1))
    known = terms >= 0
    wanted = np.unique((np.array(numbers, dtype=np.int64)[known] << 32) | terms[known])
    is_word = np.zeros(len(words), dtype=np.bool_)
    is_word[terms[known]] = True
    marked = is_word[title.terms]
    at = np.flatnonzero(marked)
    found = (brands[title.owners()[at]].astype(np.int64) << 32) | title.terms[at]
    place = np.minimum(np.searchsorted(wanted, found), len(wanted) - 1)  # isin sorts what is found
    marked[at] = wanted[place] == found
    return marked
