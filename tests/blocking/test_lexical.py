import numpy as np
import pytest
from blocking_helpers import build_records
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.blocking import ConcatEncoder, LexicalEncoder
from matcher.errors import SettingsError

TITLES = ["acme drill lx43m", "acme drill lx44m", "zeta kettle steel", "", "acme drill lx43m"]


def test_vectors_are_float32_of_length_one_and_zero_without_text():
    vectors = LexicalEncoder(dimension=64).encode(build_records(TITLES))
    assert vectors.shape == (5, 64)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 1, 0, 1], rtol=1e-5)


def test_equal_texts_have_equal_vectors_and_similar_ones_near_vectors():
    vectors = LexicalEncoder().encode(build_records(TITLES))
    np.testing.assert_array_equal(vectors[0], vectors[4])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_the_seed_decides_the_vectors():
    records = build_records(TITLES)
    one, again, other = (LexicalEncoder(seed=seed).encode(records) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


@given(weight=st.floats(0, 1))
@settings(deadline=None)
def test_a_concatenation_has_the_weighted_mean_of_the_cosines(weight):
    records = build_records(TITLES[:3])
    first, second = LexicalEncoder(32, seed=1), LexicalEncoder(64, seed=2)
    both = ConcatEncoder(first, second, weight).encode(records)
    one, two = first.encode(records), second.encode(records)
    np.testing.assert_allclose(
        both @ both.T, weight * (one @ one.T) + (1 - weight) * (two @ two.T), atol=1e-5
    )


def test_a_weight_outside_0_to_1_is_refused():
    with pytest.raises(SettingsError, match=r"encoder_weight: must be 0 to 1, got 1.5\."):
        ConcatEncoder(LexicalEncoder(), LexicalEncoder(), 1.5)
