import numpy as np
import pytest
from classify_helpers import NAMES, made_examples, made_features, model_of_trees
from scipy.special import logit

from matcher.classify import make_scorer, to_examples
from matcher.classify.ranks import rank_features

SAMPLE, _ = made_features(100, seed=7)


@pytest.fixture(scope="module")
def model():
    return model_of_trees(made_examples())


def test_features_are_found_by_name(model):
    features, _ = made_features(50, seed=1)
    order = [3, 1, 0, 2]
    plain = make_scorer(model, NAMES, SAMPLE).margin(features)
    names = (*(NAMES[place] for place in order), "column:new")
    shuffled = np.column_stack([features[:, order], np.ones(50, np.float32)])
    sample = np.column_stack([SAMPLE[:, order], np.ones(100, np.float32)])
    np.testing.assert_array_equal(make_scorer(model, names, sample).margin(shuffled), plain)


def test_a_feature_that_the_catalogue_lacks_is_missing(model):
    features, _ = made_features(50, seed=1)
    without = make_scorer(model, NAMES[:3], SAMPLE[:, :3]).margin(features[:, :3])
    missing = features.copy()
    missing[:, 3] = np.nan
    np.testing.assert_array_equal(without, make_scorer(model, NAMES, SAMPLE).margin(missing))


def test_a_ranked_model_sees_places_after_the_features():
    features, is_match = made_features(300)
    ranks = rank_features(SAMPLE[:, [1]])
    both = np.column_stack([features, ranks.places(features[:, [1]])])
    model = model_of_trees(to_examples(both, is_match, 1.0, None), ranked=("signal",))
    found = make_scorer(model, NAMES, SAMPLE).select(features)
    np.testing.assert_array_equal(found, both)


def test_the_odds_of_the_prior_are_where_the_trees_start(model):
    features, _ = made_features(50, seed=1)
    prior = make_scorer(model, NAMES, SAMPLE)
    upper = make_scorer(model_of_trees(made_examples(seed=2), prior=model), NAMES, SAMPLE)
    alone = make_scorer(model_of_trees(made_examples(seed=2)), NAMES, SAMPLE)
    expected = alone.margin(features) + prior.logit(features)
    np.testing.assert_allclose(upper.margin(features), expected, rtol=1e-12)


def test_log_odds_are_those_of_the_probability(model):
    features, _ = made_features(50, seed=1)
    scorer = make_scorer(model, NAMES, SAMPLE)
    np.testing.assert_allclose(scorer.logit(features), logit(scorer.probability(features)))


def test_chunks_do_not_change_probabilities(model):
    features, _ = made_features(50, seed=1)
    scorer = make_scorer(model, NAMES, SAMPLE)
    parts = [scorer.probability(features[start : start + 7]) for start in range(0, 50, 7)]
    np.testing.assert_array_equal(np.concatenate(parts), scorer.probability(features))
