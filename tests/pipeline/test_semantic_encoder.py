"""A sentence-transformers model that the test itself builds, from the settings to the features."""

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.classify import make_scorer
from matcher.output import Stopwatch
from matcher.pipeline.model import DEFAULT_MODEL, load
from matcher.pipeline.stages import prepare
from matcher.progress import silent
from matcher.records import read_catalogue


@pytest.fixture(scope="module")
def tools():
    titles = ["acme drill 18v", "acme drills 18v", "red kettle", "red kettles", "acme saw lx43m"]
    return pd.DataFrame({"id": list("abcde"), "title": titles})


@pytest.fixture(scope="module")
def semantic(sentence_model):
    return matcher.Settings(blocking=matcher.BlockingSettings(encoder=sentence_model))


def test_dedupe_runs_with_an_encoder_and_tells_of_it(tools, semantic):
    result = matcher.dedupe(tools, settings=semantic)
    assert result.run["blocking"]["blockers"]["embedding"]["encoder"] == "tiny+lexical"
    assert "encoding" in {stage["name"] for stage in result.run["stages"]}
    assert len(result.records) == 5


def test_an_encoder_adds_its_cosine_to_the_features(tools, semantic):
    settings = matcher.Settings()
    plain, with_cosine = (
        prepare(read_catalogue([tools]), chosen, silent, Stopwatch()).plain.names
        for chosen in (settings, semantic)
    )
    assert set(with_cosine) - set(plain) == {"semantic_cosine"}


def test_the_shipped_model_does_not_look_at_the_cosine(tools, semantic):
    prepared = prepare(read_catalogue([tools]), semantic, silent, Stopwatch())
    comparisons, classifier = prepared.plain, load(DEFAULT_MODEL).classifier
    features = comparisons.compare(prepared.candidates.pairs)
    others = [i for i, name in enumerate(comparisons.names) if name != "semantic_cosine"]
    names = [comparisons.names[i] for i in others]
    with_it = make_scorer(classifier, comparisons.names, features)
    without = make_scorer(classifier, names, features[:, others])
    np.testing.assert_array_equal(with_it.logit(features), without.logit(features[:, others]))


def test_vectors_are_kept_from_run_to_run_where_a_cache_is_named(tools, sentence_model, tmp_path):
    told = []
    for _ in range(2):
        blocking = matcher.BlockingSettings(encoder=sentence_model, encoder_cache=str(tmp_path))
        matcher.dedupe(tools, blocking=blocking, progress=lambda *step: told.append(step))
    assert [step for step in told if step[0] == "encoding"] == [
        ("encoding", 0, 5),
        ("encoding", 5, 5),
    ]


def test_every_title_is_encoded_once_in_a_run(tools, semantic, monkeypatch):
    import sentence_transformers

    encoded = []
    encode = sentence_transformers.SentenceTransformer.encode

    def count(self, texts, **options):
        encoded.extend(texts)
        return encode(self, texts, **options)

    monkeypatch.setattr(sentence_transformers.SentenceTransformer, "encode", count)
    told = []
    frame = pd.concat([tools, tools.assign(id=list("vwxyz"))])
    matcher.dedupe(frame, settings=semantic, progress=lambda *step: told.append(step))
    assert sorted(encoded) == sorted(tools["title"])
    assert [step for step in told if step[0] == "encoding"][-1] == ("encoding", 5, 5)


def test_a_model_learns_with_an_encoder_and_answers_without_one(tools, semantic):
    labels = pd.DataFrame(
        [
            ("a", "b", "exact"),
            ("c", "d", "exact"),
            ("a", "e", "different"),
            ("a", "c", "different"),
        ],
        columns=["left_id", "right_id", "relation"],
    )
    model = matcher.train(tools, labels, settings=semantic)
    assert len(matcher.dedupe(tools, model=model, settings=semantic).records) == 5
    assert len(matcher.dedupe(tools, model=model).records) == 5
