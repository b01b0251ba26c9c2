"""Trees made ready for a catalogue give LightGBM's margins to the bit."""

from dataclasses import replace

import numpy as np
import pytest
from classify_helpers import NAMES, made_examples, made_features, model_of_trees
from numpy.typing import NDArray

from matcher.classify.booster import fit_trees, trees_margin
from matcher.classify.forest import BLOCK, plant, read_splits
from matcher.classify.model import make_scorer


def planted(text: str, features: NDArray[np.float32]) -> NDArray[np.float64]:
    splits = read_splits(text)
    return plant(splits, splits.features.astype(np.int64), splits.thresholds).margin(features)


def features_with_gaps(n_pairs: int, n_features: int, seed: int) -> NDArray[np.float32]:
    random = np.random.default_rng(seed)
    features = random.normal(size=(n_pairs, n_features)).astype(np.float32).round(1)
    features[random.random(features.shape) < 0.2] = np.nan
    features[random.random(features.shape) < 0.1] = 0
    features[random.random(features.shape) < 0.01] = np.inf
    return features


@pytest.mark.parametrize("n_pairs", [0, 1, BLOCK, 3 * BLOCK + 7])
def test_the_margins_are_those_of_lightgbm(n_pairs: int) -> None:
    examples = made_examples()
    text = fit_trees(examples, seed=0, n_trees=30)
    features = features_with_gaps(n_pairs, examples.features.shape[1], seed=1)
    np.testing.assert_array_equal(planted(text, features), trees_margin(text, features))


def test_missing_values_take_the_way_they_were_taught() -> None:
    examples = made_examples()
    examples.features[::3] = np.nan
    text = fit_trees(examples, seed=0, n_trees=30)
    features = features_with_gaps(1000, examples.features.shape[1], seed=2)
    np.testing.assert_array_equal(planted(text, features), trees_margin(text, features))


def test_trees_without_a_split_are_their_leaf() -> None:
    examples = made_examples()
    examples.features[:] = 1  # nothing to ask
    text = fit_trees(examples, seed=0, n_trees=3)
    features = features_with_gaps(10, examples.features.shape[1], seed=3)
    np.testing.assert_array_equal(planted(text, features), trees_margin(text, features))


@pytest.mark.parametrize("n_sample", [0, 1, 300])
def test_what_is_asked_of_a_place_is_asked_of_its_value(n_sample: int) -> None:
    features = features_with_gaps(2000, len(NAMES), seed=4)
    sample = np.repeat(made_features(300, seed=1)[0].round(2)[:n_sample], 3, axis=0)
    taught = made_examples()
    both = np.concatenate([taught.features, taught.features[:, 1:3]], axis=1)
    model = model_of_trees(replace(taught, features=both), ranked=("signal", "other"))
    scorer = make_scorer(model, NAMES, sample)
    expected = trees_margin(model.trees, scorer.select(features))
    np.testing.assert_array_equal(scorer.margin(features), expected)


@pytest.mark.parametrize("n_pairs", [0, BLOCK + 7])
def test_two_models_side_by_side_say_what_each_says_alone(n_pairs: int) -> None:
    examples = made_examples()
    n_features = examples.features.shape[1]
    splits = read_splits(fit_trees(examples, seed=0, n_trees=30))
    features = features_with_gaps(n_pairs, n_features + 1, seed=5)
    # The second model asks of the last column what the first asks of column 1, and of column 2 at
    # other values; column 3 does not exist for it.
    columns = np.array([0, n_features, 2, 3])
    asked = np.where(splits.features == 3, -1, splits.features).astype(np.int64)
    moved = splits.thresholds + np.where(splits.features == 2, 0.05, 0.0)
    one = plant(splits, splits.features.astype(np.int64), splits.thresholds)
    other = plant(splits, asked, moved)
    both = one.beside(other, columns)
    alone = one.margin(features), other.margin(features[:, columns])
    assert not np.array_equal(*alone) or n_pairs == 0
    np.testing.assert_array_equal(both.margins(features), np.stack(alone))
    assert len(both.columns) == len(one.columns) + len(other.columns) - 1  # column 0 is shared
