import numpy as np

from matcher.evaluation import blocking_measures, pair_measures, relation_measures
from matcher.types import Pairs


def test_shares_of_nothing_are_zero():
    measures = pair_measures(np.zeros(3, bool), np.zeros(3, bool))
    assert (measures.precision, measures.recall, measures.f1) == (0.0, 0.0, 0.0)
    none = Pairs.from_keys(np.empty(0, np.int64))
    assert blocking_measures(none, none, 0).pairs_completeness == 0.0


def test_pair_counts_become_plain_numbers():
    measures = pair_measures(np.array([1, 1, 1, 0], bool), np.array([1, 0, 0, 1], bool))
    assert measures.to_dict() == {
        "precision": 0.5, "recall": 1 / 3, "f1": 0.4, "tp": 1, "fp": 1, "fn": 2,
    }  # fmt: skip


def test_linking_counts_pairs_across_the_tables_only():
    pairs = Pairs(np.array([0, 1], np.int32), np.array([2, 3], np.int32))
    measures = blocking_measures(pairs, pairs, n_left=2, n_right=4)
    assert measures.reduction_ratio == 0.75
    assert measures.candidates_per_record == 1.0
    assert measures.pairs_quality == 1.0


def test_relations_that_never_occur_do_not_lower_the_macro_f1():
    measures = relation_measures(np.array([0, 0, 2]), np.array([0, 0, 2]))
    assert measures.macro_f1 == 1.0
    assert measures.by_relation["variant"].f1 == 0.0
    assert measures.to_dict()["confusion"] == [[2, 0, 0], [0, 0, 0], [0, 0, 1]]
