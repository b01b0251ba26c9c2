"""Tools answer the same task, what they learned from does not count, and none runs for ever."""

import ast
import time
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import benchmarks.compare
from benchmarks.compare.blocking import rare_token_pairs
from benchmarks.compare.process import figures_of, measure
from benchmarks.compare.run import Outcome, compare, model_for
from benchmarks.compare.task import (
    COLUMNS,
    Columns,
    Found,
    Task,
    best_threshold,
    codes,
    numbers,
    read_task,
    tokens,
)
from benchmarks.compare.tools import (
    NO_LABELS,
    TOOLS,
    WAYS,
    WITH_LABELS,
    Way,
    choose_ways,
    find_way,
    installed_version,
)
from benchmarks.datasets import DataSet
from benchmarks.journal import Journal, read_newest

LABELS = "left_id,right_id,label\n"


@pytest.fixture
def labelled(linked: DataSet, monkeypatch: pytest.MonkeyPatch) -> DataSet:
    """Two tables of which record 0 and record 1 match crosswise, each pair in another split."""
    monkeypatch.setitem(COLUMNS, "linked", Columns("title"))
    (linked.folder / "pairs_train.csv").write_text(f"{LABELS}0,1,1\n")
    (linked.folder / "pairs_valid.csv").write_text(f"{LABELS}0,0,0\n")
    (linked.folder / "pairs_test.csv").write_text(f"{LABELS}1,0,1\n1,1,0\n")
    return linked


def pairs(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["left_id", "right_id"])


def test_a_task_without_labels_holds_none(labelled: DataSet) -> None:
    task = read_task(labelled, with_labels=False)
    assert task.train is None
    assert task.valid is None
    assert list(task.asked.columns) == ["left_id", "right_id"]


def test_a_task_with_labels_holds_those_of_train_and_valid_apart(labelled: DataSet) -> None:
    task = read_task(labelled, with_labels=True)
    assert task.train is not None
    assert task.valid is not None
    assert task.train["label"].tolist() == [1]
    assert task.valid["label"].tolist() == [0]


def test_pairs_that_a_tool_learned_from_do_not_count(labelled: DataSet) -> None:
    found = Found(pairs(("0", "1"), ("0", "0")))  # the labelled match, and a labelled non-match
    assert figures_of(labelled, found, has_labels=True)["end_to_end_recall"] == 0.0
    free = figures_of(labelled, found, has_labels=False)
    assert (free["end_to_end_precision"], free["end_to_end_recall"]) == (0.5, 0.5)


def test_a_tool_that_cannot_be_asked_has_no_pair_f1(labelled: DataSet) -> None:
    nothing = pairs()
    assert "pair_f1" not in figures_of(labelled, Found(nothing), has_labels=False)
    judged = Found(nothing, np.array([True, True]))
    assert figures_of(labelled, judged, has_labels=False)["pair_f1"] == pytest.approx(2 / 3)


