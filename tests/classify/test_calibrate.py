import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.classify.calibrate import expected_f1_threshold, fit_calibration

JUDGED = st.lists(st.tuples(st.floats(-20, 20), st.booleans()), min_size=1, max_size=30)


def ones(n):
    return np.ones(n, dtype=np.float32)


@given(JUDGED)
def test_calibration_is_monotone_whatever_the_labels(judged):
    margin, is_match = (np.array(side) for side in zip(*judged, strict=True))
    calibration = fit_calibration(margin, is_match.astype(bool), ones(len(margin)))
    assert calibration.slope > 0
    probability = calibration.probability(np.linspace(-30, 30, 50))
    assert (np.diff(probability) >= 0).all()
    assert ((probability >= 0) & (probability <= 1)).all()


def test_calibrated_probabilities_are_as_frequent_as_they_say():
    rng = np.random.default_rng(0)
    margin = rng.normal(size=20_000)
    truth = 1 / (1 + np.exp(-(2 * margin - 1)))
    calibration = fit_calibration(margin, rng.random(20_000) < truth, ones(20_000))
    assert calibration.slope == pytest.approx(2, abs=0.1)
    assert calibration.shift == pytest.approx(-1, abs=0.1)


def test_a_weight_counts_like_a_repetition():
    margin = np.array([-2.0, -1, 0, 1, 2] * 40)
    is_match = np.array([False, False, True, False, True] * 40)
    weights = np.tile([1, 1, 1, 1, 1], 40).astype(np.float32)
    double = fit_calibration(margin, is_match, 2 * weights)
    assert double.slope == pytest.approx(fit_calibration(margin, is_match, weights).slope, rel=1e-3)


PROBABILITIES = st.lists(st.floats(0.001, 1), min_size=1, max_size=30).map(np.array)


@given(PROBABILITIES)
def test_the_threshold_maximises_the_expected_f1(probability):
    def expected_f1(cut):
        chosen = probability >= cut
        return 2 * probability[chosen].sum() / (chosen.sum() + probability.sum())

    threshold = expected_f1_threshold(probability, ones(len(probability)))
    best = max(expected_f1(cut) for cut in probability)
    assert threshold == pytest.approx(best / 2)
    # A pair just at the threshold changes nothing, so rounding may go either way.
    near = [expected_f1(threshold * factor) for factor in (1 - 1e-9, 1 + 1e-9)]
    assert max(near) == pytest.approx(best)


def test_without_pairs_the_threshold_is_one_half():
    assert expected_f1_threshold(np.zeros(0), ones(0)) == 0.5
