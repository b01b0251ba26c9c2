"""Numbers behind a word like "size" are sizes, although no column teaches any."""

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.records.lexicon import _labelled_sizes
from matcher.records.terms import Rows, indptr_of


def sizes_of(*titles):
    words = list(dict.fromkeys(word for title in titles for word in title.split()))
    lengths = np.array([len(title.split()) for title in titles], np.int64)
    terms = [words.index(word) for title in titles for word in title.split()]
    return _labelled_sizes(Rows(indptr_of(lengths), np.array(terms, np.int32)), words)


def test_a_number_behind_the_word_is_a_size_in_many_languages():
    found = sizes_of("boot size 42", "schuh groesse 38.5", "кроссовки размер 41", "sko storlek 39")
    assert found == {
        "size 42": "42",
        "groesse 38.5": "38.5",
        "размер 41": "41",
        "storlek 39": "39",
    }


@pytest.mark.parametrize(
    "title",
    ["queen size 2 sheets", "size xl", "size 1080", "size", "boot size", "42 size", "gr 42"],
)
def test_other_numbers_are_none(title):
    assert sizes_of(title, "42 boots") == {}


@pytest.mark.parametrize("words", ["Mens shoe {} size {}", "Herrenschuh {} Größe {} neu"])
def test_offers_that_differ_in_it_are_variants(words):
    models = ("Pegasus", "Vomero", "Structure", "Alphafly")
    titles = [words.format(model, size) for model in models for size in range(38, 44)]
    offers = pd.DataFrame({"id": range(len(titles)), "title": titles})
    found = matcher.dedupe(offers, ignore=["size"]).records
    assert found.match_id.nunique() == len(titles)
    assert found.family_id.nunique() == len(models)
