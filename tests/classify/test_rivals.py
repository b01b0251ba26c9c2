"""How a pair stands among its rivals is what counting them one by one says."""

import numpy as np
import pytest
from scipy.special import logit

from matcher.classify import RIVAL_NAMES, arrange_rivals
from matcher.types import Pairs


@pytest.fixture(scope="module")
def judged():
    """Return candidates of 30 records, and their probabilities, with ties among them."""
    rng = np.random.default_rng(0)
    left, right = np.nonzero(np.triu(rng.random((30, 30)) < 0.2, 1))
    pairs = Pairs(left.astype(np.int32), right.astype(np.int32))
    return pairs, rng.choice([0.02, 0.3, 0.5, 0.55, 0.9, 0.99], len(pairs))


def _standing(pairs, probability, asked, own):
    """Return rank, lead, log-odds lead, share and likely rivals of a pair for both records."""
    found = []
    for record in asked:
        rivals = [
            value
            for left, right, value in zip(pairs.left, pairs.right, probability, strict=True)
            if record in (left, right) and (left, right) != tuple(asked)
        ]
        best = max(rivals, default=0.0)
        odds = logit(own) - logit(max(best, 1e-5))
        share = own / (own + sum(rivals))
        rank = sum(value > own for value in rivals)
        found.append([rank, own - best, odds, share, sum(value >= 0.5 for value in rivals)])
    return np.array(found)


def test_candidates_are_not_their_own_rivals(judged):
    pairs, probability = judged
    features = arrange_rivals(30, pairs, probability, is_link=False).features(pairs, probability)
    assert features.shape == (len(pairs), len(RIVAL_NAMES))
    for row, (left, right) in enumerate(zip(pairs.left, pairs.right, strict=True)):
        expected = _standing(pairs, probability, (left, right), probability[row])
        sides = np.stack([expected.min(axis=0), expected.max(axis=0)], axis=1).ravel()
        assert features[row, 1:11] == pytest.approx(sides, abs=1e-4)
        assert features[row, 0] == pytest.approx(logit(probability[row]), abs=1e-4)
        assert features[row, 11] == (expected[:, 0] == 0).all()


def test_a_record_of_very_many_candidates_stands_as_one_of_few():
    rng = np.random.default_rng(1)
    n_others = 300
    pairs = Pairs(np.zeros(n_others, np.int32), np.arange(1, n_others + 1, dtype=np.int32))
    n_weaker = rng.permutation(n_others)
    probability = n_weaker / n_others
    rivals = arrange_rivals(n_others + 1, pairs, probability, is_link=False)
    rank = rivals.features(pairs, probability)[:, RIVAL_NAMES.index("rivals_rank_max")]
    assert rank.tolist() == (n_others - 1 - n_weaker).tolist()


def test_a_pair_that_is_no_candidate_has_all_candidates_as_rivals(judged):
    pairs, probability = judged
    known = set(pairs.keys().tolist())
    keys = np.array([(one << 32) | two for one in range(30) for two in range(one + 1, 30)])
    others = Pairs.from_keys(keys[[key not in known for key in keys.tolist()]])
    own = np.full(len(others), 0.4)
    features = arrange_rivals(30, pairs, probability, is_link=False).features(others, own)
    for row, asked in enumerate(zip(others.left, others.right, strict=True)):
        expected = _standing(pairs, probability, asked, 0.4)
        sides = np.stack([expected.min(axis=0), expected.max(axis=0)], axis=1).ravel()
        assert features[row, 1:11] == pytest.approx(sides, abs=1e-4)


def test_without_candidates_nobody_has_rivals():
    none = Pairs.from_keys(np.zeros(0, np.int64))
    asked = Pairs.from_keys(np.array([1]))
    features = arrange_rivals(2, none, np.zeros(0), is_link=True).features(asked, np.array([0.7]))
    named = dict(zip(RIVAL_NAMES, features[0].tolist(), strict=True))
    assert named["rivals_rank_max"] == named["rivals_likely_max"] == 0
    assert named["rivals_lead_min"] == pytest.approx(0.7)
    assert named["rivals_share_min"] == pytest.approx(1)
    assert named["rivals_is_link"] == 1
