"""A catalogue teaches itself what the shipped model is unsure of."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.pipeline import exact

CATALOGUE = Path(matcher.__file__).parent / "demo" / "catalogue.csv"


@pytest.fixture
def asked(monkeypatch):
    """What pairs had before and after their catalogue's own trees were asked, of each run."""
    seen = []

    def tell(judge, pairs, probability, *others):
        after = exact_ask(judge, pairs, probability, *others)
        seen.append((probability.copy(), after, judge.classifier.threshold_exact))
        return after

    exact_ask = exact.ask_own_trees
    monkeypatch.setattr(exact, "ask_own_trees", tell)
    return seen


def test_only_unsure_pairs_are_asked_again(asked):
    run = matcher.dedupe(CATALOGUE).run
    ((before, after, threshold),) = asked
    changed = before != after
    assert run["deciding"]["adaptation"]["own"] is True
    assert 50 < changed.sum() < len(before) / 2
    assert (before[changed] > 0).all()
    odds = threshold / (1 - threshold)
    assert (before[changed] / (1 - before[changed]) >= odds / 9 - 1e-9).all()
    assert not np.isnan(after).any()


def test_labels_of_the_catalogue_teach_instead(asked):
    truth = pd.read_csv(CATALOGUE.with_name("truth.csv"), dtype=str).sort_values("product_id")
    ids, products = truth["id"].to_numpy(), truth["product_id"].to_numpy()
    labels = pd.DataFrame({"left_id": ids[:-1], "right_id": ids[1:]})
    labels["relation"] = np.where(products[:-1] == products[1:], "exact", "different")
    catalogue = pd.read_csv(CATALOGUE, dtype=str)
    model = matcher.train(catalogue, labels.iloc[:120])
    matcher.dedupe(catalogue, model=model)
    assert asked == []


def test_an_update_asks_the_trees_of_the_run_before(asked, monkeypatch):
    catalogue = pd.read_csv(CATALOGUE, dtype=str)
    result = matcher.dedupe(catalogue.iloc[20:])

    def refuse(*_):
        raise AssertionError("an update learns nothing anew")

    monkeypatch.setattr(exact, "learn_own_trees", refuse)
    matcher.update(result, catalogue.iloc[:20])
    assert len(asked) == 2


def test_a_small_catalogue_teaches_nothing(asked):
    run = matcher.dedupe(pd.read_csv(CATALOGUE, dtype=str).iloc[:60]).run
    assert run["deciding"]["adaptation"]["own"] is False
    assert asked == []
