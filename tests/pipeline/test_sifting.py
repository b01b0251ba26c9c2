"""A large catalogue is sifted before it is compared, and its groups are as good."""

from pathlib import Path

import pandas as pd
import pytest

import matcher
from matcher.evaluation import evaluate_groups
from matcher.pipeline import scoring, sifting

CATALOGUE = Path(matcher.__file__).parent / "demo" / "catalogue.csv"


@pytest.fixture
def shares(monkeypatch):
    """The share of the candidates that each run keeps."""
    kept = []

    def told(judge, questions):
        found = sifting.sift(judge, questions)
        kept.append(len(found.candidates) / len(judge.candidates))
        return found

    monkeypatch.setattr(scoring, "sift", told)
    return kept


def f1():
    truth = pd.read_csv(CATALOGUE.with_name("truth.csv"), dtype=str)
    records = matcher.dedupe(CATALOGUE).records
    return evaluate_groups(records.astype(str), truth).match_pairwise.f1


def test_sifting_drops_much_and_keeps_the_matches(shares, monkeypatch):
    whole = f1()
    monkeypatch.setattr(sifting, "MANY", 1_000)
    sifted = f1()
    assert shares[0] == 1
    assert shares[1] < 0.8
    assert sifted > whole - 0.02


def test_pairs_that_were_sifted_out_are_scored_when_asked_for(shares, monkeypatch):
    monkeypatch.setattr(sifting, "MANY", 1_000)
    table = pd.read_csv(CATALOGUE, dtype=str)
    asked = pd.DataFrame({"left_id": table["id"][:50].to_numpy(), "right_id": table["id"][50:100]})
    scored = matcher.score(CATALOGUE, asked)
    assert shares[0] < 0.8
    assert len(scored) == 50
    assert scored["p_different"].between(0, 1).all()
