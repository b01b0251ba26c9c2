"""Count matches by the differences of titles that other records repeat.

Two offers of one product differ in what a seller wrote, once; siblings differ in what several
offers of the one say and several of the other.  The model hardly sees that, for it looks at a pair.
So the pairs above a threshold are a mixture of both kinds, and how many of them differ in what is
repeated tells how many are matches.  Where many of the surest matches differ so too, sellers have
words of their own that come back, and nothing is told.
See docs/decisions/0045-counted-by-repeated-differences.md for the figures.
"""

import numpy as np
from numpy.typing import NDArray

from matcher.classify.levels import levels_of, n_above
from matcher.types import Bools, Longs

Doubles = NDArray[np.float64]

SURELY = 0.9
"""Probability from which pairs show how often matches differ in what is repeated."""

UNLIKELY = 0.02
"""Probability from which pairs are looked at."""

HARDLY = ((UNLIKELY, 0.1), (0.1, 0.3))
"""Probabilities of the pairs that show how often others do, the mean of both: the first are often
strangers, which differ in more words than siblings do, and of the second some are matches."""

FEWEST = 100
"""Pairs of either kind, below which they show nothing."""

USUAL = 0.25
"""Share of the surest matches that differ in what is repeated, above which nothing is told: 3 to
19 % in catalogues of siblings, 38 and more where shops write as they like."""

LEAST_APART = 0.2
"""Least difference between the share of matches and either share of others: .28 and more in
catalogues of siblings.  Where a model thinks too little of matches, the second are matches too."""

LEAST_EXPECTED = 0.45
"""Share of the matches that the probabilities expect, below which the count is not believed: it was
51 % and more where it was about right, 38 at most where noisy matches were taken for siblings."""


def matches_by_repetition(
    probability: Doubles, asked: Longs, differ: Bools, is_repeated: Bools
) -> float | None:
    """Return how many pairs are matches, by those that differ in what other records repeat.

    Parameters
    ----------
    probability : Doubles
        Shape (n_pairs,): of all candidates, by a model that has not seen what is repeated.
    asked : Longs
        Shape (n_asked,): places of those from `UNLIKELY` on, or of a sample of them.
    differ, is_repeated : Bools
        Shape (n_asked,): which of these differ in their titles, and in what is repeated.

    Returns
    -------
    float | None
        None if too few pairs show it, both kinds show the same, or it cannot be.
    """
    of_asked = probability[asked]
    surely, *hardly = (
        is_repeated[differ & (of_asked >= least) & (of_asked < below)]
        for least, below in ((SURELY, np.inf), *HARDLY)
    )
    if min(map(len, (surely, *hardly))) < FEWEST:
        return None
    of_matches, shares = surely.mean(), [each.mean() for each in hardly]
    if of_matches > USUAL or min(shares) - of_matches < LEAST_APART:
        return None
    of_others = np.mean(shares)
    levels = levels_of(of_asked)
    n_differing = n_above(levels, differ.astype(np.float64))
    repeated = n_above(levels, is_repeated.astype(np.float64)) / np.maximum(n_differing, 1)
    share = np.clip((of_others - repeated) / (of_others - of_matches), 0.0, 1.0)
    # Of titles that say the same nothing but the probability tells.
    matches = n_differing * share + n_above(levels, np.where(differ, 0.0, of_asked))
    n_chosen = n_above(levels_of(probability[probability >= UNLIKELY]))
    told = float((n_chosen * matches / np.maximum(n_above(levels), 1)).max())
    return told if told >= LEAST_EXPECTED * probability.sum() else None
