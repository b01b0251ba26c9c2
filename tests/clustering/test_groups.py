from dataclasses import replace

import numpy as np
import pytest
from clustering_helpers import constraints_of, pairs_of, scores_of
from clustering_reference import duplicate_groups
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.clustering import ContradictionError, group_records
from matcher.clustering.numbering import join_nodes
from matcher.errors import LabelsError
from matcher.types import Pairs, Scores

HALF = (0.5, 0.5)


def match_of(n, rows, **constraints):
    return group_records(n, scores_of(rows), constraints_of(**constraints), HALF).match.tolist()


def family_of(n, rows, **constraints):
    return group_records(n, scores_of(rows), constraints_of(**constraints), HALF).family.tolist()


def clique(records, value):
    return {(a, b): value for a in records for b in records if a < b}


def test_without_pairs_every_record_stands_alone():
    groups = group_records(3, scores_of({}), constraints_of(), HALF)
    assert groups.match.tolist() == groups.family.tolist() == [0, 1, 2]
    assert np.isnan(groups.weakest).all()
    assert groups.match.dtype == np.int32


def test_no_records_give_no_groups():
    groups = group_records(0, scores_of({}), constraints_of(), HALF)
    assert len(groups.match) == len(groups.family) == 0


def test_a_pair_decided_exact_is_a_group_whatever_its_probability():
    scores = scores_of({(0, 1): 0.01})
    decided = Scores(scores.pairs, scores.probabilities, np.zeros(1, np.int8))
    assert group_records(2, decided, constraints_of(), HALF).match.tolist() == [0, 0]


@pytest.mark.parametrize("threshold", [0.05, 0.1, 0.3, 0.5, 0.7, 0.95])
def test_a_pair_at_the_threshold_is_a_group(threshold):
    scores = scores_of({(0, 1): threshold}, threshold)
    groups = group_records(2, scores, constraints_of(), (threshold, threshold))
    assert groups.match.tolist() == [0, 0]


@pytest.mark.parametrize("threshold", [0.05, 0.2, 0.5, 0.9])
def test_a_chain_of_single_links_makes_no_group_larger_than_three(threshold):
    rows = {(i, i + 1): 1.0 for i in range(200)}
    groups = group_records(201, scores_of(rows, threshold), constraints_of(), (threshold,) * 2)
    assert np.bincount(groups.match).max() <= 3
    assert np.bincount(groups.family).max() <= 9  # at most three of those


def test_a_true_group_of_six_survives_with_nine_of_fifteen_pairs():
    ring = {(i, (i + 1) % 6): 0.95 for i in range(6)}
    assert match_of(6, ring | {(0, 2): 0.9, (1, 3): 0.9, (2, 4): 0.9}) == [0] * 6


def test_two_true_groups_are_not_joined_by_one_wrong_link():
    rows = clique(range(4), 0.9) | clique(range(4, 8), 0.9) | {(3, 4): 0.85}
    assert match_of(8, rows) == [0] * 4 + [1] * 4


def test_a_large_group_needs_no_more_than_a_few_pairs_for_each_record():
    # 40 records, each compared with the 10 that follow it on a circle: a quarter of all pairs.
    rows = {(i, (i + step) % 40): 0.95 for i in range(40) for step in range(1, 11)}
    assert len(set(match_of(40, rows))) == 1


def test_a_merge_needs_a_link():
    rows = {(0, 1): 0.45, (0, 2): 0.9, (1, 2): 0.9}
    assert match_of(3, rows, cannot_match=[(0, 2), (1, 2)]) == [0, 1, 2]


def test_must_link_joins_without_a_score_and_is_certain():
    groups = group_records(3, scores_of({}), constraints_of(must_link=[(0, 2)]), HALF)
    assert groups.match.tolist() == [0, 1, 0]
    assert groups.weakest[0] == 1.0


def test_cannot_match_holds_between_whole_groups():
    rows = clique(range(4), 0.9)
    match = match_of(4, rows, must_link=[(0, 1), (2, 3)], cannot_match=[(0, 3)])
    assert match == [0, 0, 1, 1]


def test_records_that_cannot_match_may_still_be_a_family():
    groups = group_records(2, scores_of({(0, 1): 0.9}), constraints_of(cannot_match=[(0, 1)]), HALF)
    assert groups.match.tolist() == [0, 1]
    assert groups.family.tolist() == [0, 0]
    assert groups.report["match"]["merges_refused"] == {"constraint": 1}
    assert groups.report["match"]["links_cut"] == 1


