import numpy as np
import pytest
from classify_helpers import NAMES, made_examples, made_features

from matcher.classify.booster import (
    check_trees,
    disjoint_margins,
    fit_fold_trees,
    fit_trees,
    load_trees,
    margins,
    out_of_fold_margins,
)


@pytest.fixture(scope="module")
def trees():
    return fit_trees(made_examples(), seed=0, n_trees=10)


def test_the_same_examples_give_the_same_trees(trees):
    assert fit_trees(made_examples(), seed=0, n_trees=10) == trees
    assert fit_trees(made_examples(), seed=1, n_trees=10) != trees


def test_margins_are_larger_where_the_signal_is(trees):
    features, is_match = made_features(200, seed=1)
    margin = margins(load_trees(trees), features)
    assert margin.dtype == np.float64
    assert margin[is_match].mean() > margin[~is_match].mean() + 0.1


def test_no_pairs_have_no_margins(trees):
    assert margins(load_trees(trees), np.zeros((0, len(NAMES)), np.float32)).shape == (0,)


def test_trees_go_on_from_where_they_start():
    # Trees on top of a start that knows the answer have little left to say.
    is_match = made_examples().is_match
    knowing = made_examples()
    knowing = type(knowing)(
        knowing.features, is_match, knowing.weights, np.where(is_match, 8.0, -8.0)
    )
    left = margins(load_trees(fit_trees(knowing, 0, 10)), knowing.features)
    assert np.abs(left).max() < 0.5


def test_an_example_is_judged_by_trees_that_have_not_seen_it():
    examples = made_examples(60)
    folds = (np.arange(60) % 3).astype(np.int32)
    found = out_of_fold_margins(examples, folds, fit_fold_trees(examples, folds, 0, 10))
    rest = fit_trees(examples.take(folds != 1), 0, 10)
    np.testing.assert_array_equal(
        found[folds == 1], margins(load_trees(rest), examples.features[folds == 1])
    )


def test_examples_without_a_fold_teach_and_are_not_judged():
    examples = made_examples(60, start=3.0)
    folds = np.where(np.arange(60) < 40, np.arange(60) % 2, -1).astype(np.int32)
    found = out_of_fold_margins(examples, folds, fit_fold_trees(examples, folds, 0, 5))
    assert found[folds < 0].tolist() == [3.0] * 20
    rest = fit_trees(examples.take(folds != 0), 0, 5)  # with those that have no fold
    np.testing.assert_array_equal(
        found[folds == 0], 3 + margins(load_trees(rest), examples.features[folds == 0])
    )


def test_a_fold_that_leaves_one_kind_only_stays_at_its_start():
    examples = made_examples(60)
    folds = examples.is_match.astype(np.int32)
    assert not out_of_fold_margins(examples, folds, fit_fold_trees(examples, folds, 0, 5)).any()


def test_whole_trees_pass_the_check(trees):
    check_trees(trees, len(NAMES))


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda text: "", "no whole trees"),
        (lambda text: text[: len(text) // 2], "no whole trees"),
        (lambda text: text.replace("leaf_value", "leaf", 1), r"trees of \d+ bytes that say to be"),
        (lambda text: text.replace("max_feature_idx=3", "max_feature_idx=2"), "4 features"),
    ],
)
def test_damaged_trees_are_refused_before_lightgbm_reads_them(trees, damage, reason):
    with pytest.raises(ValueError, match=reason):
        check_trees(damage(trees), len(NAMES))


def test_a_pair_is_judged_by_trees_that_have_seen_neither_of_its_products():
    examples = made_examples(90)
    sides = np.random.default_rng(1).integers(4, size=(90, 2)).astype(np.int32)
    found = disjoint_margins(examples, sides, 60, seed=0, n_trees=5)
    assert len(found) == 60
    for pair in (0, 7, 59):
        is_apart = [not set(sides[pair]) & set(each) for each in sides]
        rest = fit_trees(examples.take(np.flatnonzero(is_apart)), 0, 5)
        alone = margins(load_trees(rest), examples.features[pair : pair + 1])
        assert found[pair] == alone[0]
