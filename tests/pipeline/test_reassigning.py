"""Ids of an earlier result live on, wherever it comes from; one that is none is told."""

import json

import pandas as pd
import polars as pl
import pytest

import matcher
from matcher.errors import RecordsError

IDS = ["match_id", "family_id"]


@pytest.fixture(scope="module")
def offers(demo):
    return demo[:60].reset_index(drop=True)


@pytest.fixture(scope="module")
def result(offers):
    return matcher.dedupe(offers)


@pytest.fixture(scope="module")
def known(result):
    """Return the groups under ids of another system."""
    frame = result.records[["id", *IDS]].copy()
    return frame.assign(**{name: "golden-" + frame[name].str[2:] for name in IDS})


def ids(one):
    return one.records.set_index("id")[IDS].sort_index()


def test_the_same_input_twice_has_the_same_ids_and_no_changes(result, offers):
    again = matcher.dedupe(offers, earlier=result)
    pd.testing.assert_frame_equal(ids(again), ids(result))
    assert len(again.changes) == 0
    assert again.run["changes"]["recognised_records"] == 60
    assert again.run["changes"]["match"]["unchanged"] == result.run["counts"]["products"]


@pytest.mark.parametrize("form", ["result", "csv", "parquet", "frame", "polars", "file"])
def test_ids_live_on_from_any_form_of_an_earlier_result(result, known, offers, form, tmp_path):
    first = matcher.reassign(result, known)
    if form in ("csv", "parquet"):
        first.write(tmp_path / "old", format=form)
    known.to_csv(tmp_path / "known.csv", index=False)
    earlier = {
        "result": first,
        "frame": known,
        "polars": pl.from_pandas(known),
        "file": str(tmp_path / "known.csv"),
    }.get(form, tmp_path / "old")
    again = matcher.reassign(matcher.dedupe(offers[::-1]), earlier)
    pd.testing.assert_frame_equal(ids(again), ids(first))
    assert ids(again)["match_id"].str.startswith("golden-").all()
    assert len(again.changes) == 0
    assert not [one for one in again.run["notices"] if one["kind"].endswith("_earlier")]


def test_new_offers_leave_the_ids_of_whole_groups(result, known, demo):
    grown = matcher.dedupe(demo[:100], earlier=known)
    before = known.set_index("id")
    for level in IDS:
        after = grown.records.set_index("id").loc[before.index, level]
        changes = grown.changes[grown.changes["level"] == level.removesuffix("_id")]
        gone = changes.loc[changes["change"].isin(["merged", "split", "moved"]), "old_id"]
        whole = ~before[level].isin(gone)
        assert whole.sum() > 40
        assert (after[whole] == before.loc[whole, level]).all()


def test_ids_that_sources_share_are_told_apart_by_them(result, offers):
    shared = offers.assign(
        id=[f"{number // 2}" for number in range(60)], shop=["north", "south"] * 30
    )
    first = matcher.dedupe(shared, source="shop")
    names = first.records.assign(match_id="x" + first.records["match_id"], source=shared["shop"])
    again = matcher.dedupe(shared[::-1], earlier=names[["id", "source", *IDS]], source="shop")
    pd.testing.assert_series_equal(
        again.records["match_id"].sort_index(), names["match_id"], check_names=False
    )
    named = names[["id", *IDS]].drop_duplicates("id")
    without = matcher.reassign(first, named)
    (notice,) = [one for one in without.run["notices"] if one["kind"] == "ambiguous_earlier"]
    assert notice["count"] == 60
    assert notice["message"] == (
        "catalogue: 30 ids occur in several sources, first '0', '1', '2', and the other result "
        "names no sources. Their records were not recognised; give both a column of the source."
    )


def test_ids_that_two_inputs_share_count_in_the_order_of_the_inputs(offers, tmp_path):
    halves = [offers[:30].drop(columns="seller"), offers[30:].drop(columns="seller")]
    halves[1] = halves[1].assign(id=halves[0]["id"].to_numpy())
    first = matcher.dedupe(halves)
    first.write(tmp_path / "old")
    again = matcher.dedupe(halves, earlier=tmp_path / "old")
    assert again.records["match_id"].tolist() == first.records["match_id"].tolist()
    assert len(again.changes) == 0
    assert again.run["changes"]["recognised_records"] == 60


def test_records_without_ids_are_recognised_by_their_content(offers, tmp_path):
    bare = offers.drop(columns="id")
    matcher.dedupe(bare).write(tmp_path / "old")
    again = matcher.dedupe(bare[::-1], earlier=tmp_path / "old")
    assert len(again.changes) == 0
    some = offers.assign(id=offers["id"].where(offers.index % 3 > 0))
    matcher.dedupe(some).write(tmp_path / "old")
    again = matcher.dedupe(some, earlier=tmp_path / "old")
    assert again.run["changes"]["recognised_records"] == 60


def test_a_link_knows_the_tables_of_its_records(offers, tmp_path):
    left, right = offers[:30], offers[30:].assign(id=offers["id"][:30].to_numpy())
    first = matcher.link(left, right)
    first.write(tmp_path / "old")
    again = matcher.link(left, right, earlier=tmp_path / "old")
    assert again.records["match_id"].tolist() == first.records["match_id"].tolist()
    assert len(again.changes) == 0
    run = json.loads((tmp_path / "old" / "run.json").read_text("utf-8"))
    run["input_rows"] = [30, 31]
    (tmp_path / "old" / "run.json").write_text(json.dumps(run))
    with pytest.raises(RecordsError) as error:
        matcher.reassign(first, tmp_path / "old")
    assert str(error.value) == (
        f"{tmp_path / 'old'}: the rows are not those that were linked, got 60 rows of inputs of "
        "'30', '31'. Give the files as 'matcher link' wrote them."
    )


