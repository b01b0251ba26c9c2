"""Single values are read as columns are, whatever stands in them."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.records.grams import gram_terms, grams_of_words, hash_grams
from matcher.records.missing import blank_missing
from matcher.records.one_text import (
    canonical_token,
    joined_runs,
    known_value,
    normal_text,
    spelled,
    tokens_of,
)
from matcher.records.terms import Rows
from matcher.records.text import normalize_text
from matcher.records.tokens import canonical, spell, split_joined, split_tokens

WRITTEN = (
    *('Sony LX-43M/B 15,6" TV', "2 x 8 GB, 1,500 W v2.0", "pack of 12 cola 6 x 330 ml"),
    *("kid's s21+", "5' x 7' rug", "<b>Caf\u00e9</b> &amp; 8 1/2 in", "a,1,234,567.8 x", "  "),
    *(" N/A ", "-", "\x00\x07", '\u0130stanbul 5"', "x\u00b2+y", "9,99 \u20ac"),
    *("\u65e5\u672c \u8a9e", "<script>alert(1)</script>", "\u0661\u0662,345", "6 Gb/s 64MB"),
    *("1,2345 w", "12345,678", "9,1234,567"),
    *("ソニーWH-1000XM5ブラック ヘッドホン", "手机深蓝色保护壳 500毫升 5克拉", "หูฟังสีดำ ๔๒ GB"),
    *("갤럭시S23 128기가", "أسود 128 جيجابايت ٤٢ سم"),
    *("\u00bd l \u00d7 3", "fl. oz 3 cu. ft", "x" * 3000, "&#60;i&#62;"),
)
LETTERS = "ab12 .,-/'\"+x&<>;\u00e9\u00d7\u0301\u200b\u4e00 gGlLカー黒色升型한สีดา\u0664\u0650"


def as_column(value):
    """Return what the functions for columns make of one value."""
    text, _ = normalize_text(blank_missing(pa.array([value], pa.string())), 400)
    written = spell(text)
    pieces = split_tokens(written).pieces
    return (
        text[0].as_py(),
        written[0].as_py(),
        pieces.to_pylist(),
        split_joined(text).pieces.to_pylist(),
        canonical(pieces).to_pylist(),
    )


def as_one(value):
    """Return what the functions for single values make of it."""
    text = normal_text(known_value(value), 400)
    written = None if text is None else spelled(text)
    pieces = [] if written is None else tokens_of(written)
    joined = [] if text is None else joined_runs(text)
    return text, written, pieces, joined, [canonical_token(piece) for piece in pieces]


@pytest.mark.parametrize("value", [*WRITTEN, None])
def test_a_value_alone_is_read_as_in_a_column(value):
    assert as_one(value) == as_column(value)


@settings(deadline=None)  # the first one reads tables
@given(st.text(st.sampled_from(LETTERS), max_size=30))
def test_any_value_alone_is_read_as_in_a_column(value):
    assert as_one(value) == as_column(value)


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=8).filter(lambda word: " " not in word), max_size=6))
def test_the_grams_of_one_record_are_those_of_a_catalogue(words):
    bits = np.arange(len(words), dtype=np.uint32) % 3
    rows = Rows(np.array([0, len(words)]), np.arange(len(words), dtype=np.int32))
    known = hash_grams(rows, bits, grams_of_words(pa.array(words, pa.string())))
    grams, own = gram_terms(words, bits.tolist())
    assert grams.tolist() == known.terms.tolist()
    assert own.tolist() == known.axes.tolist()
