"""Small trees that foresee from a few features what a model will say of a pair.

They learn from the model's own answers, of which there are as many as one asks for.  Labels would
be too few: a filter that learned from 3,000 of them cost .938 against .959 F1 (EVIDENCE.md,
section 6).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from matcher.classify.forest import Forest, plant, read_splits
from matcher.types import Bools, Floats

Doubles = NDArray[np.float64]

N_TREES = 40

LIKELY = 0.25
"""Probability from which a pair must not be lost."""

LOST = 0.002
"""Share of the probability of such pairs that may be lost all the same."""

RANGE = (0.005, 0.75)
"""Probabilities that are told apart: what is below is hopeless, what is above is kept anyhow."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """What keeps the pairs that a model may find likely.

    Attributes
    ----------
    forest : Forest
        Trees that foresee its log-odds.
    least : float
        What is foreseen lower is dropped.
    """

    forest: Forest
    least: float

    def keeps(self, features: Floats) -> Bools:
        """Return which pairs to keep, shape (n_pairs,)."""
        return np.asarray(self.forest.margin(features) >= self.least)


def learn_sieve(features: Floats, probability: Doubles, seed: int, threads: int = 1) -> Sieve:
    """Learn from every second pair what a model says, and find out on the others what to drop.

    Parameters
    ----------
    features : Floats
        Shape (n_pairs, n_features): what the sieve is to see, of random pairs.
    probability : Doubles
        Shape (n_pairs,): what the model says of them.
    seed : int
        Of the trees.
    threads : int
        Those that sort values into bins; see `learn_own`.
    """
    import lightgbm

    parameters = {
        "objective": "regression",
        "num_leaves": 16,
        "max_bin": 63,
        "learning_rate": 0.25,
        "min_data_in_leaf": 30,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }
    taught = slice(0, None, 2)
    wanted = logit(np.clip(probability[taught], *RANGE))
    binning = parameters | {"num_threads": threads}
    data = lightgbm.Dataset(features[taught], label=wanted, params=binning).construct()
    splits = read_splits(lightgbm.train(parameters, data, N_TREES).model_to_string())
    forest = plant(splits, splits.features.astype(np.int64), splits.thresholds)
    foreseen, said = forest.margin(features[1::2]), probability[1::2]
    order = np.argsort(foreseen)
    lost = np.cumsum(np.where(said >= LIKELY, said, 0.0)[order])
    n_dropped = int(np.searchsorted(lost, LOST * lost[-1])) if len(lost) and lost[-1] else 0
    return Sieve(forest, float(foreseen[order][n_dropped]) if n_dropped else -np.inf)
