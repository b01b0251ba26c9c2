"""Both first questions are asked at once, and answered as if each were asked alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import matcher
from matcher.features import Compared
from matcher.output import Stopwatch
from matcher.pipeline.judge import Judge
from matcher.pipeline.model import DEFAULT_MODEL, load
from matcher.pipeline.scoring import questions_of
from matcher.pipeline.stages import prepare
from matcher.pipeline.twofold import Twofold
from matcher.progress import silent
from matcher.records import read_catalogue
from matcher.settings import Settings

CATALOGUE = Path(matcher.__file__).parent / "demo" / "catalogue.csv"


@pytest.fixture(scope="module")
def judge():
    settings = Settings(ignore=("color",))
    prepared = prepare(read_catalogue([CATALOGUE]), settings, silent, Stopwatch())
    return Judge(prepared, load(DEFAULT_MODEL).classifier, prepared.candidates.pairs)


@pytest.fixture(scope="module")
def widest(judge):
    return questions_of(judge.prepared.records, judge.prepared.ignoring)[0]


def test_two_questions_at_once_are_answered_as_each_alone(judge, widest):
    some = judge.candidates.take(slice(0, None, 7))
    look = judge.look_at(some, (widest,))
    exact, family = (judge.probabilities(some, ignored) for ignored in (0, widest))
    np.testing.assert_array_equal(look.same, exact)
    np.testing.assert_array_equal(look.related[0], family)
    assert not np.array_equal(exact, family)


def test_what_both_questions_see_alike_is_compared_and_joined_once(judge, widest):
    alone = [judge._question(ignored) for ignored in (0, widest)]
    both = Twofold.of(*alone)
    n_features = len(alone[0][0].names)
    assert n_features < len(both.comparisons.names) < 1.1 * n_features
    chunk = judge.candidates.take(slice(0, 50))
    compared = Compared(chunk)
    assert both.probabilities(compared).shape == (2, 50)
    assert len(compared._made) == len(both.comparisons.parts)


def test_models_that_start_from_another_one_are_asked_one_after_the_other(judge, widest):
    exact, family = (judge._question(ignored) for ignored in (0, widest))
    with_prior = family[0], replace(family[1], prior=exact[1])
    assert Twofold.of(exact, with_prior) is None
