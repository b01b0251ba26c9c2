"""Estimates have no bias, and their intervals hold."""

import numpy as np
import pytest

from matcher.evaluation import Sample, estimate_quality


def catalogue(seed: int = 0):
    """Return pairs of three strata: hopeless with rare true ones, doubtful, and nearly all true."""
    random = np.random.default_rng(seed)
    stratum = np.repeat([0, 1, 2], [5000, 400, 900])
    probability = np.repeat([0.001, 0.5, 0.97], [5000, 400, 900])
    is_true = random.random(6300) < np.repeat([0.002, 0.5, 0.98], [5000, 400, 900])
    is_found = np.where(stratum == 1, random.random(6300) < 0.6, stratum == 2)
    return stratum, probability, is_true, is_found


def drawn(stratum, counts, random):
    return np.concatenate(
        [
            random.choice(np.flatnonzero(stratum == each), n, replace=False)
            for each, n in enumerate(counts)
        ]
    )


def test_intervals_hold_in_at_least_90_of_100_samples_and_estimates_have_no_bias():
    stratum, probability, is_true, is_found = catalogue()
    true_precision = (is_true & is_found).sum() / is_found.sum()
    true_recall = (is_true & is_found).sum() / is_true.sum()
    random, held, errors = np.random.default_rng(1), np.zeros(2), np.zeros(2)
    for _ in range(100):
        rows = drawn(stratum, (80, 60, 40), random)
        sample = Sample(stratum[rows], np.bincount(stratum))
        found = estimate_quality(sample, is_true[rows], is_found[rows], probability[rows])
        for at, (of, value) in enumerate(
            ((found.precision, true_precision), (found.recall, true_recall))
        ):
            held[at] += of.low <= value <= of.high
            errors[at] += (of.value - value) / 100
    assert held.min() >= 90
    assert np.abs(errors).max() < 0.01


def test_a_stratum_that_is_answered_as_a_whole_leaves_no_doubt():
    is_true = np.array([True, True, True, False])
    sample = Sample(np.zeros(4, np.int64), np.array([4]))
    found = estimate_quality(sample, is_true, np.ones(4, bool), np.full(4, 0.5))
    assert (found.precision.low, found.precision.value, found.precision.high) == (0.75,) * 3
    assert found.recall.low == found.recall.high == 1


def test_an_answer_stands_for_the_pairs_of_its_stratum():
    sample = Sample(np.array([0, 0, 1, 1]), np.array([1000, 10]))
    is_true = np.array([True, True, False, False])
    found = estimate_quality(sample, is_true, np.ones(4, bool), np.full(4, 0.5))
    assert found.precision.value == pytest.approx(1000 / 1010)
    assert (found.true, found.found) == (1000, 1010)


def test_nothing_seen_is_not_nothing_there():
    sample = Sample(np.repeat([0, 1], [20, 20]), np.array([100, 10_000]))
    is_found = np.repeat([True, False], 20)
    found = estimate_quality(sample, is_found, is_found, np.full(40, np.nan))
    assert found.recall.value == found.recall.high == 1
    assert found.recall.low < 0.2  # up to 1,700 of the 10,000 may be true


def test_a_model_that_expects_nothing_narrows_the_interval_but_does_not_overrule_answers():
    sample = Sample(np.repeat([0, 1], [50, 50]), np.array([1000, 10_000]))
    is_found = np.repeat([True, False], 50)
    sure, unknown = np.repeat([0.99, 0.0001], 50), np.full(100, np.nan)
    low = [estimate_quality(sample, is_found, is_found, p).recall.low for p in (sure, unknown)]
    assert low[0] > low[1] + 0.2
    is_true = is_found.copy()
    is_true[-5:] = True  # a tenth of what the model thinks hopeless
    wide = estimate_quality(sample, is_true, is_found, sure).recall
    assert wide.low < 1000 / 2000 < wide.high


def test_nothing_found_and_nothing_true_is_between_0_and_1():
    nothing = np.zeros(3, bool)
    sample = Sample(np.zeros(3, np.int64), np.array([9]))
    found = estimate_quality(sample, nothing, nothing, np.full(3, np.nan))
    for of in (found.precision, found.recall, found.f1):
        assert 0 <= of.low <= of.value <= of.high <= 1
