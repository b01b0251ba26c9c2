"""A model for products that its labels do not name is calibrated on pairs of unseen products."""

import numpy as np
import pytest

import matcher
from matcher.classify import STANDING_NAMES
from matcher.output import Stopwatch
from matcher.pipeline.model import DEFAULT_MODEL
from matcher.pipeline.stages import prepare
from matcher.pipeline.training import N_GROUPS, _sides
from matcher.progress import silent
from matcher.records import read_catalogue
from matcher.settings import Settings
from matcher.types import EXACT, Labels


@pytest.fixture(scope="module")
def prepared(demo):
    return prepare(read_catalogue([demo]), Settings(), silent, Stopwatch())


def test_records_that_labels_call_one_product_are_of_one_group(prepared):
    pairs = prepared.candidates.pairs.take(np.arange(0, 400, 4))
    relations = np.where(np.arange(100) % 2, EXACT, EXACT + 1).astype(np.int8)
    sides = _sides(prepared, Labels(pairs, relations), np.arange(50))
    assert sides.max() < N_GROUPS
    is_exact = relations == EXACT
    assert (sides[:100][is_exact][:, 0] == sides[:100][is_exact][:, 1]).all()
    assert (sides[-50:][:, 0] != sides[-50:][:, 1]).any()


def test_new_products_are_not_judged_a_second_time(demo, truth, monkeypatch):
    monkeypatch.setattr("matcher.classify.train.N_TREES", 40)  # it holds for any number
    every = truth.merge(truth[::2], how="cross", suffixes=("", "_other"))
    every = every[every["id"] < every["id_other"]]
    is_exact = every["match"] == every["match_other"]
    labels = every[is_exact | (np.arange(len(every)) % 7 == 0)]
    frame = labels[["id", "id_other"]].set_axis(["left_id", "right_id"], axis=1)
    frame = frame.assign(label=(labels["match"] == labels["match_other"]).astype(int))
    assert len(frame) >= 500
    known, new = (
        matcher.train(demo, frame, new_products=each).classifier for each in (False, True)
    )
    assert known.second is not None
    assert new.second is None
    assert new.trees == known.trees
    assert new.calibration != known.calibration


def test_the_shipped_model_looks_again_at_how_pairs_stand():
    second = matcher.load(DEFAULT_MODEL).classifier.second
    assert second.features == STANDING_NAMES
