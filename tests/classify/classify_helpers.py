"""Pairs with made-up features of which one decides, and a model that learned from them."""

import numpy as np

from matcher.classify import Examples, Lesson, train_classifier
from matcher.classify.booster import fit_trees
from matcher.classify.calibrate import Calibration
from matcher.classify.model import Classifier
from matcher.types import Labels, Pairs, Scores

NAMES = ("noise", "signal", "other", "question")


def made_features(n_pairs, seed=0):
    """Features of pairs, some missing, and the truth: the signal, and a little luck."""
    rng = np.random.default_rng(seed)
    features = rng.random((n_pairs, len(NAMES))).astype(np.float32)
    features[rng.random(features.shape) < 0.05] = np.nan
    signal = np.nan_to_num(features[:, 1], nan=0.5)
    return features, signal + 0.2 * rng.normal(size=n_pairs) > 0.6


def made_examples(n_pairs=300, seed=0, start=0.0):
    features, is_match = made_features(n_pairs, seed)
    weights = np.ones(n_pairs, dtype=np.float32)
    return Examples(features, is_match, weights, np.full(n_pairs, start))


def made_lesson(examples=None, **changes):
    examples = made_examples() if examples is None else examples
    folds = (np.arange(len(examples.is_match)) % 5).astype(np.int32)
    given = {"folds": folds, "valid": None, "prior": None, "words": None, **changes}
    return Lesson(features=NAMES, ranked=(), examples=examples, **given)


def made_model(seed=0, **changes):
    return train_classifier(made_lesson(**changes), seed, {"labels": 300, "note": "čeština"})


def model_of_trees(examples, features=NAMES, ranked=(), **changes):
    trees = fit_trees(examples, seed=0, n_trees=20)
    return Classifier(features, ranked, trees, Calibration(1.0, 0.0), 0.5, 0.5, **changes)


def pairs_of(*pairs):
    left, right = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
    return Pairs(left.copy(), right.copy())


def labels_of(relations):
    """Labels from a mapping of pairs to relations."""
    ordered = sorted(relations)
    values = np.array([relations[pair] for pair in ordered], dtype=np.int8)
    return Labels(pairs_of(*ordered), values)


def scores_of(pairs, probabilities, relations):
    return Scores(
        pairs,
        np.array(probabilities, dtype=np.float32),
        np.array(relations, dtype=np.int8),
    )
