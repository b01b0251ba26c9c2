"""A general model's probabilities are fitted to a catalogue by what it shows without labels."""

import numpy as np
import pytest
from scipy.special import expit, logit

from matcher.classify import Adaptation, Shown, adapt
from matcher.classify.adapt import LEAST_CHOSEN
from matcher.classify.levels import THRESHOLDS, levels_of
from matcher.classify.structure import _closed_shares
from matcher.types import Pairs

MODEL = 0.4
"""Threshold of the model."""


def _two_lists(n_items: int, true: float, false: float) -> tuple[Pairs, np.ndarray, np.ndarray]:
    """Return pairs of two lists with one true match an item, their probabilities, the truth."""
    rng = np.random.default_rng(0)
    left = np.repeat(np.arange(n_items), 3)
    offset = np.tile([0, 1, 2], n_items)
    right = n_items + (left + offset) % n_items
    keys = (left.astype(np.int64) << 32) | right
    order = np.argsort(keys)
    is_true = (offset == 0)[order]
    odds = np.where(is_true, true, false) + 0.3 * rng.standard_normal(len(left))
    return Pairs.from_keys(keys[order]), expit(odds), is_true


def _f1(chosen: np.ndarray, true: np.ndarray) -> float:
    return float(2 * (chosen & true).sum() / (chosen.sum() + true.sum()))


@pytest.mark.parametrize("odds", [-3.0, 0.0, 2.5])
def test_the_true_matches_of_two_lists_are_chosen_wherever_their_probabilities_lie(
    odds: float,
) -> None:
    pairs, probability, is_true = _two_lists(400, odds, odds - 3)
    sources = np.repeat([0, 1], 400).astype(np.int32)
    found = adapt(Shown(pairs, sources, is_link=True), probability, MODEL)
    assert _f1(found.weigh(probability, pairs, sources) >= MODEL, is_true) > 0.98
    if odds:
        assert _f1(probability >= MODEL, is_true) < 0.75
    assert found.within == found.across == 0


def _groups(n_groups: int, size: int) -> tuple[Pairs, np.ndarray]:
    """Return candidates in groups of matches, each record also paired with one of the next."""
    record = np.arange(n_groups * size)
    inside = [
        (group * size + one, group * size + other)
        for group in range(n_groups)
        for one in range(size)
        for other in range(one + 1, size)
    ]
    across = [(one, one + size) for one in record[:-size].tolist()]
    keys = np.array([(one << 32) | other for one, other in inside + across])
    order = np.argsort(keys)
    is_true = np.repeat([True, False], [len(inside), len(across)])[order]
    return Pairs.from_keys(keys[order]), is_true


def test_the_matches_of_one_table_are_those_that_match_each_other() -> None:
    pairs, is_true = _groups(150, 4)
    probability = np.where(is_true, 0.15, 0.06)
    nowhere = np.full(600, -1, dtype=np.int32)
    found = adapt(Shown(pairs, nowhere, is_link=False), probability, MODEL)
    assert np.array_equal(found.weigh(probability, pairs, nowhere) >= MODEL, is_true)
    assert found.n_chosen == is_true.sum()


def test_pairs_within_a_source_are_less_likely_where_sure_matches_lie_across() -> None:
    pairs, is_true = _groups(200, 3)
    sources = (np.arange(600) % 3).astype(np.int32)  # every group has one of each
    rng = np.random.default_rng(1)
    probability = np.where(is_true, 0.97, rng.choice([0.01, 0.6], len(is_true), p=[0.5, 0.5]))
    found = adapt(Shown(pairs, sources, is_link=False), probability, MODEL)
    assert found.within < -2
    assert found.across > 0
    weighed = found.weigh(probability, pairs, sources)
    assert _f1(weighed >= MODEL, is_true) == 1.0
    assert _f1(probability >= MODEL, is_true) < 0.9


def test_sources_say_nothing_where_sure_matches_lie_within_them_as_often() -> None:
    pairs, is_true = _groups(200, 3)
    sources = (np.arange(600) % 2).astype(np.int32)
    probability = np.where(is_true, 0.97, 0.01)
    found = adapt(Shown(pairs, sources, is_link=False), probability, MODEL)
    assert found.within == pytest.approx(0, abs=0.1)


def test_an_unknown_source_is_no_source() -> None:
    pairs, is_true = _groups(200, 3)
    unknown = np.full(600, -1, dtype=np.int32)
    probability = np.where(is_true, 0.97, 0.01)
    found = adapt(Shown(pairs, unknown, is_link=False), probability, MODEL)
    assert found.within == found.across == 0


def test_a_small_catalogue_keeps_the_threshold_of_the_model() -> None:
    n_items = LEAST_CHOSEN // 2
    pairs, probability, _ = _two_lists(n_items, -3.0, -6.0)
    sources = np.repeat([0, 1], n_items).astype(np.int32)
    found = adapt(Shown(pairs, sources, is_link=True), probability, MODEL)
    assert found.shift == 0
    assert not found.is_unsure


def test_no_candidates_are_no_reason_to_fail() -> None:
    none = Pairs.from_keys(np.zeros(0, np.int64))
    for is_link in (False, True):
        found = adapt(Shown(none, np.zeros(0, np.int32), is_link=is_link), np.zeros(0), MODEL)
        assert found == Adaptation(0.0, 0.0, 0.0, 0, 0)


