import numpy as np
import pytest
from features_helpers import make_terms
from hypothesis import given
from hypothesis import strategies as st

from matcher.features.candidate_kernels import spread
from matcher.features.context import context_of, lengths_of, neighbourhood, similarity_of
from matcher.types import Pairs


def pairs_of(*pairs):
    left, right = zip(*pairs, strict=True)
    return Pairs(np.array(left, dtype=np.int32), np.array(right, dtype=np.int32))


# Record 0 equals 1, shares one of two terms with 2, and nothing with 3.
TERMS = make_terms([[0, 1], [0, 1], [1, 2], [3, 4]], 5)


def standing(candidates, pair):
    context = context_of("x", TERMS, 0, neighbourhood(TERMS.n_records, candidates))
    return dict(zip(context.names, context.compare(pairs_of(pair))[0].tolist(), strict=True))


def test_the_best_candidate_of_both_sides_is_mutual():
    found = standing(pairs_of((0, 1), (0, 2), (1, 2)), (0, 1))
    assert found["x_rank_min"] == found["x_rank_max"] == 1
    assert found["x_mutual_best"] == 1
    assert found["x_gap_min"] == pytest.approx(1 - 0.5)
    assert found["x_ratio_min"] == pytest.approx(1 / 0.5)
    assert found["x_others_min"] == 1


def test_the_second_best_candidate_knows_how_far_behind_it_is():
    found = standing(pairs_of((0, 1), (0, 2), (1, 2)), (0, 2))
    assert found["x_rank_max"] == 2
    assert found["x_gap_min"] == pytest.approx(0.5 - 1)
    assert found["x_mutual_best"] == 0


def test_a_pair_without_other_candidates_has_no_gap():
    found = standing(pairs_of((0, 1)), (0, 1))
    assert found["x_rank_max"] == 1
    assert found["x_others_max"] == 0
    assert np.isnan(found["x_gap_min"])
    assert np.isnan(found["x_share_max"])


def test_a_pair_that_is_no_candidate_stands_among_the_candidates_of_its_records():
    among = pairs_of((0, 2), (1, 2))
    found = standing(among, (0, 1))
    assert found["x_rank_max"] == 1
    assert found["x_others_min"] == 1
    assert found["x_gap_min"] == pytest.approx(0.5)


def test_an_empty_record_is_similar_to_nothing():
    terms = make_terms([[0], []], 1)
    assert similarity_of(terms, pairs_of((0, 1)), 0, lengths_of(terms)).tolist() == [0]


def test_what_is_ignored_makes_no_record_longer():
    terms = make_terms([[0, 1], [1]], 2, [[1, 0], [0]])
    found = [similarity_of(terms, pairs_of((0, 1)), bits, lengths_of(terms))[0] for bits in (0, 1)]
    assert found == pytest.approx([np.sqrt(0.5), 1])


def test_no_candidates_leave_every_record_alone():
    nothing = Pairs(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))
    context = context_of("x", TERMS, 0, neighbourhood(TERMS.n_records, nothing))
    assert context.compare(nothing).shape == (0, len(context.names))
    assert context.compare(pairs_of((0, 1))).shape == (1, len(context.names))


@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p[0] < p[1])))
def test_a_neighbourhood_has_every_candidate_on_both_sides(chosen):
    ordered = sorted(chosen)
    pairs = Pairs(*np.array(ordered, dtype=np.int32).reshape(-1, 2).T)
    similarity = np.linspace(0, 1, len(ordered), dtype=np.float32)
    found = neighbourhood(10, pairs)
    values = spread(found.indptr, pairs.left, pairs.right, similarity)
    for record in range(10):
        expected = sorted(
            (pair[1 - pair.index(record)], value)
            for pair, value in zip(ordered, similarity.tolist(), strict=True)
            if record in pair
        )
        start, end = found.indptr[record], found.indptr[record + 1]
        assert values[start:end].tolist() == [value for _, value in expected]
        lefts = slice(int(found.starts[record]), int(found.starts[record + 1]))
        others = [other for other, _ in expected if other > record]
        assert pairs.right[lefts].tolist() == others
