"""Decide exact, variant or different from features: the classifier and its calibration."""

from matcher.classify.adapt import Adaptation, adapt, within_source
from matcher.classify.booster import Examples, trees_margin
from matcher.classify.decide import (
    enforce_labels,
    find_conflicts,
    options_agree,
    say_the_same,
    to_scores,
)
from matcher.classify.lessons import (
    N_UNLABELLED,
    UNLABELLED_WEIGHT,
    assign_folds,
    join_examples,
    sure_negatives,
    to_examples,
)
from matcher.classify.model import Classifier, Scorer, make_scorer
from matcher.classify.ranks import rank_features
from matcher.classify.rivals import NAMES as RIVAL_NAMES
from matcher.classify.rivals import Rivals, arrange_rivals
from matcher.classify.saved import load_classifier, save_classifier
from matcher.classify.train import (
    Lesson,
    check_kinds,
    first_margins,
    train_classifier,
    unseen_margins,
)
from matcher.classify.words import LEAST_LABELS, WordLesson, learn_words

__all__ = [
    "LEAST_LABELS",
    "N_UNLABELLED",
    "RIVAL_NAMES",
    "UNLABELLED_WEIGHT",
    "Adaptation",
    "Classifier",
    "Examples",
    "Lesson",
    "Rivals",
    "Scorer",
    "WordLesson",
    "adapt",
    "arrange_rivals",
    "assign_folds",
    "check_kinds",
    "enforce_labels",
    "find_conflicts",
    "first_margins",
    "join_examples",
    "learn_words",
    "load_classifier",
    "make_scorer",
    "options_agree",
    "rank_features",
    "save_classifier",
    "say_the_same",
    "sure_negatives",
    "to_examples",
    "to_scores",
    "train_classifier",
    "trees_margin",
    "unseen_margins",
    "within_source",
]
