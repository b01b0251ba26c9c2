import numpy as np
import pytest

from matcher.blocking.weak import drop_weak
from matcher.types import Pairs, Proposal

N = 100


def proposal(pairs, strength):
    left, right = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    return Proposal(Pairs(left, right), np.array(strength, np.float32), {"count": 1})


def agreed(n=N):
    return proposal([(2 * i, 2 * i + 1) for i in range(n)], [1.0] * n)


def words(least):
    """Return words that find what others agree on, with `least` and more, and as many others."""
    pairs = [(i, i + 1) for i in range(2 * N - 1)]
    return proposal(pairs, [least + i / N if i % 2 == 0 else 0.1 for i in range(2 * N - 1)])


@pytest.mark.parametrize("least", [0.05, 0.5])
def test_pairs_weaker_than_nearly_all_that_others_agree_on_are_dropped(least):
    kept, others = drop_weak([words(least), agreed()], [1.0, 1.0], 0, 2 * N)
    known = {(2 * i, 2 * i + 1) for i in range(N)}
    found = set(zip(kept.pairs.left.tolist(), kept.pairs.right.tolist(), strict=True))
    assert len(known - found) == 0.02 * N
    assert len(found - known) == (N - 1 if least < 0.08 else 0)
    assert kept.report["weaker"] == 2 * N - 1 - len(found)
    assert kept.report["count"] == 1
    assert len(others.pairs) == N


def test_a_few_agreed_pairs_tell_nothing():
    kept, _ = drop_weak([words(0.5), agreed(20)], [1.0, 1.0], 0, 2 * N)
    assert len(kept.pairs) == 2 * N - 1


def test_with_no_other_blocker_nothing_is_dropped():
    (kept,) = drop_weak([words(0.5)], [1.0], 0, 2 * N)
    assert len(kept.pairs) == 2 * N - 1
