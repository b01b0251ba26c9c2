"""Hashed character 3-grams, computed once for each word of the vocabulary."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.records.hashing import MIXING, byte_view, mix
from matcher.records.terms import Rows, finish, indptr_of, parts_of
from matcher.types import Bits, Ints, Terms

N_BUCKETS = 2**18
# Distinct 3-grams of 100,000 titles number about 40,000: few of them share a bucket.


def hash_grams(tokens: Rows, axes: Bits, grams: Rows) -> Terms:
    """Return the set of 3-grams of every record's tokens, each token between two spaces.

    No gram spans two tokens: that costs nothing in recall (abt-buy, amazon-google, walmart-amazon,
    dblp-acm: within 0.1 points) and saves a sixth of the grams.

    Parameters
    ----------
    tokens : Rows
        Tokens in the order of the text.
    axes : Bits
        Shape (n_terms,): bits of the tokens.  A gram has the bits that all of its occurrences in
        the record have.
    grams : Rows
        Those of each word of the vocabulary, by `grams_of_words`.

    Returns
    -------
    Terms
        Term numbers below `N_BUCKETS`.
    """
    found, bits = parts_of(tokens, axes, grams)
    return finish(found, N_BUCKETS, bits, is_set=True)


def gram_terms(tokens: Sequence[str], bits: Sequence[int]) -> tuple[Ints, Bits]:
    """Return the 3-grams of one record and their bits, as `hash_grams` those of many."""
    found: dict[int, int] = {}
    for token, own in zip(tokens, bits, strict=True):
        for gram in _grams_of_word(token):
            found[gram] = found.get(gram, own) & own
    grams = sorted(found)
    return np.array(grams, np.int32), np.array([found[gram] for gram in grams], np.uint32)


@lru_cache(maxsize=1 << 16)
def _grams_of_word(word: str) -> tuple[int, ...]:
    points, grams = [ord(" "), *map(ord, word), ord(" ")], []
    for place in range(len(word)):
        first, second, third = points[place : place + 3]
        value = first * 0x10001**2 + second * 0x10001 + third
        for shift, factor in MIXING:  # as `mix` does, modulo 2**64
            value = (value ^ (value >> shift)) * factor % 2**64
        grams.append((value ^ (value >> 31)) >> (64 - 18))
    return tuple(grams)


def grams_of_words(words: pa.StringArray) -> Rows:
    """Return the buckets of the grams of each word: one for each letter."""
    spaced = pc.binary_join_element_wise(words, pa.scalar(""), " ")
    data, _ = byte_view(spaced)
    text = " " + data.tobytes().decode()
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    triples = points[:-2] * np.uint64(0x10001) ** np.uint64(2)
    triples += points[1:-1] * np.uint64(0x10001)
    triples += points[2:]
    buckets = (mix(triples) >> np.uint64(64 - 18)).astype(np.int32)
    lengths = np.asarray(pc.utf8_length(words))
    return Rows(indptr_of(lengths), buckets[points[1:-1] != ord(" ")])
