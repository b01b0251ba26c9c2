from dataclasses import replace

import numpy as np
import pytest
from classify_helpers import (
    NAMES,
    made_examples,
    made_features,
    made_lesson,
    made_model,
    model_of_trees,
)

from matcher.classify import (
    first_margins,
    join_examples,
    make_scorer,
    train_classifier,
    unseen_margins,
)
from matcher.errors import LabelsError


def f1(is_match, is_called):
    return 2 * (is_match & is_called).sum() / (is_match.sum() + is_called.sum())


def test_a_model_finds_the_signal():
    model = made_model()
    features, is_match = made_features(1000, seed=3)
    probability = make_scorer(model, NAMES, features).probability(features)
    assert f1(is_match, probability >= model.threshold_exact) > 0.75
    assert model.card == {"labels": 300, "note": "čeština"}


def test_the_same_seed_gives_the_same_model():
    assert made_model(seed=4) == made_model(seed=4)
    assert made_model(seed=4) != made_model(seed=5)


def test_valid_labels_choose_the_calibration_and_not_the_trees():
    crossed, validated = made_model(), made_model(valid=made_examples(200, seed=9))
    assert crossed.trees == validated.trees
    assert crossed.calibration != validated.calibration


def test_valid_labels_of_one_kind_are_not_used():
    valid = made_examples(50)
    assert made_model(valid=valid.take(valid.is_match)) == made_model()


def test_unlabelled_examples_teach_and_do_not_calibrate():
    labelled, unlabelled = made_examples(200), made_examples(2000, seed=1)
    unlabelled = unlabelled.take(~unlabelled.is_match)
    folds = np.concatenate([np.arange(200) % 5, np.full(len(unlabelled.is_match), -1)])
    lesson = made_lesson(join_examples(labelled, unlabelled), folds=folds.astype(np.int32))
    model = train_classifier(lesson, 0, {})
    features, is_match = made_features(1000, seed=3)
    mean = make_scorer(model, NAMES, features).probability(features).mean()
    assert mean == pytest.approx(is_match.mean(), abs=0.1)


def test_a_model_keeps_the_prior_it_starts_from():
    prior = model_of_trees(made_examples(seed=2))
    assert made_model(prior=prior).prior is prior


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (lambda is_match: is_match, r"all \d+ pairs are of the same product"),
        (lambda is_match: ~is_match, r"all \d+ pairs are of different products"),
        (lambda is_match: is_match & ~is_match, "there are none"),
    ],
)
def test_labels_of_one_kind_are_an_error(chosen, found):
    examples = made_examples(50)
    one_kind = examples.take(chosen(examples.is_match))
    with pytest.raises(LabelsError, match=f"^labels: {found}, a model needs both kinds. Label"):
        train_classifier(made_lesson(one_kind), 0, {})
    with pytest.raises(LabelsError, match=found):
        first_margins(one_kind, examples.features, examples.start, 0)


def test_first_margins_stand_on_the_prior():
    examples, (features, _) = made_examples(100), made_features(20, seed=1)
    plain = first_margins(examples, features, np.zeros(20), 0)
    np.testing.assert_allclose(first_margins(examples, features, np.full(20, 2.0), 0), plain + 2)


def test_margins_of_a_fold_do_not_know_its_answers():
    lesson, (asked, _) = made_lesson(), made_features(50, seed=4)
    folds, start = (np.arange(50) % 5).astype(np.int32), np.zeros(50)
    before = unseen_margins(lesson, lesson.folds, 0, asked, start, folds)
    examples = lesson.examples
    turned = np.where(lesson.folds == 2, ~examples.is_match, examples.is_match)
    other = replace(lesson, examples=replace(examples, is_match=turned))
    after = unseen_margins(other, lesson.folds, 0, asked, start, folds)
    np.testing.assert_array_equal(before[folds == 2], after[folds == 2])
    assert (before[folds != 2] != after[folds != 2]).mean() > 0.9


def test_a_model_for_new_products_is_calibrated_to_the_share_of_matches_of_the_valid_pairs():
    valid = made_examples(400, seed=9)
    rare = valid.take(~valid.is_match | (np.arange(400) % 10 == 0))
    sides = np.random.default_rng(2).integers(4, size=(300, 2)).astype(np.int32)
    model = made_model(sides=sides, valid=rare)
    assert model.trees == made_model().trees
    features, _ = made_features(2000, seed=3)
    likely = [
        make_scorer(each, NAMES, features).probability(features).mean()
        for each in (model, made_model(sides=sides))
    ]
    assert likely[0] < 0.6 * likely[1]


def test_a_model_has_no_more_trees_than_its_lesson_allows():
    assert made_model(most_trees=7).trees.count("\nTree=") == 7
