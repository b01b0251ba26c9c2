from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.evaluation import bcubed_measures, pairwise_measures

groupings = st.integers(0, 12).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 4), min_size=n, max_size=n)] * 2)
)


@given(groupings)
def test_pairwise_counts_equal_those_of_all_pairs(both):
    groups, truth = (np.array(numbers, np.int64) for numbers in both)
    found = {p for p in combinations(range(len(groups)), 2) if groups[p[0]] == groups[p[1]]}
    wanted = {p for p in combinations(range(len(groups)), 2) if truth[p[0]] == truth[p[1]]}
    measures = pairwise_measures(groups, truth)
    assert measures.tp == len(found & wanted)
    assert measures.fp == len(found - wanted)
    assert measures.fn == len(wanted - found)


@given(groupings)
def test_bcubed_equals_its_definition(both):
    groups, truth = (np.array(numbers, np.int64) for numbers in both)
    measures = bcubed_measures(groups, truth)
    n = len(groups)
    shared = [((groups == groups[i]) & (truth == truth[i])).sum() for i in range(n)]
    precision = sum(shared[i] / (groups == groups[i]).sum() for i in range(n)) / max(n, 1)
    recall = sum(shared[i] / (truth == truth[i]).sum() for i in range(n)) / max(n, 1)
    assert measures.precision == pytest.approx(precision)
    assert measures.recall == pytest.approx(recall)


def test_a_million_records_in_one_group_are_no_trouble():
    assert pairwise_measures(np.zeros(10**6, int), np.zeros(10**6, int)).f1 == 1.0
