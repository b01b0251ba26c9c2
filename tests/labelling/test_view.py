"""The words that differ are marked, and no value of a catalogue can harm or overflow the page."""

from hypothesis import given
from hypothesis import strategies as st

from matcher.labelling.view import LONGEST, clean, mark_differences, view_field, without_markup


def marked(pieces):
    return [text for text, is_marked in pieces if is_marked]


LETTERS = st.sampled_from("ab1 '+ß黒色カーブ한น้ำ")


@given(st.text() | st.text(LETTERS), st.text() | st.text(LETTERS))
def test_pieces_are_the_text_and_swapping_the_sides_swaps_them(left, right):
    found = mark_differences(left, right)
    assert ["".join(text for text, _ in pieces) for pieces in found] == [left, right]
    assert mark_differences(right, left) == found[::-1]


@given(st.text(min_size=1) | st.text(LETTERS, min_size=1))
def test_nothing_is_marked_between_equal_texts_or_beside_nothing(text):
    assert not marked(mark_differences(text, text)[0])
    assert not marked(mark_differences(text, "")[0])


def test_case_order_and_spellings_of_unicode_are_not_marked():
    left, right = mark_differences(clean("Café RED lamp"), clean("lamp red cafe\u0301"))
    assert marked(left) == marked(right) == []


def test_a_plus_tells_two_models_apart():
    assert marked(mark_differences("Phone 8", "Phone 8+")[1]) == ["8+"]


def test_in_text_without_spaces_the_letters_that_differ_are_marked():
    left, right = mark_differences("ソニーWH-1000XM5ブラック", "ソニー WH-1000XM4 ホワイト")
    assert marked(left) == ["1000XM5", "ブラック"]
    assert marked(right) == ["1000XM4", "ホワイト"]
    left, right = mark_differences("갤럭시S23울트라", "갤럭시 S24 울트라 น้ำ")
    assert marked(left) == ["S23"]
    assert marked(right) == ["S24", "น้ำ"]


def test_fields_are_the_same_differ_or_miss_a_value():
    assert view_field("size", "XL", "xl").state == "same"
    assert view_field("size", "XL", "XL XL").state == "differs"
    assert view_field("rating", "***", "*****").state == "differs"
    assert view_field("size", "", "XL").state == "missing"


@given(st.text())
def test_what_is_shown_is_printable(text):
    assert all(char.isprintable() for char in clean(text))


def test_a_title_of_a_megabyte_is_cut():
    assert len(clean("x" * 1_000_000)) == LONGEST + 1
    assert len(without_markup("<b>x</b>" * 1_000_000)) < 10 * LONGEST
