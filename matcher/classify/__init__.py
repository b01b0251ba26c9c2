"""Decide exact, variant or different from features: the classifier and its calibration."""

from matcher.classify.booster import Examples
from matcher.classify.decide import enforce_labels, find_conflicts, to_scores
from matcher.classify.lessons import (
    N_UNLABELLED,
    UNLABELLED_WEIGHT,
    answer,
    ask,
    assign_folds,
    join_examples,
    sure_negatives,
    to_examples,
)
from matcher.classify.model import Classifier, Scorer, make_scorer
from matcher.classify.ranks import rank_features
from matcher.classify.saved import load_classifier, save_classifier
from matcher.classify.train import Lesson, first_margins, train_classifier

__all__ = [
    "N_UNLABELLED",
    "UNLABELLED_WEIGHT",
    "Classifier",
    "Examples",
    "Lesson",
    "Scorer",
    "answer",
    "ask",
    "assign_folds",
    "enforce_labels",
    "find_conflicts",
    "first_margins",
    "join_examples",
    "load_classifier",
    "make_scorer",
    "rank_features",
    "save_classifier",
    "sure_negatives",
    "to_examples",
    "to_scores",
    "train_classifier",
]
