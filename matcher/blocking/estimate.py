"""Foresee, on a sample, how many pairs blockers propose and how many true ones they miss."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from matcher.blocking.fusion import unite, weight_of
from matcher.blocking.sample import sample_runs
from matcher.settings import BlockingSettings
from matcher.types import Blocker, Floats, Longs, Pairs, Proposal, Records

N_SAMPLED = 1000

LEAST_PROBES = 30
"""Pairs on which the completeness of a blocker is measured at least."""

BYTES_PER_PAIR = 28
"""Of one proposal (pair 8, strength 4) and its place in the union (key 8, bits and evidence 8)."""


def estimate(
    records: Records, blockers: Sequence[Blocker], settings: BlockingSettings
) -> dict[str, Any]:
    """Estimate pairs, memory and completeness from about 1,000 records.

    The sample consists of runs of the sorted titles, so that it holds duplicates. Pairs grow in
    proportion to the records, because every blocker is capped per record.

    The completeness of one blocker is estimated by capture and recapture: the pairs that the other
    blockers together find most alike (each record the other's best) stand in for the true ones, and
    the share of them that it proposes as well is its completeness. On the benchmarks this came
    within a few points, see docs/decisions/0002-blocking.md; it is too high where groups have more
    than a few records. That of the union supposes that its two best blockers miss independently:
    an optimistic figure. A low one is a warning, a high one is no proof.

    Parameters
    ----------
    records : Records
        All records of the run.
    blockers : Sequence[Blocker]
        The blockers that will run.
    settings : BlockingSettings
        For the budget.

    Returns
    -------
    dict
        ``records_sampled``; ``pairs`` before the budget; ``pairs_within_budget``; ``bytes`` of the
        proposals; ``completeness`` of the union before the budget, and ``completeness_of`` every
        blocker, 0 to 1, None where too few pairs tell.

    References
    ----------
    Petersen: The yearly immigration of young plaice into the Limfjord. 1896.
    """
    part = sample_runs(records, N_SAMPLED)
    proposals = [blocker.propose(part) for blocker in blockers]
    names = [blocker.name for blocker in blockers]
    growth = len(records) / max(len(part), 1)
    n_counted = int((records.sources == 0).sum()) if records.is_link else len(records)
    pairs = round(len(unite(proposals, [1.0] * len(names)).pairs) * growth)
    completeness = {
        name: _completeness(proposals, names, number, len(part))
        for number, name in enumerate(names)
    }
    return {
        "records_sampled": len(part),
        "pairs": pairs,
        "pairs_within_budget": min(pairs, n_counted * settings.budget),
        "bytes": round(sum(len(found.pairs) for found in proposals) * growth) * BYTES_PER_PAIR,
        "completeness": _of_union([share for share in completeness.values() if share is not None]),
        "completeness_of": completeness,
    }


def mutual_best(pairs: Pairs, evidence: Floats, n_records: int) -> Longs:
    """Return the keys of the pairs in which each record is the other's best.

    Examples
    --------
    >>> pairs = Pairs(np.array([0, 0, 1]), np.array([1, 2, 2]))
    >>> best = mutual_best(pairs, np.array([0.5, 0.9, 0.1], np.float32), 3)
    >>> Pairs.from_keys(best).left.tolist(), Pairs.from_keys(best).right.tolist()
    ([0], [2])
    """
    best = np.full(n_records, -np.inf, np.float32)
    np.maximum.at(best, pairs.left, evidence)
    np.maximum.at(best, pairs.right, evidence)
    mutual = (evidence >= best[pairs.left]) & (evidence >= best[pairs.right])
    return (pairs.left.astype(np.int64)[mutual] << 32) | pairs.right[mutual]


def _completeness(
    proposals: Sequence[Proposal], names: Sequence[str], number: int, n_records: int
) -> float | None:
    """Return the share of the others' mutual best pairs that blocker `number` proposes."""
    others = [other for other in range(len(names)) if other != number]
    union = unite([proposals[other] for other in others], [weight_of(names[o]) for o in others])
    probes = mutual_best(union.pairs, union.evidence, n_records)
    if len(probes) < LEAST_PROBES:
        return None
    return float(np.isin(probes, proposals[number].pairs.keys()).mean())


def _of_union(shares: Sequence[float]) -> float | None:
    """Return what the two most complete blockers find together if they miss independently."""
    best = sorted(shares)[-2:]
    return 1 - (1 - best[0]) * (1 - best[1]) if len(best) == 2 else None
