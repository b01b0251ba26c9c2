"""How a pair stands: its rivals, and inside one table the company that its records keep."""

import numpy as np
import pytest

from matcher.classify import (
    COMPANY_NAMES,
    RIVAL_NAMES,
    STANDING_NAMES,
    arrange_company,
    arrange_rivals,
    arrange_standing,
)
from matcher.types import Pairs


@pytest.fixture(scope="module")
def judged():
    """Return candidates of 20 records, and two opinions of them."""
    rng = np.random.default_rng(0)
    left, right = np.nonzero(np.triu(rng.random((20, 20)) < 0.4, 1))
    pairs = Pairs(left.astype(np.int32), right.astype(np.int32))
    return pairs, rng.random(len(pairs)), rng.random(len(pairs))


def test_inside_one_table_pairs_have_rivals_and_company(judged):
    pairs, said, other = judged
    found = arrange_standing(20, pairs, said, is_link=False, company=other).features(pairs, said)
    rivals = arrange_rivals(20, pairs, said, is_link=False).features(pairs, said)
    company = arrange_company(20, pairs, other).features(pairs)
    assert found.shape == (len(pairs), len(STANDING_NAMES))
    assert (found == np.concatenate([rivals, company], axis=1)).all()


def test_company_is_kept_by_what_is_said_unless_told_otherwise(judged):
    pairs, said, _ = judged
    usual, told = (
        arrange_standing(20, pairs, said, is_link=False, **more).features(pairs, said)
        for more in ({}, {"company": said})
    )
    assert (usual == told).all()


def test_between_two_tables_nobody_keeps_company(judged):
    pairs, said, _ = judged
    found = arrange_standing(20, pairs, said, is_link=True).features(pairs, said)
    assert not np.isnan(found[:, : len(RIVAL_NAMES)]).any()
    assert np.isnan(found[:, -len(COMPANY_NAMES) :]).all()
