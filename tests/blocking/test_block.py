import importlib
import json

import numpy as np
import pytest
from blocking_helpers import assert_valid, build_records, listed, n_components
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.blocking import (
    CodesBlocker,
    EmbeddingBlocker,
    InvertedIndexBlocker,
    block,
    default_blockers,
)
from matcher.errors import SettingsError
from matcher.settings import BlockingSettings
from matcher.types import Pairs, Proposal

ALL = (
    "inverted-index", "grams", "models", "codes", "brand", "sorted-neighbourhood", "embedding",
)  # fmt: skip
words = st.sampled_from(["drill", "saw", "red", "18v", "lx43m", "acme", "set", "x1", "y"])
titles = st.lists(st.lists(words, max_size=5).map(" ".join), min_size=1, max_size=25)


def run(records, **given_settings):
    chosen = BlockingSettings(**given_settings)
    return block(records, default_blockers(records, chosen, seed=0, threads=1), chosen)


@given(titles=titles, budget=st.integers(1, 3), link=st.booleans())
@settings(deadline=None)
def test_pairs_are_valid_and_keep_to_the_budget(titles, budget, link):
    n_left = max(len(titles) // 3, 1)
    records = build_records(
        titles,
        n_left=n_left if link else None,
        brands=["b"] * len(titles),
        gtins=["7"] * len(titles),
    )
    found = run(records, blockers=ALL, pairs_per_record=budget)
    assert_valid(found.pairs, records)
    assert len(found.pairs) <= budget * (n_left if link else len(titles))
    assert (found.proposed_by > 0).all()
    assert found.blockers == ALL
    assert json.loads(json.dumps(found.report)) == found.report


def test_everything_dropped_is_counted():
    titles = [f"acme drill w{i % 7} v{i % 5}" for i in range(60)]
    found = run(build_records(titles), pairs_per_record=2)
    wide = run(build_records(titles), pairs_per_record=60)
    assert len(found.pairs) == 120
    assert found.report["pairs"] == 120
    assert found.report["dropped"]["over_budget"] > 0
    assert wide.report["dropped"]["over_budget"] == 0
    for name in found.blockers:
        part = found.report["blockers"][name]
        assert part["proposed"] >= part["kept"] >= part["kept_that_no_other_proposed"]


def test_the_bits_tell_who_proposed_a_pair():
    records = build_records(["acme drill", "acme drill", "saw", "lamp"], gtins=["", "1", "1", ""])
    found = run(records, blockers=("codes", "inverted-index"))
    assert found.blockers == ("codes", "inverted-index")
    bits = dict(zip(listed(found.pairs), found.proposed_by.tolist(), strict=True))
    assert bits == {(0, 1): 0b10, (1, 2): 0b01}
    assert found.report["blockers"]["codes"]["kept_that_no_other_proposed"] == 1


def test_equal_gtins_survive_the_smallest_budget():
    rng = np.random.default_rng(0)
    titles = [" ".join(rng.choice(list("abcdef"), 4)) for _ in range(80)]
    gtins = [""] * 80
    gtins[3] = gtins[77] = "4006381333931"
    titles[3], titles[77] = "nothing alike", "something else"
    found = run(build_records(titles, gtins=gtins), pairs_per_record=1)
    assert (3, 77) in listed(found.pairs)


def test_pairs_inside_one_table_are_dropped_and_counted_when_linking():
    class Careless:
        name = "careless"

        def propose(self, records):
            pairs = Pairs.from_unordered(np.array([0, 0, 1]), np.array([1, 2, 2]))
            return Proposal(pairs, np.ones(3, np.float32), {})

    records = build_records(["a", "b", "c"], n_left=2)
    found = block(records, [Careless()], BlockingSettings())
    assert listed(found.pairs) == [(0, 2), (1, 2)]
    assert found.report["dropped"]["not_across_sources"] == 1


def test_the_number_of_threads_changes_nothing():
    rng = np.random.default_rng(0)
    records = build_records([" ".join(rng.choice(list("abcdefgh"), 4)) for _ in range(400)])
    settings = BlockingSettings(pairs_per_record=3)
    one, four = (
        block(records, default_blockers(records, settings, 0, threads=n), settings) for n in (1, 4)
    )
    np.testing.assert_array_equal(one.pairs.keys(), four.pairs.keys())
    np.testing.assert_array_equal(one.proposed_by, four.proposed_by)
    assert one.report == four.report


def test_progress_counts_the_blockers():
    seen = []
    records, settings = build_records(["a", "a"]), BlockingSettings(blockers=("grams", "codes"))
    blockers = default_blockers(records, settings, seed=0)
    block(records, blockers, settings, lambda stage, done, total: seen.append((stage, done, total)))
    assert seen == [("blocking", 0, 2), ("blocking", 1, 2), ("blocking", 2, 2)]


def test_thousands_of_equal_titles_keep_to_the_budget_and_stay_connected():
    found = run(build_records(["acme drill 18v set"] * 5000))
    assert len(found.pairs) <= 50_000
    assert n_components(found.pairs, 5000) == 1


@pytest.mark.parametrize("titles", [[], [""], ["drill"], ["", ""]])
def test_catalogues_without_pairs_yield_none(titles):
    assert len(run(build_records(titles), blockers=ALL).pairs) == 0


def test_a_table_that_is_empty_yields_no_pairs():
    assert len(run(build_records(["a", "a"], n_left=0), blockers=ALL).pairs) == 0


def test_the_default_mix_follows_the_size():
    def names(n):
        records = build_records(["a"] * 3)
        many = np.zeros(n, object)
        from dataclasses import replace

        settings = BlockingSettings()
        return [b.name for b in default_blockers(replace(records, ids=many), settings, seed=0)]

    assert names(100) == ["inverted-index", "models", "codes", "grams", "embedding"]
    assert names(50_000) == ["inverted-index", "models", "codes", "grams"]
    assert names(500_000) == ["inverted-index", "models", "codes"]


def test_weak_pairs_of_words_are_dropped_in_large_catalogues_alone(monkeypatch):
    known = [f"acme drill w{n}x an{n}40p322 " for n in range(60)]
    titles = [title + more for title in known for more in ("green", "bagless")]
    spelled = [f"{a}{b}" for a in "bdfgklmnprst" for b in ("ab", "eg", "id", "of", "uz")] * 3
    rare = iter([word * (1 + n // 60) for n, word in enumerate(spelled)])
    for _ in range(20):  # alike in one word
        shared = next(rare)
        titles += [f"plain {shared} {next(rare)} {next(rare)} {next(rare)}" for _ in range(2)]
    records = build_records(titles)
    small = run(records, blockers=("inverted-index", "models"))
    monkeypatch.setattr(importlib.import_module("matcher.blocking.block"), "LARGE", 100)
    large = run(records, blockers=("inverted-index", "models"))
    dropped = set(listed(small.pairs)) - set(listed(large.pairs))
    assert {(120 + n, 121 + n) for n in range(0, 40, 2)} <= dropped
    assert {(n, n + 1) for n in range(0, 120, 2)} <= set(listed(large.pairs))
    assert large.report["blockers"]["inverted-index"]["weaker"] > 0
    assert "weaker" not in small.report["blockers"]["inverted-index"]


def test_an_encoder_in_the_settings_is_concatenated_with_the_lexical_one():
    settings = BlockingSettings(encoder="models/tiny", encoder_weight=0.3)
    blockers = default_blockers(build_records(["a"]), settings, seed=0)
    embedding = next(b for b in blockers if isinstance(b, EmbeddingBlocker))
    assert embedding.encoder.name == "tiny+lexical"
    assert embedding.encoder.weight == 0.3


def test_an_unknown_blocker_is_named_with_the_nearest_one():
    message = (
        r"blocking\.blockers: no blocker has this name, got 'gram'\. Did you mean 'grams'\? "
        r"Use any of inverted-index, grams, models"
    )
    with pytest.raises(SettingsError, match=message):
        run(build_records(["a"]), blockers=("gram",))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("pairs_per_record", 0, r"blocking\.pairs_per_record: must be 1 or more, got 0\."),
        ("max_block", 1, r"blocking\.max_block: must be 2 or more, got 1\."),
    ],
)
def test_impossible_limits_are_refused(name, value, message):
    with pytest.raises(SettingsError, match=message):
        run(build_records(["a"]), **{name: value})


def test_two_blockers_of_one_name_are_refused():
    blockers = [InvertedIndexBlocker(), CodesBlocker(name="inverted-index")]
    with pytest.raises(SettingsError, match=r"got 'inverted-index' more than once\. Give each"):
        block(build_records(["a"]), blockers, BlockingSettings())


def test_no_blocker_at_all_is_refused():
    with pytest.raises(SettingsError, match=r"blockers: must be 1 to 32, got 0\."):
        block(build_records(["a"]), [], BlockingSettings())
