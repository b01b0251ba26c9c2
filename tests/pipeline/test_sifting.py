"""A large catalogue is sifted before it is compared, and its groups are as good."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.evaluation import evaluate_groups
from matcher.output import Stopwatch
from matcher.pipeline import scoring, sifting
from matcher.pipeline.judge import Judge
from matcher.pipeline.model import DEFAULT_MODEL, load
from matcher.pipeline.scoring import questions_of
from matcher.pipeline.stages import prepare
from matcher.progress import silent
from matcher.records import read_catalogue
from matcher.settings import Settings

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


def test_what_was_seen_while_sifting_is_what_a_look_says(monkeypatch):
    monkeypatch.setattr(sifting, "MANY", 1_000)
    catalogue = read_catalogue([CATALOGUE])
    prepared = prepare(catalogue, Settings(ignore=("color",)), silent, Stopwatch())
    judge = Judge(prepared, load(DEFAULT_MODEL).classifier, prepared.candidates.pairs)
    questions = questions_of(prepared.records, prepared.ignoring)
    sifted = sifting.sift(judge, questions)
    assert len(questions) > 1
    assert sifted.look_at(sifted.candidates, questions) is sifted.seen
    others = prepared.candidates.pairs.take(slice(0, None, 3))
    for asked in (questions, questions[:1], ()):
        look, again = sifted.look_at(others, asked), judge.look_at(others, asked)
        np.testing.assert_array_equal(look.same, again.same)
        np.testing.assert_array_equal(look.related, again.related)


def test_what_was_compared_while_sifting_is_known_to_the_catalogues_own_trees(monkeypatch):
    monkeypatch.setattr(sifting, "MANY", 1_000)
    prepared = prepare(read_catalogue([CATALOGUE]), Settings(), silent, Stopwatch())
    judge = Judge(prepared, load(DEFAULT_MODEL).classifier, prepared.candidates.pairs)
    sifted = sifting.sift(judge, questions_of(prepared.records, prepared.ignoring))
    likely = sifted.candidates.take(sifted.seen.same >= sifting.MAYBE_AGAIN)
    np.testing.assert_array_equal(sifted.known.keys, likely.keys())
    np.testing.assert_array_equal(
        sifted.comparisons_again().compare(likely), judge.comparisons(0).compare(likely)
    )


def test_what_is_compared_ahead_of_the_sieve_is_kept_like_the_rest(monkeypatch):
    monkeypatch.setattr(sifting, "MANY", 1_000)
    prepared = prepare(
        read_catalogue([CATALOGUE]), Settings(ignore=("color",)), silent, Stopwatch()
    )
    classifier = load(DEFAULT_MODEL).classifier
    questions = questions_of(prepared.records, prepared.ignoring)
    found = []
    for n_ahead in (0, 700, len(prepared.candidates.pairs)):
        monkeypatch.setattr(sifting, "N_AHEAD", n_ahead)
        judge = Judge(prepared, classifier, prepared.candidates.pairs)
        found.append(sifting.sift(judge, questions))
    for other in found[1:]:
        np.testing.assert_array_equal(other.candidates.keys(), found[0].candidates.keys())
        np.testing.assert_array_equal(other.seen.same, found[0].seen.same)
        np.testing.assert_array_equal(other.known.features, found[0].known.features)
