import numpy as np
import pandas as pd
import pytest
from features_helpers import all_pairs, comparisons, feature, offers, pair_of, parse


def cover(first, second, ignore=()):
    frame = pd.DataFrame(
        {"id": ["a", "b", "c"], "title": [first, second, "unrelated filler"], "color": "teal"}
    )
    records = parse(frame)
    pair = pair_of(records, "a", "b")
    parts = comparisons(records, ignore)
    return [feature(parts, f"soft_cover_{side}", pair)[0] for side in ("min", "max")]


def test_a_misspelt_word_is_explained_in_part():
    low, high = cover("telephone charger", "telefone charger")
    assert 0.9 < low <= high < 1


def test_a_word_inside_a_longer_one_is_explained():
    low, high = cover("board cable", "motherboard cable")
    assert high == 1
    assert low < 1


def test_different_words_are_not_explained():
    assert cover("red table", "green lamp") == [0, 0]


def test_numbers_are_never_matched_fuzzily():
    assert cover("camera 12345678", "camera 12345679") == [1, 1]  # only the word is looked at


def test_a_side_without_words_is_missing():
    records = offers()
    parts = comparisons(records)
    pair = pair_of(records, "o00", "o04")
    assert np.isnan(feature(parts, "soft_cover_min", pair)).all()


def test_what_is_left_over_and_what_is_covered_make_the_whole():
    records = offers()
    parts = comparisons(records)
    pairs = all_pairs(records)
    low, high = (feature(parts, f"soft_cover_{side}", pairs) for side in ("min", "max"))
    left_over = feature(parts, "soft_left_over_max", pairs)
    known = ~np.isnan(low)
    assert ((low >= 0) & (low <= high) & (high <= 1 + 1e-6))[known].all()
    assert left_over[known & (low == 1)] == pytest.approx(0, abs=1e-5)
