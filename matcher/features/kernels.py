"""Loops over terms of pairs, compiled by numba.

Measured on two cores: merging two sorted token lists costs 60 to 200 ns a pair here and 1 to 2 us
as sparse row products. Kernels release the GIL, are compiled once and kept in a cache on disk.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from matcher.types import Bits, Floats, Ints, Longs

_Function = TypeVar("_Function", bound=Callable[..., Any])

N_OVERLAPS = 12
"""Columns of `overlaps`."""


def kernel(function: _Function) -> _Function:
    """Compile a function with numba, without the GIL, cached on disk."""
    return cast("_Function", numba.njit(nogil=True, cache=True)(function))


@kernel
def overlaps(
    indptr: Longs,
    terms: Ints,
    axes: Bits,
    weights: Floats,
    left: Ints,
    right: Ints,
    ignored: np.uint32,
) -> Floats:
    """Compare the term sets of pairs.

    Terms of weight 0 and terms of an ignored axis do not exist. Columns of the result: number of
    terms left, right and shared; their summed weights; summed squared weights; the largest weight
    that only the left has, only the right has, and that is shared.
    """
    out = np.zeros((len(left), 12), dtype=np.float32)
    for pair in range(len(left)):
        i, i_end = indptr[left[pair]], indptr[left[pair] + 1]
        j, j_end = indptr[right[pair]], indptr[right[pair] + 1]
        row = out[pair]
        while i < i_end or j < j_end:
            from_left = i < i_end and (j >= j_end or terms[i] <= terms[j])
            from_right = j < j_end and (i >= i_end or terms[j] <= terms[i])
            weight = weights[terms[i]] if from_left else weights[terms[j]]
            # A term that is an axis value on one side is one on the other side too.
            masked = (from_left and axes[i] & ignored) or (from_right and axes[j] & ignored)
            has_left = from_left and weight > 0 and not masked
            has_right = from_right and weight > 0 and not masked
            if has_left:
                row[0] += 1
                row[3] += weight
                row[6] += weight * weight
            if has_right:
                row[1] += 1
                row[4] += weight
                row[7] += weight * weight
            if has_left and has_right:
                row[2] += 1
                row[5] += weight
                row[8] += weight * weight
                row[11] = max(row[11], weight)
            elif has_left:
                row[9] = max(row[9], weight)
            elif has_right:
                row[10] = max(row[10], weight)
            i += from_left
            j += from_right
    return out


@kernel
def unmatched(
    indptr: Longs,
    terms: Ints,
    axes: Bits,
    weights: Floats,
    left: Ints,
    right: Ints,
    ignored: np.uint32,
    n_best: int,
) -> Ints:
    """Return the `n_best` heaviest terms that `left` has and `right` lacks.

    The result has shape (n_pairs, n_best), heaviest first, -1 where there is no more.
    """
    out = np.full((len(left), n_best), -1, dtype=np.int32)
    for pair in range(len(left)):
        j, j_end = indptr[right[pair]], indptr[right[pair] + 1]
        row = out[pair]
        for i in range(indptr[left[pair]], indptr[left[pair] + 1]):
            term = terms[i]
            weight = weights[term]
            if weight <= 0 or (axes[i] & ignored) != 0:
                continue
            while j < j_end and terms[j] < term:
                j += 1
            if j < j_end and terms[j] == term:
                continue
            for place in range(n_best):
                if row[place] < 0 or weights[row[place]] < weight:
                    for later in range(n_best - 1, place, -1):
                        row[later] = row[later - 1]
                    row[place] = term
                    break
    return out


@kernel
def _contains(text: NDArray[np.uint8], word: NDArray[np.uint8]) -> bool:
    first = word[0]
    for start in range(len(text) - len(word) + 1):
        if text[start] != first:
            continue
        place = 1
        while place < len(word) and text[start + place] == word[place]:
            place += 1
        if place == len(word):
            return True
    return False


@kernel
def contained(
    candidates: Ints,
    weights: Floats,
    words: NDArray[np.uint8],
    word_offsets: Longs,
    texts: NDArray[np.uint8],
    text_offsets: Longs,
    records: Ints,
) -> Floats:
    """Sum the weights of the candidate terms that stand inside the squashed text of a record.

    `candidates` has shape (n_pairs, n_best) as `unmatched` returns it, `records` (n_pairs,).
    """
    out = np.zeros(len(records), dtype=np.float32)
    for pair in range(len(records)):
        text = texts[text_offsets[records[pair]] : text_offsets[records[pair] + 1]]
        for term in candidates[pair]:
            if term < 0:
                break
            word = words[word_offsets[term] : word_offsets[term + 1]]
            if len(word) >= 3 and _contains(text, word):  # shorter ones are found by chance
                out[pair] += weights[term]
    return out


@kernel
def standing(
    indptr: Longs,
    neighbours: Ints,
    similarities: Floats,
    records: Ints,
    others: Ints,
    similarity: Floats,
) -> Floats:
    """Say how a pair stands among all candidates of one of its records.

    Columns of the result: rank (1 is best, ties share the better rank); similarity minus and
    divided by that of the best other candidate; softmax share among the ten best; distance from
    the mean of the ten best in standard deviations; number of other candidates. The
    pair itself need not be a candidate.
    """
    out = np.full((len(records), 6), np.nan, dtype=np.float32)
    best = np.empty(10, dtype=np.float32)
    for pair in range(len(records)):
        own = similarity[pair]
        rank, n_others, n_best = 1, 0, 0
        for place in range(indptr[records[pair]], indptr[records[pair] + 1]):
            if neighbours[place] == others[pair]:
                continue
            value = similarities[place]
            n_others += 1
            rank += value > own
            if n_best < 10 or value > best[n_best - 1]:
                n_best = min(n_best + 1, 10)
                spot = n_best - 1
                while spot > 0 and best[spot - 1] < value:
                    best[spot] = best[spot - 1]
                    spot -= 1
                best[spot] = value
        row = out[pair]
        row[0] = rank
        row[5] = n_others
        if n_best == 0:
            continue
        row[1] = own - best[0]
        row[2] = own / max(best[0], np.float32(1e-6))
        total, mean = np.float32(1.0), np.float32(0.0)
        for place in range(n_best):
            total += np.exp(10 * (best[place] - own))  # 10: similarities lie in 0 to 1
            mean += best[place]
        row[3] = 1 / total
        mean /= n_best
        spread = np.float32(0.0)
        for place in range(n_best):
            spread += (best[place] - mean) ** 2
        row[4] = (own - mean) / max(np.sqrt(spread / n_best), np.float32(0.02))
    return out
