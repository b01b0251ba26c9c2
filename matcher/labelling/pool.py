"""The candidates among which questions are looked for, and the strata that random ones come from.

The strata are made once, from what is known before the first answer, and the draws of each follow
one random order.  So every answered draw is part of a random sample of its stratum, however many
are answered and whatever else is asked, and a run that is continued draws on where it stopped.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.types import EXACT, VARIANT, Bools, Ints, Longs, Pairs

EDGES = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98)
"""Probabilities of exact between which strata lie; pairs below the first are split by `FAMILY`."""

FAMILY = (0.02, 0.5)
"""Probabilities of exact or variant, between which the strata of hardly exact pairs lie."""

N_POSSIBLE, N_HOPELESS = 20_000, 20_000
"""Pairs of a large catalogue that are kept, of those that are possible and of the hopeless: some
hundred times as many as a person answers, and ranked anew in a second."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Candidates among which questions are looked for.

    Attributes
    ----------
    pairs : Pairs
        A random sample of each stratum; all of it where it is small.
    stratum : Ints
        Shape (n_pairs,): number of the stratum of each pair.
    names : tuple[str, ...]
        Names of the strata.
    sizes : Longs
        Shape (n_strata,): how many candidates each holds.
    draws : tuple[Longs, ...]
        For each stratum the places of its pairs, in the order in which they are drawn.
    """

    pairs: Pairs
    stratum: Ints
    names: tuple[str, ...]
    sizes: Longs
    draws: tuple[Longs, ...]

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.pairs)


def make_pool(pairs: Pairs, probabilities: NDArray[np.float32], seed: int, mark: str = "") -> Pool:
    """Sort candidates into strata by what a model says of them, and take a sample of each.

    Parameters
    ----------
    pairs : Pairs
        All candidates.
    probabilities : NDArray[np.float32]
        Shape (n_pairs, 3): of exact, variant and different, before the first answer.
    seed : int
        Of the draws.
    mark : str
        What the names of the strata begin with: those of another model or catalogue are others.
    """
    number, names = _strata(probabilities)
    is_hopeless = number == 0
    random = np.random.default_rng(seed)
    kept = np.sort(
        np.concatenate(
            [_sample(is_hopeless, N_HOPELESS, random), _sample(~is_hopeless, N_POSSIBLE, random)]
        )
    )
    present, stratum = np.unique(number[kept], return_inverse=True)
    order = random.permutation(len(kept))
    return Pool(
        pairs=pairs.take(kept),
        stratum=stratum.astype(np.int32),
        names=tuple(f"{mark}{names[each]}" for each in present),
        sizes=np.bincount(number, minlength=len(names))[present],
        draws=tuple(order[stratum[order] == each] for each in range(len(present))),
    )


def _strata(probabilities: NDArray[np.float32]) -> tuple[Longs, tuple[str, ...]]:
    """Return the number of each pair's stratum, 0 where it is hopeless, and the names of all."""
    exact = probabilities[:, EXACT]
    family = exact + probabilities[:, VARIANT]
    by_family, by_exact = np.digitize(family, FAMILY), np.digitize(exact, EDGES)
    number = np.where(by_exact > 0, by_exact + len(FAMILY), by_family)
    low = zip((0.0, *FAMILY), (*FAMILY, 1.0), strict=True)
    high = zip(EDGES, (*EDGES[1:], 1.0), strict=True)
    kinds = [("family", *bounds) for bounds in low] + [("exact", *bounds) for bounds in high]
    return number.astype(np.int64), tuple(f"{kind} {a:.2f}-{b:.2f}" for kind, a, b in kinds)


def _sample(chosen: Bools, n_most: int, random: np.random.Generator) -> Longs:
    places = np.flatnonzero(chosen)
    return places if len(places) <= n_most else random.choice(places, n_most, replace=False)
