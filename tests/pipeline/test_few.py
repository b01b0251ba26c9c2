"""Labels that are too few for a model of their own move the shipped one."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.classify import COMPANY_NAMES, RIVAL_NAMES, STANDING_NAMES, Calibration
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


def _ranges(classifier):
    """Return the range of values that trees have seen of each feature, as LightGBM tells."""
    told = next(line for line in classifier.trees.splitlines() if line.startswith("feature_infos="))
    names = classifier.features
    return dict(zip(names, told.partition("=")[2].split(" "), strict=True))


def test_inside_one_table_a_third_look_sees_what_company_records_keep(model):
    second = model.classifier.second
    assert second.second.features == second.features
    by_second, by_first = (_ranges(each) for each in (second.second, second))
    assert all(by_second[name] not in ("none", by_first[name]) for name in COMPANY_NAMES)
    assert all(by_second[name] == by_first[name] for name in RIVAL_NAMES)
    assert second.second.prior.trees == second.prior.trees
    assert second.second.trees != second.trees


@pytest.fixture(scope="module")
def linked(demo, labels):
    """Return two tables, the labels between them, and what these teach."""
    is_left = demo["id"].isin(labels["left_id"])
    across = labels[labels["right_id"].isin(demo["id"][~is_left])]
    halves = [demo[is_left], demo[~is_left]]
    return halves, across, matcher.train(halves, across)


def test_between_two_tables_a_third_look_sees_how_pairs_stand_alone(linked):
    second = linked[2].classifier.second
    assert second.second.features == STANDING_NAMES
    assert second.second.prior is None


@pytest.mark.parametrize("is_link", [False, True])
def test_the_third_look_has_the_last_word_on_what_the_second_thinks_possible(
    demo, labels, model, linked, is_link
):
    inputs, asked, model = linked if is_link else (demo, labels, model)
    taught = model.classifier
    third = replace(taught.second.second, calibration=Calibration(0.0, 0.5))  # one answer to all
    undecided = replace(taught, second=replace(taught.second, second=third))
    usual, same = (
        matcher.score(inputs, asked[["left_id", "right_id"]], model=each)["p_exact"].round(6)
        for each in (model, replace(model, classifier=undecided))
    )
    is_open = (same > 0.1) & (same < 0.99)
    assert is_open.sum() > 10
    assert same[is_open].max() == same[is_open].min()
    assert usual[is_open].nunique() > 10


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
