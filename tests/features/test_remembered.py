"""What is remembered of pairs is what comparing them again would say."""

from dataclasses import replace

import numpy as np
import pytest
from features_helpers import all_pairs, comparisons, offers

from matcher.features.comparisons import Compared
from matcher.features.remembered import Remembered, costly


@pytest.fixture(scope="module")
def records():
    return offers()


def remembered(parts, pairs):
    chunks = [Remembered.of(Compared(chunk), costly(parts)) for chunk in pairs.chunks(7)]
    return Remembered.join(chunks)


@pytest.mark.parametrize("known", [slice(0, 1), slice(1, None, 2), slice(None)])
def test_features_are_the_same_whichever_pairs_are_known(records, known):
    parts, pairs = comparisons(records), all_pairs(records)
    again = remembered(parts, pairs.take(known)).beside(parts)
    assert again.names == parts.names
    np.testing.assert_array_equal(again.compare(pairs), parts.compare(pairs))


def test_known_pairs_are_not_compared_again(records):
    parts, pairs = comparisons(records), all_pairs(records)
    memory = remembered(parts, pairs.take(slice(0, 20)))
    marked = replace(memory, features=np.full_like(memory.features, 7))
    found = marked.beside(parts).compare(pairs)
    is_marked = (found == 7).all(axis=0), (found[:20] == 7).all(axis=0)
    assert not is_marked[0].any()
    assert np.array(parts.names)[is_marked[1]].tolist() == list(costly(parts).names)


def test_letters_are_worth_remembering(records):
    assert costly(comparisons(records)).names[:4] == (
        "title_ratio",
        "title_token_set",
        "title_partial",
        "title_winkler",
    )
