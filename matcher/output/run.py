"""What a run did: times, memory, versions, notices and what was dropped, ready for JSON."""

import math
import platform
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

import matcher
from matcher.memory import give_back, peak_bytes
from matcher.settings import Settings
from matcher.types import Notice

PACKAGES = (
    *("numpy", "pandas", "pyarrow", "scipy", "scikit-learn", "rapidfuzz"),
    *("faiss-cpu", "lightgbm", "numba", "sparse-dot-topn", "sentence-transformers"),
)


@dataclass(frozen=True, slots=True)
class StageTime:
    """What one stage of a run cost.

    Attributes
    ----------
    name : str
        The stage.
    seconds : float
        Wall-clock time.
    peak_mb : float
        Peak memory of the process up to the end of the stage, in MB; NaN where the system does
        not tell.
    """

    name: str
    seconds: float
    peak_mb: float


class Stopwatch:
    """Times the stages of a run, in their order.

    Parameters
    ----------
    is_running : bool
        Whether to time at all: what takes a millisecond is neither timed nor cleaned up after.

    Attributes
    ----------
    stages : list[StageTime]
        The stages that are finished.

    Examples
    --------
    >>> watch = Stopwatch()
    >>> with watch.stage("blocking"):
    ...     pairs = [(0, 1)]
    >>> [stage.name for stage in watch.stages]
    ['blocking']
    """

    def __init__(self, *, is_running: bool = True) -> None:
        self.stages: list[StageTime] = []
        self._is_running = is_running

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the body of a ``with`` as the stage `name`, and give back the memory it freed."""
        start = time.perf_counter()
        yield
        if not self._is_running:
            return
        give_back()
        self.stages.append(StageTime(name, time.perf_counter() - start, peak_memory_mb()))


def peak_memory_mb() -> float:
    """Return the largest resident memory of this process so far, in MB; NaN where unknown."""
    return peak_bytes() / 1e6


def versions() -> dict[str, str]:
    """Return the versions of matcher, Python and the packages that decide the result."""
    found = {"matcher": matcher.__version__, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def run_report(
    job: str,
    *,
    settings: Settings,
    stages: Sequence[StageTime],
    model: str,
    reports: Mapping[str, Mapping[str, Any]],
    notices: Iterable[Notice] = (),
) -> dict[str, Any]:
    """Return what a run did, ready for ``run.json``; `build_result` adds the counts.

    Parameters
    ----------
    job : str
        ``"dedupe"`` or ``"link"``.
    settings : Settings
        The settings that the run used, as resolved.
    stages : Sequence[StageTime]
        From a `Stopwatch`.
    model : str
        Name of the model.
    reports : Mapping[str, Mapping[str, Any]]
        The report of each stage that has one, ``{"blocking": ..., "clustering": ...}``; what is
        under ``"dropped"`` in one is gathered.
    notices : Iterable[Notice]
        Those of stages after reading.

    Returns
    -------
    dict[str, Any]
        Plain dicts, lists, strings and numbers.
    """
    report: dict[str, Any] = plain(
        {
            "job": job,
            "model": model,
            "settings": settings,
            "versions": versions(),
            "stages": list(stages),
            "seconds": sum(stage.seconds for stage in stages),
            "peak_mb": peak_memory_mb(),
            "notices": list(notices),
            "dropped": {
                name: report["dropped"] for name, report in reports.items() if report.get("dropped")
            },
            **reports,
        }
    )
    return report


def plain(value: Any) -> Any:
    """Return `value` made of what JSON knows; NaN and infinity become None.

    Examples
    --------
    >>> plain({"counts": np.arange(2), "share": np.float32("nan"), "notice": Notice("a", "b", 1)})
    {'counts': [0, 1], 'share': None, 'notice': {'kind': 'a', 'message': 'b', 'count': 1}}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Iterable):
        return [plain(one) for one in value]
    return str(value)
