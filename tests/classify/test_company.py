"""What company the records of a pair keep is what counting third records one by one says."""

import numpy as np
import pytest

from matcher.classify import COMPANY_NAMES, arrange_company
from matcher.classify.company import MOST
from matcher.types import Pairs


@pytest.fixture(scope="module")
def judged():
    """Return candidates of 30 records, and their probabilities, some of them hopeless."""
    rng = np.random.default_rng(0)
    left, right = np.nonzero(np.triu(rng.random((30, 30)) < 0.4, 1))
    pairs = Pairs(left.astype(np.int32), right.astype(np.int32))
    return pairs, rng.choice([0.0, 0.005, 0.02, 0.3, 0.9], len(pairs))


def _company(pairs, probability, left, right):
    """Return the features of one pair, one third record after the other."""
    said = np.zeros((30, 30))
    said[pairs.left, pairs.right] = said[pairs.right, pairs.left] = probability
    said[said < 0.01] = 0
    thirds = [third for third in range(30) if third not in (left, right)]
    both = [(said[left, third], said[right, third]) for third in thirds]
    shared, most = sum(map(min, both)), sum(map(max, both))
    apart = [sum(side) - shared for side in zip(*both, strict=True)]
    agreement, best = sum(one * other for one, other in both), max(map(min, both))
    return [agreement, best, shared, shared / max(most, 0.05), max(apart), min(apart)]


def test_company_is_what_third_records_say(judged):
    pairs, probability = judged
    found = arrange_company(30, pairs, probability).features(pairs)
    assert found.shape == (len(pairs), len(COMPANY_NAMES))
    sides = zip(pairs.left, pairs.right, strict=True)
    expected = [_company(pairs, probability, *each) for each in sides]
    assert found == pytest.approx(np.array(expected), abs=1e-5)


def test_what_is_said_of_a_pair_is_no_company_of_its_own(judged):
    pairs, probability = judged
    changed = probability.copy()
    changed[7] = 0.97
    before, after = (arrange_company(30, pairs, each) for each in (probability, changed))
    asked = pairs.take(np.array([7]))
    assert (before.features(asked) == after.features(asked)).all()


def test_a_record_with_thousands_of_matches_keeps_the_likeliest_ones():
    n_records = 2000
    rng = np.random.default_rng(0)
    others = np.arange(1, n_records, dtype=np.int32)
    pairs = Pairs(np.zeros(n_records - 1, np.int32), others)
    probability = rng.uniform(0.1, 0.9, len(others))
    company = arrange_company(n_records, pairs, probability)
    kept = company.others[company.indptr[0] : company.indptr[1]]
    assert kept.tolist() == sorted(others[np.argsort(-probability)[:MOST]].tolist())


def test_records_without_matches_keep_no_company():
    nothing = Pairs.from_keys(np.zeros(0, np.int64))
    company = arrange_company(3, nothing, np.zeros(0))
    assert company.features(nothing).shape == (0, len(COMPANY_NAMES))
    asked = Pairs(np.array([0], np.int32), np.array([2], np.int32))
    assert (company.features(asked) == 0).all()
