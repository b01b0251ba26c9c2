"""A run is timed as a process of its own, and a failed one says why."""

import sys
from pathlib import Path

import pytest

from benchmarks.speed import run_process


def test_a_process_is_timed_and_its_memory_is_its_own(tmp_path: Path) -> None:
    seconds, peak_mb = run_process([sys.executable, "-S", "-c", "pass"], tmp_path)
    assert 0 < seconds < 60
    assert 1 < peak_mb < 10_000


def test_a_failed_process_says_why(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no such catalogue')"]
    with pytest.raises(RuntimeError, match="exit 1, said no such catalogue"):
        run_process(command, tmp_path)
