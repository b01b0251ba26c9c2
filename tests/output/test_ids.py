from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matcher.output.ids import (
    Keys,
    _are_different,
    display_ids,
    group_ids,
    record_keys,
    short_hashes,
)
from matcher.types import Catalogue


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
    ids = group_ids("m-", groups, Keys.of(keys))
    for left in range(len(groups)):
        for right in range(len(groups)):
            assert (ids[left] == ids[right]) == (groups[left] == groups[right])


def inputs(names: tuple[str, ...], *, is_link: bool = False) -> Catalogue:
    parts = np.array([0, 1, 1, 0], np.int32)
    return Catalogue(pa.table({"id": ["1", "1", "2", "3"]}), parts, names, is_link, ())


def test_keys_are_unique_where_two_inputs_without_sources_share_ids(build_records, shoes):
    records = build_records(shoes.assign(id=["1", "1", "2", "3"]))
    unknown = replace(records, sources=np.full(4, -1, np.int32), source_names=())
    assert pd.Series(record_keys(unknown).texts.to_pylist()).is_unique
    shown = display_ids(inputs(("a.csv", "b.csv")), unknown).to_pylist()
    assert sorted(shown) == ["a.csv/1", "a.csv/3", "b.csv/1", "b.csv/2"]
    shown = display_ids(inputs(("records", "records")), unknown).to_pylist()
    assert sorted(shown) == ["1/1", "1/3", "2/1", "2/2"]


def test_a_link_needs_no_names_before_ids_and_its_ids_no_paths(build_records, shoes):
    records = build_records(shoes.assign(id=["1", "1", "2", "3"]))
    here = replace(records, is_link=True, source_names=("/home/me/a.csv", "/home/me/b.csv"))
    there = replace(here, source_names=("s3/a.csv", "s3/b.csv"))
    assert record_keys(here).texts == record_keys(there).texts
    names = display_ids(inputs(here.source_names, is_link=True), here).to_pylist()
    assert sorted(names) == ["1", "1", "2", "3"]


def test_the_order_of_the_records_changes_no_id():
    keys, groups = pa.array(["b", "a", "d", "c"]), np.array([0, 1, 0, 1], np.int32)
    order = np.array([1, 3, 0, 2])
    ids = group_ids("f-", groups, Keys.of(keys))
    moved = group_ids("f-", groups[order], Keys.of(keys.take(pa.array(order))))
    assert moved.to_pylist() == ids.take(pa.array(order)).to_pylist()
    assert len(set(ids.to_pylist())) == 2


@given(st.lists(st.sampled_from("abcde"), max_size=6))
def test_texts_are_different_where_none_occurs_twice(texts):
    with patch("matcher.output.ids._hash", lambda keys: np.array([hash(key) % 2 for key in keys])):
        collided = _are_different(np.array(texts, object))
    assert _are_different(np.array(texts, object)) == collided == (len(set(texts)) == len(texts))
