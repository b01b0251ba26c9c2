"""A logistic regression over words, whose margin is one feature of the trees."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.types import Bools, Floats, Ints

STRENGTH = 0.3
"""Inverse of the regularisation; 0.1 to 1 differ by less than 0.2 points of average precision on
the valid pairs of wdc-products and amazon-google."""

LEAST_LABELS = 300
"""Fewer labels say too little of single words."""


@dataclass(frozen=True, slots=True)
class WordLesson:
    """What labels say of words.

    Attributes
    ----------
    weights : Floats
        Shape (n_indicators,).
    shift : float
        Intercept.
    margin : Floats
        Shape (n_pairs,): margin of every labelled pair by a regression that has not seen its fold.
    """

    weights: Floats
    shift: float
    margin: Floats


def learn_words(indicators: Any, is_match: Bools, folds: Ints) -> WordLesson:
    """Learn the weights of words from labelled pairs.

    The trees must see margins as good as those of unseen pairs will be, so the labelled pairs get
    out-of-fold ones.

    Parameters
    ----------
    indicators : scipy.sparse.csr_array
        Shape (n_pairs, n_indicators), 0 and 1.
    is_match : Bools
        Shape (n_pairs,): the labels, of both kinds.
    folds : Ints
        Shape (n_pairs,): number of each pair's fold.
    """
    margin = np.zeros(len(is_match), dtype=np.float32)
    for fold in np.unique(folds):
        held_out = np.asarray(folds == fold)
        if is_match[~held_out].all() or not is_match[~held_out].any():
            continue
        rest = _fit(indicators[~held_out], is_match[~held_out])
        margin[held_out] = rest.decision_function(indicators[held_out])
    whole = _fit(indicators, is_match)
    weights: NDArray[np.float64] = whole.coef_[0]
    return WordLesson(weights.astype(np.float32), float(whole.intercept_[0]), margin)


def _fit(indicators: Any, is_match: Bools) -> Any:
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=300, random_state=0)
    return regression.fit(indicators, is_match)
