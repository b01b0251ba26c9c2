import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from numba.core import event
from numba.core.sigutils import normalize_signature

import matcher
from matcher.cli import first_run

PACKAGE = Path(matcher.__file__).parent

RUN = """
import sys
from numba.core import event
from numba.core.sigutils import normalize_signature
from matcher.pipeline import dedupe

class Told(event.Listener):
    def on_start(self, event):
        function = event.data["dispatcher"].py_func
        print(function.__module__, function.__qualname__, event.data["args"])

    def on_end(self, event):
        pass

event.register("numba:compile", Told())
dedupe(sys.argv[1]).write(sys.argv[2])
"""

LATER = """
import sys
import pandas as pd
from numba.core import event
import matcher
from matcher.pipeline import take_in, updating

updating.FEWEST = 0
demo = pd.read_csv(sys.argv[1], dtype=str)
matcher.dedupe(demo[:-20]).write(sys.argv[2])

class Told(event.Listener):
    def on_start(self, event):
        print(event.data["dispatcher"].py_func.__module__)

    def on_end(self, event):
        pass

event.register("numba:compile", Told())
take_in(sys.argv[2], [demo[-20:]], drop=["0"]).write(sys.argv[3])
matcher.load_result(sys.argv[3]).search({"title": "Sony Bravia KD-43X80L"})
"""


def run(folder: Path, *arguments: str) -> str:
    """Run Python with numba's cache in a folder, and return what it prints."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(PACKAGE.parent),
        "NUMBA_CACHE_DIR": str(folder / "cache"),
    }
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, stdout=subprocess.PIPE, env=environment, check=True, text=True
    ).stdout


@pytest.mark.slow
def test_a_run_finds_all_that_it_calls_compiled(tmp_path):
    run(tmp_path, "-m", first_run.__name__)
    catalogue = str(PACKAGE / "demo" / "catalogue.csv")
    assert run(tmp_path, "-c", RUN, catalogue, str(tmp_path / "result")) == ""


@pytest.mark.slow
def test_the_first_update_and_search_compile_loops_of_numbers_only(tmp_path):
    catalogue = str(PACKAGE / "demo" / "catalogue.csv")
    said = run(tmp_path, "-c", LATER, catalogue, str(tmp_path / "one"), str(tmp_path / "two"))
    compiled = said.split()
    assert {"matcher.output.rows", "matcher.pipeline.near_terms"} <= {*compiled}
    assert "numba.cpython.unicode" not in compiled  # a slice that is assigned: 2 s


def test_every_line_names_a_loop_and_its_types():
    for line in first_run.LOOPS.read_text("utf-8").splitlines():
        name, types = line.split(" ", 1)
        module, _, function = name.rpartition(".")
        assert callable(getattr(import_module(module), function).compile)
        assert normalize_signature(types)[1] is None


@pytest.mark.parametrize(
    ("cores", "threads", "started"), [(1, 0, 0), (2, 1, 0), (2, 2, 1), (2, 0, 1)]
)
def test_the_first_loop_starts_one_process_where_a_core_is_left(
    monkeypatch, cores, threads, started
):
    kept, commands = [], []
    monkeypatch.setattr(first_run.os, "cpu_count", lambda: cores)
    monkeypatch.setattr(event, "register", lambda kind, each: kept.append((kind, each)))
    monkeypatch.setattr(first_run, "_start", lambda: commands.append(first_run.__name__))
    monkeypatch.setattr(first_run, "Thread", _AtOnce)
    first_run._watch.cache_clear()
    for _run in range(2):
        first_run.compile_beside(threads)
    first_run._watch.cache_clear()
    for kind, listener in kept:
        for status in (event.EventStatus.START, event.EventStatus.END) * 2:
            listener.notify(event.Event(kind, status))
    assert len(commands) == started


def test_the_process_is_of_this_package_whatever_lies_in_the_folder(monkeypatch, tmp_path):
    (tmp_path / "matcher").mkdir()
    (tmp_path / "matcher" / "__init__.py").touch()
    commands = []
    monkeypatch.setattr(first_run.subprocess, "run", lambda command, **_: commands.append(command))
    first_run._start()
    monkeypatch.undo()
    (command,) = commands
    told = [*command[: command.index("-m")], "-c", "import matcher; print(matcher.__file__)"]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run(
        told, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, check=True, text=True
    )
    assert Path(done.stdout.strip()) == PACKAGE / "__init__.py"


class _AtOnce:
    """A thread that does its work when it is started."""

    def __init__(self, target, **named):
        self.start = target
