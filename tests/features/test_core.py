import numpy as np
import pytest
from features_helpers import make_terms, swapped
from hypothesis import given
from hypothesis import strategies as st

from matcher.features.core import number_cores
from matcher.types import Pairs

CORES = st.lists(st.sets(st.integers(0, 2)).map(sorted), min_size=2, max_size=8)


def compare(cores):
    """Return the features of all pairs of records with these cores."""
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(cores), 1))
    parts, pairs = number_cores(make_terms(cores, 3)), Pairs(left, right)
    np.testing.assert_array_equal(parts.compare(pairs), parts.compare(swapped(pairs)))
    return parts.compare(pairs)


@given(CORES)
def test_cores_are_equal_as_sets_and_supported_by_the_records_that_have_them(cores):
    expected = []
    for place, one in enumerate(cores):
        for other in cores[place + 1 :]:
            support = sorted(np.log(cores.count(core)) for core in (one, other))
            expected.append([one == other, *support] if one and other else [np.nan] * 3)
    np.testing.assert_allclose(compare(cores), np.array(expected, np.float32), rtol=1e-6)


def test_where_no_title_has_a_core_nothing_is_known():
    assert np.isnan(compare([[], []])).all()


def test_two_common_cores_are_told_from_one_that_stands_alone():
    found = compare([[0], [0], [1], [1], [2]])
    common, alone = found[1], found[3]  # records 0 and 2, 0 and 4
    assert common.tolist() == pytest.approx([0, np.log(2), np.log(2)])
    assert alone.tolist() == pytest.approx([0, 0, np.log(2)])
