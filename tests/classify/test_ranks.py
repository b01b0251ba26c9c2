import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matcher.classify.ranks import rank_features

VALUE = st.floats(-5, 5, width=32) | st.just(float("nan"))
SAMPLES = arrays(np.float32, st.tuples(st.integers(0, 12), st.just(2)), elements=VALUE)


@given(SAMPLES, SAMPLES)
def test_places_are_0_to_1_and_missing_where_the_feature_is(sample, features):
    found = rank_features(sample).places(features)
    assert found.dtype == np.float32
    known = ~np.isnan(found)
    assert ((found[known] >= 0) & (found[known] <= 1)).all()
    nothing_known = np.isnan(sample).all(axis=0)
    np.testing.assert_array_equal(~known, np.isnan(features) | nothing_known)


@given(SAMPLES, SAMPLES)
def test_places_are_monotone(sample, features):
    found = rank_features(sample).places(features)
    for column in range(2):
        order = np.argsort(features[:, column])
        places = found[order, column]
        assert (np.diff(places[~np.isnan(places)]) >= 0).all()


@given(SAMPLES)
def test_equal_values_share_the_mean_of_their_places(sample):
    found = rank_features(sample).places(sample)
    for column, places in zip(sample.T, found.T, strict=True):
        known = column[~np.isnan(column)]
        for value, place in zip(column, places, strict=True):
            if not np.isnan(value):
                below, equal = (known < value).sum(), (known == value).sum()
                assert place == np.float32((below + equal / 2) / len(known))


def test_a_place_does_not_depend_on_the_scale():
    sample = np.random.default_rng(0).random((50, 1)).astype(np.float32)
    np.testing.assert_array_equal(
        rank_features(sample).places(sample), rank_features(8 * sample).places(8 * sample)
    )


def test_places_in_a_large_sample_are_known_closely():
    sample = np.random.default_rng(0).permutation(10_000).astype(np.float32)[:, None]
    found = rank_features(sample).places(sample)[:, 0]
    np.testing.assert_allclose(found, sample[:, 0] / 10_000, atol=0.005)
