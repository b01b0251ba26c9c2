"""DESIGN 3.8 and 3.9: the same bytes for the same input, and every value as it came in."""

import csv
import io
import logging

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import matcher

FILES = ("records.csv", "pairs.csv", "families.csv")


def written(folder):
    return [(folder / name).read_bytes() for name in FILES]


@pytest.fixture(scope="module")
def usual(demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("usual") / "out"
    matcher.dedupe(demo).write(folder)
    return folder


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_the_number_of_threads_changes_no_byte(demo, usual, tmp_path, threads):
    matcher.dedupe(demo, threads=threads).write(tmp_path / "out")
    assert written(tmp_path / "out") == written(usual)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_rows_changes_no_byte(demo, usual, tmp_path, seed):
    shuffled = demo.sample(frac=1, random_state=seed)
    matcher.dedupe(shuffled).write(tmp_path / "out")
    assert written(tmp_path / "out")[1:] == written(usual)[1:]
    found, expected = (
        list(csv.reader(io.StringIO(written(folder)[0].decode("utf-8"), newline="")))
        for folder in (tmp_path / "out", usual)
    )
    assert found[0] == expected[0]
    assert found[1:] == [expected[1 + row] for row in shuffled.index]


def test_the_order_of_the_columns_changes_no_group(demo, usual):
    records = matcher.dedupe(demo[demo.columns[::-1]]).records
    expected = pd.read_csv(usual / "records.csv", dtype=str)
    assert records["match_id"].tolist() == expected["match_id"].tolist()
    assert records["family_id"].tolist() == expected["family_id"].tolist()


def test_a_catalogue_in_two_files_is_the_same_as_in_one(demo, usual, tmp_path):
    demo[:70].to_csv(tmp_path / "1.csv", index=False)
    demo[70:].to_csv(tmp_path / "2.csv.gz", index=False)
    records = matcher.dedupe(str(tmp_path / "*.csv*")).records
    expected = pd.read_csv(usual / "records.csv", dtype=str)
    assert records["match_id"].tolist() == expected["match_id"].tolist()


def typed(demo):
    """Return the offers with a column of each type that must not become text."""
    return demo[["id", "title", "brand", "color"]].assign(
        stock=range(len(demo)), rating=[None if n % 3 else n / 4 for n in range(len(demo))]
    )


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow", "duckdb"])
def test_frames_of_every_library_come_out_as_they_went_in(demo, kind):
    frame = typed(demo)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    given = {
        "pandas": lambda: frame,
        "polars": lambda: pl.from_arrow(table),
        "pyarrow": lambda: table,
        "duckdb": lambda: duckdb.from_arrow(table),
    }[kind]()
    found = matcher.dedupe(given).records
    expected = matcher.dedupe(frame).records
    if kind == "pandas":
        pd.testing.assert_frame_equal(found[frame.columns], frame)
        assert found is not frame
        return
    arrow = {
        "polars": lambda: (found.to_arrow(), given.to_arrow()),
        "pyarrow": lambda: (found, given),
        "duckdb": lambda: tuple(pa.table(each) for each in (found, given)),
    }[kind]
    out, given_table = arrow()
    assert type(found) is type(given) or kind == "duckdb"
    assert out.select(given_table.column_names).equals(given_table)
    assert out["match_id"].to_pylist() == expected["match_id"].tolist()


def test_an_index_of_pandas_comes_out_as_it_went_in(demo):
    frame = demo.set_index(pd.Index([f"row {n}" for n in range(len(demo))], name="line"))
    pd.testing.assert_index_equal(matcher.dedupe(frame).records.index, frame.index)


def test_columns_named_like_ours_are_kept_and_told(demo):
    frame = demo.assign(match_id="mine")
    result = matcher.dedupe(frame)
    assert (result.records["match_id"] == "mine").all()
    assert result.records["match_id_2"].str.startswith("m-").all()
    assert "result_columns_taken" in {notice["kind"] for notice in result.run["notices"]}


def test_progress_is_told_and_every_stage_ends_at_its_total(demo):
    told = {}
    matcher.dedupe(demo, progress=lambda stage, done, total: told.update({stage: (done, total)}))
    assert {"parsing", "blocking", "context", "scoring", "grouping"} <= set(told)
    assert all(done == total for done, total in told.values())


def test_the_library_prints_nothing_and_writes_nothing_and_logs_as_matcher(
    demo, labels, tmp_path, monkeypatch, capfd, caplog
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    caplog.set_level(logging.DEBUG)
    model = matcher.train(demo, labels)
    matcher.dedupe(demo, model=model)
    matcher.link(demo[:80], demo[80:])
    matcher.score(demo, labels[["left_id", "right_id"]][:5])
    matcher.inspect(demo)
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []
    assert {record.name.split(".")[0] for record in caplog.records} <= {"matcher"}


def test_the_callers_frames_are_not_changed(demo, labels):
    before, labels_before = demo.copy(deep=True), labels.copy(deep=True)
    matcher.dedupe(demo, labels=labels[labels["relation"] == "exact"])
    pd.testing.assert_frame_equal(demo, before)
    pd.testing.assert_frame_equal(labels, labels_before)


@pytest.mark.parametrize("n_rows", [0, 1])
def test_jobs_run_on_next_to_nothing(demo, n_rows, tmp_path):
    result = matcher.dedupe(demo[:n_rows])
    assert len(result.records) == len(result.families) == n_rows
    assert len(result.pairs) == 0
    result.write(tmp_path / "out")
    assert len(pd.read_csv(tmp_path / "out" / "records.csv")) == n_rows
