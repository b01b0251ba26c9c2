import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.clustering.edges import Edges
from matcher.clustering.values import Values, count_values

NODES = 5


def edges_of(left, right):
    ones = np.ones(len(left), np.int64)
    return Edges(np.array(left), np.array(right), ones, ones, ones)


def held_by(node, values):
    return [{v for n, v in zip(node, values, strict=True) if n == k and v >= 0} for k in range(5)]


holdings = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(-1, 3)), max_size=15)


@given(holdings)
def test_nodes_conflict_unless_one_holds_all_that_the_other_does(pairs):
    node = [*range(NODES), *(n for n, _ in pairs)]
    value = [-1] * NODES + [v for _, v in pairs]
    left, right = np.triu_indices(NODES, 1)
    values = Values.of_nodes(np.array(node), np.array(value, np.int32))
    held = held_by(node, value)
    expected = [
        not (held[a] <= held[b] or held[b] <= held[a]) for a, b in zip(left, right, strict=True)
    ]
    assert values.conflict(edges_of(left, right)).tolist() == expected
    assert values.several().tolist() == [k for k in range(NODES) if len(held[k]) > 1]
    counts = count_values(np.array(node), np.array(value, np.int32))
    assert counts.tolist() == [len(each) for each in held]


def test_a_merged_node_holds_the_larger_set():
    node = np.array([0, 0, 0, 1, 1, 2, 3])
    held = Values.of_nodes(node, np.array([5, 6, 7, 5, 6, 7, 8], np.int32))
    assert held.conflict(edges_of([0, 1], [1, 2])).tolist() == [False, True]
    held.merge(np.array([1]), np.array([0]))
    assert held.conflict(edges_of([1, 1], [2, 3])).tolist() == [False, True]


def test_an_unknown_node_takes_the_value_of_the_one_that_it_merges_with():
    held = Values.of_nodes(np.arange(3), np.array([-1, 0, 4], np.int32))
    assert not held.conflict(edges_of([0], [2])).any()
    held.merge(np.array([0]), np.array([1]))
    assert held.conflict(edges_of([0], [2])).all()


def test_a_copy_of_the_chosen_nodes_knows_only_theirs_and_leaves_the_first_alone():
    held = Values.of_nodes(np.arange(3), np.array([3, 4, -1], np.int32))
    chosen = held.take(np.array([0, 2]))
    assert chosen.codes.tolist() == [3, -1]
    chosen.merge(np.array([1]), np.array([0]))
    assert held.codes.tolist() == [3, 4, -1]


def test_groups_disagree_where_two_of_their_nodes_hold_different_values():
    held = Values.of_nodes(np.arange(5), np.array([3, 4, 5, -1, 5], np.int32))
    assert set(held.disagreeing(np.array([0, 0, 1, 1, 1])).tolist()) == {0}
