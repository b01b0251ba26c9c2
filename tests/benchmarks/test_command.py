"""The benchmarks have one command, which says what it skips."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from benchmarks.__main__ import app
from benchmarks.datasets import find
from benchmarks.journal import read_newest

COMMANDS = (
    "quality",
    "transfer",
    "variants",
    "blocking",
    "semantic",
    "speed",
    "compare",
    "scale",
    "render",
    "default-model",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


@pytest.mark.parametrize("command", ["quality", "transfer", "variants", "blocking", "compare"])
def test_a_run_without_the_data_measures_nothing_and_says_so(
    command: str, data_folder: Path
) -> None:
    results = data_folder / "results"
    done = CliRunner().invoke(app, [command, "--sets", "abt-buy", "--results", str(results)])
    assert done.exit_code == 0
    assert "skipped abt-buy" in done.output
    assert not results.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--sets", "abt-bui"], "'abt-buy'"), (["--seeds", "one"], "separated by commas")],
)
def test_mistakes_of_the_caller_exit_with_2(arguments: list[str], message: str) -> None:
    done = CliRunner().invoke(app, ["blocking", *arguments])
    assert done.exit_code == 2
    assert message in done.output


@pytest.mark.parametrize(
    ("command", "tool", "near"), [("compare", "dedup", "'dedupe'"), ("scale", "splnk", "'splink'")]
)
def test_a_tool_that_nobody_knows_exits_with_2(command: str, tool: str, near: str) -> None:
    done = CliRunner().invoke(app, [command, "--tools", tool])
    assert done.exit_code == 2
    assert near in done.output


@pytest.mark.slow
def test_blocking_is_measured_against_the_truth(data_folder: Path) -> None:
    folder = find("musicbrainz-20k").folder
    folder.mkdir()
    words = ["sonata", "prelude", "fugue", "waltz", "march", "suite", "ballad", "nocturne"]
    titles = [f"{one} {other}" for one in words for other in words if one < other]
    offers = pd.DataFrame({"title": titles * 2, "cluster": list(range(len(titles))) * 2})
    offers.insert(0, "id", [f"r{i}" for i in range(len(offers))])
    offers[["id", "title"]].to_csv(folder / "left.csv", index=False)
    offers[["id", "cluster"]].to_csv(folder / "truth_left.csv", index=False)
    results = data_folder / "results"
    arguments = ["blocking", "--sets", "musicbrainz-20k", "--results", str(results)]
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    (line,) = read_newest("blocking", results)
    assert line["figures"]["pairs_completeness"]["mean"] == 1.0
    assert line["figures"]["true"]["mean"] == len(titles)
