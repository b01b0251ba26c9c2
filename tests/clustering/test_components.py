import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from matcher.clustering.numbering import join_nodes, number_by_first
from matcher.clustering.weakest import weakest_links
from matcher.types import Pairs

NODES = 12
links = st.lists(
    st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.integers(1, 8)), max_size=25
)


def ends_of(found):
    left, right, weights = np.array(found, np.int64).reshape(-1, 3).T
    return left, right, (weights / 8).astype(np.float32)


@given(links)
def test_components_are_those_that_scipy_finds_numbered_by_their_first_node(found):
    left, right, weights = ends_of(found)
    graph = coo_array((weights, (left, right)), shape=(NODES, NODES))
    expected = connected_components(graph, directed=False)[1]
    assert join_nodes(NODES, left, right).tolist() == number_by_first(expected).tolist()


@given(links)
def test_the_weakest_link_is_the_least_of_the_best_tree(found):
    best = {(min(a, b), max(a, b)): weight for a, b, weight in found if a != b}
    left, right, weights = ends_of([(a, b, weight) for (a, b), weight in best.items()])
    group = join_nodes(NODES, left, right)
    weakest = weakest_links(group, Pairs(left.astype(np.int32), right.astype(np.int32)), weights)
    tree = minimum_spanning_tree(coo_array((2 - weights, (left, right)), shape=(NODES, NODES)))
    tree = tree.tocoo()
    for number in range(group.max() + 1):
        held = tree.data[group[tree.coords[0]] == number]
        own = weakest[group == number]
        assert np.isnan(own).all() if len(held) == 0 else (own == 2 - held.max()).all()


def test_a_long_chain_is_one_component():
    order = np.random.default_rng(0).permutation(99_999)
    assert join_nodes(100_000, order, order + 1).max() == 0
