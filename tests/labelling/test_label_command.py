"""``matcher label`` asks, writes and says where the answers are."""

import io
import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from labelling_fakes import NASTY, FakeAsker, FakeShower, NastyShower, fake_estimate

import matcher
from matcher import pipeline
from matcher.cli import run_command
from matcher.labelling.session import Session

DEMO = Path(matcher.__file__).parent / "demo" / "catalogue.csv"


@pytest.fixture
def typed(monkeypatch, tmp_path, capsys):
    """Return a function that answers in the terminal over made-up pairs."""

    def run(keys, shower=None):
        monkeypatch.setattr("sys.stdin", io.StringIO(keys))
        made = shower or FakeShower()
        monkeypatch.setattr(
            pipeline,
            "open_session",
            lambda _, journal, **__: (Session(FakeAsker(), made, journal, fake_estimate), ()),
        )
        labels = tmp_path / "labels.csv"
        status = run_command(["label", "none.csv", "--labels", str(labels), "--terminal"])
        rows = [line.split(",") for line in labels.read_text().splitlines()[1:]]
        return status, capsys.readouterr().out, rows

    return run


def test_answers_in_the_terminal_are_written(typed):
    status, out, rows = typed("1\n2\n\n3\n0\nq\n")
    assert status == 0
    assert [(row[2], row[5]) for row in rows] == [
        ("exact", ""),
        ("variant", "color"),
        ("different", ""),
        ("unsure", ""),
    ]
    assert "Answers: 1 exact, 1 variant, 1 different, 1 unsure." in out
    assert "You said exact. The model: exact 25%, variant 70%, different 5%." in out
    assert re.search(r"Answers in \S+labels\.csv: 4\. Give it to --labels of matcher train", out)


def test_undo_wrong_keys_and_numbers_of_attributes(typed):
    _, out, rows = typed("1\nu\nu\nwhat\n2\n7\n2 1\nq\n")
    assert [(row[0], row[2], row[5]) for row in rows] == [("r0", "variant", "size|color")]
    assert "Taken back." in out
    assert "There is no answer to take back." in out
    assert "'what' is no answer." in out


def test_the_end_of_the_input_ends_it(typed):
    status, _, rows = typed("1\n")
    assert (status, len(rows)) == (0, 1)


def test_nothing_in_a_catalogue_moves_the_cursor(typed):
    _, out, _ = typed("1\n2\n\nq\n", NastyShower())
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "<script>" in out
    assert "\x1b" in NASTY


def test_the_page_without_its_extra_says_what_installs_it(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "starlette", None)
    status = run_command(["label", str(DEMO), "--labels", str(tmp_path / "labels.csv")])
    assert status == 2
    assert "pip install 'matcher[label]'" in capsys.readouterr().err
    assert not (tmp_path / "labels.csv").exists()


def test_two_tables_are_linked_when_asked_for(monkeypatch, tmp_path, capsys):
    asked = []

    def open_session(_, journal, *, is_link, **__):
        asked.append(is_link)
        return Session(FakeAsker(), FakeShower(), journal, fake_estimate), ()

    monkeypatch.setattr("sys.stdin", io.StringIO("1\n"))
    monkeypatch.setattr(pipeline, "open_session", open_session)
    labels = str(tmp_path / "labels.csv")
    run_command(["label", "a.csv", "b.csv", "--link", "--labels", labels, "--terminal"])
    assert asked == [True]
    assert "Give it to --labels of matcher train or matcher link." in capsys.readouterr().out


def test_linking_three_tables_is_told(tmp_path, capsys):
    labels = str(tmp_path / "labels.csv")
    command = ["label", str(DEMO), str(DEMO), str(DEMO), "--link", "--labels", labels]
    assert run_command([*command, "--terminal"]) == 2
    assert "link: two tables are needed, got 3. Give left and right." in capsys.readouterr().err


def test_a_missing_catalogue_is_told(tmp_path, capsys):
    labels = str(tmp_path / "labels.csv")
    status = run_command(["label", "none.csv", "--labels", labels, "--terminal"])
    assert status == 2
    assert "none.csv: there is no such file or folder" in capsys.readouterr().err


@pytest.mark.slow
def test_the_command_serves_a_real_catalogue_and_ends_well(tmp_path):
    pytest.importorskip("starlette")
    pytest.importorskip("uvicorn")
    labels = tmp_path / "labels.csv"
    command = [sys.executable, "-m", "matcher", "label", DEMO, "--labels", labels, "--no-browser"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        for line in process.stderr:
            if found := re.search(r"(http://127\.0\.0\.1:\d+)/enter\S+", line):
                break
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        opener.open(found.group())
        state = json.load(opener.open(f"{found[1]}/state"))
        request = urllib.request.Request(
            f"{found[1]}/answer",
            json.dumps({"pair": state["question"]["pair"], "relation": "exact"}).encode(),
            {"Origin": found[1], "Content-Type": "application/json"},
        )
        assert json.load(opener.open(request))["progress"]["answers"] == 1
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=30)
    assert (process.returncode, out) == (
        0,
        f"Answers in {labels}: 1. Give it to --labels of matcher train or matcher dedupe.\n",
    )
    assert "Traceback" not in errors
    assert len(labels.read_text().splitlines()) == 2
