import numpy as np
from blocking_helpers import listed
from hypothesis import given
from hypothesis import strategies as st

from matcher.blocking.fusion import fused_strength, ranks, unite, within_budget
from matcher.types import Pairs, Proposal


def proposal(rows):
    rows = sorted(rows)
    left, right, strength = zip(*rows, strict=True)
    pairs = Pairs(np.array(left, np.int32), np.array(right, np.int32))
    return Proposal(pairs, np.array(strength, np.float32), {})


edges = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]),
    st.sampled_from([0.1, 0.25, 0.5, 0.75, 1.0]),
    min_size=1,
)


def test_the_union_keeps_who_proposed_each_pair_and_adds_the_weighted_strengths():
    one = proposal([(0, 1, 0.5), (1, 2, 1.0)])
    two = proposal([(0, 1, 1.0), (0, 2, 0.5)])
    union = unite([one, two], [2, 1])
    assert listed(union.pairs) == [(0, 1), (0, 2), (1, 2)]
    assert union.proposed_by.tolist() == [0b11, 0b10, 0b01]
    assert union.evidence.tolist() == [2, 0.5, 2]
    assert not union.is_decisive.any()


def test_strengths_above_one_count_relative_to_the_largest_of_their_blocker():
    union = unite([proposal([(0, 1, 40.0), (0, 2, 10.0)])], [1])
    assert union.evidence.tolist() == [1, 0.25]


def test_infinite_strength_is_decisive_and_counts_as_one():
    union = unite([proposal([(0, 1, np.inf), (0, 2, 0.5)])], [1])
    assert union.is_decisive.tolist() == [True, False]
    assert union.evidence.tolist() == [1, 0.5]


@given(edges)
def test_ranks_agree_with_sorting_every_records_own_pairs(strengths):
    pairs = Pairs.from_unordered(*np.array(sorted(strengths)).T)
    evidence = np.array([strengths[pair] for pair in listed(pairs)], np.float32)
    left, right = ranks(pairs, evidence, 8)
    for record in range(8):
        own = [n for n, pair in enumerate(listed(pairs)) if record in pair]
        own.sort(key=lambda n: (-evidence[n], n))
        for rank, n in enumerate(own):
            assert (left if listed(pairs)[n][0] == record else right)[n] == rank


@given(edges)
def test_a_stronger_pair_of_the_same_records_is_never_weaker_in_fusion(strengths):
    pairs = Pairs.from_unordered(*np.array(sorted(strengths)).T)
    evidence = np.array([strengths[pair] for pair in listed(pairs)], np.float32)
    before = fused_strength(pairs, evidence, 8)
    evidence[0] = 2
    assert fused_strength(pairs, evidence, 8)[0] >= before[0]


def test_the_budget_keeps_decisive_pairs_whatever_their_evidence():
    weak = proposal([(0, 1, np.inf), (0, 3, 0.2)])
    strong = proposal([(0, 2, 1.0), (1, 2, 0.9), (2, 3, 0.8)])
    union = unite([weak, strong], [0.01, 2])
    assert 0 in within_budget(union, 4, 1)


def test_a_hard_record_keeps_its_best_pair_before_the_fourth_of_an_easy_one():
    easy = [(0, 2, 1.0), (0, 3, 0.6), (0, 4, 0.59), (0, 5, 0.58)]
    hard = [(1, 6, 0.2)]
    union = unite([proposal(easy + hard)], [1])
    kept = within_budget(union, 7, 4)
    assert (1, 6) in [listed(union.pairs)[n] for n in kept]


def test_equal_pairs_are_kept_in_the_order_of_their_records():
    union = unite([proposal([(0, 1, 1.0), (2, 3, 1.0), (4, 5, 1.0)])], [1])
    assert within_budget(union, 6, 2).tolist() == [0, 1]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.integers(0, 13))
def test_as_many_pairs_are_kept_as_the_budget_has_the_strongest_and_first(strengths, budget):
    union = unite([proposal([(0, n + 1, value) for n, value in enumerate(strengths)])], [1])
    fused = fused_strength(union.pairs, union.evidence, len(strengths) + 1)
    best = sorted(range(len(strengths)), key=lambda n: (-fused[n], n))[:budget]
    assert within_budget(union, len(strengths) + 1, budget).tolist() == sorted(best)
