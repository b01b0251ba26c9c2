"""Trees that learn a catalogue from the pairs of it that a general model is sure of."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.classify.forest import Forest, plant, read_splits
from matcher.types import Bools, Floats

Doubles = NDArray[np.float64]

N_TREES = 60

N_BINNED = 5_000
"""Pairs whose values tell the bins of all: of 30,000 it takes twice as long, for the same F1."""


@dataclass(frozen=True, slots=True)
class OwnTrees:
    """Trees that a catalogue taught without a label.

    Attributes
    ----------
    features : tuple[str, ...]
        Names of the features that they see.
    trees : str
        The trees, as LightGBM's text.
    """

    features: tuple[str, ...]
    trees: str

    def plant(self, names: tuple[str, ...]) -> Forest:
        """Make them ready for features of these names; of those they lack, values are missing."""
        return _planted(self, names)


@lru_cache(maxsize=16)  # a search asks for the trees of its catalogue again and again
def _planted(own: OwnTrees, names: tuple[str, ...]) -> Forest:
    place = {name: column for column, name in enumerate(names)}
    columns = np.array([place.get(name, -1) for name in own.features], dtype=np.int64)
    splits = read_splits(own.trees)
    return plant(splits, columns[splits.features], splits.thresholds)


def learn_own(
    features: Floats,
    is_match: Bools,
    names: tuple[str, ...],
    match_share: float,
    seed: int,
    threads: int = 1,
) -> OwnTrees:
    """Learn from pairs of which a general model is sure.

    Parameters
    ----------
    features : Floats
        Shape (n_pairs, n_features).
    is_match : Bools
        Shape (n_pairs,): what the model is sure of.
    names : tuple[str, ...]
        Names of the features.
    match_share : float
        Share of all candidates that are thought to be matches: the sure ones stand for all.
    seed : int
        Of the trees.
    threads : int
        Those that sort values into bins, half of the work. Trees are learned by one: several wait
        for each other after every leaf, which takes twenty times as long on a busy machine.
    """
    import lightgbm

    shares = np.where(is_match, match_share, 1 - match_share)
    counts = np.where(is_match, is_match.sum(), (~is_match).sum())
    weights = (shares / counts * len(features)).astype(np.float32)
    parameters = {
        "objective": "binary",
        "num_leaves": 15,
        "max_bin": 63,
        "learning_rate": 0.08,
        "feature_fraction": 0.4,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "min_data_in_leaf": 20,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "bin_construct_sample_cnt": N_BINNED,
        "verbosity": -1,
    }
    binning = parameters | {"num_threads": threads}
    data = lightgbm.Dataset(features, is_match, weight=weights, params=binning).construct()
    return OwnTrees(names, str(lightgbm.train(parameters, data, N_TREES).model_to_string()))
