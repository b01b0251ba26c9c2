import features_reference as reference
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.features.candidate_kernels import leaders, similarity_between, standings

SIMILARITIES = st.lists(st.floats(0, 1, width=32), max_size=14)


@given(st.floats(0, 1, width=32), SIMILARITIES, SIMILARITIES, st.booleans())
def test_standings_are_those_of_plain_lists(own, first, second, is_candidate):
    sides = [[own, *others] if is_candidate else others for others in (first, second)]
    indptr = np.cumsum([0, *map(len, sides)])
    similarities = np.array([*sides[0], *sides[1]], dtype=np.float32)
    found = standings(
        indptr,
        similarities,
        leaders(indptr, similarities),
        np.array([0], dtype=np.int32),
        np.array([1], dtype=np.int32),
        np.array([own], dtype=np.float32),
        np.array([is_candidate]),
    )[:, 0]
    one, two = (np.array(reference.standing(own, others)) for others in (first, second))
    expected = np.stack([np.minimum(one, two), np.maximum(one, two)], axis=1).ravel()
    np.testing.assert_allclose(found[:12], expected, rtol=2e-4, atol=2e-5, equal_nan=True)
    assert found[12] == (one[0] == 1 and two[0] == 1)


def test_similarity_is_known_between_candidates_only():
    found = similarity_between(
        np.array([0, 2, 4, 7, 8], dtype=np.int64),  # 0-1, 0-2, 1-2, 2-3
        np.array([0, 2, 3, 4, 4], dtype=np.int64),
        np.array([1, 2, 2, 3], dtype=np.int32),
        np.array([0.1, 0.2, 0.1, 0.3, 0.2, 0.3, 0.4, 0.4], dtype=np.float32),
        np.array([0, 0, 1, 2, 0, 0, 2, 2], dtype=np.int32),
        np.array([1, 2, 2, 3, 3, 2, 1, 3], dtype=np.int32),
    )
    expected = np.array([0.1, 0.2, 0.3, 0.4, np.nan, 0.2, 0.3, 0.4], dtype=np.float32)
    np.testing.assert_array_equal(found, expected)
