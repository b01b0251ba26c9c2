"""Further demands split families, each for itself, and never touch duplicate groups."""

import numpy as np
from clustering_helpers import constraints_of, scores_of
from hypothesis import given
from hypothesis import strategies as st

from matcher.clustering import Demand, group_records, narrow_families

HALF = (0.5, 0.5)
VARIANTS = {(0, 1): (0.0, 0.9), (1, 2): (0.0, 0.9), (0, 2): (0.0, 0.9)}


def narrowed(n, rows, *demands, **constraints):
    groups = group_records(n, scores_of(rows), constraints_of(**constraints), HALF)
    made = [Demand(*(*demand, np.ones(n, np.bool_))[:3]) for demand in demands]
    found = narrow_families(groups, made, HALF)
    beside = narrow_families(groups, made, HALF, threads=0)
    assert beside.family.tolist() == found.family.tolist()
    assert beside.report == found.report
    return found


def test_a_demand_splits_a_family_by_the_values_that_it_may_hold_once():
    demand = (scores_of(VARIANTS), constraints_of(family_values=[[5, 5, 6]]))
    assert narrowed(3, VARIANTS, demand).family.tolist() == [0, 0, 1]


def test_a_narrower_family_in_which_nobody_makes_the_demand_stays_in_the_wider_one():
    rows = {(a, b): (0.0, 0.9) for a in range(5) for b in range(a + 1, 5)}
    values = constraints_of(family_values=[[5, 5, 6, 7, 8]])
    made_by = np.array([True, False, False, False, False])
    found = narrowed(5, rows, (scores_of(rows), values, made_by))
    assert found.family.tolist() == [0, 0, 1, 1, 1]


def test_a_demand_splits_what_its_own_scores_do_not_join():
    demand = (scores_of({(0, 1): (0.0, 0.9)}), constraints_of())
    assert narrowed(3, VARIANTS, demand).family.tolist() == [0, 0, 1]


def test_a_demand_never_joins_families():
    demand = (scores_of(VARIANTS), constraints_of())
    assert narrowed(3, {(0, 1): (0.0, 0.9)}, demand).family.tolist() == [0, 0, 1]


def test_without_scores_a_family_is_a_duplicate_group_or_several_that_a_label_relates():
    rows = {(0, 1): 0.9, (1, 2): (0.0, 0.9), (2, 3): (0.0, 0.9)}
    related = constraints_of(must_relate=[(2, 3)])
    found = narrowed(4, rows, (scores_of({}), related), must_relate=[(2, 3)])
    assert found.match.tolist() == [0, 0, 1, 2]
    assert found.family.tolist() == [0, 0, 1, 1]


def test_the_report_tells_of_the_families_as_they_are_now():
    demand = (scores_of(VARIANTS), constraints_of(family_values=[[5, -1, 6]]))
    report = narrowed(3, VARIANTS, demand).report["family"]
    assert report["groups"] == 2
    assert report["merges_refused"] == {"value": 2}


N_RECORDS = 7


@st.composite
def demands(draw):
    chances = st.sampled_from([0.0, 0.2, 0.5, 0.8, 1.0])
    pairs = st.tuples(*[st.integers(0, N_RECORDS - 1)] * 2).filter(lambda pair: pair[0] < pair[1])
    rows = draw(st.dictionaries(pairs, chances.map(lambda chance: (0.0, chance)), max_size=15))
    values = draw(st.lists(st.integers(-1, 2), min_size=N_RECORDS, max_size=N_RECORDS))
    made_by = draw(st.lists(st.booleans(), min_size=N_RECORDS, max_size=N_RECORDS))
    return scores_of(rows), constraints_of(family_values=[values]), np.array(made_by)


def is_finer(family, other):
    return len(set(zip(family.tolist(), other.tolist(), strict=True))) == len(np.unique(family))


@given(st.lists(demands(), min_size=2, max_size=3))
def test_more_demands_only_split_further(given_demands):
    rows = {(a, b): (0.0, 0.9) for a in range(N_RECORDS) for b in range(a + 1, N_RECORDS)}
    more, fewer = (narrowed(N_RECORDS, rows, *some) for some in (given_demands, given_demands[1:]))
    assert is_finer(more.family, fewer.family)
    assert is_finer(more.match, more.family)
    assert more.match.tolist() == fewer.match.tolist()


@given(demands(), st.lists(st.booleans(), min_size=N_RECORDS, max_size=N_RECORDS))
def test_demands_of_more_records_only_split_further(demand, also):
    rows = {(a, b): (0.0, 0.9) for a in range(N_RECORDS) for b in range(a + 1, N_RECORDS)}
    scores, constraints, made_by = demand
    fewer = narrowed(N_RECORDS, rows, demand)
    more = narrowed(N_RECORDS, rows, (scores, constraints, made_by | np.array(also)))
    assert is_finer(more.family, fewer.family)
    assert is_finer(more.match, more.family)


def test_links_are_told_of_the_last_demand_however_many_there_are():
    for n_more in range(4):
        more = [(scores_of({(0, 1): (0.0, 0.9)}), constraints_of())] * n_more
        found = narrowed(3, VARIANTS, *more, (scores_of(VARIANTS), constraints_of()))
        assert found.report["family"]["links"] == 3
