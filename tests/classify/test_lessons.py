import numpy as np
from classify_helpers import made_examples, pairs_of
from hypothesis import given
from hypothesis import strategies as st

from matcher.classify import assign_folds, join_examples, sure_negatives, to_examples

PAIR = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] < pair[1])
CANDIDATES = st.dictionaries(PAIR, st.floats(-5, 5), min_size=1)


def test_examples_weigh_the_same_and_start_from_nothing_or_from_a_prior():
    features, is_match = np.ones((2, 3), dtype=np.float32), np.array([True, False])
    plain = to_examples(features, is_match, 0.5, None)
    assert plain.weights.tolist() == [0.5, 0.5]
    assert plain.start.tolist() == [0, 0]
    assert to_examples(features, is_match, 1, np.array([2.0, 3.0])).start.tolist() == [2, 3]


def test_joined_examples_are_one_after_the_other():
    first, second = made_examples(4), made_examples(3, seed=1, start=2.0)
    joined = join_examples(first, second)
    np.testing.assert_array_equal(joined.features[:4], first.features)
    np.testing.assert_array_equal(joined.features[4:], second.features)
    assert joined.start.tolist() == [0, 0, 0, 0, 2, 2, 2]
    np.testing.assert_array_equal(joined.take(np.arange(7) >= 4).is_match, second.is_match)


def sure(candidates, matched=()):
    ordered = sorted(candidates)
    margin = np.array([candidates[pair] for pair in ordered])
    found = sure_negatives(pairs_of(*ordered), margin, pairs_of(*sorted(matched)))
    return {pair for pair, is_sure in zip(ordered, found, strict=True) if is_sure}


@given(CANDIDATES, st.data())
def test_sure_negatives_are_neither_matches_nor_the_best_of_a_record(candidates, data):
    matched = data.draw(st.sets(st.sampled_from(sorted(candidates))))
    found = sure(candidates, matched)
    assert not found & matched
    likely = {pair: np.inf if pair in matched else m for pair, m in candidates.items()}
    for record in range(7):
        around = {pair: likely[pair] for pair in candidates if record in pair}
        assert not {pair for pair, m in around.items() if m == max(around.values())} & found
    assert all(candidates[pair] < 0 for pair in found)


@given(CANDIDATES)
def test_an_unlikely_pair_whose_records_have_better_ones_is_a_sure_negative(candidates):
    found = sure(candidates)
    for pair, margin in candidates.items():
        better = [
            any(m > margin for other, m in candidates.items() if record in other) for record in pair
        ]
        assert (pair in found) == (margin < 0 and all(better))


def test_what_a_first_model_calls_a_match_is_no_sure_negative():
    assert sure({(0, 1): 3.0, (0, 2): 1.0, (1, 2): -1.0}) == {(1, 2)}


def test_a_labelled_match_is_the_best_of_its_records():
    candidates = {(0, 1): -4.0, (0, 2): -1.0, (1, 3): -1.0, (2, 3): 2.0}
    assert sure(candidates) == {(0, 1)}
    assert sure(candidates, {(0, 1)}) == {(0, 2), (1, 3)}


@given(st.sets(PAIR, min_size=1), st.integers(2, 5), st.integers(0, 9))
def test_pairs_of_one_left_record_are_in_one_fold(chosen, n_folds, seed):
    pairs = pairs_of(*sorted(chosen))
    folds = assign_folds(pairs, n_folds, seed)
    assert ((folds >= 0) & (folds < n_folds)).all()
    by_record = dict(zip(pairs.left.tolist(), folds.tolist(), strict=True))
    assert folds.tolist() == [by_record[record] for record in pairs.left.tolist()]
    sizes = np.bincount(list(by_record.values()), minlength=n_folds)
    assert sizes.max() - sizes.min() <= 1
    np.testing.assert_array_equal(folds, assign_folds(pairs, n_folds, seed))
