from itertools import combinations

import numpy as np
from clustering_helpers import scores_of
from hypothesis import given
from hypothesis import strategies as st

from matcher.clustering import one_to_one


def kept_of(rows, threshold=0.5):
    scores = scores_of(rows, threshold)
    mask = one_to_one(scores, threshold)
    return list(
        zip(scores.pairs.left[mask].tolist(), scores.pairs.right[mask].tolist(), strict=True)
    )


def test_uncontested_links_stay_and_pairs_that_are_not_exact_are_never_kept():
    assert kept_of({(0, 2): 0.9, (1, 3): 0.7, (1, 4): 0.2}) == [(0, 2), (1, 3)]
    assert kept_of({}) == []


def test_one_sure_pair_beats_two_doubtful_ones():
    assert kept_of({(0, 2): 0.95, (0, 3): 0.55, (1, 2): 0.55}) == [(0, 2)]


def test_two_good_pairs_beat_a_slightly_better_one():
    assert kept_of({(0, 2): 0.9, (0, 3): 0.85, (1, 2): 0.85}) == [(0, 3), (1, 2)]


def test_ties_give_one_link_and_always_the_same():
    rows = {(0, 1): 0.9, (0, 2): 0.9, (0, 3): 0.9}
    assert len(kept_of(rows)) == 1
    assert kept_of(rows) == kept_of(dict(reversed(rows.items())))


def test_a_certain_pair_counts_no_more_than_its_bound():
    assert kept_of({(0, 2): 1.0, (0, 3): 1.0, (1, 3): 1.0}) == [(0, 2), (1, 3)]


@given(st.dictionaries(st.tuples(st.integers(0, 3), st.integers(4, 7)), st.floats(0.5, 0.999)))
def test_the_choice_is_the_most_likely_one(rows):
    def total(chosen):
        return sum(np.log(rows[pair] / (1 - rows[pair])) + 1e-9 for pair in chosen)

    pairs = list(rows)
    best = 0.0
    for size in range(1, min(4, len(pairs)) + 1):
        for chosen in combinations(pairs, size):
            if len({a for a, _ in chosen}) == len({b for _, b in chosen}) == size:
                best = max(best, total(chosen))
    kept = kept_of(rows)
    assert len({a for a, _ in kept}) == len({b for _, b in kept}) == len(kept)
    assert abs(total(kept) - best) < 1e-4
