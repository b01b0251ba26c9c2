import numpy as np
import pyarrow as pa
import pytest
from features_helpers import make_terms
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from matcher.features.alignment import (
    nearest_spellings,
    string_similarities,
    token_set_ratios,
    word_shapes,
)
from matcher.features.letters import number_letters
from matcher.features.strings import spell

# Few letters make many chance agreements; some texts are longer than two machine words.
LETTERS = "ab cé漢"
TEXT = st.text(LETTERS, max_size=20) | st.text(LETTERS, min_size=50, max_size=150)
WORD = st.text("abcdefghij漢", min_size=1, max_size=12)


def similarities(first, second):
    letters = number_letters(pa.array([first, second]))
    return string_similarities(
        letters.codes,
        letters.offsets,
        letters.n_codes,
        letters.longest,
        np.array([0], dtype=np.int32),
        np.array([1], dtype=np.int32),
    )[0]


@given(TEXT.filter(bool), TEXT.filter(bool))
@example("a" * 64, "a" * 64)
@example("a" * 65, "b" + "a" * 64)
@example("ab", "ba")
def test_strings_are_as_similar_as_rapidfuzz_says(first, second):
    expected = [
        fuzz.ratio(first, second) / 100,
        fuzz.partial_ratio(first, second) / 100,
        JaroWinkler.normalized_similarity(first, second),
    ]
    np.testing.assert_allclose(similarities(first, second), expected, atol=1e-6)


@given(TEXT, TEXT)
def test_sides_of_strings_can_be_swapped(first, second):
    np.testing.assert_array_equal(similarities(first, second), similarities(second, first))


def test_an_empty_string_is_similar_to_nothing():
    assert np.isnan(similarities("", "ab")).all()
    assert np.isnan(similarities("", "")).all()


def token_set(first, second):
    words = sorted({*first, *second}, key=lambda word: word[::-1])  # not in alphabetical order
    spelling = spell(pa.array(words, pa.string()))
    numbers = {word: number for number, word in enumerate(words)}
    terms = make_terms([sorted({numbers[w] for w in row}) for row in (first, second)], len(words))
    return token_set_ratios(
        terms.indptr,
        terms.terms,
        spelling.ranks,
        spelling.letters.codes,
        spelling.letters.offsets,
        spelling.letters.n_codes,
        max(len(" ".join(row)) for row in (first, second)),
        np.array([0], dtype=np.int32),
        np.array([1], dtype=np.int32),
    )[0]


ROW = st.lists(WORD | st.sampled_from(["red", "shoe", "42"]), min_size=1, max_size=16)


@given(ROW, ROW)
def test_token_sets_are_as_similar_as_rapidfuzz_says(first, second):
    expected = fuzz.token_set_ratio(" ".join(first), " ".join(second)) / 100
    assert token_set(first, second) == pytest.approx(expected, abs=1e-6)


@given(ROW, ROW)
def test_sides_of_token_sets_can_be_swapped(first, second):
    assert token_set(first, second) == token_set(second, first)


def test_no_words_are_similar_to_nothing():
    assert np.isnan(token_set([], ["red"]))


def nearest(first, second, least):
    words = sorted({*first, *second})
    letters = number_letters(pa.array(words))
    rows = [
        np.array([[*(words.index(word) for word in side), -1]], dtype=np.int32)
        for side in (first, second)
    ]
    size = max(row.shape[1] for row in rows)
    rows = [np.pad(row, ((0, 0), (0, size - row.shape[1])), constant_values=-1) for row in rows]
    found = nearest_spellings(
        letters.codes,
        letters.offsets,
        word_shapes(letters.codes, letters.offsets),
        letters.n_codes,
        letters.longest,
        *rows,
        least,
    )
    return [side[0, : len(row)].tolist() for side, row in zip(found, (first, second), strict=True)]


SIDE = st.lists(WORD, min_size=1, max_size=4, unique=True)


@given(SIDE, SIDE, st.sampled_from([0.0, 0.5, 0.85, 0.95]))
def test_the_nearest_spelling_is_found_among_all(first, second, least):
    def best(word, others):
        scores = [np.float32(JaroWinkler.normalized_similarity(word, o)) for o in others]
        return max((score for score in scores if score >= least), default=0)

    near_first, near_second = nearest(first, second, least)
    assert near_first == pytest.approx([best(word, second) for word in first], abs=1e-6)
    assert near_second == pytest.approx([best(word, first) for word in second], abs=1e-6)
