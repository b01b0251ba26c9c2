"""Prices tell how many of the chosen pairs are matches."""

import numpy as np
import pytest
from scipy.special import expit, logit

from matcher.classify import Shown, adapt, gain_by_prices, price_classes, weigh_prices
from matcher.classify.levels import THRESHOLDS, levels_of
from matcher.classify.prices import EDGES, FEWEST, LEAST_KNOWN, matches_by_prices
from matcher.types import Pairs

LIKELY = 0.5


def _market(n_each: int = 2000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the probabilities and price gaps of matches, of siblings and of unlikely pairs.

    Siblings look likely, but ask as different prices as any two products.
    """
    rng = np.random.default_rng(0)
    kinds = np.repeat([0, 1, 2], n_each)
    odds = np.array([2.5, 1.0, -5.0])[kinds] + 0.4 * rng.standard_normal(len(kinds))
    gaps = np.abs(np.array([0.1, 1.5, 1.5])[kinds] * rng.standard_normal(len(kinds)))
    return expit(odds), gaps.astype(np.float32), kinds == 0


def _count(probability: np.ndarray, gaps: np.ndarray, likely: float = LIKELY) -> np.ndarray | None:
    return matches_by_prices(probability, levels_of(probability), price_classes(gaps), likely)


def test_as_many_matches_are_counted_as_there_are() -> None:
    probability, gaps, is_match = _market()
    counted = _count(probability, gaps, likely=0.85)
    assert counted is not None
    places = np.searchsorted(THRESHOLDS, [0.01, 0.5, 0.8, 0.9])
    for threshold, count in zip(THRESHOLDS[places], counted[places], strict=True):
        true = (is_match & (probability >= threshold)).sum()
        assert count == pytest.approx(true, rel=0.12)
        if threshold < 0.8:  # half of those chosen
            assert count < 0.6 * (probability >= threshold).sum()


def test_unknown_prices_stand_for_the_known_ones() -> None:
    probability, gaps, _ = _market(8000)
    some = gaps.copy()
    some[::2] = np.nan
    at_half = np.searchsorted(THRESHOLDS, 0.5)
    every, half = (_count(probability, known)[at_half] for known in (gaps, some))
    assert half == pytest.approx(every, rel=0.1)


def test_the_surest_pairs_show_the_prices_of_matches_where_there_are_enough() -> None:
    probability, gaps, is_match = _market(8000)
    counted = {likely: _count(probability, gaps, likely) for likely in (0.3, 0.95)}
    assert counted[0.3] is not None
    assert np.array_equal(counted[0.3], counted[0.95])
    at_half = np.searchsorted(THRESHOLDS, 0.5)
    assert counted[0.3][at_half] == pytest.approx(is_match.sum(), rel=0.1)


def test_prices_that_are_rare_few_or_alike_say_nothing() -> None:
    probability, gaps, _ = _market()
    rare = np.where(np.arange(len(gaps)) % int(1.5 / LEAST_KNOWN), np.nan, gaps)
    assert _count(probability, rare) is None
    few, few_gaps = probability[:: 2 * 4000 // FEWEST], gaps[:: 2 * 4000 // FEWEST]
    assert _count(few, few_gaps, 0.85) is None
    assert _count(probability, np.full_like(gaps, 0.1)) is None
    assert _count(probability, gaps) is not None


def test_prices_are_not_believed_where_even_the_surest_pairs_ask_wildly_different_ones() -> None:
    probability, gaps, is_match = _market()
    for share, is_believed in ((0.04, True), (0.15, False)):
        wild = np.where(is_match & (np.arange(len(gaps)) % 100 < 100 * share), 2.0, gaps)
        counted = _count(probability, wild.astype(np.float32))
        assert (counted is not None) == is_believed


def test_siblings_that_agree_with_each_other_are_left_out_by_their_prices() -> None:
    # Groups of six are two products of three: all pairs of a group look alike, and close.
    n_groups = 400
    one, other = np.triu_indices(6, 1)
    left = (6 * np.arange(n_groups)[:, np.newaxis] + one).ravel()
    right = (6 * np.arange(n_groups)[:, np.newaxis] + other).ravel()
    far = np.arange(6 * n_groups - 6)
    keys = np.concatenate([(left << 32) | right, (far << 32) | (far + 6)])
    order = np.argsort(keys)
    is_match = np.concatenate([left % 6 // 3 == right % 6 // 3, np.zeros(len(far), np.bool_)])[
        order
    ]
    is_near = np.repeat([True, False], [len(left), len(far)])[order]
    rng = np.random.default_rng(1)
    odds = np.select([is_match, is_near], [1.5, -0.4], -5.0) + 0.3 * rng.standard_normal(len(keys))
    pairs, probability = Pairs.from_keys(keys[order]), expit(odds)
    prices = rng.uniform(10, 900, 2 * n_groups)[np.arange(6 * n_groups) // 3]
    prices *= rng.uniform(0.95, 1.05, len(prices))
    gaps = np.abs(np.log(prices[pairs.left] / prices[pairs.right])).astype(np.float32)
    nowhere = np.full(6 * n_groups, -1, dtype=np.int32)
    without, told = (
        adapt(Shown(pairs, nowhere, is_link=False, price_classes=each), probability, 0.5)
        for each in (None, price_classes(gaps))
    )
    assert without.n_chosen > 1.5 * is_match.sum()
    assert told.n_chosen == pytest.approx(is_match.sum(), rel=0.1)


def test_prices_say_which_pairs_are_matches_and_as_many_are_chosen() -> None:
    probability, gaps, is_match = _market()
    # Half of the siblings are as likely as matches, and a sixth of the pairs in all are unlikely
    # enough to show what others ask.
    likely = np.where(np.arange(len(gaps)) % 6 == 0, 0.1, probability)
    by_price = weigh_prices(likely, price_classes(gaps), LIKELY)
    assert len(by_price) == len(EDGES) + 2
    assert by_price[0] > by_price[-1] > by_price[len(EDGES)]  # equal, unknown, wildly apart
    weighed = expit(logit(likely) + gain_by_prices(by_price, price_classes(gaps)))
    chosen, before = weighed >= LIKELY - 1e-9, likely >= LIKELY
    assert chosen.sum() == pytest.approx(before.sum(), rel=0.001)
    assert (is_match & chosen).sum() > 1.1 * (is_match & before).sum()


def test_an_unknown_price_moves_a_pair_as_little_as_the_threshold_moves() -> None:
    probability, gaps, _ = _market(4000)
    likely = np.where(np.arange(len(gaps)) % 6 == 0, 0.1, probability)
    unknown = np.where(np.arange(len(gaps)) % 2, np.nan, gaps).astype(np.float32)
    by_price = weigh_prices(likely, price_classes(unknown), LIKELY)
    assert set(gain_by_prices(by_price, price_classes(unknown))[1::2]) == {by_price[-1]}
    assert abs(by_price[-1]) < 1


@pytest.mark.parametrize("case", ["few", "rare", "alike", "wild"])
def test_prices_do_not_say_which_pairs_are_matches_where_they_tell_nothing(case: str) -> None:
    probability, gaps, is_match = _market()
    likely = np.where(np.arange(len(gaps)) % 6 == 0, 0.1, probability)
    assert weigh_prices(likely, price_classes(gaps), LIKELY)
    some = np.arange(len(gaps)) % 40 == 0
    changed = {
        "few": (likely[some], gaps[some]),
        "rare": (likely, np.where(np.arange(len(gaps)) % 7, np.nan, gaps)),
        "alike": (likely, np.full_like(gaps, 0.1)),
        "wild": (likely, np.where(is_match & (np.arange(len(gaps)) % 5 == 0), 2.0, gaps)),
    }
    likely, gaps = changed[case]
    assert weigh_prices(likely, price_classes(gaps), LIKELY) == ()


def test_prices_move_nothing_where_nothing_is_chosen() -> None:
    probability, gaps, _ = _market()
    likely = np.where(np.arange(len(gaps)) % 6 == 0, 0.1, np.minimum(probability, 0.98))
    assert weigh_prices(likely, price_classes(gaps), 0.9)
    assert weigh_prices(likely, price_classes(gaps), 0.99) == ()
