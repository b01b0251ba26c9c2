import json
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from matcher.output.tables import differences
from matcher.types import Notice, Pairs, Scores, any_differs

ADDED = ["match_id", "family_id", "match_score"]


def test_every_row_comes_back_in_its_order_with_three_columns_more(build, demo_frame):
    original = demo_frame.drop(columns=["product", "family"])
    result = build(demo_frame)
    assert list(result.records.columns) == [*original.columns, *ADDED]
    pd.testing.assert_frame_equal(result.records[original.columns], original)


def test_groups_are_those_of_the_clustering(build, demo_frame):
    result = build(demo_frame)
    for found, true in (("match_id", "product"), ("family_id", "family")):
        pairs = pd.DataFrame({"found": result.records[found], "true": demo_frame[true]})
        pairs = pairs.drop_duplicates()
        assert pairs.found.is_unique
        assert pairs.true.is_unique


def test_pandas_keeps_dtypes_and_index_and_is_not_changed(build, shoes):
    shoes.index = pd.Index([9, 9, 3, 1], name="row")
    original = shoes.drop(columns=["product", "family"]).assign(
        stock=pd.array([1, None, 3, 4], "Int64"),
        color=pd.Categorical(shoes.color),
        seen=pd.Timestamp("2024-01-01", tz="UTC"),
    )
    before = original.copy(deep=True)
    result = build(shoes, original)
    pd.testing.assert_frame_equal(original, before)
    pd.testing.assert_frame_equal(result.records[list(original.columns)], original)


def test_polars_comes_back_as_polars_with_its_types(build, shoes):
    original = pl.from_pandas(shoes.drop(columns=["product", "family"])).with_columns(
        color=pl.col("color").cast(pl.Enum(["black", "Black", "grey", "N/A"]))
    )
    records = build(shoes, original).records
    assert isinstance(records, pl.DataFrame)
    assert records.drop(ADDED).equals(original)
    assert records.schema["color"] == original.schema["color"]


def test_arrow_comes_back_as_arrow(build, shoes):
    original = pa.Table.from_pandas(shoes.drop(columns=["product", "family"]), preserve_index=False)
    records = build(shoes, original).records
    assert isinstance(records, pa.Table)
    assert records.drop_columns(ADDED) == original


def test_duckdb_comes_back_as_a_relation(build, shoes):
    offers = shoes.drop(columns=["product", "family"])
    relation = duckdb.from_df(offers)
    records = build(shoes, relation).records
    assert isinstance(records, duckdb.DuckDBPyRelation)
    assert records.columns == [*offers.columns, *ADDED]
    assert [row[0] for row in records.fetchall()] == offers["id"].tolist()


def test_paths_come_back_as_pandas(build, shoes, tmp_path):
    records = build(shoes, tmp_path / "shop.csv").records
    assert isinstance(records, pd.DataFrame)
    assert records["id"].tolist() == ["007", "b", "c", "d"]


def test_integers_with_missing_values_of_a_file_stay_integers(build, shoes):
    from matcher.output.frames import to_pandas

    table = pa.table({"stock": pa.array([1, None], pa.uint8()), "new": [True, None]})
    frame = to_pandas(table)
    assert [str(dtype) for dtype in frame.dtypes] == ["UInt8", "boolean"]


def test_several_frames_come_back_as_one(build, shoes):
    offers = shoes.drop(columns=["product", "family"])
    records = build(shoes, [offers[:2], offers[2:]]).records
    pd.testing.assert_frame_equal(records.drop(columns=ADDED), offers)


def test_ids_depend_on_neither_row_order_nor_other_groups(build, shoes):
    all_rows = build(shoes).records.set_index("id")
    turned = build(shoes[::-1]).records.set_index("id")
    alone = build(shoes[shoes.family == "f1"]).records.set_index("id")
    for name in ("match_id", "family_id"):
        assert all_rows[name].to_dict() == turned[name].to_dict()
        assert alone[name].to_dict() == all_rows[name].drop("d").to_dict()


def test_ids_are_the_same_on_every_machine(build, shoes):
    records = build(shoes).records
    assert records["match_id"][0] == "m-hjutuu4weyq"
    assert records["family_id"][0] == "f-hjutuu4weyq"


def test_match_score_is_missing_where_a_record_stands_alone(build, shoes):
    scores = build(shoes).records["match_score"]
    assert scores.tolist()[:2] == [0.9, 0.9]
    assert scores.isna().tolist() == [False, False, True, True]


def test_columns_of_an_older_result_are_kept_and_ours_renamed_with_a_notice(build, shoes):
    result = build(shoes.assign(match_id="old"))
    assert result.records["match_id"].eq("old").all()
    assert result.records["match_id_2"].str.startswith("m-").all()
    assert result.run["columns"]["match_id"] == "match_id_2"
    (notice,) = result.run["notices"]
    assert notice == {
        "kind": "result_columns_taken",
        "count": 1,
        "message": "records: the input already has columns of the result, which were kept; ours "
        "are written 'match_id' as 'match_id_2'. Drop the old ones to get the usual names.",
    }


