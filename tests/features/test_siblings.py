import numpy as np
import pandas as pd
import pytest
from features_helpers import all_pairs, parse, swapped

from matcher.features.siblings import find_siblings
from matcher.types import Pairs


def compare(rows, candidates=None):
    """Return the features of all pairs of offers, given as (seller, title, color)."""
    frame = pd.DataFrame(rows, columns=["seller", "title", "color"])
    frame.insert(0, "id", [f"o{number:03d}" for number in range(len(frame))])
    records = parse(frame)
    pairs = all_pairs(records)
    siblings = find_siblings(records, pairs if candidates is None else candidates)
    found = siblings.compare(pairs)
    np.testing.assert_array_equal(found, siblings.compare(swapped(pairs)))
    ids = records.ids.tolist()
    return {
        (ids[left], ids[right]): row.tolist()
        for left, right, row in zip(pairs.left, pairs.right, found, strict=True)
    }


ONE_SELLER_HAS_BOTH = [
    ("a", "Nova 5", "black"),
    ("a", "Nova 5", "white"),
    ("a", "Nova 5 Pro", "black"),
    ("a", "Nova 5 Pro", "white"),
    ("b", "Nova 5 Pro", "black"),
]


def test_a_word_in_which_records_of_one_seller_differ_is_told_apart():
    told_equal, told, share = compare(ONE_SELLER_HAS_BOTH)["o000", "o004"]
    # Of the 6 pairs that differ in "pro" 4 are of seller a, 2 of them of one color.
    assert told_equal == pytest.approx(np.log1p(2))
    assert told == pytest.approx(np.log1p(4))
    assert share == pytest.approx(4 / 5)  # the pair itself is left out


def test_the_pair_itself_does_not_count():
    assert compare(ONE_SELLER_HAS_BOTH)["o000", "o002"][0] == pytest.approx(np.log1p(1))


def test_a_word_that_one_seller_always_writes_tells_nothing_apart():
    rows = [("a", f"Nova {number}", "black") for number in (5, 5, 6, 6)]
    rows += [("b", f"Smartphone Nova {number}", "black") for number in (5, 6)]
    assert compare(rows)["o000", "o004"] == [0, 0, 0]


def test_a_slip_that_stands_alone_tells_nothing_apart_in_other_colors():
    rows = [("a", "Nova Jacket", "black"), ("a", "Nova Jacket", "white")]
    rows += [("a", "Nova Jacket Xyz", "red"), ("b", "Nova Jacket Xyz", "red")]
    rows += [("a", "Orla Boot", "black"), ("a", "Orla Boot", "white")]
    assert compare(rows)["o000", "o003"][:2] == [0, 0]


def test_equal_cores_and_missing_ones_are_unknown():
    rows = [*ONE_SELLER_HAS_BOTH, ("b", None, "black")]
    found = compare(rows)
    assert np.isnan(found["o000", "o001"]).all()
    assert np.isnan(found["o000", "o005"]).all()


def test_with_one_seller_nothing_is_known():
    rows = [("a", title, color) for _, title, color in ONE_SELLER_HAS_BOTH]
    assert np.isnan(list(compare(rows).values())).all()


def test_without_candidates_nothing_is_known():
    none = Pairs.from_keys(np.zeros(0, np.int64))
    assert np.isnan(list(compare(ONE_SELLER_HAS_BOTH, none).values())).all()
