"""Text of scripts without spaces is cut so that the same words are the same tokens."""

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matcher.records.color_words import color_words
from matcher.records.colors import color_form, title_colors
from matcher.records.text import normalize_text
from matcher.records.tokens import canonical, spell, split_tokens
from matcher.records.unspaced import cut_runs, pieces_of, separate_scripts

LETTERS = "カーブルク黒色升个面한국สีดaz09 -"


def tokens(value):
    text, _ = normalize_text(pa.array([value]), 400)
    return canonical(split_tokens(spell(text)).pieces).to_pylist()


@settings(deadline=None)  # the first one reads tables
@given(st.text(st.sampled_from(LETTERS), max_size=20))
def test_separating_adds_nothing_but_spaces(value):
    separated = separate_scripts(pa.array([value]))[0].as_py()
    assert separated.replace(" ", "") == value.replace(" ", "")


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from(LETTERS) | st.characters(exclude_categories=("Cs",)))))
def test_few_texts_are_separated_as_many_are(values):
    few = [normalize_text(pa.array([value]), 40)[0][0].as_py() for value in values]
    many, _ = normalize_text(pa.array([*values, *["한a국"] * 201]), 40)
    assert many.to_pylist() == [*few, *["한 a 국"] * 201]


def places(word, piece):
    return [start for start in range(len(word)) if word.startswith(piece, start)]


@settings(deadline=None)
@given(st.text(st.sampled_from("カーブルクイト黒色深蓝升个面한국สีดำa"), min_size=1, max_size=12))
@example("升面深蓝色升")
@example("蓝色色")  # of the two letters that the last piece may be, it is the last one
def test_pieces_lie_in_their_word_in_order_and_leave_nothing_out(word):
    found = {(-1, 0)}  # where the last piece may begin, and up to where nothing is left out
    for piece in pieces_of(word):
        found = {
            (start, max(covered, start + len(piece)))
            for before, covered in found
            for start in places(word, piece)
            if before < start <= covered
        }
    assert len(word) in {covered for _, covered in found}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ソニーWH-1000XM5ブラック", "ソニー WH-1000XM5 ブラック"),
        ("苹果iPhone15手机壳", "苹果 iPhone15 手机壳"),
        ("갤럭시S23울트라", "갤럭시 S23 울트라"),
        ("หูฟังSony", "หูฟัง Sony"),
        ("洗发水500毫升", "洗发水 500 ml"),
        ("27インチモニター", "27 inch モニター"),
        ("27型モニター", "27インチ モニター"),
        ("هاتف 128 جيجابايت", "هاتف 128GB"),
    ],
)
def test_spaces_and_spellings_of_units_make_no_difference(one, other):
    assert tokens(one) == tokens(other)


def test_words_run_together_share_all_their_pieces_with_words_apart():
    together, apart = tokens("ワイヤレスイヤホン"), tokens("ワイヤレス イヤホン")
    assert set(apart) < set(together)
    assert len(together) == len(apart) + 1


def test_single_letters_that_are_colors_elsewhere_are_not_cut_out():
    assert pieces_of("大白菜粉") == ["大白", "白菜", "菜粉"]


@pytest.mark.parametrize(
    ("title", "forms"),
    [
        ("手机壳深蓝色", ["dark blue"]),
        ("女士外套黑色", ["black"]),
        ("金色手机壳", ["gold"]),
        ("ヘッドホン 黒", ["black"]),
        ("緑茶 茶 面白い本", []),
        ("ワンピースネイビー", ["navy"]),
        ("シャツ ダークブルー", ["dark blue"]),
        ("เสื้อสีดำ", ["black"]),
        ("티셔츠 검정색", ["black"]),
        ("ブルートゥースイヤホン", []),
        ("ホワイトニング歯磨き", []),
        ("футболка чорна", ["black"]),
        ("tişört siyah", ["black"]),
        ("حذاء أسود", ["black"]),
    ],
)
def test_titles_name_colors(title, forms):
    words, colors = tokens(title), title_colors()
    found, place = [], 0
    while place < len(words):
        phrases = (" ".join(words[place : place + size]) for size in (3, 2, 1))
        phrase = next((phrase for phrase in phrases if phrase in colors), "")
        found += [colors[phrase]] if phrase else []
        place += phrase.count(" ") + 1
    assert found == forms


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("黒", "black"),
        ("ブラック/ホワイト", "black white"),
        ("浅灰色", "light gray"),
        ("แดง", "red"),
    ],
)
def test_values_of_color_columns_have_english_forms(value, form):
    assert color_form(" ".join(tokens(value))) == form


def test_many_words_of_color_in_a_row_are_cut_at_once():
    # "Charcoal gray" is one word and two: every way to read fifty of them would take for ever.
    word = "チャコールグレー" * 50
    assert pieces_of(word) == ["チャコールグレー"] * 50
    assert len(pieces_of(word + "ア")) == len(word)


def test_every_color_word_is_kept_whole():
    words = [word for word in color_words().colors if word >= "\u0e00" and " " not in word]
    assert len(words) > 150
    assert cut_runs(pa.array(words)) == ([], [])
