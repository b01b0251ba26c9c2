from blocking_helpers import assert_valid, build_records, listed

from matcher.blocking import BrandBlocker


def test_records_of_one_brand_that_share_a_rare_word_are_proposed():
    records = build_records(
        ["omega drill", "omega saw", "omega lamp", "omega lamp"],
        brands=["acme", "acme", "zeta", ""],
    )
    assert listed(BrandBlocker().propose(records).pairs) == [(0, 1)]


def test_a_word_that_is_frequent_in_the_brand_is_dropped_and_counted():
    titles = [f"acme w{i // 2}" for i in range(10)]
    records = build_records(titles, brands=["acme"] * 10)
    found = BrandBlocker(max_group=5).propose(records)
    assert listed(found.pairs) == [(i, i + 1) for i in range(0, 10, 2)]
    assert found.report["keys_too_frequent"] == 1
    assert found.report["postings_dropped"] == 10


def test_the_rarer_word_is_the_stronger_one():
    records = build_records(
        ["rare red", "rare red", "blue red", "blue2 red"], brands=["a", "a", "a", "a"]
    )
    found = BrandBlocker().propose(records)
    strength = dict(zip(listed(found.pairs), found.strength, strict=True))
    assert strength[0, 1] > strength[0, 2]


def test_linking_proposes_only_across_the_tables():
    records = build_records(["omega", "omega", "omega"], n_left=1, brands=["a", "a", "a"])
    found = BrandBlocker().propose(records)
    assert_valid(found.pairs, records)
    assert listed(found.pairs) == [(0, 1), (0, 2)]


def test_without_brands_nothing_is_proposed_and_all_records_are_counted():
    found = BrandBlocker().propose(build_records(["a b", "a b"]))
    assert len(found.pairs) == 0
    assert found.report == {"records_without_brand": 2}
