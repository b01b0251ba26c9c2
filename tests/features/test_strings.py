import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from features_helpers import all_pairs, offers, pair_of, parse
from rapidfuzz import fuzz

from matcher.features.strings import column_strings, spell, title_strings
from matcher.types import Pairs


def titles(records, ignore=()):
    ignored = records.axis_bits(ignore)
    return title_strings(records, spell(records.vocabulary.words), ignored)


def test_words_are_ranked_by_the_alphabet():
    assert spell(pa.array(["pear", "apple", "fig"])).ranks.tolist() == [2, 0, 1]


def test_titles_that_differ_in_an_ignored_value_are_equal_under_it():
    records = parse(
        pd.DataFrame(
            {
                "id": ["a", "b"],
                "title": ["Trail shoe red", "Trail shoe blue"],
                "color": ["red", "blue"],
            }
        )
    )
    plain = titles(records).compare(all_pairs(records))
    assert (plain < 1).all()
    np.testing.assert_array_equal(
        titles(records, ["color"]).compare(all_pairs(records)), [[1, 1, 1, 1]]
    )


def test_a_missing_title_is_similar_to_nothing():
    records = offers()
    assert np.isnan(titles(records).compare(pair_of(records, "o00", "o04"))).all()


def test_a_title_of_ignored_values_alone_is_missing():
    records = parse(
        pd.DataFrame(
            {"id": ["a", "b"], "title": ["red", "red shoe"], "color": ["red", "red"], "n": [1, 2]}
        )
    )
    assert np.isnan(titles(records, ["color"]).compare(all_pairs(records))).all()
    assert not np.isnan(titles(records).compare(all_pairs(records))).any()


def _title_of(records, number):
    return records.title.terms[records.title.indptr[number] : records.title.indptr[number + 1]]


def test_titles_of_any_script_are_compared_by_letters():
    records = offers()
    found = titles(records).compare(pair_of(records, "o08", "o09"))[0]
    one, other = (
        " ".join(records.vocabulary.words.take(pa.array(_title_of(records, number))).to_pylist())
        for number in range(len(records))
        if records.ids[number] in ("o08", "o09")
    )
    assert found[0] == pytest.approx(fuzz.ratio(one, other) / 100)


TEXTS = ["canon inc", "canon", None, "nikon", "canon inc"]


def test_columns_are_as_similar_as_rapidfuzz_says():
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(TEXTS), 1))
    found = column_strings("maker", pa.array(TEXTS)).compare(Pairs(left, right))
    for row, one, other in zip(found, left, right, strict=True):
        if TEXTS[one] is None or TEXTS[other] is None:
            assert np.isnan(row).all()
        else:
            expected = [
                scorer(TEXTS[one], TEXTS[other]) / 100
                for scorer in (fuzz.ratio, fuzz.token_set_ratio)
            ]
            assert row.tolist() == pytest.approx(expected)


def test_a_column_without_any_value_is_missing():
    comparison = column_strings("maker", pa.array([None, None], pa.string()))
    pair = Pairs(np.array([0], dtype=np.int32), np.array([1], dtype=np.int32))
    assert np.isnan(comparison.compare(pair)).all()
    assert comparison.names == ("column:maker:ratio", "column:maker:token_set")
