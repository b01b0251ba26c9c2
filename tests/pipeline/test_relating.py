"""Families follow what was judged of exact pairs; what others repeat speaks against variants."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

import matcher
from matcher.classify import gain
from matcher.pipeline import exact, relating, scoring


@pytest.fixture
def catalogue():
    """150 products in two kinds and two colors each; half say the color."""
    rng = np.random.default_rng(0)
    rows = []
    for product in range(150):
        name = "".join(rng.choice(list("abcdefghiklmnoprstu"), 6)).title()
        for kind in ("Sport", "Classic"):
            for color in ("Black", "Blue"):
                said = color if product % 2 else ""
                rows.append((f"{product}-{kind}-{color}", f"{name} Phone {kind} {said}"))
    return pd.DataFrame(rows, columns=["id", "title"])


@pytest.fixture
def asked(monkeypatch):
    """What was asked and answered about families in each run."""
    seen = []

    def tell(judge, look, asked, same, fitted):
        found = judge_families(judge, look, asked, same, fitted)
        first_shift = (*fitted.earlier, fitted.shift)[0]
        before = [each[asked] for each in look.related]
        if first_shift > 0:
            before = [gain(each, relating.GIVEN * first_shift) for each in before]
        seen.append((judge, look.pairs.take(asked), before, found))
        return found

    judge_families = relating.judge_families
    monkeypatch.setattr(scoring, "judge_families", tell)
    return seen


def test_variants_that_differ_in_what_others_repeat_are_doubted(catalogue, asked):
    matcher.dedupe(catalogue, ignore=["color"])
    ((judge, pairs, (before, *_), (after, *_)),) = asked
    ids = judge.prepared.records.ids
    product, kind, color = zip(*(one.split("-") for one in ids), strict=True)
    product, kind, color = map(np.array, (product, kind, color))
    is_told = product.astype(int) % 2 == 1
    left, right = pairs.left, pairs.right
    asked_of = (product[left] == product[right]) & is_told[left] & (color[left] != color[right])
    asked_of &= before >= relating.POSSIBLE
    siblings, variants = (
        asked_of & each for each in (kind[left] != kind[right], kind[left] == kind[right])
    )
    assert min(siblings.sum(), variants.sum()) > 100
    assert np.all(after[siblings] < before[siblings])
    assert np.array_equal(after[variants], before[variants])


def test_pairs_without_a_conflicting_option_follow_what_was_judged_of_exact_ones(
    catalogue, asked, monkeypatch
):
    def nothing_is_exact(judge, look, asked):
        same, found = judge_exact(judge, look, asked)
        return np.where(same > 0, 0.01, 0.0), found

    judge_exact = scoring.judge_exact
    monkeypatch.setattr(scoring, "judge_exact", nothing_is_exact)
    matcher.dedupe(catalogue, ignore=["color"])
    ((judge, pairs, (before, *_), (after, *_)),) = asked
    color = judge.prepared.records.axis_values["color"]
    open_ones = (color[pairs.left] < 0) & (color[pairs.right] < 0)
    likely = before >= relating.POSSIBLE
    assert (open_ones & likely).sum() > 100
    odds = np.log(before / (1 - before))[open_ones & likely]
    expected = np.log(0.01 / 0.99) * relating.FOLLOWED + (1 - relating.FOLLOWED) * odds
    assert np.log(after / (1 - after))[open_ones & likely] == pytest.approx(expected)


@pytest.mark.parametrize(("shift", "given"), [(1.0, 0.5), (-1.0, 0.0)])
def test_families_are_given_half_of_what_the_first_fit_gave(
    catalogue, asked, monkeypatch, shift, given
):
    def fit(*args, **kwargs):
        found = adapt(*args, **kwargs)
        n_fits.append(1)
        return replace(found, shift=shift) if len(n_fits) == 1 else found

    n_fits, adapt = [], exact.adapt
    monkeypatch.setattr(exact, "adapt", fit)
    matcher.dedupe(catalogue, ignore=["color"])
    n_fits.clear()
    monkeypatch.setattr(relating, "GIVEN", 0)
    matcher.dedupe(catalogue, ignore=["color"])
    (judge, pairs, _, (found, *_)), (*_, (still, *_)) = asked
    color = judge.prepared.records.axis_values["color"]
    differs = (color[pairs.left] >= 0) & (color[pairs.right] >= 0)
    differs &= (color[pairs.left] != color[pairs.right]) & (still >= relating.POSSIBLE)
    assert differs.sum() > 50
    assert (logit(found) - logit(still))[differs] == pytest.approx(np.full(differs.sum(), given))


def test_labels_of_the_catalogue_have_the_last_word(catalogue, monkeypatch):
    def never(*_):
        raise AssertionError("asked")

    monkeypatch.setattr(relating, "_lost_by_repeated", never)
    monkeypatch.setattr(relating, "gain", never)
    with pytest.raises(AssertionError, match="asked"):
        matcher.dedupe(catalogue, ignore=["color"])
    monkeypatch.setattr(matcher.classify.Classifier, "is_told", True)
    matcher.dedupe(catalogue, ignore=["color"])
