"""What follows from labels is known, and nothing else is."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.labelling import UNKNOWN, close
from matcher.types import DIFFERENT, EXACT, VARIANT, Labels, Pairs


def labels(*rows: tuple[int, int, int]) -> Labels:
    ordered = sorted(rows)
    pairs = Pairs(*(np.array([row[side] for row in ordered], np.int32) for side in (0, 1)))
    return Labels(pairs, np.array([row[2] for row in ordered], np.int8))


def follows(known: Labels, left: int, right: int) -> int:
    pairs = Pairs(np.array([left], np.int32), np.array([right], np.int32))
    return int(close(10, known).relations(pairs)[0])


def test_exact_chains():
    assert follows(labels((0, 1, EXACT), (1, 2, EXACT)), 0, 2) == EXACT


def test_exact_and_different_give_different():
    assert follows(labels((0, 1, EXACT), (1, 2, DIFFERENT)), 0, 2) == DIFFERENT


def test_exact_and_variant_give_variant():
    assert follows(labels((0, 1, EXACT), (1, 2, VARIANT)), 0, 2) == VARIANT


def test_what_is_different_from_a_variant_is_different():
    assert follows(labels((0, 1, VARIANT), (1, 2, DIFFERENT)), 0, 2) == DIFFERENT


def test_two_variants_of_one_product_may_be_exact_or_variants():
    assert follows(labels((0, 1, VARIANT), (1, 2, VARIANT)), 0, 2) == UNKNOWN


def test_two_that_are_different_from_a_third_may_be_anything():
    assert follows(labels((0, 1, DIFFERENT), (1, 2, DIFFERENT)), 0, 2) == UNKNOWN


def test_labels_that_contradict_each_other_are_no_error():
    assert follows(labels((0, 1, EXACT), (1, 2, EXACT), (0, 2, DIFFERENT)), 0, 2) == EXACT


def test_nothing_follows_from_nothing():
    assert follows(labels(), 0, 2) == UNKNOWN


@given(st.lists(st.integers(0, 3), min_size=8, max_size=8), st.data())
def test_what_follows_is_true_of_every_truth_that_the_labels_fit(products, data):
    def relation(left: int, right: int) -> int:
        if products[left] == products[right]:
            return EXACT
        return VARIANT if products[left] // 2 == products[right] // 2 else DIFFERENT

    every = [(left, right) for left in range(8) for right in range(left + 1, 8)]
    said = data.draw(st.lists(st.sampled_from(every), unique=True))
    known = labels(*((left, right, relation(left, right)) for left, right in said))
    for left, right in every:
        assert follows(known, left, right) in (UNKNOWN, relation(left, right))
