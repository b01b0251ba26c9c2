"""Why pairs are worth asking about, and how many questions each reason gets."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from matcher.classify import log_odds
from matcher.labelling import Reason
from matcher.types import EXACT, VARIANT, Longs, Scores

RANDOM = 0.25
"""Share of the questions that are a random sample: quality is estimated from them, and they find
what the model is sure of and wrong about."""

DISAGREEMENT = 0.1
"""Share of those about which the newest model contradicts the first one."""

VARIANTS = (0.05, 0.4)
"""Least and most share of those near the boundary of variant and different."""


def rank_questions(
    newest: Scores, first: Scores, cuts: tuple[float, float], *, with_families: bool
) -> dict[Reason, Longs]:
    """Return for each reason the places of the pairs, the best first.

    Parameters
    ----------
    newest, first : Scores
        Of the same pairs, by the newest model and before the first answer.
    cuts : tuple[float, float]
        The model's thresholds of exact, and of exact or variant.
    with_families : bool
        Whether there are variants: where nothing is ignored there are none.
    """
    exact = newest.probabilities[:, EXACT].astype(np.float64)
    family = exact + newest.probabilities[:, VARIANT]
    moved = np.abs(newest.probabilities - first.probabilities).sum(axis=1)
    contradicts = np.flatnonzero(newest.relations != first.relations)
    queues: dict[Reason, Longs] = {
        "boundary-exact": _nearest(exact, cuts[0]),
        "disagreement": contradicts[np.argsort(-moved[contradicts], kind="stable")],
    }
    if with_families:
        queues["boundary-variant"] = _nearest(family, cuts[1])
    return queues


def _nearest(probability: NDArray[np.float64], cut: float) -> Longs:
    """Return the places of the possible pairs, those nearest to a threshold first."""
    far = np.abs(log_odds(probability) - log_odds(np.array(cut)))
    order = np.argsort(far, kind="stable")
    return order[probability[order] > 0]


def share_questions(counts: Mapping[int, int], *, with_families: bool) -> dict[Reason, float]:
    """Return the share of the questions that each reason gets.

    Where answers say variant more often, more is asked about variants.

    Parameters
    ----------
    counts : Mapping[int, int]
        How many answers there are of each relation.
    with_families : bool
        Whether there are variants.
    """
    total = sum(counts.values())
    variants = 0.0
    if with_families:
        variants = float(np.clip((counts.get(VARIANT, 0) + 2) / (total + 10), *VARIANTS))
    exact = 1 - RANDOM - DISAGREEMENT - variants
    return {
        "boundary-exact": exact,
        "boundary-variant": variants,
        "disagreement": DISAGREEMENT,
        "random": RANDOM,
    }