def test_a_group_holds_one_record_of_each_source():
    rows = clique(range(3), 0.9) | {(0, 1): 0.95}
    groups = group_records(3, scores_of(rows), constraints_of(sources=[0, 1, 1]), HALF)
    assert groups.match.tolist() == [0, 0, 1]
    assert groups.report["match"]["merges_refused"]["source"] >= 1


def test_unknown_sources_constrain_nothing():
    assert match_of(3, clique(range(3), 0.9), sources=[-1, -1, -1]) == [0, 0, 0]


def test_a_label_outweighs_the_rule_of_one_record_per_source_and_is_counted():
    constraints = constraints_of(must_link=[(0, 1)], sources=[4, 4])
    groups = group_records(2, scores_of({}), constraints, HALF)
    assert groups.match.tolist() == [0, 0]
    assert groups.report["match"]["groups_with_a_source_twice_by_label"] == 1


def test_a_group_holds_one_known_value_of_a_property_through_records_without_one():
    rows = clique(range(3), 0.9) | {(0, 1): 0.95}
    groups = group_records(3, scores_of(rows), constraints_of(match_values=[[5, -1, 6]]), HALF)
    assert groups.match.tolist() == [0, 0, 1]
    assert groups.family.tolist() == [0, 0, 0]
    assert groups.report["match"]["merges_refused"] == {"value": 2}
    assert groups.report["match"]["groups_with_several_values_by_label"] == 0


def test_unknown_and_equal_values_and_no_properties_constrain_nothing():
    rows = clique(range(3), 0.9)
    for values in ([[-1, -1, -1], [4, -1, 4]], np.empty((0, 3))):
        assert match_of(3, rows, match_values=values, family_values=values) == [0, 0, 0]


def test_each_property_is_looked_at_for_itself():
    values = [[1, 1, -1], [-1, 1, 2]]
    assert match_of(3, {(0, 1): 0.9, (1, 2): 0.9, (0, 2): 0.9}, match_values=values) in (
        [0, 0, 1],
        [0, 1, 0],
    )


def test_a_family_holds_one_known_value_of_a_property_through_groups_without_one():
    rows = {(0, 1): (0.1, 0.85), (1, 2): (0.1, 0.8), (0, 2): (0.1, 0.8)}
    constraints = constraints_of(family_values=[[5, -1, 6]])
    groups = group_records(3, scores_of(rows), constraints, HALF)
    assert groups.match.tolist() == [0, 1, 2]
    assert groups.family.tolist() == [0, 0, 1]
    assert groups.report["family"]["merges_refused"] == {"value": 2}


def test_what_a_family_may_not_hold_twice_no_duplicate_group_holds_twice():
    assert match_of(2, {(0, 1): 0.99}, family_values=[[5, 6]]) == [0, 1]


def test_a_label_outweighs_values_and_its_group_takes_in_only_those_that_it_holds():
    rows = clique(range(5), 0.9)
    constraints = constraints_of(must_link=[(0, 1)], match_values=[[5, 6, 6, -1, 7]])
    groups = group_records(5, scores_of(rows), constraints, HALF)
    assert groups.match.tolist() == [0, 0, 0, 0, 1]
    assert groups.report["match"]["groups_with_several_values_by_label"] == 1


def test_groups_that_labels_filled_with_different_sets_of_values_stay_apart():
    rows = clique(range(4), 0.9)
    labels = {"must_link": [(0, 1), (2, 3)]}
    assert match_of(4, rows, **labels, match_values=[[5, 6, 5, 7]]) == [0, 0, 1, 1]
    assert match_of(4, rows, **labels, match_values=[[5, 6, 6, 5]]) == [0, 0, 0, 0]


def test_labels_that_join_families_do_not_join_values_by_way_of_merges():
    # 0 and 1 are variants by label; taking in 2 and 3 would put 5 and 6 into their family.
    rows = {(0, 2): 0.99, (1, 3): 0.99}
    constraints = constraints_of(must_relate=[(0, 1)], family_values=[[-1, -1, 5, 6]])
    family = group_records(4, scores_of(rows), constraints, HALF).family
    assert family[0] == family[1]
    assert family[2] != family[3]


def test_variants_make_a_family_around_duplicate_groups():
    rows = {(0, 1): 0.9, (2, 3): 0.9, (0, 2): (0.05, 0.9), (1, 3): (0.05, 0.9)}
    assert match_of(5, rows) == [0, 0, 1, 1, 2]
    assert family_of(5, rows) == [0, 0, 0, 0, 1]


