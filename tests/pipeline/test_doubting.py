"""Siblings that others repeat are doubted, as much in an update as in the run before."""

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.pipeline import exact


@pytest.fixture
def doubts(monkeypatch):
    """What pairs had before and after, and what was given back, of each run."""
    seen = []

    def tell(judge, pairs, probability, fitted, asked):
        after, given_back = doubt(judge, pairs, probability, fitted, asked)
        seen.append((probability.copy(), after, given_back))
        return after, given_back

    doubt = exact.doubt_repeated
    monkeypatch.setattr(exact, "doubt_repeated", tell)
    return seen


@pytest.fixture
def catalogue():
    """300 products, each of two kinds, each kind offered by three shops."""
    rng = np.random.default_rng(0)
    rows = []
    for product in range(150):
        name = "".join(rng.choice(list("abcdefghiklmnoprstu"), 6)).title()
        for kind in ("Sport", "Classic"):
            for shop in range(3):
                title = f"{name} {['Telephone', 'Phone', 'Mobile Phone'][shop]} {kind}"
                rows.append((f"{product}-{kind}-{shop}", title))
    return pd.DataFrame(rows, columns=["id", "title"])


def test_differences_that_others_repeat_are_doubted_and_an_update_gives_back_the_same(
    doubts, catalogue
):
    result = matcher.dedupe(catalogue.iloc[:-3])
    ((before, after, given_back),) = doubts
    assert given_back > 0
    assert (after == 0).sum() == (before == 0).sum()
    moved = np.log(after[after > 0.02] / (1 - after[after > 0.02]))
    moved -= np.log(before[after > 0.02] / (1 - before[after > 0.02]))
    assert moved.max() == pytest.approx(given_back)
    assert moved.min() < 0
    matcher.update(result, catalogue.iloc[-3:])
    assert doubts[-1][2] == given_back


def test_what_was_given_back_is_given_to_pairs_around_which_nothing_is_likely(
    monkeypatch, catalogue
):
    def nothing_likely(judge, pairs, probability, fitted, asked):
        after, given_back = doubt(judge, pairs, probability, np.zeros_like(fitted), asked)
        moved.append(np.log(after / (1 - after)) - np.log(probability / (1 - probability)))
        unsure = (probability > 0.02) & (probability < 0.99)
        if judge.fitted is not None:
            assert given_back == judge.fitted.given_back > 0
            assert moved[-1][unsure] == pytest.approx(given_back)
        return after, given_back

    moved, doubt = [], exact.doubt_repeated
    result = matcher.dedupe(catalogue.iloc[:-3])
    monkeypatch.setattr(exact, "doubt_repeated", nothing_likely)
    matcher.update(result, catalogue.iloc[-3:])
    assert len(moved) == 1