def test_an_earlier_result_of_other_records_is_told(result, known):
    other = known.assign(id="x" + known["id"])
    after = matcher.reassign(result, other)
    (notice,) = [one for one in after.run["notices"] if one["kind"] == "unknown_earlier"]
    assert notice["message"].startswith("earlier: none of its 60 records is in the catalogue, fir")
    assert set(after.changes["change"]) == {"born", "died"}
    pd.testing.assert_frame_equal(ids(after), ids(result))


def test_a_column_that_was_renamed_is_the_one_that_counts(result, known, offers, tmp_path):
    first = matcher.dedupe(offers.assign(match_id="mine"), earlier=known)
    assert (first.records["match_id"] == "mine").all()
    first.write(tmp_path / "old")
    again = matcher.dedupe(offers, earlier=tmp_path / "old")
    assert again.records["match_id"].tolist() == first.records["match_id_2"].tolist()
    assert len(again.changes) == 0


def test_exports_and_reports_speak_of_the_new_ids(result, known, tmp_path):
    after = matcher.reassign(result, known)
    after.write(tmp_path / "out")
    first = after.export("shopify", tmp_path / "a.csv")
    second = matcher.export(tmp_path / "out", "shopify", tmp_path / "b.csv")
    assert first.n_products == second.n_products == result.run["counts"]["products"]
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def with_run(folder, **changed):
    run = json.loads((folder / "run.json").read_text("utf-8"))
    run |= changed
    kept = {name: value for name, value in run.items() if value is not None}
    (folder / "run.json").write_text(json.dumps(kept))


def break_folder(folder, how):
    if how == "newer":
        with_run(folder, format=2)
    elif how == "older":
        with_run(folder, input_rows=None)
    elif how == "no run":
        (folder / "run.json").unlink()
    elif how == "no json":
        (folder / "run.json").write_text("{")
    else:
        path = folder / "records.csv"
        pd.read_csv(path, dtype=str).drop(columns="match_id").to_csv(path, index=False)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        (
            "newer",
            "{0}/run.json: was written by a newer version of matcher, got format 2 where 1 is the "
            "highest known. Update matcher.",
        ),
        (
            "older",
            "{0}: the result is of an older version, got no input_rows. Run 'matcher dedupe' "
            "again.",
        ),
        (
            "no run",
            "{0}: holds no result, got no records or run.json. Give the folder that 'matcher "
            "dedupe --out' wrote.",
        ),
        (
            "no json",
            "{0}/run.json: cannot be read, got Expecting property name enclosed in double quotes: "
            "line 1 column 2 (char 1). Run 'matcher dedupe' again.",
        ),
        (
            "no column",
            "{0}/records.csv: 1 columns of the result are missing, got no 'match_id'. Give the "
            "file as 'matcher dedupe' wrote it.",
        ),
    ],
)
def test_a_folder_that_is_no_result_is_told_before_anything_is_compared(
    result, offers, how, message, tmp_path, monkeypatch
):
    result.write(tmp_path / "old")
    break_folder(tmp_path / "old", how)
    monkeypatch.setattr("matcher.pipeline.jobs.prepare", None)
    with pytest.raises(RecordsError) as error:
        matcher.dedupe(offers, earlier=tmp_path / "old")
    assert str(error.value) == message.format(tmp_path / "old")


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (
            {"id": ["a"], "match": ["m"]},
            "earlier: column 'match_id' is missing, got columns 'id', 'match'. Give id, match_id, "
            "family_id, and source where ids alone are not unique.",
        ),
        (
            {"id": ["a", None], "match_id": ["m", "m"], "family_id": ["f", "f"]},
            "earlier: 1 rows have no id. Give the id of every record, or leave these rows out.",
        ),
        (
            {"id": ["a", "a"], "match_id": ["m", "m"], "family_id": ["f", "f"]},
            "earlier: 2 rows have the id of another one, first 'a', 'a'. Give every record once, "
            "with its source where ids alone are not unique.",
        ),
        (
            {"id": ["a"], "match_id": ["m;n"], "family_id": ["f"]},
            "earlier: 1 values of match_id cannot be ids, got 'm;n'. Give ids without quotes, "
            "backslashes, semicolons and control characters.",
        ),
    ],
)
def test_a_table_that_is_no_result_is_told(result, frame, message):
    with pytest.raises(RecordsError) as error:
        matcher.reassign(result, pd.DataFrame(frame))
    assert str(error.value) == message


def test_what_is_no_result_at_all_is_told(result, tmp_path):
    with pytest.raises(RecordsError) as error:
        matcher.reassign(result, 7)
    assert str(error.value) == (
        "earlier: is no result, got int. Give a result, its folder, or a table with the columns "
        "id, match_id, family_id."
    )
    with pytest.raises(RecordsError, match="there is no such file or folder"):
        matcher.reassign(result, tmp_path / "nowhere")


def test_a_result_of_a_run_killed_while_it_was_replaced_is_still_found(result, tmp_path):
    result.write(tmp_path / "old")
    (tmp_path / "old").rename(tmp_path / ".old.matcher-old")
    assert len(matcher.reassign(result, tmp_path / "old").changes) == 0
