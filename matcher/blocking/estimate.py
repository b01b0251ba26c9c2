"""Foresee, on a sample, how many pairs blockers propose and how many true ones they miss."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from matcher.blocking.sample import sample_runs
from matcher.settings import BlockingSettings
from matcher.types import Blocker, Longs, Proposal, Records

N_SAMPLED = 1000

LEAST_BEST = 50
"""Mutual best pairs that a blocker needs to take part in the estimate of completeness."""

BYTES_PER_PAIR = 28
"""Of one proposal (pair 8, strength 4) and its place in the union (key 8, bits and evidence 8)."""


def estimate(
    records: Records, blockers: Sequence[Blocker], settings: BlockingSettings
) -> dict[str, Any]:
    """Estimate pairs, memory and completeness from about 1,000 records.

    The sample consists of runs of the sorted titles, so that it holds duplicates. Pairs grow in
    proportion to the records, because every blocker is capped per record.

    Completeness is Chapman's capture-recapture estimate: two blockers that look at different things
    both find most of what is easy, and what only one of them finds tells how much both miss. It
    looks at the pairs in which each record is the other's best. Blockers are not independent (a
    pair that is hard for one is often hard for the other), so it is an optimistic figure: a low one
    is a warning, a high one is no proof.

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
        proposals; ``completeness`` of the union, 0 to 1, None where fewer than two blockers rank
        enough pairs; ``completeness_of``, the two blockers that it comes from.

    References
    ----------
    Chapman: Some properties of the hypergeometric distribution with applications to zoological
    sample censuses. 1951.
    """
    part = sample_runs(records, N_SAMPLED)
    proposals = [blocker.propose(part) for blocker in blockers]
    growth = len(records) / max(len(part), 1)
    keys = [proposal.pairs.keys() for proposal in proposals]
    union = len(np.unique(np.concatenate([np.zeros(0, np.int64), *keys])))
    n_counted = int((records.sources == 0).sum()) if records.is_link else len(records)
    best = {
        blocker.name: mutual_best(proposal, len(part))
        for blocker, proposal in zip(blockers, proposals, strict=True)
    }
    completeness, of = _least_completeness(best)
    return {
        "records_sampled": len(part),
        "pairs": round(union * growth),
        "pairs_within_budget": min(round(union * growth), n_counted * settings.pairs_per_record),
        "bytes": round(sum(len(key) for key in keys) * growth) * BYTES_PER_PAIR,
        "completeness": completeness,
        "completeness_of": of,
    }


def capture_recapture(first: Longs, second: Longs) -> float:
    """Return the share of all that is there to find which two independent searches found.

    Parameters
    ----------
    first, second : Longs
        Unique keys of what each found.

    Examples
    --------
    >>> capture_recapture(np.arange(0, 90), np.arange(10, 100))  # both 80, one of them 20: 1 missed
    0.9902...
    """
    shared = len(np.intersect1d(first, second, assume_unique=True))
    total = (len(first) + 1) * (len(second) + 1) / (shared + 1) - 1
    return min((len(first) + len(second) - shared) / max(total, 1), 1.0)


def mutual_best(proposal: Proposal, n_records: int) -> Longs:
    """Return the keys of the pairs in which each record is the strongest of the other."""
    pairs, strength = proposal.pairs, proposal.strength
    best = np.full(n_records, -np.inf, np.float32)
    np.maximum.at(best, pairs.left, strength)
    np.maximum.at(best, pairs.right, strength)
    mutual = (strength >= best[pairs.left]) & (strength >= best[pairs.right])
    return pairs.keys()[mutual]


def _least_completeness(best: dict[str, Longs]) -> tuple[float | None, list[str]]:
    """Return the lowest estimate of any two blockers that rank enough pairs, and their names."""
    ranking = [name for name, keys in best.items() if len(keys) >= LEAST_BEST]
    estimates = [
        (capture_recapture(best[one], best[two]), [one, two])
        for one, two in combinations(ranking, 2)
    ]
    return min(estimates, key=lambda pair: pair[0], default=(None, []))
