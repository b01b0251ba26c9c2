"""The matches of a catalogue are counted by the differences that other records repeat."""

import numpy as np
import pytest

from matcher.classify import UNLIKELY, matches_by_repetition


def mixture(of_matches=0.05, of_others=0.6, n_pairs=40_000):
    """Probabilities of pairs, half of them matches, and which differ in what is repeated."""
    rng = np.random.default_rng(0)
    is_match = rng.random(n_pairs) < 0.5
    probability = np.where(is_match, rng.beta(6, 1, n_pairs), rng.beta(1.2, 2, n_pairs))
    is_repeated = rng.random(n_pairs) < np.where(is_match, of_matches, of_others)
    return probability, is_match, is_repeated


def count(probability, is_repeated, step=1, differ=None):
    asked = np.flatnonzero(probability >= UNLIKELY)[::step]
    differ = np.ones(len(probability), bool) if differ is None else differ
    return matches_by_repetition(probability, asked, differ[asked], is_repeated[asked])


def test_matches_are_counted_where_siblings_are_as_likely():
    probability, is_match, is_repeated = mixture()
    assert count(probability, is_repeated) == pytest.approx(is_match.sum(), rel=0.12)
    assert (probability >= 0.45).sum() > 1.2 * is_match.sum()  # the probabilities do not tell


def test_a_sample_tells_about_as_much():
    probability, _, is_repeated = mixture()
    every = count(probability, is_repeated)
    assert count(probability, is_repeated, step=7) == pytest.approx(every, rel=0.08)


def test_titles_that_say_the_same_count_as_they_are_likely():
    probability, _, is_repeated = mixture()
    equal = np.arange(len(probability)) % 2 == 0
    told = count(probability, is_repeated & ~equal, differ=~equal)
    of_others = count(probability[~equal], is_repeated[~equal])
    assert told == pytest.approx(of_others + probability[equal].sum(), rel=0.05)


@pytest.mark.parametrize(
    "shares",
    [
        pytest.param({"of_matches": 0.5, "of_others": 0.9}, id="sellers have words of their own"),
        pytest.param({"of_matches": 0.2, "of_others": 0.3}, id="both kinds are alike"),
        pytest.param({"n_pairs": 1000}, id="too few pairs"),
        pytest.param({"n_pairs": 0}, id="none"),
    ],
)
def test_nothing_is_told_where(shares):
    probability, _, is_repeated = mixture(**shares)
    assert count(probability, is_repeated) is None


def test_nothing_is_told_where_a_model_thinks_too_little_of_matches():
    # Then pairs from .1 to .3 are matches too, and differ as rarely as the surest do.
    probability, is_match, is_repeated = mixture()
    assert count(probability, is_repeated) is not None
    low = np.where(is_match & (np.arange(len(probability)) % 3 > 0), 0.2, probability)
    assert count(low, is_repeated) is None


def test_a_count_far_below_what_the_probabilities_expect_is_not_believed():
    probability, _, is_repeated = mixture()
    is_repeated[probability < 0.9] = True
    assert count(probability, is_repeated) is None
