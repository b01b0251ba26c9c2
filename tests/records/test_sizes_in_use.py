"""Letters and numbers are sizes where a catalogue uses them so."""

import numpy as np
import pytest

from matcher.records.sizes_in_use import FEWEST, LEAST_SIZES, sizes_in_use
from matcher.records.terms import Rows, indptr_of

LETTERS = ("xs", "s", "m", "l", "xl", "2xl")
SHOES = ("36", "37", "38.5", "39", "40", "41")


def in_use(titles):
    words = list(dict.fromkeys(word for title in titles for word in title.split()))
    lengths = np.array([len(title.split()) for title in titles], np.int64)
    terms = [words.index(word) for title in titles for word in title.split()]
    return dict(sizes_in_use(Rows(indptr_of(lengths), np.array(terms, np.int32)), words))


def offers(*words, n_each=40, kind="jacket"):
    return [f"nord {word} {kind} line{n % 20}" for word in words for n in range(n_each)]


@pytest.mark.parametrize("sizes", [LETTERS, SHOES])
def test_words_that_stand_where_others_do_and_never_beside_one_are_sizes(sizes):
    assert list(in_use(offers(*sizes))) == sorted(sizes, key=sizes.index)


def test_the_form_of_a_size_is_its_usual_one():
    assert in_use(offers("xs", "s", "m", "l", "xxxl"))["xxxl"] == "3xl"


def test_a_letter_beside_which_sizes_stand_is_none():
    others = [size for size in LETTERS if size != "m"]
    mens = offers(*(f"m {size}" for size in others), n_each=20)
    assert set(in_use(offers(*others, n_each=200) + mens)) == {*others}


def test_a_letter_that_stands_among_its_own_words_alone_is_none():
    others = [size for size in LETTERS if size != "l"]
    found = in_use(offers(*others) + [f"l oreal cream tone{n % 9}" for n in range(90)])
    assert "l" not in found
    assert set(found) == {*LETTERS} - {"l"}


def test_a_number_that_stands_where_no_other_does_is_none():
    found = in_use(offers(*SHOES) + [f"can of 48 nuts brand{n % 9}" for n in range(90)])
    assert set(found) == {*SHOES}


def test_a_size_that_most_have_is_one():
    others = [size for size in LETTERS if size != "m"]
    assert "m" in in_use(offers(*others, n_each=20) + offers("m", n_each=800))


def test_numbers_that_count_or_name_versions_are_none():
    assert in_use(offers("10", "11", "12", "13", "14", "15", kind="phone")) == {}


def test_a_few_different_ones_are_none():
    assert in_use(offers(*SHOES[: LEAST_SIZES - 1], n_each=90)) == {}
    assert len(in_use(offers(*SHOES[:LEAST_SIZES], n_each=90))) == LEAST_SIZES


def test_few_titles_tell_nothing():
    assert "xl" not in in_use(offers("xs", "s", "m", "l", "2xl") + offers("xl", n_each=FEWEST - 1))


def test_where_few_titles_name_a_size_nothing_tells():
    plain = [f"nord jacket line{n % 20}" for n in range(8000)]
    assert in_use(offers(*LETTERS, n_each=200) + plain) == {}
    assert in_use(offers(*LETTERS) + plain[:260]) == {}  # eighteen others would be expected
    assert in_use(offers(*LETTERS) + plain[:60])


@pytest.mark.parametrize("titles", [[], [""], ["xl"], ["", "xl 42"], ["xl"] * 50])
def test_nothing_to_compare_with(titles):
    assert in_use(titles) == {}


def test_what_some_titles_tell_is_told_of_many(monkeypatch):
    monkeypatch.setattr("matcher.records.sizes_in_use.N_LOOKED_AT", 400)
    assert set(in_use(offers(*LETTERS, n_each=400))) == {*LETTERS}
