"""Run every tool on catalogues of growing size, and record what it took and found."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.journal import Journal
from benchmarks.lifelike import SAME_TITLE, write_catalogue
from benchmarks.limited import FINISHED, run_limited
from benchmarks.scale.figures import read_figures, read_truth
from benchmarks.scale.tools import Tool

WARM_ROWS = 100_000  # of the run that compiles what all others call; small ones call less
SEED = 0


@dataclass(frozen=True, slots=True)
class Case:
    """A catalogue.

    Attributes
    ----------
    n_rows : int
        How many offers it has.
    is_skewed : bool
        Whether it has one large brand, equal titles and a placeholder for a GTIN.
    """

    n_rows: int
    is_skewed: bool

    @property
    def name(self) -> str:
        """What it is called in results.

        Examples
        --------
        >>> Case(100_000, is_skewed=True).name
        '100,000, skewed'
        """
        return f"{self.n_rows:,}{', skewed' if self.is_skewed else ''}"


def measure_scale(
    cases: Sequence[Case], tools: Sequence[Tool], repeats: int, limit_s: float, journal: Journal
) -> None:
    """Run the tools on each catalogue, every run a process of its own, one after the other.

    Parameters
    ----------
    cases : Sequence[Case]
        Catalogues; each is written once, and all tools get the same file.
    tools : Sequence[Tool]
        What to run.
    repeats : int
        How often.
    limit_s : float
        After so many seconds a run is ended and recorded as not finished.
    journal : Journal
        Where the lines go.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {"NUMBA_CACHE_DIR": str(folder / "kernels")}
        for tool in tools:
            if tool.name == "matcher":
                warm = write_catalogue(WARM_ROWS, _made(folder / "warm"), SEED)
                run_limited(tool.command_for(warm, folder / "warm-out"), limit_s, environment)
        for case in cases:
            with tempfile.TemporaryDirectory(dir=folder) as made:
                catalogue = write_catalogue(case.n_rows, Path(made), SEED, is_skewed=case.is_skewed)
                for tool in tools:
                    runs = list(_runs(tool, catalogue, repeats, limit_s, environment))
                    _record(case, tool, runs, limit_s, journal)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _runs(
    tool: Tool, catalogue: Path, repeats: int, limit_s: float, environment: dict[str, str]
) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield status and figures of each run, up to the first that does not finish."""
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as name:
            out = _made(Path(name) / "out")
            ended = run_limited(tool.command_for(catalogue, out), limit_s, environment)
            figures = {"peak_mb": ended.peak_mb}
            if ended.status == FINISHED:
                figures |= {"seconds": ended.seconds, "cpu_seconds": ended.cpu_seconds}
                figures |= read_figures(out, read_truth(catalogue, SAME_TITLE))
        yield ended.status, figures
        if ended.status != FINISHED:
            return


def _record(
    case: Case,
    tool: Tool,
    runs: Sequence[tuple[str, dict[str, float]]],
    limit_s: float,
    journal: Journal,
) -> None:
    status, last = runs[-1]
    figures = {name: [found[name] for _, found in runs if name in found] for name in last}
    settings = {
        "tool": tool.name,
        "version": tool.version(),
        "n_rows": case.n_rows,
        "is_skewed": case.is_skewed,
        "status": status,
        "limit_s": limit_s,
        "repeats": len(runs),
    }
    journal.append(case.name, figures, settings, case=tool.name, seeds=[SEED])
    shown = [f"{name} {100 * last[name]:.1f}" for name in ("f1", "family_f1") if name in last]
    took = f"{last['seconds']:.1f} s" if "seconds" in last else status
    print(
        f"{case.name}, {tool.name}: {took}, {last['peak_mb']:,.0f} MB {', '.join(shown)}",
        flush=True,
    )
