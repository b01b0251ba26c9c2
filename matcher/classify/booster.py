"""Gradient-boosted trees over features: fitting, margins, out-of-fold margins."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.types import Bools, Floats, Ints

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Pairs with a known answer.

    Attributes
    ----------
    features : Floats
        Shape (n_pairs, n_features), NaN where missing.
    is_match : Bools
        Shape (n_pairs,).
    weights : Floats
        Shape (n_pairs,): how much each counts.
    start : Doubles
        Shape (n_pairs,): margins that the trees start from, 0 without prior knowledge.
    """

    features: Floats
    is_match: Bools
    weights: Floats
    start: Doubles

    def take(self, rows: NDArray[Any]) -> "Examples":
        """Return the examples at `rows`, positions or a mask."""
        return Examples(
            self.features[rows], self.is_match[rows], self.weights[rows], self.start[rows]
        )


def fit_trees(examples: Examples, seed: int, n_trees: int, n_leaves: int = 15) -> str:
    """Fit trees and return them as LightGBM's text.

    One thread: on a few thousand rows more threads gain nothing, lose much on a busy machine
    (190 s against 3 s measured), and one thread gives the same trees everywhere.
    """
    import lightgbm

    parameters = {
        "objective": "binary",
        "num_leaves": n_leaves,
        "learning_rate": 0.04,
        "feature_fraction": 0.2,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "min_data_in_leaf": 10,
        "lambda_l2": 5.0,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }
    data = lightgbm.Dataset(
        examples.features,
        label=examples.is_match.astype(np.float32),
        weight=examples.weights,
        init_score=examples.start,
        params={"verbosity": -1},
    )
    return str(lightgbm.train(parameters, data, num_boost_round=n_trees).model_to_string())


def check_trees(text: str, n_features: int) -> None:
    """Check that LightGBM's text is whole, before LightGBM reads it: cut text ends the process.

    Raises
    ------
    ValueError
        Trees are missing or cut, or they see another number of features.
    """
    sizes = re.search(r"^tree_sizes=([\d ]+)$", text, re.MULTILINE)
    start, end = text.find("\nTree=0\n") + 1, text.find("end of trees")
    if sizes is None or start == 0 or end < start:
        raise ValueError("no whole trees")
    said, found = sum(map(int, sizes[1].split())), len(text[start:end].encode())
    if said != found:
        raise ValueError(f"trees of {found} bytes that say to be {said}")
    seen = re.search(r"^max_feature_idx=(\d+)$", text, re.MULTILINE)
    if seen is None or int(seen[1]) + 1 != n_features:
        raise ValueError(f"trees that do not see the {n_features} features of the manifest")


def load_trees(text: str) -> Any:
    """Return LightGBM's booster from its text."""
    import lightgbm

    return lightgbm.Booster(model_str=text)


def margins(booster: Any, features: Floats) -> Doubles:
    """Return the raw margins of the trees, shape (n_pairs,); one thread, for the caller's pool."""
    if len(features) == 0:
        return np.zeros(0)
    return np.asarray(booster.predict(features, raw_score=True, num_threads=1), dtype=np.float64)


def trees_margin(text: str, features: Floats) -> Doubles:
    """Return the raw margins of trees that are LightGBM's text, shape (n_pairs,)."""
    return margins(load_trees(text), features)


def fit_fold_trees(examples: Examples, folds: Ints, seed: int, n_trees: int) -> dict[int, str]:
    """Return by fold the trees that were fitted without it, where the rest has both kinds.

    Parameters
    ----------
    examples : Examples
        The pairs.
    folds : Ints
        Shape (n_pairs,): number of each pair's fold; -1 for pairs that teach in every fold and
        are not judged.
    seed, n_trees : int
        As for `fit_trees`.
    """
    fitted = {}
    for fold in np.unique(folds[folds >= 0]).tolist():
        rest = examples.take(folds != fold)
        if rest.is_match.any() and not rest.is_match.all():
            fitted[fold] = fit_trees(rest, seed, n_trees)
    return fitted


def disjoint_margins(
    examples: Examples, sides: Ints, n_judged: int, seed: int, n_trees: int
) -> Doubles:
    """Return the margins of the first examples by trees that have seen neither of their products.

    Parameters
    ----------
    examples : Examples
        The pairs.
    sides : Ints
        Shape (n_pairs, 2): number of the group of products that each record of a pair belongs to.
    n_judged : int
        How many pairs to judge; the rest only teaches.
    seed, n_trees : int
        As for `fit_trees`.
    """
    result = examples.start[:n_judged].copy()
    asked = np.sort(sides[:n_judged], axis=1)
    for both in np.unique(asked, axis=0):
        rest = examples.take(np.flatnonzero(~np.isin(sides, both).any(axis=1)))
        rows = np.flatnonzero((asked == both).all(axis=1))
        if rest.is_match.any() and not rest.is_match.all():
            result[rows] += trees_margin(fit_trees(rest, seed, n_trees), examples.features[rows])
    return result


def out_of_fold_margins(examples: Examples, folds: Ints, trees: Mapping[int, str]) -> Doubles:
    """Return for each example the margin of the trees that have not seen its fold, (n_pairs,).

    Where there are none for a fold, and for pairs without one, it stays at their start.
    """
    result = examples.start.copy()
    for fold, text in trees.items():
        held_out = folds == fold
        result[held_out] += trees_margin(text, examples.features[held_out])
    return result
