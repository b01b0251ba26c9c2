"""Competitor residual: what a pair leaves unexplained and another candidate explains.

Where B lacks "43 inch" of A, and another candidate of A has it, B is probably the wrong one.
"""

from dataclasses import dataclass

import numpy as np

from matcher.features.comparison import columns, ordered
from matcher.features.context import Neighbourhood
from matcher.features.kernels import kernel
from matcher.types import Bits, Floats, Ints, Longs, Pairs, Terms

N_RIVALS = 5
"""Rivals of a pair that are asked on each side: the most similar other candidates."""


@kernel
def _explained(
    indptr: Longs,
    terms: Ints,
    axes: Bits,
    weights: Floats,
    ignored: np.uint32,
    rivals: Ints,
    records: Ints,
    others: Ints,
) -> Floats:
    """Return the largest weight of ``record - other`` that one rival has.

    Columns of the result: that weight; its share of all that `record` has and `other` lacks.
    """
    out = np.full((len(records), 2), np.nan, dtype=np.float32)
    for pair in range(len(records)):
        record, other = records[pair], others[pair]
        start, stop = indptr[record], indptr[record + 1]
        left_over = np.float32(0)
        best = np.float32(-1)
        for place in range(rivals.shape[1] + 1):
            # Place 0 weighs what is left over against `other` itself.
            rival = other if place == 0 else rivals[record, place - 1]
            if place > 0 and (rival < 0 or rival == other):
                continue
            weight = np.float32(0)
            j, j_end = indptr[other], indptr[other + 1]
            k, k_end = indptr[rival], indptr[rival + 1]
            for i in range(start, stop):
                term = terms[i]
                if (axes[i] & ignored) != 0:
                    continue
                while j < j_end and terms[j] < term:
                    j += 1
                if j < j_end and terms[j] == term:
                    continue
                while k < k_end and terms[k] < term:
                    k += 1
                if place == 0 or (k < k_end and terms[k] == term):
                    weight += weights[term]
            if place == 0:
                left_over = weight
            else:
                best = max(best, weight)
        if best >= 0:
            out[pair, 0] = best
            out[pair, 1] = best / left_over if left_over > 0 else np.float32(0)
    return out


def nearest_rivals(around: Neighbourhood) -> Ints:
    """Return the `N_RIVALS` most similar candidates of each record, -1 where there are fewer."""
    n_records = len(around.indptr) - 1
    counts = np.diff(around.indptr)
    record = np.repeat(np.arange(n_records), counts)
    order = np.lexsort((around.neighbours, -around.similarities, record))
    place = np.arange(len(order)) - around.indptr[record]
    rivals = np.full((n_records, N_RIVALS), -1, dtype=np.int32)
    near = place < N_RIVALS
    rivals[record[near], place[near]] = around.neighbours[order[near]]
    return rivals


@dataclass(frozen=True, slots=True)
class Competitors:
    """What other candidates explain of the words that only one record of a pair has.

    Attributes
    ----------
    view : str
        Prefix of the feature names.
    terms : Terms
        A term set.
    ignored : int
        Bits of the ignored axes.
    rivals : Ints
        Shape (n_records, n_rivals): nearest candidates of each record, -1 where there are fewer.
    """

    view: str
    terms: Terms
    ignored: int
    rivals: Ints

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        parts = ("rival_min", "rival_max", "rival_share_min", "rival_share_max")
        return tuple(f"{self.view}_{part}" for part in parts)

    def compare(self, pairs: Pairs) -> Floats:
        """Return the weights and shares; NaN where a record has no other candidate."""
        sides = []
        for records, others in ((pairs.left, pairs.right), (pairs.right, pairs.left)):
            terms = self.terms
            sides.append(
                _explained(
                    terms.indptr,
                    terms.terms,
                    terms.axes,
                    terms.idf,
                    np.uint32(self.ignored),
                    self.rivals,
                    records,
                    others,
                )
            )
        left, right = sides
        return columns(*ordered(left[:, 0], right[:, 0]), *ordered(left[:, 1], right[:, 1]))
