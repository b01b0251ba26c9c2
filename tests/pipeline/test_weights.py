"""Records that are parsed by themselves have words and brands as rare as in the whole catalogue."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.pipeline.kept import keep
from matcher.records import infer_schema, parse_records, read_catalogue
from matcher.settings import Settings


def parsed(offers, schema=None):
    catalogue = read_catalogue([offers])
    chosen = schema or infer_schema(catalogue, Settings())
    return parse_records(catalogue, chosen, Settings()), chosen


def weights_of(records, schema):
    return keep(records, schema, ()).weights


@pytest.fixture(scope="module")
def demo():
    offers = pd.read_csv(Path(matcher.__file__).parent / "demo" / "catalogue.csv", dtype=str)
    return offers.fillna("")


@pytest.fixture(scope="module")
def whole(demo):
    return parsed(demo)


def idf_of(words, idf):
    return dict(zip(words.to_pylist(), idf.tolist(), strict=True))


@pytest.mark.parametrize("text", ["title", "core", "whole"])
def test_words_are_as_rare_as_in_the_catalogue(demo, whole, text):
    records, schema = whole
    few, _ = parsed(demo[:30], schema)
    given = weights_of(records, schema).give(few)
    known = idf_of(records.vocabulary.words, getattr(records, text).idf)
    mine = idf_of(given.vocabulary.words, getattr(given, text).idf)
    before = idf_of(few.vocabulary.words, getattr(few, text).idf)
    shared = [word for word in mine if word in known]
    assert len(shared) > 50
    assert [mine[word] for word in shared] == [known[word] for word in shared]
    assert [mine[word] for word in shared] != [before[word] for word in shared]


def test_models_grams_quantities_and_columns_are_too(demo, whole):
    records, schema = whole
    few, _ = parsed(demo[:30], schema)
    given = weights_of(records, schema).give(few)
    known = idf_of(records.model_words, records.models.idf)
    mine = idf_of(given.model_words, given.models.idf)
    assert all(mine[word] == known[word] for word in mine if word in known)
    assert np.array_equal(given.grams.idf, records.grams.idf)
    assert np.isin(given.quantities.idf, records.quantities.idf).all()
    for mine_column, known_column in zip(given.columns, records.columns, strict=True):
        if mine_column.tokens is not None:
            one = idf_of(given.vocabulary.words, mine_column.tokens.idf)
            two = idf_of(records.vocabulary.words, known_column.tokens.idf)
            assert all(one[word] == two[word] for word in one if word in two)


def test_an_unknown_word_is_as_rare_as_a_word_of_one_record(demo, whole):
    records, schema = whole
    new = demo[:3].assign(title="zzyzx qwop")
    given = weights_of(records, schema).give(parsed(new, schema)[0])
    mine = idf_of(given.vocabulary.words, given.title.idf)
    assert mine["zzyzx"] == pytest.approx(np.log((1 + len(demo)) / 2) + 1)


def test_brands_are_as_frequent_as_in_the_catalogue(demo, whole):
    records, schema = whole
    few, _ = parsed(demo[:30], schema)
    shares = weights_of(records, schema).shares_of(few.brands, few.rows)
    counts = np.bincount(records.brands[records.brands >= 0]) / len(records)
    of_row = np.empty(len(records), np.int32)
    of_row[records.rows] = records.brands
    known = few.brands >= 0
    assert known.sum() > 10
    assert shares[few.brands[known]] == pytest.approx(counts[of_row[few.rows[known]]])


def test_a_brand_of_no_row_is_of_one_record(whole):
    shares = weights_of(*whole).shares_of(np.array([0, -1], np.int32), np.array([-1, 3]))
    assert shares == pytest.approx([1 / len(whole[0])])
