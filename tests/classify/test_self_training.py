"""Trees that a catalogue taught see features by their names."""

import numpy as np
import pytest

from matcher.classify import learn_own

NAMES = ("alike", "price", "noise")


@pytest.fixture
def pairs():
    """Features of 2,000 pairs, and which are matches: those alike in the first."""
    features = np.random.default_rng(0).random((2_000, 3), dtype=np.float32)
    return features, features[:, 0] > 0.7


def test_what_the_sure_pairs_show_is_learned(pairs):
    features, is_match = pairs
    margins = learn_own(features, is_match, NAMES, 0.3, seed=1).plant(NAMES).margin(features)
    assert ((margins > 0) == is_match).mean() > 0.99


def test_features_are_found_by_name(pairs):
    features, is_match = pairs
    own = learn_own(features, is_match, NAMES, 0.3, seed=1)
    turned = own.plant(("new", *NAMES[::-1])).margin(
        np.column_stack([np.full(len(features), 9, np.float32), features[:, ::-1]])
    )
    np.testing.assert_array_equal(turned, own.plant(NAMES).margin(features))


def test_a_feature_that_is_gone_is_missing(pairs):
    features, is_match = pairs
    own = learn_own(features, is_match, NAMES, 0.3, seed=1)
    features[:, 1] = np.nan
    np.testing.assert_array_equal(
        own.plant(("alike", "noise")).margin(features[:, [0, 2]]),
        own.plant(NAMES).margin(features),
    )


def test_sure_pairs_stand_for_as_many_matches_as_there_are_thought_to_be(pairs):
    features, _ = pairs
    is_match = np.random.default_rng(1).random(len(features)) < 0.5  # nothing tells them apart
    many, few = (
        learn_own(features, is_match, NAMES, share, seed=1).plant(NAMES).margin(features).mean()
        for share in (0.5, 0.1)
    )
    assert many == pytest.approx(0, abs=0.2)
    assert few == pytest.approx(np.log(0.1 / 0.9), abs=0.3)


def test_threads_change_nothing(pairs):
    features, is_match = pairs
    one, two = (learn_own(features, is_match, NAMES, 0.3, 1, threads) for threads in (1, 2))
    assert one == two