def test_pairs_say_in_what_they_differ(build, shoes):
    pairs = build(shoes).pairs
    assert list(pairs.columns) == [
        *("left_id", "right_id", "relation", "p_exact", "p_variant", "p_different"),
        "differs_in",
    ]
    rows = {(row.left_id, row.right_id): row for row in pairs.itertuples()}
    assert rows["007", "b"].relation == "exact"
    assert rows["007", "b"].differs_in == ""  # black and Black
    assert rows["007", "c"].relation == "variant"
    assert rows["007", "c"].differs_in == "color"
    assert rows["007", "c"].p_variant == 0.9


def test_surely_different_pairs_are_not_listed(build, shoes):
    pairs = Pairs(np.array([0, 0, 1], np.int32), np.array([1, 2, 3], np.int32))
    probabilities = np.array([[0, 0.005, 0.995], [0.01, 0.01, 0.98], [0, 0, 1]], np.float32)
    relations = np.array([2, 2, 0], np.int8)  # the last one by a person's label
    result = build(shoes, scores=Scores(pairs, probabilities, relations))
    assert result.pairs["relation"].tolist() == ["different", "exact"]
    assert result.run["counts"]["scored_pairs"] == 3


def test_ids_that_repeat_across_sources_are_written_with_their_source(build, shoes):
    pairs = build(shoes.assign(id=["1", "1", "2", "2"])).pairs
    assert set(pairs["left_id"]) | set(pairs["right_id"]) == {"one/1", "two/1", "two/2"}


def test_families_tell_how_they_vary(build, shoes):
    families = build(shoes).families.set_index("title")
    assert families.loc["STRIDER 3 BLACK", ["varies_by", "n_products", "n_records"]].tolist() == [
        *("color", 2, 3)
    ]
    assert families.loc["Court Löw", ["varies_by", "n_products", "n_records"]].tolist() == [
        *("", 1, 1)
    ]


def test_family_ids_join_records_and_families(build, demo_frame):
    result = build(demo_frame)
    assert result.families["family_id"].is_unique
    assert set(result.families["family_id"]) == set(result.records["family_id"])
    assert result.families["n_records"].sum() == len(demo_frame)
    assert result.families["n_products"].sum() == demo_frame["product"].nunique()


def test_counts_agree_with_the_groups(build, shoes):
    counts = build(shoes).run["counts"]
    assert counts == {
        "inputs": 1,
        "rows": 4,
        "records": 4,
        "sources": 2,
        "scored_pairs": 3,
        "exact_pairs": 1,
        "variant_pairs": 2,
        "products": 3,
        "duplicate_groups": 1,
        "records_in_duplicate_groups": 2,
        "families": 2,
        "families_of_several_products": 1,
        "largest_duplicate_group": 2,
        "largest_family": 3,
    }


def test_one_row_is_a_result(build, shoes):
    result = build(shoes[:1])
    assert len(result.records) == len(result.families) == 1
    assert len(result.pairs) == 0


def test_run_is_plain_json(build, demo_frame):
    run = build(demo_frame).run
    assert json.loads(json.dumps(run, allow_nan=False)) == run
    assert run["dropped"] == {"blocking": {"oversize keys": 2}}
    assert run["stages"][1] == {"name": "blocking", "seconds": 1.25, "peak_mb": 120.0}
    assert run["versions"]["pandas"] == pd.__version__


@pytest.mark.parametrize("column", ["match_id", "family_id"])
def test_result_ids_are_short_words(build, demo_frame, column):
    assert build(demo_frame).records[column].str.fullmatch(r"[mf]-[a-z2-7]{11}").all()


def test_made_ids_come_out_so_that_pairs_can_be_joined(build, shoes):
    assert "record_id" not in build(shoes).records
    made = Notice("missing_ids", "records: there is no id column for 4 rows.", 4)
    result = build(shoes, notices=(made,))
    assert list(result.records.columns)[-4:] == ["record_id", *ADDED]
    assert set(result.pairs["left_id"]) <= set(result.records["record_id"])


def test_a_pair_differs_in_axes_then_the_brand_then_codes_known_on_both_sides(build_records, shoes):
    records = replace(
        build_records(shoes),  # black, unknown, Black, grey in this order
        brands=np.int32([0, 1, -1, 1]),
        codes={"gtin": np.int32([4, 5, 5, 5]), "mpn": np.int32([-1, 1, 2, 2])},
    )
    left, right = np.triu_indices(4, 1)
    found = differences(records, left.astype(np.int32), right.astype(np.int32)).to_pylist()
    known = {axis: records.axis_limits[axis] for axis in records.axes}
    known |= {"brand": records.brands[None]} | {k: each[None] for k, each in records.codes.items()}
    flags = {name: any_differs(each, left, right) for name, each in known.items()}
    expected = [";".join(name for name in flags if flags[name][pair]) for pair in range(6)]
    assert found == expected
    assert found[2] == "color;brand;gtin"
