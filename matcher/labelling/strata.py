"""Draw a random sample of pairs for people to label, so that quality can be estimated from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.types import DIFFERENT, EXACT, RELATIONS, VARIANT, Longs

EDGES = (0.02, 0.2)
"""Doubt between which strata lie.  More strata widen most intervals of 200 labels: see
docs/decisions/0030."""

LEAST = 8
"""Pairs drawn of every stratum, or all that it holds: a stratum without an answer says nothing."""

DOUBT_FLOOR = 0.01
"""Doubt below which the model is not believed when draws are shared out: it is sure, not right."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pairs that were drawn.

    Attributes
    ----------
    places : Longs
        Shape (n_drawn,): positions of the pairs among those that were drawn from, in random order,
        so that the answers of a person who stops early are a random sample too.
    stratum : Longs
        Shape (n_drawn,): number of the stratum of each.
    names : tuple[str, ...]
        Names of the strata.
    sizes : Longs
        Shape (n_strata,): how many pairs each stratum holds.
    """

    places: Longs
    stratum: Longs
    names: tuple[str, ...]
    sizes: Longs


def draw_pairs(
    relations: NDArray[np.int8], probabilities: NDArray[np.floating], n: int, seed: int = 0
) -> Drawn:
    """Draw pairs from strata of what was decided and how likely that is wrong.

    Of each stratum at least `LEAST` are drawn, of those where the answers vary most the most
    (Neyman's allocation, with the model's doubt in place of the unknown share of errors).

    Parameters
    ----------
    relations : NDArray[np.int8]
        Shape (n_pairs,): what a result makes of each pair, `EXACT`, `VARIANT` or `DIFFERENT`.
    probabilities : NDArray of floats
        Shape (n_pairs, 3): of exact, variant and different; NaN for pairs that no model has seen,
        which are strata of their own.
    n : int
        How many to draw; more where `LEAST` of each stratum are more, fewer where there are fewer.
    seed : int
        Of the draws.

    References
    ----------
    Cochran, W. G. (1977). Sampling techniques, chapter 5.

    Examples
    --------
    >>> sure, unsure = [0.99, 0.0, 0.01], [0.5, 0.0, 0.5]
    >>> drawn = draw_pairs(np.zeros(90, np.int8), np.array([sure] * 60 + [unsure] * 30), 40)
    >>> drawn.names, drawn.sizes.tolist(), np.bincount(drawn.stratum).tolist()
    (('exact, doubt up to 0.02', 'exact, doubt above 0.20'), [60, 30], [14, 26])
    """
    if len(relations) == 0:
        nothing = np.zeros(0, np.int64)
        return Drawn(nothing, nothing, (), nothing)
    said = probabilities[np.arange(len(relations)), relations].astype(np.float64)
    level = np.where(np.isnan(said), len(EDGES) + 1, np.digitize(np.clip(1 - said, 0, 1), EDGES))
    number = relations.astype(np.int64) * (len(EDGES) + 2) + level
    present, stratum = np.unique(number, return_inverse=True)
    sizes = np.bincount(stratum)
    spreads = _spreads(stratum, sizes, relations, probabilities)
    random = np.random.default_rng(seed)
    places = np.concatenate(
        [
            random.choice(np.flatnonzero(stratum == each), n_drawn, replace=False)
            for each, n_drawn in enumerate(share_draws(sizes, spreads, n))
        ]
    )
    places = random.permutation(places)
    return Drawn(places, stratum[places], tuple(_name(each) for each in present.tolist()), sizes)


def _spreads(
    stratum: Longs,
    sizes: Longs,
    relations: NDArray[np.int8],
    probabilities: NDArray[np.floating],
) -> NDArray[np.float64]:
    """Return how much the answers of each stratum vary, as a share of what was found.

    Two questions weigh the same, however many pairs they find: exact or not, and family or not.
    """
    spreads = np.zeros(len(sizes))
    p_exact = probabilities[:, EXACT].astype(np.float64)
    p_family = p_exact + probabilities[:, VARIANT]
    for is_found, p in ((relations == EXACT, p_exact), (relations != DIFFERENT, p_family)):
        doubt = np.nan_to_num(np.where(is_found, 1 - p, p), nan=0.5)
        mean = np.clip(np.bincount(stratum, doubt) / sizes, DOUBT_FLOOR, 0.5)
        spreads += np.sqrt(mean * (1 - mean)) / max(int(is_found.sum()), 1)
    return spreads


def share_draws(sizes: Longs, spreads: NDArray[np.float64], n: int) -> Longs:
    """Share draws out among strata: `LEAST` of each, the rest where the answers vary most.

    Parameters
    ----------
    sizes : Longs
        Shape (n_strata,): pairs of each.
    spreads : NDArray[np.float64]
        Shape (n_strata,): standard deviation of the answers, in any unit.
    n : int
        How many draws.

    Examples
    --------
    >>> share_draws(np.array([1000, 100, 3]), np.array([0.1, 0.5, 0.5]), 50)
    array([29, 18,  3])
    """
    drawn = np.minimum(sizes, LEAST)
    while (left := min(n, int(sizes.sum())) - int(drawn.sum())) > 0:
        wanted = np.where(drawn < sizes, sizes * spreads, 0)
        wanted = wanted / wanted.sum() * left
        more = np.minimum(np.floor(wanted).astype(np.int64), sizes - drawn)
        if not more.any():
            n_open = int((drawn < sizes).sum())
            more[np.argsort(-wanted, kind="stable")[: min(left, n_open)]] = 1
        drawn = drawn + more
    return drawn


def _name(number: int) -> str:
    relation, level = divmod(number, len(EDGES) + 2)
    if level > len(EDGES):
        doubt = "never compared"
    elif level < len(EDGES):
        doubt = f"doubt up to {EDGES[level]:.2f}"
    else:
        doubt = f"doubt above {EDGES[-1]:.2f}"
    return f"{RELATIONS[relation]}, {doubt}"
