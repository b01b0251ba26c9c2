import numpy as np
import pytest
from scipy.sparse import csr_array

from matcher.classify import learn_words


def made_indicators(n_pairs=400):
    """Ten words, of which the first speaks for a match and the second against."""
    rng = np.random.default_rng(0)
    words = rng.random((n_pairs, 10)) < 0.4
    is_match = words[:, 0] & ~words[:, 1]
    return csr_array(words.astype(np.float32)), is_match


def test_words_that_decide_get_weights():
    indicators, is_match = made_indicators()
    lesson = learn_words(indicators, is_match, np.arange(400) % 5)
    assert lesson.weights.dtype == np.float32
    assert lesson.weights[0] > 1
    assert lesson.weights[1] < -1
    assert np.abs(lesson.weights[2:]).max() < 0.5
    assert ((lesson.margin > 0) == is_match).mean() > 0.95


def test_the_margin_of_a_pair_does_not_know_its_label():
    indicators, is_match = made_indicators()
    folds = np.arange(400) % 5
    turned = is_match.copy()
    turned[folds == 2] ^= True
    before = learn_words(indicators, is_match, folds).margin
    after = learn_words(indicators, turned, folds).margin
    np.testing.assert_array_equal(before[folds == 2], after[folds == 2])
    assert (before[folds == 1] != after[folds == 1]).all()


def test_a_fold_that_leaves_one_kind_only_has_no_margin():
    indicators, is_match = made_indicators()
    assert not learn_words(indicators, is_match, is_match.astype(np.int32)).margin.any()


def test_the_same_labels_give_the_same_weights():
    indicators, is_match = made_indicators()
    one, other = (learn_words(indicators, is_match, np.arange(400) % 5) for _ in range(2))
    np.testing.assert_array_equal(one.weights, other.weights)
    assert one.shift == pytest.approx(other.shift, abs=0)
