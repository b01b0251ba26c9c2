"""New ids stand wherever the old ones stood."""

import json

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from matcher.output.lineage import CHANGES, Assignment, trace_groups

EARLIER = Assignment(
    pa.array(["007", "b", "c", "d"]),
    pa.array(["P-1", "P-1", "P-2", "P-3"]),
    pa.array(["Löwe", "Löwe", "Löwe", "F-2"]),
)
NEW = {"match_id": ["P-1", "P-1", "P-2", "P-3"], "family_id": ["Löwe", "Löwe", "Löwe", "F-2"]}


def renamed(result, earlier=EARLIER):
    table = result.tables().records
    ids = [table[name].combine_chunks() for name in ("id", "match_id", "family_id")]
    return result.with_lineage(trace_groups(earlier, Assignment(*ids)))


@pytest.mark.parametrize(
    "kind", [pd.DataFrame, pl.from_pandas, pa.Table.from_pandas, duckdb.from_df]
)
def test_records_of_every_kind_bear_them_and_nothing_else_changes(build, shoes, kind):
    original = kind(shoes.drop(columns=["product", "family"]))
    result = build(shoes, original)
    after = renamed(result).records
    assert type(after) is type(result.records)
    before, found = (pa.table(one).to_pandas() for one in (result.records, after))
    assert found[["match_id", "family_id"]].to_dict("list") == NEW
    pd.testing.assert_frame_equal(
        found.drop(columns=[*NEW]), before.drop(columns=[*NEW]), check_dtype=False
    )
    assert set(before["match_id"]).isdisjoint(NEW["match_id"])  # the result is not changed
    pd.testing.assert_frame_equal(pa.table(result.records).to_pandas(), before)


def test_families_members_and_options_bear_them(build, shoes):
    tricky = shoes.assign(color=["black", "Black", 'x", {"match_id": "m-1"}]', "N/A"])
    result = build(tricky)
    after = renamed(result).families
    family = after.set_index("family_id").loc["Löwe"]
    assert family["members"].split(";") == ["P-1", "P-2"]
    options = json.loads(family["options"])
    assert options == [
        {"match_id": "P-1", "color": "black"},
        {"match_id": "P-2", "color": 'x", {"match_id": "m-1"}]'},
    ]
    assert json.loads(after.set_index("family_id").loc["F-2", "options"]) == [{"match_id": "P-3"}]
    rest = ["title", "varies_by", "n_products", "n_records", "problems"]
    pd.testing.assert_frame_equal(after[rest], result.families[rest])


def test_the_same_ids_give_the_same_families(build, demo_frame):
    result = build(demo_frame)
    table = result.tables().records
    same = Assignment(*(table[name].combine_chunks() for name in ("id", "match_id", "family_id")))
    after = renamed(result, same)
    pd.testing.assert_frame_equal(after.families, result.families)
    pd.testing.assert_frame_equal(after.records, result.records)
    assert len(after.changes) == 0


def test_the_report_shows_them(build, shoes, tmp_path):
    result = renamed(build(shoes))
    result.report(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "P-1" in page
    assert "m-hjutuu4weyq" not in page


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_changes_are_written_with_the_other_tables(build, shoes, tmp_path, ending):
    result = build(shoes)
    result.write(tmp_path / "out", format=ending)
    assert not (tmp_path / "out" / f"changes.{ending}").exists()
    assert result.changes is None
    after = renamed(
        result,
        Assignment(*(column[:2] for column in (EARLIER.keys, EARLIER.match, EARLIER.family))),
    )
    after.write(tmp_path / "out", format=ending)
    path = tmp_path / "out" / f"changes.{ending}"
    found = pd.read_csv(path) if ending == "csv" else pd.read_parquet(path)
    assert found.fillna("").astype(str).equals(after.changes.fillna("").astype(str))
    assert found["change"].tolist() == ["born", "born", "grown", "born"]
    result.write(tmp_path / "out", format=ending)
    assert not path.exists()


def test_parquet_of_no_changes_has_the_same_types(build, shoes, tmp_path):
    renamed(build(shoes)).write(tmp_path / "out", format="parquet")
    schema = pa.parquet.read_schema(tmp_path / "out" / "changes.parquet")
    assert [str(kind) for kind in schema.types] == ["string"] * 4 + ["int64"] * 3


def test_run_counts_the_changes(build, shoes):
    run = renamed(build(shoes)).run
    assert json.loads(json.dumps(run)) == run
    assert run["changes"]["recognised_records"] == 4
    assert run["changes"]["match"]["unchanged"] == 3
    assert run["changes"]["family"] == {"unchanged": 2, **dict.fromkeys(CHANGES, 0)}
