import pytest

from matcher.records.colors import base_color, color_form, title_colors


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("серыи", "gray"),
        ("bleu marine", "navy"),
        ("dunkel blau", "dark blue"),
        ("bleu fonce", "dark blue"),
        ("crni", "black"),
        ("noir et blanc", "black white"),
        ("navy matte", "matte navy"),
        ("nvy", "navy"),
        ("purpel", "purple"),
        ("kalahari", "kalahari"),
    ],
)
def test_spellings_of_a_color_have_one_form(text, form):
    assert color_form(text) == form


@pytest.mark.parametrize("text", ["range", "purpel7", "block", "rad"])
def test_what_may_be_another_word_is_not_repaired(text):
    assert color_form(text) == text


@pytest.mark.parametrize(
    ("form", "base"),
    [("dark navy", "blue"), ("wine red", "red"), ("navy white", "blue"), ("kalahari", "")],
)
def test_a_shade_has_a_base_color(form, base):
    assert base_color(form) == base


@pytest.mark.parametrize("word", ["orange", "gold", "mint", "nero", "vert", "rot", "or", "bez"])
def test_words_with_other_meanings_are_no_colors_of_titles(word):
    assert word not in title_colors()


def test_phrases_of_titles_have_one_to_three_tokens_and_no_short_words():
    assert all(1 <= len(p.split()) <= 3 for p in title_colors())
    # A letter of Chinese or Japanese is a word.
    assert all(len(p) > 2 or p >= "\u2e80" for p in title_colors())


def test_phrases_of_titles_have_the_form_of_the_phrase():
    # Two words are mostly put together from the forms of each, without reading both.
    phrases = [phrase for phrase in title_colors() if " " in phrase]
    assert len(phrases) > 10_000
    assert all(title_colors()[phrase] == color_form(phrase) for phrase in phrases)
