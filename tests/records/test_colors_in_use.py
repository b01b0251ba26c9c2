"""Words that are often something else are colors where a catalogue uses them so."""

import numpy as np
import pytest

from matcher.records.colors_in_use import FEW, FEWEST, SPEAKING, _Titles, colors_in_use
from matcher.records.terms import Rows, indptr_of

COLORS = ("black", "white", "blue", "red")


def rows_of(titles):
    words = list(dict.fromkeys(word for title in titles for word in title.split()))
    lengths = np.array([len(title.split()) for title in titles], np.int64)
    terms = [words.index(word) for title in titles for word in title.split()]
    return Rows(indptr_of(lengths), np.array(terms, np.int32)), words


def in_use(titles):
    return dict(colors_in_use(*rows_of(titles)))


def kettles(*words, n_each=40, kind="kettle"):
    return [f"{word} {kind} model{number % 20}" for word in words for number in range(n_each)]


@pytest.mark.parametrize(
    ("word", "form"),
    [("silver", "silver"), ("rot", "red"), ("blu", "blue"), ("gris", "gray"), ("slv", "silver")],
)
def test_a_word_that_stands_where_colors_do_and_never_beside_one_is_a_color(word, form):
    assert in_use(kettles(*COLORS, word)) == {word: form}


def test_a_word_beside_which_other_colors_stand_is_none():
    assert in_use(kettles(*COLORS, *(f"{color} silver" for color in COLORS))) == {}


def test_one_slip_in_twenty_five_titles_does_not_matter_and_one_in_five_does():
    once = kettles(*COLORS, "silver", n_each=100) + kettles("silver black", n_each=4)
    assert in_use(once) == {"silver": "silver"}
    assert in_use(once + kettles("silver black", n_each=21)) == {}


def test_a_word_among_goods_that_name_no_color_is_none_although_others_do():
    coffee = kettles("gold", "mild", "strong", kind="coffee 500g")
    assert in_use(kettles(*COLORS, "silver") + coffee) == {"silver": "silver"}


def test_few_titles_tell_nothing():
    assert in_use(kettles(*COLORS, n_each=200) + kettles("silver", n_each=FEWEST - 1)) == {}
    assert in_use(kettles(*COLORS, n_each=200) + kettles("silver", n_each=FEWEST + 1))


def test_where_few_titles_name_a_color_nothing_tells():
    few, some = (kettles("black", "white") + kettles("", n_each=n) for n in (1000, 150))
    assert in_use(few + kettles("silver", n_each=400)) == {}
    assert in_use(some + kettles("silver", n_each=40)) == {}  # eleven others would be expected
    assert in_use(some + kettles("silver", n_each=120)) == {"silver": "silver"}


def test_a_title_does_not_count_among_those_that_its_words_have_beside_it():
    title, words = rows_of(["silver black kettle own", "black kettle", "kettle other"])
    # Of "kettle" one of the two others; "own" has no other, "black" is a color itself.
    assert _Titles.of(title, words).usual(np.array([0]), words.index("silver")) == 0.5


def test_words_of_one_title_alone_do_not_count():
    own = [f"silver own{number}x own{number}y kettle" for number in range(60)]
    assert in_use(kettles(*COLORS) + own) == {"silver": "silver"}
    assert in_use([f"silver own{number}x" for number in range(60)]) == {}


@pytest.mark.parametrize("titles", [[], [""], ["", "silver"], kettles("silver")])
def test_nothing_to_compare_with(titles):
    assert in_use(titles) == {}


@pytest.mark.filterwarnings("error")
def test_a_word_that_no_title_has_is_none():
    title, words = rows_of(kettles(*COLORS))
    assert colors_in_use(title, [*words, "gold"]) == {}


def test_what_names_several_colors_or_none_is_never_one():
    assert in_use(kettles(*COLORS, "multi", "clear", "coffee")) == {}


GERMAN = ("schwarz", "weiss", "blau", "gelb")


def test_a_word_of_the_language_that_colors_are_named_in_needs_few_titles():
    shoes = kettles(*GERMAN, kind="schuh")
    few = kettles("rot", n_each=FEW + 1, kind="schuh")
    assert in_use(shoes + few) == {"rot": "red"}
    assert in_use(shoes + few[2:]) == {}
    assert in_use(kettles(*COLORS, kind="schuh") + few) == {}


def test_a_language_is_that_of_most_titles_with_colors_and_never_english():
    few = kettles("rot", "silver", n_each=FEW + 1, kind="schuh")
    german = kettles("schwarz", "weiss", n_each=20, kind="schuh")
    assert in_use(german + few + kettles("black", n_each=39, kind="schuh")) == {"rot": "red"}
    assert in_use(german + few + kettles("black", n_each=40, kind="schuh")) == {}
    some = kettles("rot", n_each=12, kind="schuh")
    assert in_use(kettles("schwarz", n_each=SPEAKING, kind="schuh") + some) == {"rot": "red"}
    assert in_use(kettles("schwarz", n_each=SPEAKING - 1, kind="schuh") + some) == {}


def test_words_of_the_language_count_as_colors_beside_each_other():
    sure, others = kettles("bianco", n_each=9), kettles("nero", "rosso", "blu", "verde", n_each=4)
    assert in_use(sure + others) == {
        "nero": "black",
        "rosso": "red",
        "blu": "blue",
        "verde": "green",
    }
    beside = kettles(*(f"nero {color}" for color in ("rosso", "blu", "verde")), n_each=4)
    assert in_use(sure + beside) == {}


def test_a_word_is_not_called_usual_by_titles_that_name_it_alone():
    # But for "rosa" hardly a title of roses names a color.
    roses = kettles("rosa", n_each=400, kind="vase") + kettles("bianco", n_each=5, kind="vase")
    assert in_use(kettles("bianco", "giallo") + kettles("", n_each=300, kind="vase") + roses) == {}
