import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matcher.output.ids import group_ids, short_hashes


def test_colliding_hashes_are_hashed_again():
    keys = np.array([f"key {number}" for number in range(500)], object)
    assert len(set(short_hashes(keys, length=2))) == 500  # of 1,024


def test_resolved_collisions_do_not_depend_on_the_order():
    keys = np.array([f"key {number}" for number in range(500)], object)
    turned = short_hashes(keys[::-1], length=2)[::-1]
    assert short_hashes(keys, length=2).tolist() == turned.tolist()


def test_a_million_keys_get_a_million_ids():
    keys = np.arange(1_000_000).astype(str).astype(object)
    assert pd.Series(short_hashes(keys)).is_unique


@given(st.lists(st.integers(0, 5), max_size=20))
def test_ids_group_as_the_numbers_do(numbers):
    groups = np.array(numbers, np.int32)
    keys = pa.array([f"{row}" for row in range(len(groups))], pa.string())
    ids = group_ids("m-", groups, keys)
    for left in range(len(groups)):
        for right in range(len(groups)):
            assert (ids[left] == ids[right]) == (groups[left] == groups[right])
