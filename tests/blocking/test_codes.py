import numpy as np
from blocking_helpers import assert_valid, build_records, listed, n_components

from matcher.blocking import CodesBlocker


def test_equal_gtins_are_decisive_and_equal_mpns_are_not():
    records = build_records(
        ["a", "b", "c", "d", "e"],
        gtins=["4006381333931", "", "4006381333931", "", ""],
        mpns=["", "x-1", "", "x-1", "x-2"],
    )
    found = CodesBlocker().propose(records)
    assert listed(found.pairs) == [(0, 2), (1, 3)]
    assert found.strength.tolist() == [np.inf, 1]


def test_missing_codes_are_equal_to_nothing():
    records = build_records(["a", "b", "c"], gtins=["", "", ""])
    assert len(CodesBlocker().propose(records).pairs) == 0


def test_a_catalogue_without_codes_yields_no_pairs():
    assert len(CodesBlocker().propose(build_records(["a", "b"])).pairs) == 0


def test_linking_proposes_only_across_the_tables():
    records = build_records(["a", "b", "c"], n_left=2, gtins=["1", "1", "1"])
    assert listed(CodesBlocker().propose(records).pairs) == [(0, 2), (1, 2)]


def test_a_gtin_shared_by_thousands_is_purged_and_named_and_neighbours_remain():
    n = 10_000
    titles = [f"item {(i * 7919) % n:05d}" for i in range(n)]
    records = build_records(titles, gtins=["4006381333931"] * n)
    found = CodesBlocker(window=2).propose(records)
    assert_valid(found.pairs, records)
    assert found.report["purged"] == {
        "count": 1,
        "largest": [{"key": "gtin 4006381333931", "records": n}],
    }
    assert len(found.pairs) == 2 * n - 3
    assert np.isfinite(found.strength).all()
    assert n_components(found.pairs, n) == 1
    number = {title: i for i, title in enumerate(titles)}
    pair = sorted((number["item 00041"], number["item 00042"]))
    assert tuple(pair) in set(listed(found.pairs))
