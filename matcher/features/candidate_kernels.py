"""Loops over the candidates of each record, compiled by numba.

They take plain arrays as those of `kernels` do: ``indptr`` says where the candidates of a record
begin and end, `left` and `right` (n_pairs,) are record numbers.
"""

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import kernel
from matcher.types import Bools, Floats, Ints, Longs


def spread(indptr: Longs, left: Ints, right: Ints, values: Floats) -> Floats:
    """Write the value of each pair beside both of its records.

    The pairs are sorted by left then right.  The result has shape (2 * n_pairs,): the values of the
    pairs of record i, by the other record ascending, are ``out[indptr[i]:indptr[i + 1]]``.
    """
    out = np.empty(2 * len(left), np.float32)
    _spread(left, right, values, indptr[:-1].copy(), out)
    return out


@kernel
def _spread(left: Ints, right: Ints, values: Floats, free: Longs, out: Floats) -> None:
    # The smaller neighbours of a record come first: those of the pairs in which it is the right.
    for records in (right, left):
        for pair in range(len(records)):
            spot = free[records[pair]]
            out[spot] = values[pair]
            free[records[pair]] = spot + 1


def similarity_between(
    indptr: Longs, starts: Longs, partners: Ints, similarities: Floats, left: Ints, right: Ints
) -> Floats:
    """Return the similarity of pairs that are candidates, shape (n_pairs,); NaN for others.

    The pairs with record i on the left have the right ``partners[starts[i]:starts[i + 1]]``, and
    their similarities, as `spread` wrote them, are the last ones of the record.
    """
    out = np.full(len(left), np.nan, dtype=np.float32)
    _find_similarity(indptr, starts, partners, similarities, left, right, out)
    return out


@kernel
def _find_similarity(
    indptr: Longs,
    starts: Longs,
    partners: Ints,
    similarities: Floats,
    left: Ints,
    right: Ints,
    out: Floats,
) -> None:
    found = np.int64(-1)
    for pair in range(len(left)):
        one, two = min(left[pair], right[pair]), max(left[pair], right[pair])
        start, end = starts[one], starts[one + 1]
        # The pairs of a chunk follow each other, so it is most likely the one behind the last.
        if not (start <= found + 1 < end and partners[found + 1] == two):
            found = start - 1
            while found + 1 < end and partners[found + 1] != two:
                found += 1
        if found + 1 < end:
            found += 1
            out[pair] = similarities[indptr[one + 1] - end + found]


N_RIVALS = 10
"""Best other candidates of a record whose mean, spread and softmax a pair is held against."""


TIE = 1e-6
"""Similarities that differ by no more are equal: sums of the same weights in another order."""


def leaders(indptr: Longs, similarities: Floats) -> tuple[NDArray[np.float64], Floats]:
    """Sum up the best candidates of each record, one more than `N_RIVALS`.

    Columns of the results, (n_records, 3) each: sums of their similarities, of the squares, and of
    e to the power of ten times each; the best, the second and the last, 0 where there is none.
    """
    n_records = len(indptr) - 1
    sums, bounds = np.zeros((n_records, 3)), np.zeros((n_records, 3), np.float32)
    _lead(indptr, similarities, np.zeros(N_RIVALS + 1), sums, bounds)
    return sums, bounds


@kernel
def _lead(
    indptr: Longs,
    similarities: Floats,
    best: NDArray[np.float64],
    sums: NDArray[np.float64],
    bounds: Floats,
) -> None:
    for record in range(len(indptr) - 1):
        n_best = 0
        for place in range(indptr[record], indptr[record + 1]):
            value = similarities[place]
            if n_best <= N_RIVALS or value > best[n_best - 1]:
                n_best = min(n_best + 1, N_RIVALS + 1)
                spot = n_best - 1
                while spot > 0 and best[spot - 1] < value:
                    best[spot] = best[spot - 1]
                    spot -= 1
                best[spot] = value
        for spot in range(n_best):
            sums[record, 0] += best[spot]
            sums[record, 1] += best[spot] * best[spot]
            sums[record, 2] += np.exp(10 * best[spot])  # 10: similarities lie in 0 to 1
        if n_best:
            bounds[record, 0], bounds[record, 2] = best[0], best[n_best - 1]
        if n_best > 1:
            bounds[record, 1] = best[1]


def standings(
    indptr: Longs,
    similarities: Floats,
    leading: tuple[NDArray[np.float64], Floats],
    left: Ints,
    right: Ints,
    similarity: Floats,
    is_candidate: Bools,
) -> Floats:
    """Say how pairs stand among all candidates of their two records.

    Rows of the result (13, n_pairs), the smaller of both sides and the larger: rank (1 is best,
    ties share the better rank); similarity minus and divided by that of the best other candidate;
    softmax share among the `N_RIVALS` best; distance from their mean in standard deviations; number
    of other candidates.  All but the first and the last are NaN where a side has no other.  The
    last row says whether the pair is the best of both.  The pair itself need not be a candidate.

    `leading` are the `leaders`: without the pair itself, or the last of them, they are its rivals.
    """
    out, side = np.empty((13, len(left)), np.float32), np.empty((2, 6), np.float32)
    _stand(indptr, similarities, leading, left, right, similarity, is_candidate, side, out)
    return out


@kernel
def _stand(
    indptr: Longs,
    similarities: Floats,
    leading: tuple[NDArray[np.float64], Floats],
    left: Ints,
    right: Ints,
    similarity: Floats,
    is_candidate: Bools,
    side: Floats,
    out: Floats,
) -> None:
    (sums, bounds), nan = leading, np.float32(np.nan)
    for pair in range(len(left)):
        own = np.float64(similarity[pair])
        tie, power = own + TIE, np.exp(10 * own)
        for of_right in range(2):
            record, row = right[pair] if of_right else left[pair], side[of_right]
            rank, first, end = 1, np.uint64(indptr[record]), np.uint64(indptr[record + 1])
            for place in range(first, end):
                rank += similarities[place] > tie
            n_candidates = indptr[record + 1] - indptr[record]
            row[0], row[5] = rank, n_candidates - is_candidate[pair]
            count = np.float64(min(n_candidates, N_RIVALS + 1))
            total, squares, powers = sums[record, 0], sums[record, 1], sums[record, 2]
            best, last = np.float64(bounds[record, 0]), np.float64(bounds[record, 2])
            leads = is_candidate[pair] and own >= last
            if leads or count > N_RIVALS:
                gone = own if leads else last
                count, total, squares = count - 1, total - gone, squares - gone * gone
                powers -= power if leads else np.exp(10 * gone)
                if gone == best:
                    best = np.float64(bounds[record, 1])
            if count == 0:
                row[1] = row[2] = row[3] = row[4] = nan
                continue
            row[1] = own - best
            row[2] = own / max(best, 1e-6)
            row[3] = 1 / (1 + max(powers, 0.0) / power)
            mean = total / count
            variance = max(squares / count - mean * mean, 0.0)
            # Candidates that are all alike have none: a hundredth is noise.
            row[4] = (own - mean) / max(np.sqrt(variance), 0.02)
        for part in range(6):
            one, two = side[0, part], side[1, part]
            is_known = one == one and two == two
            out[2 * part, pair] = (one if one < two else two) if is_known else nan
            out[2 * part + 1, pair] = (two if one < two else one) if is_known else nan
        out[12, pair] = side[0, 0] == 1 and side[1, 0] == 1
