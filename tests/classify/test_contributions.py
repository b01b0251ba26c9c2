"""Contributions of features add up to the answer."""

import numpy as np
import pytest

from matcher.classify import contributions, make_scorer
from matcher.pipeline.model import DEFAULT_MODEL, load


def test_contributions_add_up_to_the_log_odds():
    model = load(DEFAULT_MODEL).classifier
    rng = np.random.default_rng(0)
    sample = rng.random((200, len(model.features)), dtype=np.float32)
    sample[rng.random(sample.shape) < 0.2] = np.nan
    scorer = make_scorer(model, model.features, sample)
    for row in range(3):
        pair = sample[row : row + 1]
        added = contributions(scorer, pair)
        assert set(added) == {*model.features, ""}
        assert sum(added.values()) == pytest.approx(float(scorer.logit(pair)[0]), abs=1e-6)