def test_must_relate_makes_a_family_and_keeps_the_groups_apart():
    rows = {(0, 1): 0.99}
    assert match_of(2, rows, must_relate=[(0, 1)]) == [0, 1]
    assert family_of(2, {}, must_relate=[(0, 1)]) == [0, 0]


def test_cannot_relate_keeps_families_and_groups_apart():
    assert match_of(2, {(0, 1): 0.99}, cannot_relate=[(0, 1)]) == [0, 1]
    assert family_of(2, {(0, 1): (0.1, 0.8)}, cannot_relate=[(0, 1)]) == [0, 1]


def test_a_merge_gives_way_where_it_would_bring_together_what_labels_keep_apart():
    # 0 and 1 are variants by label, 2 must not be in a family with 1: so 0 and 2 are not exact.
    constraints = constraints_of(must_relate=[(0, 1)], cannot_relate=[(1, 2)])
    groups = group_records(3, scores_of({(0, 2): 0.99}), constraints, HALF)
    assert groups.match.tolist() == [0, 1, 2]
    assert groups.family.tolist() == [0, 0, 1]


def test_contradicting_constraints_are_an_error_with_the_pairs():
    constraints = constraints_of(must_link=[(0, 1), (1, 2)], cannot_match=[(0, 2)])
    with pytest.raises(LabelsError) as caught:
        group_records(3, scores_of({}), constraints, HALF)
    assert str(caught.value) == (
        "labels: 1 pairs must not be in one duplicate group, but other labels put them there, "
        "got record numbers '(0, 2)'. Remove one label of each chain."
    )
    assert isinstance(caught.value, ContradictionError)
    assert caught.value.pairs.left.tolist() == [0]
    constraints = constraints_of(must_link=[(0, 1)], must_relate=[(1, 2)], cannot_relate=[(0, 2)])
    with pytest.raises(ContradictionError, match="must not be in one family"):
        group_records(3, scores_of({}), constraints, HALF)


def test_the_weakest_link_is_the_one_that_the_group_would_break_at():
    rows = {(0, 1): 0.9, (1, 2): 0.8, (0, 2): 0.6}
    weakest = group_records(4, scores_of(rows), constraints_of(), HALF).weakest
    assert weakest[:3].tolist() == [np.float32(0.8)] * 3
    assert np.isnan(weakest[3])


def test_the_report_counts_and_lists():
    report = group_records(5, scores_of(clique(range(3), 0.9)), constraints_of(), HALF).report
    assert report["match"]["groups"] == 3
    assert report["match"]["grouped_records"] == 3
    assert report["match"]["sizes"] == {"1": 2, "3": 1}
    assert report["match"]["largest"] == [{"group": 0, "size": 3, "record": 0, "weakest": 0.9}]
    assert report["match"]["links"] == 3
    assert report["match"]["links_cut"] == 0


def test_progress_is_told():
    told = []
    group_records(1, scores_of({}), constraints_of(), HALF, lambda *step: told.append(step))
    assert told == [("grouping", 0, 2), ("grouping", 1, 2), ("grouping", 2, 2)]


RECORDS = 9


@st.composite
def problems(draw, levels=None):
    n = RECORDS
    keys = draw(st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=36))
    keys = {tuple(sorted(key)) for key in keys if key[0] != key[1]}
    seed = draw(st.integers(0, 10**6))
    random = np.random.default_rng(seed)
    steps = draw(st.sampled_from([2, 5, 10**6]))  # few steps make ties
    values = random.integers(0, steps + 1, (len(keys), 2)) / steps
    rows = {
        key: (float(exact), float((1 - exact) * variant))
        for key, (exact, variant) in zip(sorted(keys), values, strict=True)
    }
    threshold = draw(st.sampled_from([0.2, 0.5, 0.8]))
    few = st.lists(st.sampled_from(sorted(pairs_list(n))), max_size=3)
    sources = draw(st.none() | st.lists(st.integers(-1, 3), min_size=n, max_size=n))
    column = st.lists(st.integers(-1, 2), min_size=n, max_size=n)
    stack = st.none() | st.lists(column, min_size=1, max_size=2)
    constraints = constraints_of(
        *(draw(few) for _ in range(4)), sources, match_values=draw(stack), family_values=draw(stack)
    )
    return rows, threshold, constraints


def pairs_list(n):
    return [(a, b) for a in range(n) for b in range(a + 1, n)]


def run(rows, threshold, constraints, n=RECORDS):
    try:
        return group_records(n, scores_of(rows, threshold), constraints, (threshold, threshold))
    except ContradictionError:
        return None


