"""A model without context judges every pair by itself, whichever other pairs are candidates."""

import pandas as pd
import pytest

import matcher
from matcher.pipeline import training

FEW, MANY = (matcher.BlockingSettings(pairs_per_record=number) for number in (2, 20))


@pytest.fixture(scope="module")
def asked(demo) -> pd.DataFrame:
    return pd.DataFrame({"left_id": demo["id"][:60], "right_id": demo["id"][60:120].to_numpy()})


def both(demo, asked, model) -> list[pd.DataFrame]:
    return [matcher.score(demo, asked, model=model, blocking=blocking) for blocking in (FEW, MANY)]


def test_scores_without_context_do_not_depend_on_other_candidates(demo, labels, asked, tmp_path):
    model = matcher.train(demo, labels, context=False)
    few, many = both(demo, asked, model)
    pd.testing.assert_frame_equal(few, many)
    model.save(tmp_path / "model")
    again = matcher.score(demo, asked, model=matcher.load(tmp_path / "model"), blocking=FEW)
    pd.testing.assert_frame_equal(again, few)


def test_scores_with_context_do(demo, labels, asked):
    few, many = both(demo, asked, matcher.train(demo, labels, from_scratch=True))
    assert (few["p_exact"] != many["p_exact"]).any()


def test_without_context_there_is_neither_a_second_model_nor_the_shipped_one(
    demo, labels, monkeypatch
):
    monkeypatch.setattr(training, "LEAST_FOR_SECOND", 10)
    assert matcher.train(demo, labels, from_scratch=True).classifier.second is not None
    model = matcher.train(demo, labels, context=False)
    assert model.classifier.second is None
    assert model.classifier.prior is None
    assert model.card["context"] is False
    assert model.card["from_scratch"] is True
    assert not [name for name in model.classifier.features if "context" in name]
    assert "told_apart" not in model.classifier.features
