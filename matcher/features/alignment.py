"""Letter-by-letter similarity of texts, compiled by numba.

The measures and their values are rapidfuzz's, which the tests compare with.  rapidfuzz holds the
GIL in `process.cpdist`, so two threads gain nothing; and it starts afresh for every measure.
Measured on titles of 62 letters: ratio, partial ratio, token set ratio and Jaro-Winkler cost 7.4 us
a pair there and 1.7 us here, and threads scale.

Everything that calls each other stands in this one file: numba's cache on disk notices a change of
a kernel's own file only.  Kernels take plain arrays; texts come as `letters.Letters`.
"""

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import inner_kernel, kernel
from matcher.features.letters import Codes
from matcher.types import Floats, Ints, Longs

Words = NDArray[np.uint64]
"""Shape (n_codes, n_blocks): bit b of block k is set where letter 64 k + b of a text is that."""

BLOCK = 64
"""Letters in a machine word."""


@inner_kernel
def _ones(bits: np.uint64) -> int:
    bits = bits - ((bits >> np.uint64(1)) & np.uint64(0x5555555555555555))
    bits = (bits & np.uint64(0x3333333333333333)) + (
        (bits >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))


@inner_kernel
def _mark(masks: Words, text: Codes) -> None:
    for place in range(len(text)):
        masks[text[place], place // BLOCK] |= np.uint64(1) << np.uint64(place % BLOCK)


@inner_kernel
def _unmark(masks: Words, text: Codes) -> None:
    for place in range(len(text)):
        masks[text[place], place // BLOCK] = np.uint64(0)


@inner_kernel
def _common(masks: Words, length: int, text: Codes, states: NDArray[np.uint64]) -> int:
    """Return the length of the longest common subsequence of the marked text and another.

    A word of machine bits holds 64 letters of the marked text, so a letter of the other costs a few
    instructions (Hyyro, 2004, Bit-parallel LCS-length computation revisited).
    """
    if length <= BLOCK:
        state = ~np.uint64(0)
        for code in text:
            hits = state & masks[code, 0]
            state = (state + hits) | (state - hits)
        return _ones(~state)
    n_blocks = (length + BLOCK - 1) // BLOCK
    for block in range(n_blocks):
        states[block] = ~np.uint64(0)
    for code in text:
        carry = np.uint64(0)
        for block in range(n_blocks):
            state = states[block]
            hits = state & masks[code, block]
            total = state + hits
            overflow = np.uint64(total < hits)
            total += carry
            carry = overflow | np.uint64(total < carry)
            states[block] = total | (state - hits)
    found = 0
    for block in range(n_blocks):
        found += _ones(~states[block])
    return found


@inner_kernel
def _count_common(
    masks: Words, length: int, text: Codes, step: int, states: NDArray[np.uint64], counts: Ints
) -> None:
    """Write what the marked text has in common with the first 0, 1, 2, ... letters of another.

    With a `step` of -1 with its last letters, the marked text being marked from its end.
    """
    place = 0 if step > 0 else len(text) - 1
    counts[0] = 0
    if length <= BLOCK:
        state = ~np.uint64(0)
        for end in range(np.uint64(len(text))):
            hits = state & masks[text[place], 0]
            state = (state + hits) | (state - hits)
            counts[end + np.uint64(1)] = _ones(~state)
            place += step
        return
    n_blocks = (length + BLOCK - 1) // BLOCK
    for block in range(n_blocks):
        states[block] = ~np.uint64(0)
    for end in range(len(text)):
        carry, found = np.uint64(0), 0
        for block in range(n_blocks):
            state = states[block]
            hits = state & masks[text[place], block]
            total = state + hits
            overflow = np.uint64(total < hits)
            total += carry
            carry = overflow | np.uint64(total < carry)
            states[block] = total | (state - hits)
            found += _ones(~states[block])
        counts[end + 1] = found
        place += step


@inner_kernel
def _best_part(
    masks: Words, own: Codes, text: Codes, states: NDArray[np.uint64], stack: Ints, counts: Ints
) -> tuple[float, int]:
    """Return the best ratio of a text with a part of one that is not shorter, and their common.

    Parts are windows as long as the text, and shorter ones at the two ends.  Those at an end are
    all measured in one pass.  From a window to the next the number of common letters changes by one
    at most, and no window has more than the ends that it is a part of, so most need no look.
    """
    length, last = len(own), len(text) - len(own)
    for from_end in range(1, -1, -1):  # in a loop, so that what it calls is compiled once
        for place in range(length):
            spot = length - 1 - place if from_end else place
            masks[own[place], spot // BLOCK] |= np.uint64(1) << np.uint64(spot % BLOCK)
        _count_common(masks, length, text, 1 - 2 * from_end, states, counts[from_end])
        if from_end:
            for place in range(length):
                masks[own[place], (length - 1 - place) // BLOCK] = np.uint64(0)
    best = max(counts[0, length], counts[1, length])
    stack[0, 0], stack[0, 1] = 0, last
    stack[0, 2], stack[0, 3] = counts[0, length], counts[1, length]
    n_stacked = 1
    while n_stacked > 0:
        n_stacked -= 1
        start, end, at_start, at_end = stack[n_stacked]
        bound = (at_start + at_end + end - start) // 2
        bound = min(bound, counts[0, end - 1 + length], counts[1, len(text) - 1 - start])
        if end - start < 2 or bound <= best:
            continue
        middle = (start + end) // 2
        found = _common(masks, length, text[middle : middle + length], states)
        best = max(best, found)
        above, below = stack[n_stacked], stack[n_stacked + 1]
        above[0], above[1], above[2], above[3] = start, middle, at_start, found
        below[0], below[1], below[2], below[3] = middle, end, found, at_end
        n_stacked += 2
    _unmark(masks, own)
    top, bottom = 2 * best, 2 * length
    # A part of fewer letters cannot be better, even if it has all of them in common.
    for part in range(top * length // (2 * bottom - top) + 1, length):
        found = max(counts[0, part], counts[1, part])
        if 2 * found * bottom > top * (length + part):
            top, bottom = 2 * found, length + part
    return top / bottom, counts[0, len(text)]


@inner_kernel
def _winkler(first: Codes, second: Codes, heads: Ints, following: Ints, kept: Codes) -> float:
    """Return the Jaro-Winkler similarity of two texts.

    `heads` (n_codes,) is -1 everywhere, before and after; `following` and `kept` are scratch space.
    Jaro takes, for each letter, the first free equal letter within reach.  Lists of the places of
    each letter make that linear: what lies before one letter's reach lies before the next one's.
    """
    reach = max(max(len(first), len(second)) // 2 - 1, 0)
    for place in range(len(second) - 1, -1, -1):
        following[place] = heads[second[place]]
        heads[second[place]] = place
    n_common = 0
    for place in range(len(first)):
        code = first[place]
        spot = heads[code]
        while spot >= 0 and spot < place - reach:
            spot = following[spot]
        heads[code] = spot
        if spot >= 0 and spot <= place + reach:
            heads[code] = following[spot]
            following[spot] = -2
            kept[n_common] = code
            n_common += 1
    n_moved, place = 0, 0
    for spot in range(len(second)):
        heads[second[spot]] = -1
        if following[spot] == -2:
            n_moved += kept[place] != second[spot]
            place += 1
    if n_common == 0:
        return 0.0
    share = n_common / len(first) + n_common / len(second)
    jaro = (share + (n_common - n_moved // 2) / n_common) / 3
    if jaro <= 0.7:
        return jaro
    n_prefix = 0
    while n_prefix < min(4, len(first), len(second)) and first[n_prefix] == second[n_prefix]:
        n_prefix += 1
    return jaro + 0.1 * n_prefix * (1 - jaro)


def string_similarities(
    codes: Codes, offsets: Longs, n_codes: int, longest: int, left: Ints, right: Ints
) -> Floats:
    """Return ratio, partial ratio and Jaro-Winkler of pairs of texts, shape (n_pairs, 3).

    All are 0 to 1; NaN where a text is empty. `longest` is the length of the longest text.
    """
    out = np.full((3, len(left)), np.nan, dtype=np.float32)
    n_blocks = longest // BLOCK + 1
    rows = (
        np.zeros((n_codes, n_blocks), np.uint64),
        np.empty(n_blocks, np.uint64),
        np.empty((longest + 2, 4), np.int32),
        np.empty((2, longest + 1), np.int32),
    )
    lists = (
        np.full(n_codes, -1, np.int32),
        np.empty(longest, np.int32),
        np.empty(longest, np.uint16),
    )
    _compare(codes, offsets, left, right, rows, lists, out)
    return out.T


@kernel
def _compare(
    codes: Codes,
    offsets: Longs,
    left: Ints,
    right: Ints,
    rows: tuple[Words, Words, Ints, Ints],
    lists: tuple[Ints, Ints, Codes],
    out: Floats,
) -> None:
    """Write the rows of `string_similarities`; the room of `_best_part` and `_winkler` is given."""
    masks, states, stack, counts = rows
    heads, following, kept = lists
    for pair in range(len(left)):
        one, two = left[pair], right[pair]
        if offsets[one + 1] - offsets[one] > offsets[two + 1] - offsets[two]:
            one, two = two, one
        short = codes[offsets[one] : offsets[one + 1]]
        long = codes[offsets[two] : offsets[two + 1]]
        if len(short) == 0:
            continue
        partial, common = 0.0, 0
        for turn in range(1 + (len(short) == len(long))):  # either is a part of the other then
            if partial < 1:
                own, text = (long, short) if turn else (short, long)
                found, common = _best_part(masks, own, text, states, stack, counts)
                partial = max(partial, found)
        out[0, pair] = 2 * common / (len(short) + len(long))
        out[1, pair] = partial
        out[2, pair] = _winkler(short, long, heads, following, kept)


@inner_kernel
def _write(
    terms: Ints, n_terms: int, ranks: Ints, codes: Codes, offsets: Longs, buffer: Codes
) -> int:
    """Write words in alphabetical order, a space between them, and return how many letters."""
    for end in range(1, n_terms):
        term, place = terms[end], end
        while place > 0 and ranks[terms[place - 1]] > ranks[term]:
            terms[place] = terms[place - 1]
            place -= 1
        terms[place] = term
    length = 0
    for place in range(n_terms):
        if place > 0:
            buffer[length] = 0  # a space: no letter of a word has this number
            length += 1
        for spot in range(offsets[terms[place]], offsets[terms[place] + 1]):
            buffer[length] = codes[spot]
            length += 1
    return length


@inner_kernel
def _split(
    indptr: Longs, terms: Ints, left: int, right: int, offsets: Longs, only: Ints
) -> tuple[int, int, int]:
    """Write the terms of one record alone into ``only[0]``, of the other alone into ``only[1]``.

    Returns how many these are, and the letters of the shared ones, a space after each.
    """
    n_left, n_right, n_letters = 0, 0, 0
    i, i_end = indptr[left], indptr[left + 1]
    j, j_end = indptr[right], indptr[right + 1]
    while i < i_end or j < j_end:
        if j >= j_end or (i < i_end and terms[i] < terms[j]):
            only[0, n_left] = terms[i]
            n_left += 1
            i += 1
        elif i >= i_end or terms[j] < terms[i]:
            only[1, n_right] = terms[j]
            n_right += 1
            j += 1
        else:
            n_letters += offsets[terms[i] + 1] - offsets[terms[i]] + 1
            i += 1
            j += 1
    return n_left, n_right, n_letters


def token_set_ratios(
    indptr: Longs,
    terms: Ints,
    ranks: Ints,
    codes: Codes,
    offsets: Longs,
    n_codes: int,
    longest: int,
    left: Ints,
    right: Ints,
) -> Floats:
    """Return how alike two sets of words are once the shared ones are set aside.

    It is the best ratio among: the shared words, these with the words of one side in alphabetical
    order, these with the words of the other side.  0 to 1; NaN where a side has no word.

    Parameters
    ----------
    indptr, terms : Longs, Ints
        The term sets, as in `Terms`.
    ranks : Ints
        Shape (n_vocabulary,): alphabetical place of each term.
    codes, offsets, n_codes : Codes, Longs, int
        `Letters` of the vocabulary, in which no letter has number 0.
    longest : int
        Letters, with the spaces between words, of the longest text; no less than its words.
    left, right : Ints
        Shape (n_pairs,): record numbers.
    """
    out, n_blocks = np.full(len(left), np.nan, dtype=np.float32), longest // BLOCK + 1
    rows = np.zeros((n_codes, n_blocks), np.uint64), np.empty(n_blocks, np.uint64)
    both = np.empty((2, longest), np.int32), np.empty((2, longest), np.uint16)
    _compare_sets((indptr, terms, ranks), (codes, offsets), left, right, rows, both, out)
    return out


@kernel
def _compare_sets(
    sets: tuple[Longs, Ints, Ints],
    letters: tuple[Codes, Longs],
    left: Ints,
    right: Ints,
    rows: tuple[Words, Words],
    both: tuple[Ints, Codes],
    out: Floats,
) -> None:
    """Write what `token_set_ratios` returns; room for bits, terms and texts is given."""
    indptr, terms, ranks = sets
    codes, offsets = letters
    masks, states = rows
    only, texts = both
    for pair in range(len(left)):
        one, other = left[pair], right[pair]
        if indptr[one] == indptr[one + 1] or indptr[other] == indptr[other + 1]:
            continue
        n_left, n_right, shared = _split(indptr, terms, one, other, offsets, only)
        if shared > 0 and (n_left == 0 or n_right == 0):
            out[pair] = 1
            continue
        size = 0
        for side in range(2):
            size_before, n_terms = size, n_right if side else n_left
            size = _write(only[side], n_terms, ranks, codes, offsets, texts[side])
        first, second = texts[0, :size_before], texts[1, :size]
        if len(first) > len(second):
            first, second = second, first
        _mark(masks, first)
        common = _common(masks, len(first), second, states)
        _unmark(masks, first)
        total = 2 * shared + len(first) + len(second)
        best = (2 * shared + 2 * common) / total
        if shared > 0:  # its last space does not stand where nothing follows
            best = max(best, 2 * (shared - 1) / (2 * shared - 1 + len(first)))
            best = max(best, 2 * (shared - 1) / (2 * shared - 1 + len(second)))
        out[pair] = best


@inner_kernel
def _possible(first: int, second: int, missing_first: int, missing_second: int) -> float:
    """Return a bound of the Jaro similarity from lengths and letters that the other lacks."""
    common = min(first - missing_first, second - missing_second)
    return (common / first + common / second + 1) / 3


def nearest_spellings(
    codes: Codes,
    offsets: Longs,
    shapes: NDArray[np.uint64],
    n_codes: int,
    longest: int,
    first: Ints,
    second: Ints,
    least: float,
) -> tuple[Floats, Floats]:
    """Return the Jaro-Winkler similarity of each word to the nearest word of the other side.

    Parameters
    ----------
    codes, offsets, n_codes, longest : Codes, Longs, int, int
        `Letters` of the vocabulary.
    shapes : NDArray[np.uint64]
        Shape (n_vocabulary,): `word_shapes` of it.
    first, second : Ints
        Shape (n_pairs, n_best): words as `kernels.unmatched` returns them.
    least : float
        What is less similar counts as 0.

    Returns
    -------
    tuple[Floats, Floats]
        Shape (n_pairs, n_best) each.
    """
    near = np.zeros(first.shape, np.float32), np.zeros(second.shape, np.float32)
    lists = (
        np.full(n_codes, -1, np.int32),
        np.empty(longest, np.int32),
        np.empty(longest, np.uint16),
    )
    _find_nearest((codes, offsets, shapes), first, second, least, lists, near)
    return near


@kernel
def _find_nearest(
    words: tuple[Codes, Longs, Words],
    first: Ints,
    second: Ints,
    least: float,
    lists: tuple[Ints, Ints, Codes],
    near: tuple[Floats, Floats],
) -> None:
    """Write what `nearest_spellings` returns; the room of `_winkler` is given."""
    codes, offsets, shapes = words
    heads, following, kept = lists
    near_first, near_second = near
    for pair in range(len(first)):
        for i in range(first.shape[1]):
            one = first[pair, i]
            if one < 0:
                break
            word = codes[offsets[one] : offsets[one + 1]]
            for j in range(second.shape[1]):
                other = second[pair, j]
                if other < 0:
                    break
                its = codes[offsets[other] : offsets[other + 1]]
                bound = _possible(
                    len(word),
                    len(its),
                    _ones(shapes[one] & ~shapes[other]),
                    _ones(shapes[other] & ~shapes[one]),
                )
                if bound + 0.4 * (word[0] == its[0]) * (1 - bound) < least:
                    continue
                alike = np.float32(_winkler(word, its, heads, following, kept))
                if alike >= least:
                    near_first[pair, i] = max(near_first[pair, i], alike)
                    near_second[pair, j] = max(near_second[pair, j], alike)


def word_shapes(codes: Codes, offsets: Longs) -> NDArray[np.uint64]:
    """Return which letters each text has, as bits; letters 64 apart share one."""
    out = np.zeros(len(offsets) - 1, dtype=np.uint64)
    _mark_letters(codes, offsets, out)
    return out


@kernel
def _mark_letters(codes: Codes, offsets: Longs, out: Words) -> None:
    for word in range(len(out)):
        for place in range(offsets[word], offsets[word + 1]):
            out[word] |= np.uint64(1) << np.uint64(codes[place] % BLOCK)
