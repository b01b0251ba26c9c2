"""No process runs for ever, and what it took is known."""

import sys
import time
from pathlib import Path

from benchmarks.limited import FINISHED, run_limited


def test_a_run_past_its_limit_is_ended_and_so_are_its_children(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    child = f"import time; time.sleep(3); open({str(mark)!r}, 'w')"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    assert run_limited([sys.executable, "-c", parent], 1).status == "not finished in 1 s"
    time.sleep(3)
    assert not mark.exists()


def test_a_failed_run_says_its_last_line() -> None:
    command = [sys.executable, "-c", "import sys; print('first'); sys.exit('no such column')"]
    assert run_limited(command, 60).status == "failed: no such column"


def test_a_killed_run_says_by_what() -> None:
    command = [sys.executable, "-c", "import os; print('half'); os.kill(os.getpid(), 9)"]
    assert run_limited(command, 60).status == "failed: killed by signal 9"


def test_peak_memory_is_that_of_the_process_and_its_children() -> None:
    child = "import time; a = bytes(300_000_000) + b'1'; time.sleep(0.7)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    for code in (child, parent):
        ended = run_limited([sys.executable, "-c", code], 60)
        assert ended.status == FINISHED
        assert 300 < ended.peak_mb < 900


def test_time_is_told_by_the_clock_and_by_the_processors() -> None:
    ended = run_limited([sys.executable, "-S", "-c", "import time; time.sleep(0.5)"], 60)
    assert 0.5 <= ended.seconds < 30
    assert 0 <= ended.cpu_seconds < 0.5


def test_variables_reach_the_process() -> None:
    command = [sys.executable, "-c", "import os, sys; sys.exit(os.environ['WANTED'])"]
    assert run_limited(command, 60, {"WANTED": "this"}).status == "failed: this"
