"""Drop what one blocker proposes with less strength than pairs that other blockers are sure of."""

from collections.abc import Sequence

import numpy as np

from matcher.blocking.estimate import LEAST_PROBES, mutual_best
from matcher.blocking.fusion import unite
from matcher.types import Proposal

SHARE_BELOW = 0.02
"""Share of the others' mutual best pairs that may be weaker than what is kept."""


def drop_weak(
    proposals: Sequence[Proposal], weights: Sequence[float], number: int, n_records: int
) -> list[Proposal]:
    """Return proposals, one of them without pairs weaker than nearly all that the others agree on.

    How alike the texts of one product are is the catalogue's own: titles of ten words, or whole
    descriptions. Pairs in which each record is the other's best by other keys tell it. Too few of
    these tell nothing.

    Parameters
    ----------
    proposals, weights : Sequence[Proposal], Sequence[float]
        What the blockers propose, and how much each counts.
    number : int
        Whose pairs are judged.
    n_records : int
        Records of the catalogue.
    """
    others = [place for place in range(len(proposals)) if place != number]
    union = unite([proposals[place] for place in others], [weights[place] for place in others])
    agreed = mutual_best(union.pairs, union.evidence, n_records)
    judged = proposals[number]
    keys = judged.pairs.keys()
    place = np.minimum(np.searchsorted(keys, agreed), max(len(keys) - 1, 0))
    strengths = judged.strength[place[keys[place] == agreed]] if len(keys) else judged.strength
    if len(strengths) < LEAST_PROBES:
        return [*proposals]
    least = float(np.quantile(strengths, SHARE_BELOW))
    is_strong = judged.strength >= least
    report = {**judged.report, "least_strength": least, "weaker": int((~is_strong).sum())}
    kept = Proposal(judged.pairs.take(is_strong), judged.strength[is_strong], report)
    return [*proposals[:number], kept, *proposals[number + 1 :]]
