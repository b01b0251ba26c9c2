"""A large catalogue is sifted before it is compared, and its groups are as good."""

import pandas as pd
import pytest

import matcher
from benchmarks.lifelike import write_catalogue
from matcher.evaluation import evaluate_groups
from matcher.pipeline import scoring, sifting


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    return write_catalogue(3_000, tmp_path_factory.mktemp("lifelike"))


@pytest.fixture
def shares(monkeypatch):
    """The share of the candidates that each run keeps."""
    kept = []

    def told(judge, *, with_families):
        found = sifting.sift(judge, with_families=with_families)
        kept.append(len(found.candidates) / len(judge.candidates))
        return found

    monkeypatch.setattr(scoring, "sift", told)
    return kept


def f1(catalogue):
    truth = pd.read_csv(catalogue.with_name("truth.csv"), dtype=str)
    records = matcher.dedupe(catalogue).records
    return evaluate_groups(records.astype(str), truth).match_pairwise.f1


def test_sifting_drops_much_and_keeps_the_matches(catalogue, shares, monkeypatch):
    whole = f1(catalogue)
    monkeypatch.setattr(sifting, "MANY", 1_000)
    sifted = f1(catalogue)
    assert shares[0] == 1
    assert shares[1] < 0.8
    assert sifted > whole - 0.02


def test_pairs_that_were_sifted_out_are_scored_when_asked_for(catalogue, shares, monkeypatch):
    monkeypatch.setattr(sifting, "MANY", 1_000)
    table = pd.read_csv(catalogue, dtype=str)
    asked = pd.DataFrame({"left_id": table["id"][:50].to_numpy(), "right_id": table["id"][50:100]})
    scored = matcher.score(catalogue, asked)
    assert shares[0] < 0.8
    assert len(scored) == 50
    assert scored["p_different"].between(0, 1).all()
