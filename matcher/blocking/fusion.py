"""Fuse what several blockers propose into one list that keeps to a budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.blocking.equal import unique_sorted
from matcher.compiled import kernel
from matcher.types import Bits, Bools, Floats, Ints, Longs, Pairs, Proposal

WEIGHTS: Mapping[str, float] = {
    "inverted-index": 1.0,
    "grams": 1.0,
    "models": 1.0,
    "codes": 1.0,
}
"""How much the strength of a blocker counts; see docs/decisions/0002-blocking.md."""

OTHER_WEIGHT = 0.25
"""Of blockers not named above: enough to be kept where no similarity speaks against it."""

RANK_OFFSET = 5.0
"""Constant of the reciprocal ranks; 2, 5 and 10 differ by less than 0.1 points."""


def weight_of(name: str) -> float:
    """Return how much the strength of the blocker of this name counts."""
    return WEIGHTS.get(name, OTHER_WEIGHT)


@dataclass(frozen=True, slots=True)
class Union:
    """All proposed pairs, once each.

    Attributes
    ----------
    pairs : Pairs
        The pairs.
    proposed_by : Bits
        Shape (n_pairs,): bit b is set where proposal number b has the pair; uint8 for eight.
    evidence : Floats
        Shape (n_pairs,): weighted sum of the strengths, 0 where a blocker did not propose it.
    is_decisive : Bools
        Shape (n_pairs,): a blocker gave the pair infinite strength.
    """

    pairs: Pairs
    proposed_by: Bits
    evidence: Floats
    is_decisive: Bools


def unite(proposals: Sequence[Proposal], weights: Sequence[float]) -> Union:
    """Join proposals; a finite strength counts relative to the largest one of its blocker."""
    keys = [proposal.pairs.keys() for proposal in proposals]
    union = unique_sorted(keys)
    proposed_by: Bits = np.zeros(len(union), np.uint8 if len(proposals) <= 8 else np.uint32)
    evidence = np.zeros(len(union), np.float32)
    is_decisive = np.zeros(len(union), np.bool_)
    for number, (key, proposal, weight) in enumerate(zip(keys, proposals, weights, strict=True)):
        place = np.searchsorted(union, key)
        infinite = np.isinf(proposal.strength)
        scale = max(float(proposal.strength[~infinite].max(initial=0)), 1.0)
        proposed_by[place] |= proposed_by.dtype.type(1 << number)
        evidence[place] += np.float32(weight) * np.where(infinite, 1, proposal.strength / scale)
        is_decisive[place] |= infinite
    return Union(Pairs.from_keys(union), proposed_by, evidence, is_decisive)


def fused_strength(pairs: Pairs, evidence: Floats, n_records: int) -> Floats:
    """Return how strong every pair is in the eyes of its two records.

    Each record sees the evidence of a pair relative to its own best, and the pair's rank among its
    own; the strength is the sum of the two relative values times the sum of the two reciprocal
    ranks. A record with few similar others keeps few pairs, and a hard one more; every record's
    best pair is strong, whatever its evidence.

    Returns
    -------
    Floats
        Shape (n_pairs,).

    References
    ----------
    Cormack, Clarke, Buettcher: Reciprocal rank fusion outperforms Condorcet and individual rank
    learning methods. SIGIR 2009.
    """
    left, right = ranks(pairs, evidence, n_records)
    best = np.full(n_records, 1e-6, np.float32)
    for rank, records in ((left, pairs.left), (right, pairs.right)):
        first = np.flatnonzero(rank == 0)
        best[records[first]] = np.maximum(evidence[first], np.float32(1e-6))
    relative = evidence / best[pairs.left] + evidence / best[pairs.right]
    reciprocal = 1 / (RANK_OFFSET + left) + 1 / (RANK_OFFSET + right)
    return (relative * reciprocal).astype(np.float32)


def ranks(pairs: Pairs, evidence: Floats, n_records: int) -> tuple[Longs, Longs]:
    """Return each pair's rank, from 0, among the pairs of its left and of its right record.

    All pairs of a record count, on whichever side it stands; ties rank by pair number.
    """
    order, counts = strongest_first(evidence), np.zeros(n_records, np.int64)
    of_left, of_right = np.empty(len(order), np.int64), np.empty(len(order), np.int64)
    _count_before(order, pairs.left, pairs.right, counts, of_left, of_right)
    return of_left, of_right


def strongest_first(strength: Floats) -> Longs:
    """Return the places of strengths, the largest first, equal ones in their order.

    None may be negative: then their bits are ordered as they are.  Sorting numbers that are all
    different needs not be stable, which is several times as fast.

    Examples
    --------
    >>> strongest_first(np.array([1, np.inf, 0, 1], np.float32)).tolist()
    [1, 0, 3, 2]
    """
    keys = _keys_of(strength)
    keys.sort()
    return keys & (2**31 - 1)


def _keys_of(strength: Floats) -> Longs:
    """Return numbers that are ascending in the order of `strongest_first`, each with its place."""
    bits = np.ascontiguousarray(strength, np.float32).view(np.uint32)
    return ((~bits).astype(np.int64) << 31) | np.arange(len(bits))


@kernel
def _count_before(
    order: Longs, left: Ints, right: Ints, counts: Longs, of_left: Longs, of_right: Longs
) -> None:
    for pair in order:
        one, two = left[pair], right[pair]
        of_left[pair], of_right[pair] = counts[one], counts[two]
        counts[one] += 1
        counts[two] += 1


def within_budget(union: Union, n_records: int, budget: int) -> Ints:
    """Return the numbers of the pairs that a budget of `budget` pairs keeps, ascending.

    Decisive pairs come first, then the strongest; ties keep the pair of the smaller numbers.
    """
    if len(union.pairs) <= budget:
        return np.arange(len(union.pairs), dtype=np.int32)
    strength = fused_strength(union.pairs, union.evidence, n_records)
    strength = np.where(union.is_decisive, np.float32(np.inf), strength)
    keys = _keys_of(strength)
    # All keys differ: those before the first one that is dropped are a tenth of the work of a sort.
    return np.flatnonzero(keys < np.partition(keys, budget)[budget]).astype(np.int32)
