import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.records.spelling import repair_words

LETTERS = "abé"
COUNT = st.sampled_from([0, 1, 1, 1, 2, 3, 9, 10, 10, 15, 20, 20, 40])


def one_edit_away(word):
    """Every text that is one letter added, lost, changed or two swapped away, the obvious way."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    letters = [*LETTERS, *"1-"]
    lost = [before + after[1:] for before, after in cuts if after]
    swapped = [before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1]
    changed = [before + letter + after[1:] for before, after in cuts if after for letter in letters]
    added = [before + letter + after for before, after in cuts for letter in letters]
    return {*lost, *swapped, *changed, *added} - {word}


@st.composite
def vocabularies(draw):
    """Draw a few words with some that are one edit away, and how many records have each."""
    found = {}
    for word in draw(st.lists(st.text(f"{LETTERS}{LETTERS}1", min_size=4, max_size=6), max_size=3)):
        near = st.sampled_from(sorted(one_edit_away(word)))
        for each in (word, *draw(st.lists(near, max_size=6))):
            found[each] = draw(COUNT)
    return found


def meant(word, counts):
    """Return the word that one is a slip of, itself where it is none."""
    count = counts[word]
    if not (word.isalpha() and 5 <= len(word) <= 16 and count in (1, 2)):
        return word
    near = [
        other
        for other in one_edit_away(word)
        if other.isalpha() and len(other) >= 4 and counts.get(other, 0) >= 10 * count
    ]
    return min(near, key=lambda other: (-counts[other], other), default=word)


def repair(counts):
    words = list(counts)
    found = repair_words(pa.array(words, pa.string()), np.array([*counts.values()], np.int64))
    return {word: words[number] for word, number in zip(words, found.tolist(), strict=True)}


@settings(max_examples=300, deadline=None)
@given(vocabularies())
def test_slips_are_those_that_a_slow_search_finds(counts):
    assert repair(counts) == {word: meant(word, counts) for word in counts}


@settings(max_examples=300, deadline=None)
@given(vocabularies())
def test_a_repaired_word_is_not_repaired_again(counts):
    found = repair(counts)
    assert all(found[right] == right for right in found.values())


@pytest.mark.parametrize("slip", ["fframe", "frme", "frane", "farme", "framé"])
def test_each_kind_of_slip_is_repaired_if_the_word_is_long_enough(slip):
    right = "frame" if len(slip) > 4 else slip
    assert repair({slip: 1, "frame": 40})[slip] == right


@pytest.mark.parametrize(
    ("word", "count", "other"),
    [
        ("lx43m", 1, "lx43n"),  # a model number that is one digit off is another product
        ("bread", 3, "break"),  # three records say it: it is meant
        ("boots", 1, "bo0ts"),
        ("frmea", 1, "frame"),  # two edits
        ("abcdefghijklmnopq", 1, "abcdefghijklmnopx"),
    ],
)
def test_what_may_be_meant_stays(word, count, other):
    assert repair({word: count, other: 100})[word] == word


def test_the_more_frequent_word_is_meant_and_of_two_as_frequent_the_first_in_the_alphabet():
    assert repair({"house": 50, "mouse": 20, "bouse": 1})["bouse"] == "house"
    assert repair({"mouse": 50, "house": 50, "bouse": 1})["bouse"] == "house"


def test_a_slip_of_two_records_needs_twenty_with_the_right_word():
    assert repair({"frmae": 2, "frame": 19})["frmae"] == "frmae"
    assert repair({"frmae": 2, "frame": 20})["frmae"] == "frame"


def test_an_empty_vocabulary_has_no_slips():
    assert repair({}) == {}
