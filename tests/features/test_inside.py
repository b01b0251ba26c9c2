import numpy as np
import pyarrow as pa
import pytest
from features_helpers import offers, record_number
from hypothesis import given
from hypothesis import strategies as st

from matcher.features.inside import Squashed, filters_of, squash, words_of
from matcher.features.letters import utf8_bytes

TEXT = st.text("abcé漢", max_size=40)
WORD = st.text("abcé漢", min_size=1, max_size=8)


def texts_of(*texts):
    data, offsets = utf8_bytes(pa.array(texts, pa.string()))
    return Squashed(data, offsets, filters_of(data, offsets))


def weigh(text, words, near):
    only = np.array([[*range(len(words)), -1]], dtype=np.int32)
    weights = np.arange(1, len(words) + 1, dtype=np.float32)
    return texts_of("other", text).weigh(
        only,
        np.array([[*near, 0]], dtype=np.float32),
        words_of(pa.array(words), weights),
        np.array([1], dtype=np.int32),
    )


@given(TEXT, st.lists(WORD, min_size=1, max_size=4), st.data())
def test_words_count_where_python_finds_them(text, words, data):
    near = [data.draw(st.sampled_from([0.0, 0.9])) for _ in words]
    expected = sum(
        weight * (share if share > 0 else len(word.encode()) >= 3 and word in text)
        for weight, (word, share) in enumerate(zip(words, near, strict=True), start=1)
    )
    assert weigh(text, words, near) == pytest.approx([expected], rel=1e-6)


@given(TEXT, WORD)
def test_a_text_contains_its_own_parts(before, word):
    text = before + word + before
    expected = 1 if len(word.encode()) >= 3 else 0
    assert weigh(text, [word], [0]).tolist() == [expected]


def test_two_letters_are_found_by_chance_and_do_not_count():
    assert weigh("abcabc", ["ab", "abc"], [0, 0]).tolist() == [2]


def test_squashed_text_joins_words_and_leaves_ignored_values_out():
    records = offers()
    number = record_number(records, "o00")
    words = words_of(records.vocabulary.words, records.vocabulary.idf)
    texts = squash(records.whole, words, records.axis_bits(["color"]))
    text = texts.data[texts.offsets[number] : texts.offsets[number + 1]].tobytes()
    assert b"smartphone64gb" in text
    assert b"black" not in text
    assert b"black" in squash(records.whole, words, 0).data.tobytes()
