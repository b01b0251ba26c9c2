"""A sieve keeps what a model finds likely, and drops much of the rest."""

import numpy as np

from matcher.classify import learn_sieve
from matcher.classify.sieve import LIKELY, LOST


def answers(n_pairs, seed):
    """Quick features of pairs, and what a model says that sees more than they show."""
    rng = np.random.default_rng(seed)
    features = rng.random((n_pairs, 3)).astype(np.float32)
    odds = 16 * features[:, 1] - 12 + rng.normal(size=n_pairs)
    features[::50, 0] = np.nan
    return features, 1 / (1 + np.exp(-odds))


def test_likely_pairs_are_kept_and_most_others_are_not():
    features, probability = answers(20_000, seed=0)
    sieve = learn_sieve(features, probability, seed=0)
    features, probability = answers(20_000, seed=1)
    kept, likely = sieve.keeps(features), probability >= LIKELY
    assert probability[likely & ~kept].sum() <= 2 * LOST * probability[likely].sum()
    assert likely.mean() <= kept.mean() < 0.6


def test_the_same_answers_make_the_same_sieve():
    features, probability = answers(2_000, seed=0)
    one, two = (learn_sieve(features, probability, seed=3) for _ in range(2))
    np.testing.assert_array_equal(one.forest.margin(features), two.forest.margin(features))
    assert one.least == two.least


def test_where_nothing_is_likely_nothing_is_dropped():
    features, _ = answers(1_000, seed=0)
    sieve = learn_sieve(features, np.full(1_000, 0.001), seed=0)
    assert sieve.keeps(features).all()
