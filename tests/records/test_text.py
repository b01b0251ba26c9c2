import re
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.records.text import normalize_text
from matcher.scripts import ACCENTS

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)


def normalize(value, limit=400):
    return normalize_text(pa.array([value], pa.string()), limit)[0][0].as_py()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  Sony\tKDL\n40 ", "sony kdl 40"),
        ("Café CRÈME", "cafe creme"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("\ufb01ne \uff21\uff14", "fine a4"),
        ("a\x00b\x1fc", "a b c"),
        ("zero\u200bwidth so\u00adft", "zerowidth soft"),
        ("<p>Big &amp; <b>bold</b></p>", "big & bold"),
        ("3 < 4 & 5 > 4", "3 < 4 & 5 > 4"),
        ('15.6" LCD', "15.6 inch lcd"),
        ("27″ und 24”", "27 inch und 24 inch"),
        ("5'' disk", "5 inch disk"),
        ("6 \u00d7 330 ml", "6 x 330 ml"),
        ("한국어", "한국어"),
        ("バッグ ｶﾞﾗｽ", "バッグ ガラス"),
        ("หูฟัง", "หูฟัง"),
        ("أسود وُجد كـتـاب", "اسود وجد كتاب"),
        ("٤٢ ۱۲ ४२ ๔๒", "42 12 42 42"),
        ("ソニーWH-1000XM5ブラック", "ソニー wh-1000xm5 ブラック"),
        ("갤럭시S23울트라", "갤럭시 s23 울트라"),
        ("55V型 500毫升装 2克拉", "55 型 500 毫升 装 2 克拉"),
        ("שלום 12", "שלום 12"),
        ("KIRMIZI k\u0131rm\u0131z\u0131", "kirmizi kirmizi"),
        ("Đak Łódź smørrebrød", "dak lodz smorrebrod"),
        (
            "\u0645\u06a9\u062a\u0628\u0629 \u0633\u0627\u0639\u06cc",
            "\u0645\u0643\u062a\u0628\u0647 \u0633\u0627\u0639\u064a",
        ),
        ("👟 shoe", "👟 shoe"),
        (" \u00a0 ", None),
        (None, None),
    ],
)
def test_text_has_one_normal_form(value, expected):
    assert normalize(value) == expected


@settings(deadline=None)  # the first one reads tables
@given(TEXT)
def test_normal_text_is_normal(value):
    once = normalize(value)
    if once is not None:
        assert once == once.strip()
        assert "  " not in once
        assert not any(unicodedata.category(character) == "Cc" for character in once)
        assert not re.search(f"[{ACCENTS}]", once)


@settings(deadline=None)
@given(st.lists(st.none() | TEXT, max_size=6))
def test_every_value_is_normalised_by_itself(values):
    together = normalize_text(pa.array(values, pa.string()), 20)[0].to_pylist()
    assert together == [normalize(value, 20) for value in values]


def test_long_values_are_cut_and_counted():
    texts, n_cut = normalize_text(pa.array(["x" * 1_000_000, "é" * 401, "y" * 400]), 400)
    assert [len(text) for text in texts.to_pylist()] == [400, 400, 400]
    assert n_cut == 2
