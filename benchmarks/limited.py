"""Processes with a time limit, and what they took."""

import os
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.journal import ROOT

SECONDS_BETWEEN_LOOKS = 0.2
FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended.

    Attributes
    ----------
    status : str
        `FINISHED`, ``"not finished in 600 s"`` or ``"failed: ..."`` with the last line it said.
    seconds, cpu_seconds : float
        From its start to its end, by the clock and by the processors.
    peak_mb : float
        The largest resident memory that it and its children were seen with; 0 where the system
        does not tell.
    """

    status: str
    seconds: float
    cpu_seconds: float
    peak_mb: float


def run_limited(
    command: Sequence[str], limit_s: float, environment: Mapping[str, str] | None = None
) -> Ended:
    """Run a command in a session of its own.

    Parameters
    ----------
    command : Sequence[str]
        The command and its arguments.
    limit_s : float
        After so many seconds it and its children are killed.
    environment : Mapping[str, str] | None
        Variables besides those of this process.
    """
    with tempfile.TemporaryFile("w+") as said:
        start, cpu_start = time.perf_counter(), _cpu_seconds()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        is_ended, peak_mb = _watch(process, limit_s)
        seconds, cpu_seconds = time.perf_counter() - start, _cpu_seconds() - cpu_start
        said.seek(0)
        why = _why(process.returncode, said.read().splitlines())
    return Ended(
        why if is_ended else f"not finished in {limit_s:.0f} s", seconds, cpu_seconds, peak_mb
    )


def _why(code: int, lines: Sequence[str]) -> str:
    if code < 0:  # such as by the system, when memory is short
        return f"failed: killed by signal {-code}"
    return FINISHED if code == 0 else f"failed: {lines[-1] if lines else 'nothing said'}"[:300]


def _watch(process: subprocess.Popen[bytes], limit_s: float) -> tuple[bool, float]:
    """Return whether a process ended in time, else it is killed, and its peak in MB."""
    peak_mb = 0.0
    end = time.monotonic() + limit_s
    while True:
        try:
            process.wait(SECONDS_BETWEEN_LOOKS)
        except subprocess.TimeoutExpired:
            peak_mb = max(peak_mb, _own_peak_mb(process.pid), sum(_session_mb(process.pid)))
            if time.monotonic() > end:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return False, peak_mb
        else:
            return True, peak_mb


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _own_peak_mb(pid: int) -> float:
    """Return the peak of a running process; that of `os.wait4` may be of this one, which forked."""
    lines = _read(Path(f"/proc/{pid}/status")).splitlines()
    peaks = (int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return next(peaks, 0) * 1024 / 1e6  # what Linux calls kB are KiB


def _session_mb(session: int) -> Iterator[float]:
    """Yield the resident memory of each process of a session."""
    page_mb = os.sysconf("SC_PAGE_SIZE") / 1e6
    for path in Path("/proc").glob("[0-9]*/stat"):
        fields = _read(path).rpartition(")")[2].split()  # the name before it may hold anything
        if len(fields) > 21 and int(fields[3]) == session:
            yield int(fields[21]) * page_mb


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it ended meanwhile
        return ""