@settings(max_examples=300, deadline=None)
@given(problems())
def test_groups_equal_the_slow_reference(problem):
    rows, threshold, constraints = problem
    nothing = pairs_of()
    constraints = replace(constraints, must_relate=nothing, cannot_relate=nothing)
    groups = run(rows, threshold, constraints)
    if groups is not None:
        expected = duplicate_groups(RECORDS, scores_of(rows, threshold), constraints, threshold)
        assert groups.match.tolist() == expected.tolist()


@settings(max_examples=300, deadline=None)
@given(problems())
def test_constraints_hold_groups_nest_and_numbers_ascend(problem):
    rows, threshold, constraints = problem
    groups = run(rows, threshold, constraints)
    if groups is None:
        return
    match, family = groups.match, groups.family
    for numbers in (match, family):
        assert np.unique(numbers, return_index=True)[1].tolist() == sorted(
            np.unique(numbers, return_index=True)[1].tolist()
        )
        assert numbers.max() == len(np.unique(numbers)) - 1
    assert len(np.unique(match)) == len(np.unique(np.stack([match, family]), axis=1).T)

    def together(numbers, pairs):
        return numbers[pairs.left] == numbers[pairs.right]

    assert together(match, constraints.must_link).all()
    assert together(family, constraints.must_relate).all()
    assert not together(match, constraints.must_relate).any()
    assert not together(match, constraints.cannot_match).any()
    assert not together(match, constraints.cannot_relate).any()
    assert not together(family, constraints.cannot_relate).any()


def values_inside(numbers, values):
    """Known values of each group."""
    return [set(values[numbers == number]) - {-1} for number in range(numbers.max() + 1)]


@settings(max_examples=500, deadline=None)
@given(problems())
def test_no_group_holds_two_known_values_that_labels_have_not_joined(problem):
    rows, threshold, constraints = problem
    groups = run(rows, threshold, constraints)
    if groups is None:
        return
    links, relates = constraints.must_link, constraints.must_relate
    same = join_nodes(RECORDS, links.left, links.right)
    kin = join_nodes(
        RECORDS, *np.hstack([[links.left, links.right], [relates.left, relates.right]])
    )
    for name, levels in (
        ("match_values", [(groups.match, same)]),
        ("family_values", [(groups.match, same), (groups.family, kin)]),
    ):
        stack = getattr(constraints, name)
        for values in [] if stack is None else stack:
            for numbers, labelled in levels:
                by_label = values_inside(labelled, values)
                for held in values_inside(numbers, values):
                    assert len(held) <= 1 or held in by_label


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.permutations(range(RECORDS)))
def test_relabelling_records_only_relabels_groups(seed, permutation):
    random = np.random.default_rng(seed)
    keys = [key for key in pairs_list(RECORDS) if random.random() < 0.5]
    rows = {
        key: (float(p), float((1 - p) / 2))
        for key, p in zip(keys, random.random(len(keys)), strict=True)
    }
    moved = {(permutation[a], permutation[b]): value for (a, b), value in rows.items()}
    one = run(rows, 0.5, constraints_of())
    other = run(moved, 0.5, constraints_of())
    for name in ("match", "family"):
        numbers, again = getattr(one, name), getattr(other, name)[list(permutation)]
        same = numbers[:, None] == numbers[None, :]
        assert (same == (again[:, None] == again[None, :])).all()


def test_a_component_of_fifty_thousand_weak_links_ends_in_small_groups():
    random = np.random.default_rng(0)
    n = 50_000
    left = random.integers(0, n, 150_000)
    pairs = Pairs.from_unordered(left, random.integers(0, n, 150_000))
    exact = random.uniform(0.5, 0.6, len(pairs)).astype(np.float32)
    probabilities = np.stack([exact, 0 * exact, 1 - exact], axis=1)
    scores = Scores(pairs, probabilities, np.zeros(len(pairs), np.int8))
    groups = group_records(n, scores, constraints_of(), HALF)
    assert np.bincount(groups.match).max() < 10


def test_a_row_of_ever_weaker_links_ends_in_seconds():
    n = 20_000
    numbers = np.arange(n, dtype=np.int32)
    exact = np.linspace(0.95, 0.5, n - 1).astype(np.float32)
    probabilities = np.stack([exact, 0 * exact, 1 - exact], axis=1)
    scores = Scores(Pairs(numbers[:-1], numbers[1:]), probabilities, np.zeros(n - 1, np.int8))
    groups = group_records(n, scores, constraints_of(), HALF)
    assert np.bincount(groups.match).max() <= 3