def test_a_way_is_timed_by_the_clock_and_by_the_processors(
    labelled: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(task: Task) -> Found:
        time.sleep(0.3)
        return Found(pairs(("0", "1")))

    monkeypatch.setattr(Way, "load", lambda way: link)
    figures = measure(labelled, WAYS[0], None)
    assert figures["end_to_end_precision"] == 1.0
    assert figures["seconds"] >= 0.3
    assert 0 <= figures["cpu_seconds"] < 0.3


def test_the_best_threshold_does_not_part_equal_scores() -> None:
    scores = np.array([0.9, 0.5, 0.5, 0.1])
    assert best_threshold(scores, np.array([True, True, False, False])) == 0.5
    assert best_threshold(scores, np.array([True, False, False, False])) == 0.9


def test_codes_are_letters_with_digits_or_many_digits() -> None:
    texts = pd.Series(["Sony DSC-W55/B 12345", "bose 3 speakers 2007", "mp3 b-250gb"])
    assert codes(texts) == [["dscw55", "12345"], [], ["b250gb"]]


def test_tokens_are_distinct_and_in_order() -> None:
    assert tokens(pd.Series(["b a B", ""])) == [["b", "a"], []]


def test_what_is_no_number_is_missing() -> None:
    found = numbers(pd.Series(["$ 1,299.00", "", "call"]))
    assert found[0] == 1299.0
    assert found[1:].isna().all()


def test_rare_tokens_propose_the_best_of_both_sides() -> None:
    left = pd.Series(["sony w55 camera", "canon eos camera"], index=["a", "b"])
    right = pd.Series(["camera w55", "camera", "eos camera canon"], index=["x", "y", "z"])
    found = rare_token_pairs(left, right, per_record=1)
    best = found[found["rank"] == 0]
    assert {("a", "x"), ("b", "z")} <= set(zip(best["left_id"], best["right_id"], strict=True))
    assert not found.duplicated(["left_id", "right_id"]).any()


def test_swapping_the_tables_swaps_the_pairs_of_rare_tokens() -> None:
    left = pd.Series(["sony w55 camera", "canon eos"], index=["a", "b"])
    right = pd.Series(["camera w55", "canon camera"], index=["x", "y"])
    there, back = rare_token_pairs(left, right), rare_token_pairs(right, left)
    there = there.rename(columns={"left_id": "right_id", "right_id": "left_id"})
    columns = ["left_id", "right_id"]
    ordered = [each.sort_values(columns, ignore_index=True) for each in (there, back)]
    pd.testing.assert_frame_equal(*ordered, check_like=True)


def test_a_missing_tool_is_skipped_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def only_matcher(tool: str) -> str | None:
        return "0.1.0" if tool == "matcher" else None

    monkeypatch.setattr("benchmarks.compare.tools.installed_version", only_matcher)
    assert {way.tool for way in choose_ways([])} == {"matcher"}
    said = capsys.readouterr().out
    assert "skipped splink: not installed, pip install -e '.[bench]'" in said
    assert said.count("skipped") == len(TOOLS) - 1


def test_an_unknown_tool_is_named_with_the_nearest() -> None:
    with pytest.raises(KeyError, match=r"got 'splnk'. Did you mean 'splink'\?"):
        choose_ways(["splnk"])


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_way_is_a_function_of_a_task_and_is_found_by_its_name(way) -> None:
    assert find_way(way.name) is way
    module, name = way.function.split(":")
    path = Path(benchmarks.compare.__file__).parent / f"{module}.py"
    defined = {
        node.name: [argument.arg for argument in node.args.args]
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert defined[name] == ["task"]


def test_every_tool_is_in_the_extra_that_the_skipping_names() -> None:
    root = Path(benchmarks.compare.__file__).parent.parent.parent
    text = (root / "pyproject.toml").read_text("utf-8")
    extra = text[text.index("bench = [") : text.index("dev = [")]
    assert all(tool in extra for tool in TOOLS)


def test_a_data_set_whose_columns_nobody_described_is_skipped_by_name(
    linked: DataSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    compare([linked], WAYS, 1, Journal.start("compare", tmp_path / "results"))
    assert "skipped linked" in capsys.readouterr().out
    assert read_newest("compare", tmp_path / "results") == []


class Unseen:
    """Makes a model that is an empty folder, for the set that it is asked for."""

    def of(self, data: DataSet, seed: int) -> "Unseen":
        return self

    def save(self, folder: Path) -> None:
        folder.mkdir()


def test_only_matcher_without_labels_is_given_a_model_that_never_saw_the_set(
    linked: DataSet,
) -> None:
    given = {}
    for way in WAYS:
        with model_for(linked, way, Unseen()) as model:
            given[way.tool, way.case] = model is not None and model.is_dir()
    assert [key for key, is_given in given.items() if is_given] == [("matcher", NO_LABELS)]


def test_a_run_is_recorded_with_its_tool_version_and_end(
    labelled: DataSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = iter(
        [Outcome("finished", {"seconds": 1.0, "peak_mb": 2.0}), Outcome("failed: x", {})]
    )
    monkeypatch.setattr("benchmarks.compare.run.run_way", lambda *given: next(outcomes))
    monkeypatch.setattr("benchmarks.compare.run.installed_version", lambda tool: "9.9")
    ways = [way for way in WAYS if way.case == WITH_LABELS][:2]
    compare([labelled], ways, 60, Journal.start("compare", tmp_path / "results"))
    done, failed = read_newest("compare", tmp_path / "results")
    assert done["case"] == ways[0].name
    assert done["settings"]["tool"] == ways[0].tool
    assert done["settings"]["version"] == "9.9"
    assert done["settings"]["status"] == "finished"
    assert done["figures"]["peak_mb"]["mean"] == 2.0
    assert failed["settings"]["status"] == "failed: x"
    assert failed["figures"] == {}


BRANDS = ("sony", "canon", "bose", "apple", "lenovo", "philips")
THINGS = ("camera", "speaker", "headphones", "printer", "monitor")


def small_task(*, with_labels: bool) -> Task:
    """Two tables of 120 products each, 100 of them in both, in other words and at other prices."""
    rows = []
    for i in range(120):
        brand, thing = BRANDS[i % len(BRANDS)], THINGS[i // 7 % len(THINGS)]
        code = f"{brand[:2]}x{1000 + 37 * i}"
        rows.append(
            (str(i), f"{brand} {thing} {code}", f"the {thing} {code} of {brand}", 20 + 3 * i)
        )
    left = pd.DataFrame(rows, columns=["id", "title", "description", "price"])
    right = left.assign(
        id=[f"r{i}" for i in range(120)],
        title=left["title"].str.replace(r"(\w+) (\w+) (\w+)", r"\3 \1 new \2", regex=True),
        price=left["price"] + 1,
    )
    right.loc[100:, "title"] = [f"other thing zz{i}9" for i in range(20)]
    right.loc[100:, "description"] = ""
    left, right = (table.assign(price=table["price"].astype(str)) for table in (left, right))
    labels = pd.DataFrame(
        [(str(i), f"r{(i + j) % 120}", int(j == 0)) for i in range(90) for j in (0, 6, 7)],
        columns=["left_id", "right_id", "label"],
    )
    columns = Columns("title", long=("description",), prices=("price",))
    asked = labels[180:][["left_id", "right_id"]].reset_index(drop=True)
    parts = (labels[:120], labels[120:180]) if with_labels else (None, None)
    return Task(left, right, columns, asked, *parts)


OTHERS = [way for way in WAYS if way.tool != "matcher"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # what the tools warn of among themselves
@pytest.mark.parametrize("way", OTHERS, ids=lambda way: way.name)
def test_every_tool_that_is_here_finds_most_matches_of_an_easy_catalogue(way) -> None:
    if installed_version(way.tool) is None:
        pytest.skip(f"{way.tool} is not installed")
    module, function = way.function.split(":")
    task = small_task(with_labels=way.case == WITH_LABELS)
    found = getattr(import_module(f"benchmarks.compare.{module}"), function)(task)
    assert list(found.pairs.columns) == ["left_id", "right_id"]
    assert not found.pairs.duplicated().any()
    assert set(found.pairs["left_id"]) <= set(task.left["id"])
    assert set(found.pairs["right_id"]) <= set(task.right["id"])
    is_right = "r" + found.pairs["left_id"] == found.pairs["right_id"]
    assert is_right.sum() > 60
    assert is_right.mean() > 0.6
    if found.is_asked_match is not None:
        assert found.is_asked_match.shape == (len(task.asked),)
        assert found.is_asked_match.dtype == np.bool_


def test_matcher_without_labels_asks_for_a_model() -> None:
    way = next(way for way in WAYS if way.tool == "matcher" and way.case == NO_LABELS)
    with pytest.raises(ValueError, match="no model is given"):
        way.load()(small_task(with_labels=False))
