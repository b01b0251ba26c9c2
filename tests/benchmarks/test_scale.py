"""Tools of any kind are measured on the same file, and what fails is recorded as such."""

import json
from pathlib import Path

import pytest

import benchmarks.scale.run as scale
from benchmarks.journal import Journal, read_newest
from benchmarks.scale.figures import measure_groups, pairs_completeness, read_truth
from benchmarks.scale.run import Case, measure_scale
from benchmarks.scale.tools import Tool, choose_tools
from benchmarks.tables import make_tables

ONE_GROUP = """
import csv, sys
from pathlib import Path
rows = list(csv.DictReader(open(sys.argv[1])))
text = "".join(f"{row['id']},1\\n" for row in rows)
(Path(sys.argv[2]) / "records.csv").write_text("id,match_id\\n" + text)
"""


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    """Return a catalogue of two products, and an offer that nobody can tell."""
    path = tmp_path / "records.csv"
    path.write_text("id,title\n1,a\n2,a\n3,b\n4,any\n")
    known = "id,product_id,family_id\n1,P,F\n2,P,F\n3,Q,F\n4,Q,F\n"
    (tmp_path / "truth.csv").write_text(known)
    return path


def test_groups_are_measured_without_offers_that_nobody_can_tell(
    truth: Path, tmp_path: Path
) -> None:
    found = tmp_path / "found.csv"
    found.write_text("id,match_id\n1,x\n2,x\n3,x\n4,x\n")
    figures = measure_groups(found, read_truth(truth, "any"))
    assert figures["recall"] == 1.0
    assert figures["precision"] == pytest.approx(1 / 3)
    assert figures["largest_group"] == 4
    assert "family_f1" not in figures


def test_families_are_measured_where_there_are_some(truth: Path, tmp_path: Path) -> None:
    found = tmp_path / "found.csv"
    found.write_text("id,match_id,family_id\n1,x,f\n2,x,f\n3,y,f\n4,y,f\n")
    figures = measure_groups(found, read_truth(truth))
    assert (figures["f1"], figures["family_f1"]) == (1.0, 1.0)


def test_true_pairs_that_are_listed_are_counted(truth: Path, tmp_path: Path) -> None:
    listed = tmp_path / "pairs.csv"
    listed.write_text("left_id,right_id,more\n1,2,x\n1,3,x\n3,4,x\n")
    assert pairs_completeness(listed, read_truth(truth)) == 1.0
    assert pairs_completeness(listed, read_truth(truth, "any")) == 1.0
    listed.write_text("left_id,right_id\n3,4\n")
    assert pairs_completeness(listed, read_truth(truth)) == 0.5


def test_tools_that_are_not_installed_are_skipped_by_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("benchmarks.scale.tools.installed_version", lambda package: None)
    assert [tool.name for tool in choose_tools(["matcher", "splink"])] == ["matcher"]
    assert "skipped splink: not installed" in capsys.readouterr().out


def test_each_run_is_recorded_and_a_failed_one_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = [
        Tool("one", "pandas", ("-c", ONE_GROUP, "FILE", "FOLDER")),
        Tool("none", "pandas", ("-c", "import sys; sys.exit('too large')")),
    ]
    cases = [Case(200, is_skewed=False), Case(400, is_skewed=False), Case(400, is_skewed=True)]
    measure_scale(cases, tools, 2, 60, Journal.start("scale", tmp_path))
    lines = {(line["set"], line["case"]): line for line in read_newest("scale", tmp_path)}
    assert len(lines) == 6
    one, failed = lines["400, skewed", "one"], lines["200", "none"]
    assert one["figures"]["largest_group"]["values"] == [400.0, 400.0]
    assert one["figures"]["recall"]["mean"] == 1.0
    assert failed["settings"]["status"] == "failed: too large"
    assert "seconds" not in failed["figures"]
    text = make_tables(tmp_path)["scale"]
    assert "| Growth | Against not skewed |" in text
    rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines()[2:8]]
    assert [row[1] for row in rows] == ["200", "200", "400", "400", "400, skewed", "400, skewed"]
    assert rows[1][3] == "failed"
    assert (rows[0][4], rows[4][5][-6:]) == ("-", " times")
    assert float(rows[2][4]) < 5


def test_matcher_gets_one_cache_of_kernels_that_a_small_run_has_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scale, "WARM_ROWS", 10)
    seen = tmp_path / "seen"
    code = (
        "import os, json, sys; rows = open(sys.argv[1]).read().count(chr(10)) - 1;"
        f"print(json.dumps([os.environ['NUMBA_CACHE_DIR'], rows]), file=open({str(seen)!r}, 'a'));"
        f"exec({ONE_GROUP!r})"
    )
    tool = Tool("matcher", "matcher", ("-c", code, "FILE", "FOLDER"))
    case = Case(100, is_skewed=False)
    measure_scale([case], [tool], 1, 60, Journal.start("scale", tmp_path / "results"))
    calls = [json.loads(line) for line in seen.read_text().splitlines()]
    assert [rows for _, rows in calls] == [10, 100]
    assert calls[0][0] == calls[1][0]
