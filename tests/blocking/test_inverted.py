import time

import numpy as np
import pytest
from blocking_helpers import assert_valid, build_records, listed, n_components
from blocking_reference import cosines
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matcher.blocking import InvertedIndexBlocker

words = st.sampled_from(["drill", "saw", "red", "18v", "lx43m", "acme", "set", "x"])
titles = st.lists(st.lists(words, max_size=5).map(" ".join), min_size=1, max_size=12)


@example(titles=["drill", "drill", "saw"], max_block=2, link=True)  # hashes once collided
@given(titles=titles, max_block=st.sampled_from([2, 5, 100]), link=st.booleans())
@settings(deadline=None)
def test_all_pairs_and_cosines_agree_with_the_slow_reference(titles, max_block, link):
    records = build_records(titles, n_left=len(titles) // 2 if link else None)
    found = InvertedIndexBlocker(k=100, max_block=max_block, threads=1).propose(records)
    expected = cosines(records, records.whole, max_block)
    assert_valid(found.pairs, records)
    assert listed(found.pairs) == sorted(expected)
    np.testing.assert_allclose(found.strength, [expected[p] for p in sorted(expected)], rtol=1e-5)


@given(titles=titles, k=st.integers(1, 4), link=st.booleans())
@settings(deadline=None)
def test_the_k_best_of_every_record_are_among_its_pairs(titles, k, link):
    distinct = list({frozenset(title.split()): title for title in titles}.values())
    records = build_records(distinct, n_left=len(distinct) // 2 if link else None)
    expected = cosines(records, records.whole, 1000)
    found = set(listed(InvertedIndexBlocker(k=k, threads=1).propose(records).pairs))
    for record in range(len(distinct)):
        own = sorted((v, pair) for pair, v in expected.items() if record in pair)[::-1]
        certain = own[:k]
        if len(own) > k:  # a tie with the next one may be broken either way
            certain = [(v, pair) for v, pair in certain if v > own[k][0] + 1e-6]
        assert {pair for _, pair in certain} <= found


@pytest.mark.parametrize("field", ["whole", "grams", "models"])
def test_each_field_finds_the_near_duplicate(field):
    records = build_records(["acme drill lx43m", "zeta kettle k900x", "drill acme (lx43m)"])
    found = InvertedIndexBlocker(field=field, k=1).propose(records)
    assert (0, 2) in listed(found.pairs)


@pytest.mark.parametrize("other", ["an40p322", "an 40p322p", "40p322xq", "zz40p322"])
def test_model_numbers_are_found_without_the_letters_at_their_ends(other):
    titles = ["acme drill an40p322p", "zeta kettle an41p322p", f"saw {other}", "acme drill 12v"]
    found = InvertedIndexBlocker(field="models", k=1).propose(build_records(titles))
    assert listed(found.pairs) == [(0, 2)]


def test_a_pair_with_the_same_model_number_is_stronger_than_one_with_the_same_stem():
    records = build_records(["an40p322p red", "an40p322 red", "an40p322p blue"])
    found = InvertedIndexBlocker(field="models").propose(records)
    strength = dict(zip(listed(found.pairs), found.strength.tolist(), strict=True))
    assert strength[0, 2] == pytest.approx(1)
    assert 0.2 < strength[0, 1] < 0.8


def test_short_numbers_are_no_stems():
    titles = ["headphones 250ohm", "resistor 250k7", "amplifier x250", "iphone13pro", "iphone13max"]
    records = build_records(titles)
    assert listed(InvertedIndexBlocker(field="models").propose(records).pairs) == []


def test_a_purged_word_is_named_with_its_number_of_texts():
    records = build_records([f"steel a{i}xx b{i // 2}yy" for i in range(20)])
    found = InvertedIndexBlocker(max_block=10).propose(records)
    assert found.report["purged"] == {"count": 1, "largest": [{"key": "steel", "texts": 20}]}
    assert listed(found.pairs) == [(i, i + 1) for i in range(0, 20, 2)]


def test_only_the_rarest_terms_of_a_long_record_are_looked_up():
    records = build_records(["common rare1", "common rare1", "common other", "common rest"])
    found = InvertedIndexBlocker(max_postings=1).propose(records)
    assert found.report["postings_dropped"] == 3
    assert listed(found.pairs) == [(0, 1)]


def test_words_of_an_axis_column_are_found_in_the_titles_of_others():
    from dataclasses import replace

    records = build_records(["vase teal", "vase", "vase", "teal lamp"])
    axis = replace(records.columns[0].attribute, role="axis", axis="color")
    lamp = records.columns[0].tokens
    moved = replace(lamp, indptr=np.array([0, 0, 1, 1, 1]), terms=lamp.terms[1:2])
    column = replace(records.columns[0], attribute=axis, tokens=moved)
    records = replace(records, columns=(*records.columns, column))
    found = InvertedIndexBlocker(k=1, threads=1).propose(records)
    assert dict(zip(listed(found.pairs), found.strength, strict=True))[0, 1] == pytest.approx(1)


def test_proposing_does_not_change_the_records():
    records = build_records(["zeta acme zeta", "drill acme", "zeta drill"])
    before = records.whole.terms.copy()
    InvertedIndexBlocker().propose(records)
    np.testing.assert_array_equal(records.whole.terms, before)


def test_records_without_terms_are_counted_and_propose_nothing():
    records = build_records(["", "", "drill", "drill"])
    found = InvertedIndexBlocker().propose(records)
    assert listed(found.pairs) == [(2, 3)]
    assert found.report["records_without_terms"] == 2


def test_the_number_of_threads_changes_nothing():
    rng = np.random.default_rng(0)
    records = build_records([" ".join(rng.choice(list("abcdefgh"), 4)) for _ in range(300)])
    one = InvertedIndexBlocker(k=3, threads=1).propose(records)
    four = InvertedIndexBlocker(k=3, threads=4).propose(records)
    np.testing.assert_array_equal(one.pairs.keys(), four.pairs.keys())
    np.testing.assert_array_equal(one.strength, four.strength)


@pytest.mark.parametrize("field", ["whole", "grams"])
@pytest.mark.parametrize("link", [False, True])
def test_thousands_of_equal_titles_stay_bounded_and_connected(field, link):
    n = 5000
    records = build_records(["acme drill 18v"] * n, n_left=n // 2 if link else None)
    start = time.perf_counter()
    found = InvertedIndexBlocker(field=field, k=10).propose(records)
    assert time.perf_counter() - start < 5
    assert_valid(found.pairs, records)
    assert len(found.pairs) <= 10 * n
    assert n_components(found.pairs, n) == 1
    per_record = np.bincount(np.concatenate([found.pairs.left, found.pairs.right]))
    assert per_record.max() <= 20
