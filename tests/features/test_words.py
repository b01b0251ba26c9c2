import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from features_helpers import all_pairs, offers, pair_of, parse, swapped

from matcher.features import name_words, word_indicators, word_margin
from matcher.types import LearnedWords


@pytest.fixture(scope="module")
def records():
    return offers()


def weights_of(records):
    n_words = len(records.vocabulary.words)
    return np.random.default_rng(0).normal(size=2 * n_words).astype(np.float32)


def test_indicators_say_which_words_are_shared_and_which_are_not(records):
    found = word_indicators(records, pair_of(records, "o02", "o03"), 0).toarray()[0]
    words = records.vocabulary.words.to_pylist()
    shared, only = np.split(found, 2)
    assert {words[place] for place in np.flatnonzero(shared)} == {"acme", "running", "trail"}
    assert {words[place] for place in np.flatnonzero(only)} == {"shoe", "shoes", "blue", "red"}
    assert set(found.tolist()) == {0, 1}


def test_the_margin_is_that_of_the_regression(records):
    pairs, weights = all_pairs(records), weights_of(records)
    learned = name_words(records, weights, 0.25)
    expected = word_indicators(records, pairs, 0) @ weights + 0.25
    found = word_margin(records, learned, 0).compare(pairs)
    np.testing.assert_allclose(found[:, 0], expected, atol=1e-5)


def test_sides_of_a_pair_can_be_swapped(records):
    pairs = all_pairs(records)
    margin = word_margin(records, name_words(records, weights_of(records), 0.25), 0)
    np.testing.assert_allclose(margin.compare(pairs), margin.compare(swapped(pairs)), atol=1e-6)


def test_words_that_were_not_learned_say_nothing(records):
    learned = LearnedWords(
        pa.array(["unheard"]), np.ones(1, np.float32), np.ones(1, np.float32), -1.5
    )
    found = word_margin(records, learned, 0).compare(all_pairs(records))
    assert found.tolist() == [[-1.5]] * 45


def test_words_are_found_by_their_spelling_in_another_catalogue(records):
    other = parse(pd.DataFrame({"id": ["a", "b"], "title": ["Acme lamp", "acme lamps"]}))
    learned = LearnedWords(
        pa.array(["acme", "lamps"]), np.array([2, 9], np.float32), np.array([9, -1], np.float32), 0
    )
    assert word_margin(other, learned, 0).compare(all_pairs(other)).tolist() == [[1]]


def test_words_of_ignored_axes_do_not_exist(records):
    pair = pair_of(records, "o02", "o03")
    learned = LearnedWords(
        pa.array(["blue", "red"]), np.zeros(2, np.float32), np.ones(2, np.float32), 0
    )
    ignored = records.axis_bits(["color"])
    assert word_margin(records, learned, 0).compare(pair).tolist() == [[2]]
    assert word_margin(records, learned, ignored).compare(pair).tolist() == [[0]]
    assert word_indicators(records, pair, ignored).sum() == 5
