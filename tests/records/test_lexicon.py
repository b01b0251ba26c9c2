import numpy as np
import pyarrow as pa
import pytest

from matcher.records.lexicon import lexicon_of
from matcher.records.quantities import quantities_among
from matcher.records.terms import Rows, indptr_of


def lexicon(axis, titles, names=(), used=None):
    """Return the lexicon of an axis as phrase to normal form, and the names afterwards."""
    words = list(dict.fromkeys(word for title in titles for word in title.split()))
    lengths = np.array([len(title.split()) for title in titles], np.int64)
    terms = [words.index(word) for title in titles for word in title.split()]
    title = Rows(indptr_of(lengths), np.array(terms, np.int32))
    known = list(names)
    found = lexicon_of(axis, known, title, words, quantities_among(pa.array(words)), used or {})
    return {phrase: known[number] for phrase, number in found.items()}, known


def test_colors_are_those_whose_words_all_occur():
    found, _ = lexicon("color", ["trail shoe red", "trail shoe dark", "blue grau"])
    assert found == {
        "red": "red",
        "blue": "blue",
        "grau": "gray",
        "dark red": "dark red",
        "dark blue": "dark blue",
    }


def test_known_forms_keep_their_numbers_and_new_ones_follow():
    _, names = lexicon("color", ["shoe grau", "shoe schwarz", "shoe gray"], ["black", "kalahari"])
    assert names == ["black", "kalahari", "gray"]


def test_words_that_the_catalogue_uses_as_colors_are_among_them():
    found, names = lexicon("color", ["shoe rot", "shoe black"], used={"rot": "red"})
    assert found == {"black": "black", "rot": "red"}
    assert names == ["black", "red"]


def sized(*sizes, others=0):
    return [f"shirt {size}" for size in sizes] + [f"shirt model{n} x" for n in range(others)]


def test_letters_are_sizes_where_titles_end_in_four_of_them():
    found, _ = lexicon("size", sized("s", "m", "l", "xl"))
    assert {found[word] for word in ("s", "m", "l", "xl")} == {"s", "m", "l", "xl"}


@pytest.mark.parametrize(
    "titles",
    [
        sized("s", "m", "l"),
        sized("s", "m", "l", "l"),
        sized("xxl", "2xl", "s", "m"),  # two spellings of one size
        sized("s", "m", "l", "xl", others=200),  # two of a hundred titles end in one
        ["s shirt", "m shirt", "l shirt", "xl shirt"],
        [],
        ["", ""],
    ],
)
def test_letters_are_no_sizes_elsewhere(titles):
    assert lexicon("size", titles)[0] == {}


def test_titles_without_words_do_not_hide_the_sizes_of_others():
    assert lexicon("size", ["", *sized("s", "m", "l", "xl"), ""])[0]


TITLES = ["phone 64gb 65536mb", "cola 3l 500ml", "flour 1kg", "washer 3.5cuft", "rope 5m 12pk 43m1"]


@pytest.mark.parametrize(
    ("axis", "phrases"),
    [
        ("storage", ["64gb", "65536mb"]),
        ("volume", ["3l", "500ml"]),
        ("weight", ["1kg"]),
        ("length", ["5m"]),
        ("pack", ["12pk"]),
        ("memory", []),
        ("material", []),
    ],
)
def test_amounts_are_those_of_the_dimension_of_that_name(axis, phrases):
    assert sorted(lexicon(axis, TITLES)[0]) == phrases


def test_amounts_in_two_units_have_one_form():
    found, names = lexicon("storage", ["64gb 65536mb 128gb"])
    assert found["64gb"] == found["65536mb"] != found["128gb"]
    assert len(names) == 2
