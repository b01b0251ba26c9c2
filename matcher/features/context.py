"""Context among candidates: how a pair stands beside the other candidates of its two records.

A similarity of 0.6 is a match where every other candidate has 0.2 and none where three have 0.7.
Worth more than any other family on hard data (EVIDENCE.md section 1: 0.7 to 4.4 points of F1).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.features.candidate_kernels import leaders, similarity_between, spread, standings
from matcher.features.kernels import shared_squares, squares
from matcher.features.sets import cosine, raw_overlaps
from matcher.memory import Keep, in_memory
from matcher.types import Floats, Longs, Pairs, Terms

InChunks = Callable[[Callable[[Pairs], Floats], Pairs], list[Floats]]
"""What lets a function answer for one chunk of pairs after another, on threads perhaps."""

Together = Callable[..., list[Any]]
"""What calls functions without arguments, all at once perhaps, and returns their answers; the last
of them on the caller's thread."""


def one_by_one(function: Callable[[Pairs], Floats], pairs: Pairs) -> list[Floats]:
    """Return what `function` answers for each chunk of `pairs`, in order."""
    return [function(chunk) for chunk in pairs.chunks(1 << 18)]


def in_turn(*tasks: Callable[[], Any]) -> list[Any]:
    """Return what each task answers, one called after the other."""
    return [task() for task in tasks]


@dataclass(frozen=True, slots=True)
class Means:
    """How a catalogue is made ready: as it is here, or by an engine.

    Attributes
    ----------
    in_chunks : InChunks
        Compares all candidates, for the context.
    together : Together
        Does at once what does not wait for each other.
    keep : Keep
        How to keep what is made.
    """

    in_chunks: InChunks = one_by_one
    together: Together = in_turn
    keep: Keep = in_memory


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The candidates of every record.

    Attributes
    ----------
    pairs : Pairs
        The candidate pairs.
    indptr : Longs
        Shape (n_records + 1,): what is known of the candidates of record i, by the other record
        ascending, stands at ``indptr[i]`` to ``indptr[i + 1]`` of arrays of shape (2 * n_pairs,).
    starts : Longs
        Shape (n_records + 1,): numbers of the first pairs with each record on the left.
    """

    pairs: Pairs
    indptr: Longs
    starts: Longs


def neighbourhood(n_records: int, pairs: Pairs) -> Neighbourhood:
    """Arrange candidate pairs by record."""
    n_left = np.bincount(pairs.left, minlength=n_records)
    n_every = n_left + np.bincount(pairs.right, minlength=n_records)
    indptr, starts = (np.concatenate([[0], np.cumsum(counts)]) for counts in (n_every, n_left))
    return Neighbourhood(pairs, indptr, starts)


@dataclass(frozen=True, slots=True)
class Context:
    """Standing of pairs among the candidates, by the cosine of one view of the records.

    Attributes
    ----------
    view : str
        Prefix of the feature names.
    terms : Terms
        The term set whose IDF-weighted cosine is the similarity.
    ignored : int
        Bits of the ignored axes.
    around : Neighbourhood
        All candidates.
    lengths : Floats
        Shape (n_records,): `lengths_of` the records.
    similarities : Floats
        Shape (2 * n_pairs,): that similarity of each neighbour.
    leading : tuple[NDArray[np.float64], Floats]
        `kernels.leaders` of each record.
    """

    view: str
    terms: Terms
    ignored: int
    around: Neighbourhood
    lengths: Floats
    similarities: Floats
    leading: tuple[NDArray[np.float64], Floats]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return _names(self.view)

    def compare(self, pairs: Pairs) -> Floats:
        """Return the standing on both sides, smaller and larger; NaN without other candidates."""
        around, indptr, similarities = self.around, self.around.indptr, self.similarities
        similarity = similarity_between(
            indptr, around.starts, around.pairs.right, similarities, pairs.left, pairs.right
        )
        is_candidate = ~np.isnan(similarity)
        others = np.flatnonzero(~is_candidate)
        if len(others):
            chosen = Pairs(pairs.left[others], pairs.right[others])
            similarity[others] = similarity_of(self.terms, chosen, self.ignored, self.lengths)
        among = (indptr, similarities, self.leading)
        return standings(*among, pairs.left, pairs.right, similarity, is_candidate).T


@lru_cache(maxsize=256)  # every search asks for them
def _names(view: str) -> tuple[str, ...]:
    parts = ("rank", "gap", "ratio", "share", "deviation", "others")
    sides = tuple(f"{view}_{part}_{side}" for part in parts for side in ("min", "max"))
    return (*sides, f"{view}_mutual_best")


def lengths_of(terms: Terms) -> Floats:
    """Return the squared length of each record in a view of which nothing is ignored."""
    return squares(terms.indptr, terms.terms, terms.idf)


def similarity_of(terms: Terms, pairs: Pairs, ignored: int, lengths: Floats) -> Floats:
    """Return the cosine of a view for pairs, 0 where a side is empty; `lengths` as by `lengths_of`.

    Where something is ignored a length depends on the other record too: what is an axis value there
    is one here.
    """
    if ignored:
        similarity = cosine(raw_overlaps(terms, pairs, ignored))
        similarity[np.isnan(similarity)] = 0
        return similarity
    left, right = pairs.left, pairs.right
    both = shared_squares(terms.indptr, terms.terms, terms.idf, left, right)
    similarity, product = np.zeros(len(pairs), np.float32), lengths[left] * lengths[right]
    np.divide(both, np.sqrt(product), out=similarity, where=product > 0)
    return similarity


def context_of(
    view: str, terms: Terms, ignored: int, around: Neighbourhood, in_chunks: InChunks = one_by_one
) -> Context:
    """Measure the candidates by one view and return the comparison that places pairs among them."""
    lengths = lengths_of(terms)

    def measure(chunk: Pairs) -> Floats:
        return similarity_of(terms, chunk, ignored, lengths)

    similarity = np.concatenate([np.zeros(0, np.float32), *in_chunks(measure, around.pairs)])
    pairs = around.pairs
    similarities = spread(around.indptr, pairs.left, pairs.right, similarity)
    leading = leaders(around.indptr, similarities)
    return Context(view, terms, ignored, around, lengths, similarities, leading)
