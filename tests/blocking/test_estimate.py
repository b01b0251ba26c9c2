import numpy as np
import pytest
from blocking_helpers import build_records

from matcher.blocking import InvertedIndexBlocker, block, estimate
from matcher.blocking.sample import RUN, sample_runs, take
from matcher.settings import BlockingSettings
from matcher.types import Pairs, Proposal


def catalogue(n_products, n_words=400, seed=0):
    """Titles of four rare words; every product occurs twice, the second time with a word less."""
    rng = np.random.default_rng(seed)
    titles = []
    for _ in range(n_products):
        drawn = [f"w{number}" for number in rng.integers(0, n_words, 4)]
        titles += [" ".join(drawn), " ".join(drawn[:3])]
    return build_records(titles)


class Part:
    """A blocker that finds only the pairs whose left record number is not a multiple of `skip`."""

    def __init__(self, skip):
        self.name, self.skip = f"part-{skip}", skip

    def propose(self, records):
        whole = InvertedIndexBlocker(k=3).propose(records)
        keep = whole.pairs.left // 2 % self.skip != 0
        pairs = Pairs(whole.pairs.left[keep], whole.pairs.right[keep])
        return Proposal(pairs, whole.strength[keep], {})


def test_a_blocker_that_misses_a_quarter_is_estimated_to_miss_a_quarter():
    expected = estimate(catalogue(400), [InvertedIndexBlocker(k=3), Part(4)], BlockingSettings())
    assert expected["completeness_of"]["part-4"] == pytest.approx(0.75, abs=0.05)


def test_the_expected_pairs_are_near_the_real_ones():
    records, settings = catalogue(2500, n_words=2000), BlockingSettings()
    blockers = [InvertedIndexBlocker(k=3), Part(2)]
    found = block(records, blockers, settings)
    expected = found.report["estimate"]
    assert expected["records_sampled"] == 1000
    real = found.report["pairs"] + found.report["dropped"]["over_budget"]
    assert expected["pairs"] == pytest.approx(real, rel=0.35)
    assert expected["pairs_within_budget"] <= settings.budget * len(records)


def test_one_blocker_alone_tells_nothing_of_completeness():
    expected = estimate(catalogue(50), [InvertedIndexBlocker()], BlockingSettings())
    assert expected["completeness"] is None
    assert expected["completeness_of"] == {"inverted-index": None}


def test_a_sample_holds_runs_of_similar_titles_in_their_order():
    part = sample_runs(catalogue(2500, n_words=2000), 1000)
    assert len(part) == 1000
    assert (np.diff(part.rows) > 0).all()
    found = InvertedIndexBlocker(k=1).propose(part)
    assert (found.strength > 0.7).sum() > 300  # at random, one partner in five would be there


def test_a_large_table_is_numbered_by_its_titles_and_not_sorted_again(monkeypatch):
    monkeypatch.setattr("matcher.types.records.BY_TITLE", 1000)
    starts = np.linspace(0, 1500 - RUN, 1000 // RUN).astype(int)
    in_place = [start + place for start in starts for place in range(RUN)]
    titles = [f"title {(number * 7919) % 1500:04d}" for number in range(1500)]
    assert sample_runs(build_records(titles), 1000).rows.tolist() == in_place
    linked = build_records(titles, n_left=500)  # numbered by table first
    assert sample_runs(linked, 1000).rows.tolist() != in_place


def test_a_part_of_the_records_has_their_own_terms():
    records = build_records(["a b", "c", "", "d e f"], gtins=["1", "2", "3", "4"])
    part = take(records, np.array([1, 3]))
    assert part.ids.tolist() == ["r1", "r3"]
    assert np.diff(part.title.indptr).tolist() == [1, 3]
    words = [str(records.vocabulary.words[int(term)]) for term in part.title.terms]
    assert words == ["c", "d", "e", "f"]
    assert part.codes["gtin"].tolist() == [1, 3]
    assert part.columns[0].text.to_pylist() == ["c", "d e f"]
