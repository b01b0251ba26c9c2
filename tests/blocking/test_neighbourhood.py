from blocking_helpers import assert_valid, build_records, listed

from matcher.blocking import SortedNeighbourhoodBlocker


def test_titles_that_begin_alike_are_neighbours():
    records = build_records(["bosch drill", "zeta lamp", "bosch drills", "acme"])
    found = SortedNeighbourhoodBlocker(window=1).propose(records)
    assert listed(found.pairs) == [(0, 2), (0, 3), (1, 2)]


def test_the_strength_falls_with_the_distance():
    found = SortedNeighbourhoodBlocker(window=2).propose(build_records(["a", "b", "c"]))
    assert listed(found.pairs) == [(0, 1), (0, 2), (1, 2)]
    assert found.strength.tolist() == [1, 0.5, 1]


def test_model_numbers_that_end_otherwise_are_neighbours():
    records = build_records(["acme lx43m", "mixer", "zeta lx43mb", "noise"])
    found = SortedNeighbourhoodBlocker(window=1).propose(records)
    assert (0, 2) in listed(found.pairs)


def test_records_without_a_title_take_no_part_and_are_counted():
    records = build_records(["", "", "", "a", "b"])
    found = SortedNeighbourhoodBlocker(window=3).propose(records)
    assert listed(found.pairs) == [(3, 4)]
    assert found.report == {"records_without_title": 3, "records_without_model": 5}


def test_linking_proposes_only_across_the_tables():
    records = build_records(["a", "b", "a1x", "b"], n_left=2)
    found = SortedNeighbourhoodBlocker(window=3).propose(records)
    assert_valid(found.pairs, records)
    assert len(found.pairs)
