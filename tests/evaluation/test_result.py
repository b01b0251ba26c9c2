import json

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from matcher.errors import LabelsError, RecordsError
from matcher.evaluation import evaluate_groups

RESULT = {
    "id": ["a", "b", "c", "d"],
    "match_id": ["m1", "m1", "m2", "m3"],
    "family_id": ["f1", "f1", "f1", "f2"],
}


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, pa.table])
def test_records_are_compared_by_id_whatever_the_frame_and_the_order(frame):
    truth = frame({"id": ["c", "b", "a"], "product_id": [2, 1, 1], "family_id": [7, 7, 7]})
    evaluation = evaluate_groups(frame(RESULT), truth)
    assert evaluation.match_pairwise.f1 == 1.0
    assert evaluation.match_bcubed.f1 == 1.0
    assert evaluation.family_pairwise.tp == 3
    assert evaluation.n_evaluated == 3
    assert evaluation.n_without_truth == 1
    assert evaluation.notices == ()


def test_ids_as_numbers_and_as_text_agree():
    result = pa.table({"id": ["1", "2"], "match_id": [0, 0], "family_id": [0, 0]})
    truth = pa.table({"id": [1, 2], "cluster": [9, 9]})
    assert evaluate_groups(result, truth).match_pairwise.tp == 1
    assert evaluate_groups(result, truth).family_pairwise is None


def test_unknown_ids_are_left_out_and_counted():
    truth = pa.table({"id": ["a", "x", "y"], "cluster": [1, 1, 1]})
    (notice,) = evaluate_groups(pa.table(RESULT), truth).notices
    assert notice.kind == "unknown_truth_ids"
    assert notice.count == 2
    assert notice.message == (
        "truth: 2 ids are not in the result, first 'x', 'y'. They were left out."
    )


def test_a_record_without_a_true_group_is_no_group_of_its_own_kind():
    truth = pa.table({"id": ["a", "b", "c"], "cluster": pa.array([None, None, 1])})
    assert evaluate_groups(pa.table(RESULT), truth).match_pairwise.fn == 0


def test_pairs_are_compared_as_relations():
    truth = pa.table(
        {
            "left_id": ["a", "a", "a", "z"],
            "right_id": ["b", "c", "d", "a"],
            "relation": ["exact", "variant", "exact", "exact"],
        }
    )
    evaluation = evaluate_groups(pa.table(RESULT), truth)
    assert evaluation.relations.confusion.tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 0]]
    assert evaluation.n_evaluated == 3
    assert evaluation.notices[0].message == (
        "truth: 1 pairs are not in the result, first 'z - a'. They were left out."
    )


def test_pairs_without_a_relation_are_exact():
    truth = pa.table({"left_id": ["a"], "right_id": ["b"]})
    assert evaluate_groups(pa.table(RESULT), truth).relations.accuracy == 1.0


def test_sources_make_ids_unique():
    result = pa.table(
        {"id": ["1", "1"], "shop": ["x", "y"], "match_id": [0, 0], "family_id": [0, 0]}
    )
    truth = pa.table({"id": ["1", "1"], "shop": ["x", "y"], "cluster": [4, 4]})
    assert evaluate_groups(result, truth, source_column="shop").match_pairwise.tp == 1
    pairs = pa.table({"left_id": ["x/1"], "right_id": ["y/1"], "label": ["1"]})
    assert evaluate_groups(result, pairs, source_column="shop").relations.accuracy == 1.0


def test_an_evaluation_is_json():
    truth = pa.table({"id": ["a", "x"], "cluster": [1, 1]})
    told = json.loads(json.dumps(evaluate_groups(pa.table(RESULT), truth).to_dict()))
    assert told["match_pairwise"]["f1"] == 0.0
    assert told["relations"] is None
    assert told["notices"][0]["count"] == 1


@pytest.mark.parametrize(
    ("truth", "error", "message"),
    [
        (
            {"id": ["a", "a"], "cluster": [1, 2]},
            RecordsError,
            "truth: 1 ids occur more than once, first 'a'. Every record must occur once.",
        ),
        (
            {"id": ["x"], "cluster": [1]},
            RecordsError,
            "truth: none of its 1 rows names a record of the result, first 'x'. "
            "Give the truth of this catalogue.",
        ),
        (
            {"key": ["a"], "cluster": [1]},
            RecordsError,
            "truth: column 'id' is missing, got columns 'key', 'cluster'. "
            "Name the right column or file.",
        ),
        (
            {"id": ["a"], "group": [1]},
            RecordsError,
            "truth: no column of true groups, got columns 'id', 'group'. Name it one of "
            "product_id, match_id, cluster, cluster_id, entity_id, or family_id.",
        ),
        (
            {"left_id": ["a"], "right_id": ["b"], "relation": ["equal"]},
            LabelsError,
            "truth: 1 values of relation are no relation, got 'equal'. "
            "Use exact, variant or different.",
        ),
    ],
)
def test_a_bad_truth_is_an_error(truth, error, message):
    with pytest.raises(error) as caught:
        evaluate_groups(pa.table(RESULT), pa.table(truth))
    assert str(caught.value) == message
