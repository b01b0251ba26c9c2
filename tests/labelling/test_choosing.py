"""Questions are handed out once, by their shares; draws are a random sample of their stratum."""

from collections import Counter

import numpy as np
import pytest

from matcher.labelling import UNKNOWN, Chooser, make_pool
from matcher.types import DIFFERENT, EXACT, Pairs

SHARES = {"boundary-exact": 0.5, "random": 0.5}


def pool_of(exact: np.ndarray, seed: int = 0):
    n_pairs = len(exact)
    pairs = Pairs(
        np.arange(n_pairs, dtype=np.int32) * 2, np.arange(n_pairs, dtype=np.int32) * 2 + 1
    )
    probabilities = np.stack([exact, np.zeros(n_pairs), 1 - exact], axis=1).astype(np.float32)
    return make_pool(pairs, probabilities, seed)


def chooser_of(pool, seed: int = 0, alike=None) -> Chooser:
    chooser = Chooser(pool, np.zeros((0, len(pool)), np.int32) if alike is None else alike, seed)
    chooser.rank({"boundary-exact": np.arange(len(pool))}, SHARES)
    return chooser


def take(chooser: Chooser, n: int) -> list[tuple[int, str]]:
    found = (chooser.next() for _ in range(n))
    return [each for each in found if each is not None]


@pytest.fixture
def pool():
    return pool_of(np.linspace(0, 1, 400))


def test_strata_hold_all_candidates_and_say_between_which_probabilities_they_lie(pool):
    assert pool.sizes.sum() == 400
    assert pool.names[0] == "family 0.00-0.02"
    assert pool.names[-1] == "exact 0.98-1.00"
    exact = pool.pairs.left / 2 / 399
    stratum = pool.names.index("exact 0.30-0.50")
    assert ((exact >= 0.3) & (exact < 0.5) == (pool.stratum == stratum)).all()


def test_of_many_hopeless_pairs_a_sample_is_kept_and_all_are_counted():
    pool = pool_of(np.concatenate([np.zeros(60_000), np.full(100, 0.6)]))
    assert len(pool) == 20_100
    assert pool.sizes.tolist() == [60_000, 100]


def test_no_pair_is_handed_out_twice_until_all_are(pool):
    places = [place for place, _ in take(chooser_of(pool), 500)]
    assert sorted(places) == list(range(400))


def test_every_reason_gets_its_share(pool):
    assert Counter(why for _, why in take(chooser_of(pool), 40)) == {
        "boundary-exact": 20,
        "random": 20,
    }


def test_draws_are_spread_over_the_strata(pool):
    drawn = [place for place, why in take(chooser_of(pool), 40) if why == "random"]
    assert max(Counter(pool.stratum[drawn].tolist()).values()) <= 3


def test_every_pair_of_a_stratum_is_as_likely_to_be_drawn():
    exact, counts = np.full(20, 0.6), np.zeros(20)
    for seed in range(300):
        pool = pool_of(exact, seed)
        chooser = chooser_of(pool, seed)
        chooser.rank({}, {"random": 1.0})
        counts[[place for place, _ in take(chooser, 5)]] += 1
    assert 50 < counts.min() <= counts.max() < 105  # 75 each on average


def test_what_is_known_is_not_asked(pool):
    chooser, answer = chooser_of(pool), np.full(400, UNKNOWN, np.int32)
    answer[:300] = EXACT
    chooser.know(answer, np.zeros(400, np.bool_))
    assert all(place >= 300 for place, _ in take(chooser, 50))


def test_draws_that_are_known_are_told_once_with_their_answer(pool):
    chooser, answer = chooser_of(pool), np.full(400, UNKNOWN, np.int32)
    first = [pool.draws[number][0] for number in range(len(pool.draws))]
    answer[first] = DIFFERENT
    chooser.know(answer, np.zeros(400, np.bool_))
    asked = [place for place, _ in take(chooser, 60)]
    assert not set(first) & set(asked)
    assert sorted(chooser.settled()) == sorted((place, DIFFERENT) for place in first)
    assert chooser.settled() == []


def test_a_run_that_goes_on_draws_on_where_it_stopped(pool):
    chooser = chooser_of(pool)
    chooser.rank({}, {"random": 1.0})
    before = [place for place, _ in take(chooser, 30)]
    answer, is_sampled = np.full(400, UNKNOWN, np.int32), np.zeros(400, np.bool_)
    answer[before[:20]], is_sampled[before[:20]] = EXACT, True
    chooser = chooser_of(pool)
    chooser.rank({}, {"random": 1.0})
    chooser.know(answer, is_sampled)
    assert {place for place, _ in take(chooser, 10)} == set(before[20:])
    assert chooser.settled() == []


def test_a_pair_that_was_given_back_is_asked_again(pool):
    chooser = chooser_of(pool)
    chooser.rank({}, {"random": 1.0})
    place, _ = take(chooser, 1)[0]
    chooser.take_back(place, is_random=True)
    assert take(chooser, 1)[0] == (place, "random")


def test_brands_asked_about_less_are_likelier(pool):
    brands = np.zeros((1, 400), np.int32)
    brands[0, 10] = 1  # one of the twenty best
    n_found = 0
    for seed in range(100):
        chooser = chooser_of(pool, seed, brands)
        chooser.rank({"boundary-exact": np.arange(400)}, {"boundary-exact": 1.0})
        n_found += any(place == 10 for place, _ in take(chooser, 5))
    assert n_found > 40  # 25 if it were like any other
