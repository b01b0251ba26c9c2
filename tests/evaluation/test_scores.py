import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from matcher.evaluation import (
    average_precision,
    best_threshold,
    bootstrap_interval,
    expected_calibration_error,
    pair_measures,
)

scored = st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=1, max_size=30)


@given(scored)
def test_no_threshold_is_better_than_the_best(rows):
    truth = np.array([is_true for is_true, _ in rows])
    score = np.array([value / 8 for _, value in rows])
    threshold, f1 = best_threshold(truth, score)
    assert pair_measures(truth, score >= threshold).f1 == pytest.approx(f1)
    tried = [pair_measures(truth, score >= t).f1 for t in np.arange(-0.5, 10) / 8]
    assert f1 == pytest.approx(max(tried))


@given(scored)
def test_average_precision_equals_scikit_learn(rows):
    truth = np.array([is_true for is_true, _ in rows])
    score = np.array([value / 8 for _, value in rows])
    if truth.any():
        expected = average_precision_score(truth, score)
        assert average_precision(truth, score) == pytest.approx(expected)


def test_nothing_true_gives_the_middle_threshold():
    assert best_threshold(np.zeros(2, bool), np.array([0.1, 0.9])) == (0.5, 0.0)
    assert average_precision(np.zeros(2, bool), np.array([0.1, 0.9])) == 0.0


def test_a_certain_and_right_probability_is_calibrated():
    assert expected_calibration_error(np.array([True, False]), np.array([1.0, 0.0])) == 0.0
    assert expected_calibration_error(np.zeros(0, bool), np.zeros(0)) == 0.0


@given(scored)
def test_the_calibration_error_is_the_weighted_mean_over_15_bins(rows):
    truth = np.array([is_true for is_true, _ in rows])
    probability = np.array([value / 8 for _, value in rows])
    expected = 0.0
    for low in range(15):
        # The last bin holds 1 too.
        upper = (low + 1) / 15 if low < 14 else np.inf
        inside = (probability >= low / 15) & (probability < upper)
        if inside.any():
            distance = abs(probability[inside].mean() - truth[inside].mean())
            expected += inside.mean() * distance
    assert expected_calibration_error(truth, probability) == pytest.approx(expected)


def test_the_bootstrap_repeats_itself():
    values = np.arange(50.0)

    def interval():
        return bootstrap_interval(50, lambda rows: float(values[rows].mean()), seed=3)

    assert interval() == interval()
    assert interval()[0] < values.mean() < interval()[1]