def test_weighing_keeps_the_order_and_a_rules_no() -> None:
    found = Adaptation(within=-1.0, across=0.5, shift=2.0, n_chosen=200, n_expected=200)
    pairs = Pairs.from_keys(np.array([1, 2, 3, 4], dtype=np.int64))  # all with record 0
    probability = np.array([0.0, 0.1, 0.5, 0.9])
    sources = np.array([0, 1, 1, 1, 1], dtype=np.int32)
    weighed = found.weigh(probability, pairs, sources)
    assert weighed[0] == 0
    assert logit(weighed[1:]) == pytest.approx(logit(probability[1:]) + 2.5)


def test_what_was_weighed_tells_what_it_was_before() -> None:
    fitted = Adaptation(within=-1.0, across=0.5, shift=0.7, n_chosen=1, n_expected=1)
    pairs, sources = Pairs.from_keys(np.array([1, 2, 3])), np.array([0, 0, 1, 1], np.int32)
    probability = np.array([0.3, 0.0, 0.9])
    weighed = fitted.weigh(probability, pairs, sources)
    assert weighed[0] < 0.3
    assert weighed[2] > 0.9
    np.testing.assert_allclose(fitted.unweigh(weighed, pairs, sources), probability)


def test_it_is_unsure_where_structure_and_probabilities_disagree() -> None:
    counts = {100: True, 200: False, 240: False, 260: True}
    for n_expected, is_unsure in counts.items():
        assert Adaptation(0.0, 0.0, 1.0, 200, n_expected).is_unsure == is_unsure


def test_the_share_of_closed_triples_is_that_of_counting() -> None:
    rng = np.random.default_rng(2)
    likeness = np.triu(rng.random((12, 12)), 1)
    likeness += likeness.T
    left, right = np.nonzero(np.triu(likeness))
    pairs = Pairs(left.astype(np.int32), right.astype(np.int32))
    found = _closed_shares(pairs, levels_of(likeness[left, right]), 12)
    for threshold, share in zip(THRESHOLDS, found, strict=True):
        linked = likeness >= threshold
        open_or_closed = [
            linked[one, other]
            for middle in range(12)
            for one in np.flatnonzero(linked[middle])
            for other in np.flatnonzero(linked[middle])
            if one != other
        ]
        assert share == pytest.approx(np.mean(open_or_closed or [1]))


def test_thresholds_ascend_between_0_and_1() -> None:
    assert (np.diff(THRESHOLDS) > 0).all()
    assert 0 < THRESHOLDS[0] < THRESHOLDS[-1] < 1


def _of_one_seller(sure_share: float, odds: float) -> Adaptation:
    """Return what is found where that share of the sure pairs within one seller has these odds."""
    pairs, is_true = _groups(400, 3)
    sources = (np.arange(1200) % 3).astype(np.int32)
    probability = np.where(is_true, 0.97, 0.01)
    listed_twice = np.flatnonzero(~is_true)[: int(sure_share * is_true.sum())]
    sources[pairs.right[listed_twice]] = sources[pairs.left[listed_twice]]
    probability[listed_twice] = expit(odds)
    return adapt(Shown(pairs, sources, is_link=False), probability, MODEL)


def test_pairs_of_one_seller_that_are_just_sure_do_not_count_as_his_duplicates() -> None:
    just, quite = _of_one_seller(0.2, logit(0.91)), _of_one_seller(0.2, logit(0.995))
    assert just.within < quite.within - 1


def test_once_the_catalogue_has_taught_itself_structure_has_less_of_a_say() -> None:
    pairs, probability, _ = _two_lists(400, 2.5, 1.0)  # all likely, though an item has one match
    sources = np.repeat([0, 1], 400).astype(np.int32)
    before, taught = (
        adapt(Shown(pairs, sources, is_link=True), probability, MODEL, is_taught=is_taught)
        for is_taught in (False, True)
    )
    assert before.n_chosen < 500
    assert before.n_chosen < taught.n_chosen


def test_about_as_many_pairs_are_chosen_as_a_count_tells() -> None:
    pairs, _ = _groups(150, 4)
    nowhere = np.full(600, -1, dtype=np.int32)
    probability = np.random.default_rng(0).uniform(0.02, 0.98, len(pairs))
    chosen = []
    for n_told in (400, 600, 800):
        found = adapt(Shown(pairs, nowhere, is_link=False, n_told=n_told), probability, MODEL)
        chosen.append(found.n_chosen)
        assert found.n_told == n_told
    assert chosen == pytest.approx([400, 600, 800], rel=0.25)
    assert sorted(set(chosen)) == chosen


def test_records_that_say_the_same_do_not_tell_whether_sources_list_a_product_twice() -> None:
    pairs, is_true = _groups(200, 3)
    sources = (np.arange(600) % 3).astype(np.int32)
    # Each source has a product without a name a hundred times over: a model is sure of those pairs.
    nameless = np.arange(600, 900)
    chained = [(int(one) << 32) | int(one + 1) for one in nameless[:-1] if (one + 1) % 100]
    every = Pairs.from_keys(np.concatenate([pairs.keys(), chained]))
    sources = np.concatenate([sources, np.repeat([0, 1, 2], 100)]).astype(np.int32)
    same_words = np.arange(len(every)) >= len(pairs)
    rng = np.random.default_rng(1)
    others = rng.choice([0.01, 0.6], len(pairs), p=[0.5, 0.5])
    probability = np.concatenate([np.where(is_true, 0.97, others), np.full(len(chained), 0.97)])
    looked = adapt(Shown(every, sources, False, same_words=same_words), probability, MODEL)
    blind = adapt(Shown(every, sources, False), probability, MODEL)
    assert looked.within < -4 < blind.within
    weighed = looked.weigh(probability, every, sources)
    assert not np.any(weighed[same_words] >= MODEL)
