import pyarrow as pa
import pytest

from matcher.records.brands import find_brands
from matcher.records.tokens import number_tokens, split_tokens


def brands(column, titles):
    (rows,), lexicon = number_tokens([split_tokens(pa.array(titles, pa.string()))])
    values = None if column is None else pa.array(column, pa.string())
    numbers, _ = find_brands(values, rows, pa.array(lexicon.words, pa.string()))
    return numbers.tolist()


def test_the_column_gives_the_brand_without_its_legal_form():
    assert brands(["sony corp.", "sony", "acme gmbh"], ["a", "b", "c"]) == [0, 0, 1]


def test_an_empty_brand_is_found_at_the_start_of_the_title():
    assert brands(["sony", None, None], ["tv", "sony tv", "radio"]) == [0, 0, -1]


def test_a_brand_of_several_words_is_found():
    titles = ["jacket", "the north face jacket", "new the north face hat"]
    assert brands(["the north face", None, None], titles)[1:] == [-1, -1]
    titles = ["north face jacket", "north face hat", "new north face hat"]
    assert brands(["north face", None, None], titles) == [0, 0, 0]


def test_a_word_inside_a_title_is_a_brand_only_where_it_is_trusted():
    column = ["apple", "zespri", "zespri", "zespri", None]
    titles = ["apple phone", "kiwi apple", "green apple", "red apple", "fresh apple"]
    assert brands(column, titles)[-1] == -1
    assert brands(["apple", "apple", None], ["new apple", "old apple", "fresh apple"]) == [0, 0, 0]


def test_without_a_brand_column_nothing_is_known():
    assert brands(None, ["sony tv", "tv"]) == [-1, -1]


@pytest.mark.parametrize("titles", [[], [None], [""]])
def test_titles_may_be_empty(titles):
    assert brands([None] * len(titles), titles) == [-1] * len(titles)
