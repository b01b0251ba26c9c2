import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.labelling import draw_pairs
from matcher.labelling.strata import LEAST, share_draws


def decided(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    probabilities = random.dirichlet([0.2, 0.2, 0.4], n)
    return probabilities.argmax(axis=1).astype(np.int8), probabilities


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 400), st.integers(1, 500), st.integers(0, 5))
def test_pairs_are_drawn_once_and_strata_hold_all_pairs(n_pairs, n, seed):
    relations, probabilities = decided(n_pairs, seed)
    drawn = draw_pairs(relations, probabilities, n, seed)
    assert len(np.unique(drawn.places)) == len(drawn.places) <= n_pairs
    assert drawn.sizes.sum() == n_pairs
    taken = np.bincount(drawn.stratum, minlength=len(drawn.sizes))
    assert (taken >= np.minimum(drawn.sizes, LEAST)).all()
    assert taken.sum() == min(n_pairs, max(n, int(np.minimum(drawn.sizes, LEAST).sum())))


def test_every_pair_of_a_stratum_is_drawn_equally_often():
    relations, probabilities = decided(60)
    counts = np.zeros(60)
    for seed in range(400):
        drawn = draw_pairs(relations, probabilities, 30, seed)
        counts[drawn.places] += 1
    drawn = draw_pairs(relations, probabilities, 60, 0)
    stratum = np.empty(60, np.int64)
    stratum[drawn.places] = drawn.stratum
    for each in range(len(drawn.sizes)):
        within = counts[stratum == each]
        assert np.abs(within - within.mean()).max() < 4 * np.sqrt(400 * 0.25)


def test_the_first_draws_are_of_several_strata():
    relations, probabilities = decided(3000)
    drawn = draw_pairs(relations, probabilities, 200)
    assert len(set(drawn.stratum[:40].tolist())) > 3


def test_pairs_that_no_model_has_seen_are_a_stratum_of_their_own():
    probabilities = np.array([[0.99, 0.0, 0.01], [np.nan] * 3])
    drawn = draw_pairs(np.zeros(2, np.int8), probabilities, 2)
    assert drawn.names == ("exact, doubt up to 0.02", "exact, never compared")


def test_nothing_is_drawn_from_nothing():
    drawn = draw_pairs(np.zeros(0, np.int8), np.zeros((0, 3)), 5)
    assert len(drawn.places) == 0
    assert drawn.names == ()


def test_more_is_drawn_where_answers_vary_more():
    sizes = np.array([500, 500])
    few, many = share_draws(sizes, np.array([0.1, 0.4]), 100).tolist()
    assert few + many == 100
    assert many > 3 * few
