"""Decide exact, variant or different from features: the classifier and its calibration."""

from matcher.classify.adapt import Adaptation, Shown, adapt, fitted_before, gain, within_source
from matcher.classify.booster import Examples, fit_trees, trees_margin
from matcher.classify.calibrate import Calibration, fit_calibration
from matcher.classify.company import NAMES as COMPANY_NAMES
from matcher.classify.company import arrange_company
from matcher.classify.contributions import contributions, total_gains
from matcher.classify.decide import (
    Conflicts,
    Contradictions,
    decide_again,
    differing_axes,
    enforce_labels,
    find_conflicts,
    find_contradictions,
    known_axes,
    options_agree,
    say_the_same,
    say_the_same_words,
    to_scores,
)
from matcher.classify.forest import Forest
from matcher.classify.lessons import (
    N_UNLABELLED,
    UNLABELLED_WEIGHT,
    assign_folds,
    join_examples,
    sure_negatives,
    to_examples,
)
from matcher.classify.model import Classifier, Scorer, make_scorer, make_unranked_scorer
from matcher.classify.prices import PriceClasses, gain_by_prices, price_classes, weigh_prices
from matcher.classify.ranks import rank_features
from matcher.classify.repetition import UNLIKELY, matches_by_repetition
from matcher.classify.rivals import NAMES as RIVAL_NAMES
from matcher.classify.rivals import arrange_rivals, log_odds
from matcher.classify.saved import load_classifier, save_classifier
from matcher.classify.self_training import OwnTrees, learn_own
from matcher.classify.sibling_models import SiblingModels
from matcher.classify.sieve import Sieve, learn_sieve
from matcher.classify.standing import NAMES as STANDING_NAMES
from matcher.classify.standing import Standing
from matcher.classify.standing import arrange as arrange_standing
from matcher.classify.train import (
    Lesson,
    check_kinds,
    first_margins,
    n_trees,
    train_classifier,
    train_with_folds,
    unseen_margins,
)
from matcher.classify.words import LEAST_LABELS, WordLesson, learn_words

__all__ = [
    "COMPANY_NAMES",
    "LEAST_LABELS",
    "N_UNLABELLED",
    "RIVAL_NAMES",
    "STANDING_NAMES",
    "UNLABELLED_WEIGHT",
    "UNLIKELY",
    "Adaptation",
    "Calibration",
    "Classifier",
    "Conflicts",
    "Contradictions",
    "Examples",
    "Forest",
    "Lesson",
    "OwnTrees",
    "PriceClasses",
    "Scorer",
    "Shown",
    "SiblingModels",
    "Sieve",
    "Standing",
    "WordLesson",
    "adapt",
    "arrange_company",
    "arrange_rivals",
    "arrange_standing",
    "assign_folds",
    "check_kinds",
    "contributions",
    "decide_again",
    "differing_axes",
    "enforce_labels",
    "find_conflicts",
    "find_contradictions",
    "first_margins",
    "fit_calibration",
    "fit_trees",
    "fitted_before",
    "gain",
    "gain_by_prices",
    "join_examples",
    "known_axes",
    "learn_own",
    "learn_sieve",
    "learn_words",
    "load_classifier",
    "log_odds",
    "make_scorer",
    "make_unranked_scorer",
    "matches_by_repetition",
    "n_trees",
    "options_agree",
    "price_classes",
    "rank_features",
    "save_classifier",
    "say_the_same",
    "say_the_same_words",
    "sure_negatives",
    "to_examples",
    "to_scores",
    "total_gains",
    "train_classifier",
    "train_with_folds",
    "trees_margin",
    "unseen_margins",
    "weigh_prices",
    "within_source",
]
