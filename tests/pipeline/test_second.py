"""With labels enough, further models judge exact pairs again as they stand among all candidates."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

import matcher
from matcher.classify import STANDING_NAMES, Calibration
from matcher.pipeline.second import LEAST_FOR_SECOND, _folds_of
from matcher.types import Pairs


@pytest.fixture(scope="module", autouse=True)
def few_trees():
    """Let models have forty trees: what is said here holds for any number."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matcher.classify.train.N_TREES", 40)
        yield


@pytest.fixture(scope="module")
def labels(truth):
    """Return all labels of every second record: more than a second model needs."""
    every = truth.merge(truth[::2], how="cross", suffixes=("", "_other"))
    every = every[every["id"] < every["id_other"]]
    is_exact = every["match"] == every["match_other"]
    is_family = every["family"] == every["family_other"]
    relation = np.where(is_exact, "exact", np.where(is_family, "variant", "different"))
    frame = every[["id", "id_other"]].set_axis(["left_id", "right_id"], axis=1)
    frame = frame.assign(relation=relation)
    different = frame[frame["relation"] == "different"][::7]
    return pd.concat([frame[frame["relation"] != "different"], different], ignore_index=True)


@pytest.fixture(scope="module")
def model(demo, labels):
    """Return a model that was taught by all of them."""
    assert len(labels) >= LEAST_FOR_SECOND
    return matcher.train(demo, labels)


def test_few_labels_teach_no_second_model(demo, labels):
    few = labels.sample(LEAST_FOR_SECOND - 1, random_state=0)
    assert matcher.train(demo, few, from_scratch=True).classifier.second is None


def test_further_looks_see_all_that_the_first_does_and_how_pairs_stand(model):
    first, second = model.classifier, model.classifier.second
    third = second.second
    assert second.features == third.features == (*first.features, *STANDING_NAMES)
    assert first.threshold_exact == second.threshold_exact == third.threshold_exact
    assert second.trees != third.trees


def test_the_third_look_has_the_last_word_on_what_the_second_thinks_possible(demo, labels, model):
    taught = model.classifier
    third = replace(taught.second.second, calibration=Calibration(0.0, 0.5))  # one answer to all
    undecided = replace(taught, second=replace(taught.second, second=third))
    asked = labels[["left_id", "right_id"]]
    usual, same = (
        matcher.score(demo, asked, model=each)["p_exact"].round(6)
        for each in (model, replace(model, classifier=undecided))
    )
    # Families raise the answer where all options agree.
    is_possible = same >= round(float(expit(0.5)), 6)
    assert (usual[is_possible] < 0.6).sum() >= 5
    assert same[~is_possible].max() < 0.01
    assert (usual == same)[~is_possible].all()


def test_between_two_tables_there_is_no_third_look(demo, truth):
    every = truth[::2].merge(truth[1::2], how="cross", suffixes=("", "_other"))
    is_exact = every["match"] == every["match_other"]
    chosen = pd.concat([every[is_exact], every[~is_exact].sample(LEAST_FOR_SECOND, random_state=0)])
    labels = chosen[["id", "id_other"]].set_axis(["left_id", "right_id"], axis=1)
    labels = labels.assign(label=(chosen["match"] == chosen["match_other"]).astype(int))
    tables = [demo[demo["id"].isin(truth[start::2]["id"])] for start in (0, 1)]
    taught = matcher.train(tables, labels).classifier
    assert taught.second is not None
    assert taught.second.second is None


def test_a_saved_model_looks_again_as_it_did(demo, model, tmp_path):
    model.save(tmp_path / "model")
    loaded = matcher.load(tmp_path / "model")
    asked = pd.DataFrame({"left_id": demo["id"][:40], "right_id": demo["id"][40:80].to_numpy()})
    before, after = (matcher.score(demo, asked, model=each) for each in (model, loaded))
    pd.testing.assert_frame_equal(before, after)


def test_what_is_asked_beside_a_pair_does_not_change_its_answer(demo, model):
    ids = demo["id"].to_numpy()
    asked = pd.DataFrame({"left_id": ids[:60], "right_id": ids[60:120]})
    every = matcher.score(demo, asked, model=model)
    alone = matcher.score(demo, asked[7:8], model=model)
    pd.testing.assert_frame_equal(every[7:8].reset_index(drop=True), alone)


def test_candidates_of_a_labelled_record_are_of_the_fold_of_its_labels():
    labelled = Pairs(np.array([0, 0, 2], np.int32), np.array([1, 3, 3], np.int32))
    candidates = Pairs(np.array([0, 1, 2, 2], np.int32), np.array([2, 3, 3, 4], np.int32))
    folds = _folds_of(5, candidates, labelled, np.array([1, 1, 0], np.int32))
    assert folds[[0, 2, 3]].tolist() == [1, 0, 0]
    assert folds[1] in (0, 1)
