"""`matcher evaluate` reads what `write` wrote, measures it, and fails a gate that is not met."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from matcher.cli import run_command
from matcher.cli.demo import choose_groups

RUN = {
    "columns": {"match_id": "match_id", "family_id": "family_id", "match_score": "match_score"},
    "settings": {"id": "sku", "source": "shop"},
}


@pytest.fixture
def result(tmp_path) -> Path:
    """Three of four records in the right groups: 1 of 2 found pairs is true, 1 of 1 true found."""
    folder = tmp_path / "result"
    folder.mkdir()
    (folder / "records.csv").write_text(
        '"sku","match_id","family_id","match_score"\n'
        '"01","m-a","f-a",0.9\n"02","m-a","f-a",0.9\n"03","m-b","f-a",0.8\n"04","m-b","f-a",0.8\n'
    )
    (folder / "run.json").write_text(json.dumps(RUN))
    (tmp_path / "truth.csv").write_text(
        "sku,product_id,family_id\n01,p1,f1\n02,p1,f1\n03,p2,f1\n04,p3,f1\n"
    )
    return folder


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    status = run_command(["evaluate", *(str(one) for one in arguments)])
    return status, *capsys.readouterr()


def test_measures_are_a_table_for_people(result, capsys, tmp_path):
    status, out, _ = run(capsys, result, "--truth", tmp_path / "truth.csv")
    assert status == 0
    lines = [line.split() for line in out.splitlines()]
    assert ["duplicate", "groups,", "pairwise", "0.500", "1.000", "0.667"] in lines
    assert ["families,", "pairwise", "1.000", "1.000", "1.000"] in lines


def test_measures_are_json_for_programs(result, capsys, tmp_path):
    _, out, _ = run(capsys, result, "--truth", tmp_path / "truth.csv", "--json")
    measures = json.loads(out)
    assert math.isclose(measures["match_pairwise"]["f1"], 2 / 3)
    assert measures["n_evaluated"] == 4


def test_a_gate_that_is_not_met_exits_with_1(result, capsys, tmp_path):
    truth = tmp_path / "truth.csv"
    assert run(capsys, result, "--truth", truth, "--min-f1", "0.6")[0] == 0
    assert run(capsys, result, "--truth", truth, "--min-f1", "0.7")[0] == 1
    assert run(capsys, result, "--truth", truth, "--min-f1", "7")[0] == 2


def test_truth_may_be_pairs(result, capsys, tmp_path):
    truth = tmp_path / "pairs.csv"
    truth.write_text("left_id,right_id,relation\n01,02,exact\n03,04,variant\n01,03,variant\n")
    status, out, _ = run(capsys, result, "--truth", truth, "--min-f1", "0.7")
    assert status == 1
    assert ["pairs,", "variant", "1.000", "0.500", "0.667"] in [x.split() for x in out.splitlines()]


def test_a_gate_on_families_only_is_a_mistake(result, capsys, tmp_path):
    truth = tmp_path / "families.csv"
    truth.write_text("sku,family_id\n01,f1\n02,f1\n")
    status, _, err = run(capsys, result, "--truth", truth, "--min-f1", "0.5")
    assert status == 2
    assert "--min-f1: the truth has no duplicate groups, got families only. Add a column" in err


def test_renamed_result_columns_are_found(result, capsys, tmp_path):
    records = pd.read_csv(result / "records.csv", dtype=str)
    records = records.rename(columns={"match_id": "match_id_2"}).assign(match_id="old")
    records.to_csv(result / "records.csv", index=False)
    columns = {**RUN["columns"], "match_id": "match_id_2"}
    (result / "run.json").write_text(json.dumps({**RUN, "columns": columns}))
    _, out, _ = run(capsys, result, "--truth", tmp_path / "truth.csv", "--json")
    assert math.isclose(json.loads(out)["match_pairwise"]["f1"], 2 / 3)


def test_unknown_ids_of_the_truth_are_a_warning(result, capsys, tmp_path):
    with (tmp_path / "truth.csv").open("a") as file:
        file.write("99,p9,f9\n")
    status, _, err = run(capsys, result, "--truth", tmp_path / "truth.csv")
    assert status == 0
    assert "warning: truth: 1 ids are not in the result, first '99'. They were left out." in err


def test_a_folder_without_a_result_is_a_mistake(result, capsys, tmp_path):
    status, _, err = run(capsys, tmp_path, "--truth", tmp_path / "truth.csv")
    assert status == 2
    assert err == (
        f"error: {tmp_path}: holds no result, got no records or no run.json. "
        "Give the folder that 'matcher dedupe --out' wrote.\n"
    )


def test_a_truth_that_is_no_table_is_a_mistake(result, capsys, tmp_path):
    (tmp_path / "empty.csv").touch()
    for name in ("none.csv", "empty.csv"):
        status, _, err = run(capsys, result, "--truth", tmp_path / name)
        assert status == 2
        assert f"{name}: cannot be read as a table" in err
        assert err.count("\n") == 1


def test_demo_shows_groups_of_readable_size_from_all_over():
    records = pd.DataFrame(
        {
            "title": list("abcdefghij"),
            "match_id": ["m1"] * 3 + ["m2"] * 3 + ["m3"] * 3 + ["m4"],
            "family_id": ["f1"] * 6 + ["f2"] * 4,
        }
    )
    assert choose_groups(records, "match_id", (3, 6), 3) == ["m1", "m2", "m3"]
    assert choose_groups(records, "match_id", (1, 1), 1) == ["m4"]
    assert choose_groups(records, "family_id", (5, 8), 1) == ["f1"]
    assert choose_groups(records, "family_id", (50, 80), 1) == []
