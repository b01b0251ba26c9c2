"""A record beside a few rows of its catalogue is compared as it is among all."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.compiled import number_texts
from matcher.engine.local import LocalEngine
from matcher.features import compare_records, lasting_comparisons
from matcher.output import Stopwatch
from matcher.pipeline import exact, nearby, scoring
from matcher.pipeline.beside import put_beside
from matcher.pipeline.index_files import from_stored, to_stored
from matcher.pipeline.indexing import build_index, looked_up
from matcher.pipeline.model import DEFAULT_MODEL, load
from matcher.pipeline.nearby import Nearby
from matcher.pipeline.remembered import remember
from matcher.pipeline.reopening import reopen
from matcher.pipeline.samples import KnownSamples
from matcher.pipeline.stages import Parsed, make_ready, parse
from matcher.progress import silent
from matcher.settings import Settings
from matcher.types import DIFFERENT, Candidates, Pairs


@pytest.fixture(scope="module")
def catalogue():
    path = Path(matcher.__file__).parent / "demo" / "catalogue.csv"
    offers = pd.read_csv(path, dtype=str).iloc[:300]
    result = matcher.dedupe(offers)
    reopened = reopen(result)
    model = load(DEFAULT_MODEL)
    index = build_index(reopened, result.state(), model, silent)
    samples = KnownSamples(index.samples, model.classifier)
    nearby = Nearby.of(from_stored(to_stored(index)), model, Settings(threads=1), samples)
    parsed = parse(reopened.catalogue, reopened.settings, silent, Stopwatch())
    return SimpleNamespace(offers=offers, parsed=parsed, nearby=nearby, index=nearby.index)


def features(records, pairs, beside=None):
    """Return what does not depend on which pairs are candidates."""
    lasting = lasting_comparisons(records, pairs, {})
    every = records.axis_bits(records.axes)
    found = []
    for ignored in (0, every):
        comparisons = compare_records(records, lasting, ignored).by_itself()
        if beside is not None:
            # The record is one of the catalogue, not one more.
            cores = number_texts(records.core)
            counts = np.maximum(beside.core_counts - (cores == cores[0]), 1)
            comparisons = comparisons.as_in(beside.shares, counts)
        found.append(comparisons.compare(pairs))
    return np.concatenate(found, axis=1)


@pytest.mark.parametrize("number", [0, 17, 101, 299])
def test_a_record_of_the_catalogue_has_the_features_of_its_run(catalogue, number):
    rows = np.flatnonzero(np.arange(300) != number).astype(np.int32)
    values = catalogue.offers.iloc[number].dropna().to_dict()
    new = catalogue.nearby.parser.parse(values)
    beside = put_beside(catalogue.index.rows, rows, new, values.get("source"))
    pairs = Pairs(np.zeros(len(rows), np.int32), np.arange(1, len(rows) + 1, dtype=np.int32))
    found = features(beside.records, pairs, beside)

    records = catalogue.parsed.records
    of_row = np.argsort(records.rows)
    known = Pairs.from_unordered(np.full(len(rows), of_row[number]), of_row[rows])
    expected = features(records, known)
    order = np.argsort(of_row[rows])
    np.testing.assert_allclose(found[order], expected, rtol=1e-5, atol=1e-6)


def test_new_words_are_as_rare_as_those_of_one_record(catalogue):
    rows = np.arange(5, dtype=np.int32)
    new = catalogue.nearby.parser.parse({"title": "zzyzx quux", "brand": "nobody"})
    records = put_beside(catalogue.index.rows, rows, new, "a new shop").records
    words = records.vocabulary.words.to_pylist()
    rarest = np.log(301 / 2) + 1
    assert records.title.idf[words.index("zzyzx")] == pytest.approx(rarest)
    assert records.brands[0] not in records.brands[1:]
    assert records.sources[0] not in records.sources[1:] or catalogue.index.schema.source == ""


def test_what_is_remembered_is_what_is_compared(catalogue):
    rows = np.arange(12, dtype=np.int32)
    new = catalogue.nearby.parser.parse(catalogue.offers.iloc[3].dropna().to_dict())
    records = put_beside(catalogue.index.rows, rows, new, None).records
    left, right = (each.astype(np.int32) for each in np.triu_indices(13, 1))
    candidates = Pairs(left, right)
    found = Candidates(candidates, np.zeros(len(candidates), np.uint32), (), {})
    ignoring = catalogue.parsed.ignoring
    schema, settings = catalogue.index.schema, Settings(threads=1)
    parsed = Parsed(schema, records, ignoring, None, settings, silent, Stopwatch())
    prepared = make_ready(parsed, found, candidates)
    remembered = remember(prepared)
    some = candidates.take(np.arange(0, len(candidates), 5))
    for ignored in (0, 1):
        plain, again = prepared.compare(ignored), remembered.compare(ignored)
        assert again.names == plain.names
        np.testing.assert_array_equal(again.compare(some), plain.compare(some))


def test_a_search_says_what_the_engine_of_a_run_says_of_all_its_pairs(catalogue, monkeypatch):
    def of_all(judge, look, asked):
        every, fitted = exact.judge_exact(judge, look)
        return every[asked], fitted

    def as_in_a_run(judge, pairs):
        prepared = replace(judge.prepared, engine=LocalEngine(threads=2))
        return scoring.judge_pairs(replace(judge, prepared=prepared), pairs).scores

    rows = catalogue.index.lookup
    names = looked_up(catalogue.index.schema)
    asked = []
    for number in range(0, 300, 15):
        values = {**dict.fromkeys(names), **catalogue.offers.iloc[number].dropna().to_dict()}
        near = rows.nearest([values[name] for name in names], 40)
        asked.append((values, near, catalogue.nearby.compare(values, near)))
    monkeypatch.setattr(nearby, "remember", lambda prepared: prepared)
    monkeypatch.setattr(nearby, "relate_pairs", as_in_a_run)
    monkeypatch.setattr(scoring, "judge_exact", of_all)
    n_related = 0
    for values, near, (found, scores) in asked:
        found_again, again = catalogue.nearby.compare(values, near)
        assert found.tolist() == found_again.tolist()
        np.testing.assert_array_equal(scores.probabilities, again.probabilities)
        np.testing.assert_array_equal(scores.relations, again.relations)
        n_related += (scores.relations != DIFFERENT).sum()
    assert n_related > 20
