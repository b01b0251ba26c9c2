from itertools import pairwise

import numpy as np
from blocking_helpers import build_records, listed
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.blocking import equal
from matcher.blocking.equal import (
    Hits,
    expand,
    group_equal,
    hash_term_rows,
    hash_vectors,
    merge,
    strongest_of_each_first,
    unique_sorted,
)
from matcher.blocking.inverted import unit_rows

NO_HITS = Hits(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))


def groups_of(labels):
    labels = np.array(labels, np.uint64)
    return group_equal(labels, np.zeros(len(labels), np.int32), np.arange(len(labels)))


def test_groups_are_in_the_order_of_their_first_record():
    groups = groups_of([7, 3, 7, 3, 9])
    assert groups.first.tolist() == [0, 1, 4]
    assert groups.sizes.tolist() == [2, 2, 1]
    assert groups.members.tolist() == [0, 2, 1, 3, 4]


def test_equal_records_of_two_tables_are_two_groups():
    hashes = np.array([5, 5], np.uint64)
    assert len(group_equal(hashes, np.array([0, 1]), np.arange(2)).sizes) == 2


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3)))
def test_the_strongest_of_each_query_come_first(hits):
    query, found, strength = np.array(sorted(hits), np.int64).reshape(-1, 3)[:, [0, 2, 1]].T.copy()
    weights = strength.astype(np.float32)
    np.testing.assert_array_equal(
        strongest_of_each_first(query, found, weights), np.lexsort((found, -weights, query))
    )


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c"])).map(" ".join), min_size=1))
@settings(deadline=None)
def test_rows_hash_alike_exactly_if_their_sets_of_terms_are_equal(titles):
    hashes = hash_term_rows(unit_rows(build_records(titles).whole))
    sets = [frozenset(title.split()) for title in titles]
    for i in range(len(titles)):
        for j in range(i):
            assert (hashes[i] == hashes[j]) == (sets[i] == sets[j])


def test_vectors_hash_alike_if_equal_and_otherwise_when_permuted():
    vectors = np.array([[1, 2, 3], [1, 2, 3], [3, 2, 1]], np.float32)
    first, second, third = hash_vectors(vectors)
    assert first == second != third


@given(st.lists(st.integers(0, 3), min_size=2, max_size=30), st.integers(2, 6))
def test_a_group_is_connected_by_few_pairs(labels, k):
    pairs, strength = expand(NO_HITS, groups_of(labels), k, within=True)
    assert (strength == 1).all()
    assert len(pairs) <= len(labels) * (k // 2)
    for left, right in listed(pairs):
        assert labels[left] == labels[right]
    joined = {frozenset(pair) for pair in listed(pairs)}
    for label in set(labels):
        members = [n for n, value in enumerate(labels) if value == label]
        assert all(frozenset(pair) in joined for pair in pairwise(members))


def test_members_take_the_best_groups_first_until_k_records_are_found():
    groups = groups_of([0, 1, 1, 2, 2])
    hits = Hits(np.array([0, 0]), np.array([1, 2]), np.array([0.4, 0.9], np.float32))
    pairs, strength = expand(hits, groups, 3, within=False)
    assert listed(pairs) == [(0, 1), (0, 3), (0, 4)]
    np.testing.assert_allclose(strength, [0.4, 0.9, 0.9])


def test_no_record_of_a_large_group_collects_all_pairs():
    groups = groups_of([0] * 50 + [1] * 50)
    hits = Hits(np.array([0]), np.array([1]), np.ones(1, np.float32))
    pairs, _ = expand(hits, groups, 5, within=False)
    assert len(pairs) == 250
    assert np.bincount(pairs.right, minlength=100).max() == 5


def test_merging_keeps_the_strongest_and_drops_pairs_of_one_record():
    first, second = np.array([2, 1, 3]), np.array([1, 2, 3])
    pairs, strength = merge(first, second, np.array([0.2, 0.7, 1.0], np.float32))
    assert listed(pairs) == [(1, 2)]
    np.testing.assert_allclose(strength, [0.7])


@given(st.lists(st.lists(st.integers(0, 20))))
def test_unique_sorted_agrees_with_numpy(parts):
    keys = unique_sorted([np.array(sorted(part), np.int64) for part in parts])
    assert keys.tolist() == sorted({key for part in parts for key in part})


def test_hits_give_the_same_pairs_however_many_are_taken_at_once(monkeypatch):
    random = np.random.default_rng(0)
    groups = groups_of(random.integers(0, 12, 40))
    query, found = random.integers(0, len(groups.sizes), (2, 60))
    hits = Hits(query, found, random.random(60, np.float32))
    pairs, strength = expand(hits, groups, 4, within=True)
    monkeypatch.setattr(equal, "STEP", 7)
    same, strengths = expand(hits, groups, 4, within=True)
    assert same.keys().tolist() == pairs.keys().tolist()
    assert strengths.tolist() == strength.tolist()
