"""Labels that are too few for a model of their own move the shipped one."""

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.evaluation import evaluate_groups
from matcher.pipeline.model import DEFAULT_MODEL


@pytest.fixture(scope="module")
def labels(demo, truth):
    """Return the truth of eighty random pairs and of forty true ones."""
    every = truth.merge(truth, how="cross", suffixes=("", "_other"))
    every = every[every["id"] < every["id_other"]]
    is_exact = every["match"] == every["match_other"]
    chosen = pd.concat(
        [every[is_exact].sample(40, random_state=0), every[~is_exact].sample(80, random_state=0)]
    )
    is_family = chosen["family"] == chosen["family_other"]
    same = chosen["match"] == chosen["match_other"]
    relation = np.where(same, "exact", np.where(is_family, "variant", "different"))
    frame = chosen[["id", "id_other"]].set_axis(["left_id", "right_id"], axis=1)
    return frame.assign(relation=relation)


@pytest.fixture(scope="module")
def model(demo, labels):
    return matcher.train(demo, labels)


def test_a_few_labels_leave_what_the_shipped_model_knows_of_catalogues(model):
    shipped, taught = matcher.load(DEFAULT_MODEL).classifier, model.classifier
    assert taught.is_general
    assert taught.trees == shipped.trees
    assert taught.second.prior.trees == shipped.second.trees
    assert taught.second.trees != shipped.second.trees


def test_half_of_the_log_odds_of_the_prior_are_kept_for_families(model):
    kept = model.classifier.family.prior.calibration
    own = matcher.load(DEFAULT_MODEL).classifier.calibration
    assert 0.2 < kept.slope / own.slope < 0.8


def test_where_nothing_is_ignored_no_families_are_taught(demo, labels):
    assert matcher.train(demo, labels, ignore=[]).classifier.family is None


def test_answers_correct_what_the_shipped_model_says(demo, labels, model):
    asked, numbers = labels[["left_id", "right_id"]], {"exact": 1.0}
    is_exact = labels["relation"].map(numbers).fillna(0.0).to_numpy()
    before, after = (
        (matcher.score(demo, asked, model=each)["p_exact"] - is_exact).abs().mean()
        for each in (matcher.load(DEFAULT_MODEL), model)
    )
    assert after < 0.8 * before


def test_a_few_labels_do_not_make_the_answers_worse(demo, model, truth):
    told = truth.rename(columns={"match": "product_id", "family": "family_id"})
    shipped, taught = (
        evaluate_groups(matcher.dedupe(demo, model=each).records, told).match_pairwise.f1
        for each in (matcher.load(DEFAULT_MODEL), model)
    )
    assert taught > shipped - 0.02


def test_a_model_of_a_few_labels_is_saved_whole(demo, model, tmp_path):
    model.save(tmp_path / "model")
    before, after = (
        matcher.dedupe(demo, model=each).records
        for each in (model, matcher.load(tmp_path / "model"))
    )
    pd.testing.assert_frame_equal(before, after)


def test_valid_labels_choose_the_threshold_of_a_few_labels(demo, labels):
    halves = labels[::2], labels[1::2]
    taught = matcher.train(demo, halves[0], valid=halves[1]).classifier
    assert not taught.is_general
    assert taught.second is None
    assert taught.family is None
