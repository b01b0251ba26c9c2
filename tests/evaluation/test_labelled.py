import numpy as np
import pytest

from matcher.evaluation import measure_labelled


def say(exact, variant=0.0):
    return [exact, variant, 1 - exact - variant]


def test_precision_and_recall_count_decisions_against_labels():
    truth, decided = np.int8([0, 0, 0, 2, 2]), np.int8([0, 0, 2, 0, 2])
    said = np.float32([say(0.9), say(0.8), say(0.3), say(0.7), say(0.1)])
    found = measure_labelled(truth, decided, said)
    precision, recall = found.one_product.precision, found.one_product.recall
    assert (precision.part, precision.whole) == (2, 3)
    assert (recall.part, recall.whole) == (2, 3)
    assert precision.low < precision.value < precision.high
    assert found.one_product.average_precision == pytest.approx(1 / 3 + 1 / 3 + 3 / 4 / 3)
    assert found.confusion == [[2, 0, 1], [0, 0, 0], [1, 0, 1]]
    assert found.one_family is None  # nothing is a variant


def test_a_family_is_exact_or_variant():
    truth, decided = np.int8([1, 0, 2]), np.int8([0, 1, 2])
    said = np.float32([say(0.9), say(0.2, 0.7), say(0.1, 0.1)])
    found = measure_labelled(truth, decided, said)
    assert found.one_product.precision.value == 0.0
    assert found.one_family.precision.value == found.one_family.recall.value == 1.0


def test_the_interval_is_wilsons():
    truth = np.zeros(10, np.int8)
    decided = np.int8([0] * 8 + [2] * 2)
    recall = measure_labelled(truth, decided, np.float32([say(0.5)] * 10)).one_product.recall
    assert (round(recall.low, 4), round(recall.high, 4)) == (0.4902, 0.9433)


def test_labels_of_one_kind_only_leave_the_rest_unknown():
    found = measure_labelled(np.int8([2, 2]), np.int8([2, 2]), np.float32([say(0.1), say(0.2)]))
    assert np.isnan(found.one_product.precision.value)
    assert found.one_product.curve == ()


def test_a_long_curve_is_thinned_and_keeps_its_ends():
    rng = np.random.default_rng(0)
    p = rng.random(1_000).astype(np.float32)
    truth = np.where(rng.random(1_000) < p, 0, 2).astype(np.int8)
    said = np.stack([p, np.zeros(1_000, np.float32), 1 - p], axis=1)
    curve = measure_labelled(truth, np.where(p > 0.5, 0, 2).astype(np.int8), said).one_product.curve
    assert len(curve) == 60
    assert curve[0][0] == 0.0
    assert curve[-1][0] == 1.0
