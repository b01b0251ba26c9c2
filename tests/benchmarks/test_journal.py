"""Results are appended as JSON lines that say how they came about, and not where."""

import json
import platform
from pathlib import Path

from benchmarks.journal import Journal, machine, read_newest, summarise


def test_a_line_says_how_its_figures_came_about(tmp_path: Path) -> None:
    journal = Journal.start("quality", tmp_path / "new")
    journal.append("abt-buy", {"pair_f1": [0.9, 0.92]}, {"ignore": ["color"]}, seeds=[0, 1])
    (text,) = (tmp_path / "new" / "quality.jsonl").read_text().splitlines()
    line = json.loads(text)
    assert set(line) == {
        *("benchmark", "commit", "has_changes", "machine", "versions", "set", "case"),
        *("finished", "seeds", "settings", "figures"),
    }
    assert (line["benchmark"], line["set"], line["seeds"]) == ("quality", "abt-buy", [0, 1])
    assert line["settings"] == {"ignore": ["color"]}
    assert line["figures"]["pair_f1"]["values"] == [0.9, 0.92]
    assert "lightgbm" in line["versions"]


def test_a_line_names_neither_host_nor_folder(tmp_path: Path) -> None:
    Journal.start("quality", tmp_path).append("abt-buy", {"f1": [1.0]}, {})
    text = (tmp_path / "quality.jsonl").read_text()
    assert set(machine()) == {"cores", "cpu", "memory_gb", "system"}
    assert platform.node() not in text
    assert str(Path.home()) + "/" not in text
    assert str(tmp_path) not in text


def test_a_single_value_has_no_spread() -> None:
    found = summarise([0.25])
    assert found == {
        "values": [0.25],
        **dict.fromkeys(("min", "median", "mean", "max"), 0.25),
        "spread": 0.0,
    }


def test_lines_are_appended_and_the_newest_of_each_case_is_read(tmp_path: Path) -> None:
    journal = Journal.start("blocking", tmp_path)
    for value, name, case in ((1, "a", "10"), (2, "b", "10"), (3, "a", "14"), (4, "a", "10")):
        journal.append(name, {"seconds": [value]}, {}, case=case)
    assert len((tmp_path / "blocking.jsonl").read_text().splitlines()) == 4
    found = [
        (line["set"], line["case"], line["figures"]["seconds"]["mean"])
        for line in read_newest("blocking", tmp_path)
    ]
    assert found == [("a", "10", 4.0), ("b", "10", 2.0), ("a", "14", 3.0)]


def test_without_results_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert read_newest("quality", tmp_path) == []
