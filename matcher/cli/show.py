"""Show results and inspections as tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.cli.screen import make_table, out, say_warnings
from matcher.database import is_url, read_place
from matcher.errors import SettingsError

if TYPE_CHECKING:
    from matcher.output import ExportReport, MatchResult
    from matcher.pipeline import TuningReport, Updated
    from matcher.records import Inspection
    from matcher.settings import Settings

MAX_EXAMPLE = 28  # characters of an example value in the table of attributes
COUNTS = {
    "rows": "records",
    "sources": "sources",
    "products": "products",
    "duplicate_groups": "duplicate groups",
    "records_in_duplicate_groups": "records in duplicate groups",
    "families_of_several_products": "families of several products",
    "largest_duplicate_group": "records in the largest duplicate group",
    "scored_pairs": "pairs compared",
}


def show_result(result: "MatchResult | Updated", place: str | Path) -> None:
    """Print the warnings of a run, its counts, and where its files or tables are."""
    if is_url(place):
        result_at = read_place(str(place), SettingsError).shown
        run_at, report_at = f"the table of the run in {result_at}", ""
    else:
        result_at, run_at = str(place), str(Path(place) / "run.json")
        report_at = f", report: {Path(place) / 'report.html'}"
    run = result.run
    say_warnings([notice["message"] for notice in run["notices"]], run_at)
    console = out()
    console.print(make_table(("", ""), count_rows(run), numbers=(1,)))
    for level, groups in (("match", "products"), ("family", "families")):
        if told := _told_changes(run.get("changes", {}).get(level, {})):
            console.print(f"Earlier {groups}: {told}.", soft_wrap=True)
    console.print(f"Result: {result_at}{report_at}")


def say_over_memory(settings: "Settings") -> None:
    """Print a warning if a job that writes no report took more memory than it was to."""
    from matcher.pipeline.limit import over_memory

    notice = over_memory(settings.memory)
    say_warnings([notice.message] if notice else [], "none")


def _told_changes(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {change}" for change, count in counts.items() if count)


def count_rows(run: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the counts of a run, and what it cost, as rows of a table."""
    rows = [(name, f"{run['counts'][key]:,}") for key, name in COUNTS.items()]
    rows.append(("seconds", f"{run['seconds']:,.1f}"))
    if run["peak_mb"] is not None:
        rows.append(("peak memory, MB", f"{run['peak_mb']:,.0f}"))
    return rows


def show_export(report: "ExportReport") -> None:
    """Print what an export wrote, and what it could not write as it was found."""
    console = out()
    console.print(
        f"{report.n_products:,} products, of {report.n_families:,} families of several, "
        f"are in {report.path}.",
        soft_wrap=True,
    )
    for notice in report.notices:
        console.print(f"note: {' '.join(notice.message.split())}", soft_wrap=True)


def show_tuning(report: "TuningReport") -> None:
    """Print what an encoder was tuned on, and what to do with it."""
    say_warnings([notice.message for notice in report.notices], str(report.path))
    out().print(
        f"The encoder is in {report.path}, tuned on {report.n_pairs:,} exact pairs of titles and "
        f"{report.n_different:,} different ones; name it as encoder under [blocking] of the "
        "settings, and train a model with it.",
        soft_wrap=True,
    )


def show_inspection(inspection: "Inspection") -> None:
    """Print what every column was taken for, and the problems of a catalogue."""
    console = out()
    names = ", ".join(inspection.names)
    console.print(f"{names}: {inspection.n_records:,} records", soft_wrap=True)
    rows = [
        (
            report.name,
            report.type or "",
            report.role + (f" ({report.axis})" if report.axis else ""),
            f"{100 * report.fill:.0f} %",
            f"{report.n_unique:,}",
            " | ".join(_cut(example) for example in report.examples[:2]),
        )
        for report in inspection.attributes
    ]
    headers = ("column", "type", "role", "filled", "different", "examples")
    console.print(make_table(headers, rows, numbers=(3, 4)))
    _show_axes(inspection)
    if not inspection.problems:
        console.print("No problems were found.")
    for problem in inspection.problems:
        console.print(f"problem: {' '.join(problem.message.split())}", soft_wrap=True)


def _show_axes(inspection: "Inspection") -> None:
    """Print what looks like an axis and why, and what is taken for one and does not."""
    console = out()
    told = [each for each in inspection.axes if each.looks_like_axis or each.axis]
    if told:
        rows = [
            (each.name, each.axis, "yes" if each.looks_like_axis else "no", str(each))
            for each in told
        ]
        headers = ("column", "is axis", "looks like one", "evidence")
        console.print(make_table(headers, rows))
    if inspection.words:
        words = ", ".join(str(word) for word in inspection.words)
        console.print(f"Words in which near-identical titles differ: {words}", soft_wrap=True)


def _cut(value: str) -> str:
    text = " ".join(value.split())
    return text if len(text) <= MAX_EXAMPLE else text[: MAX_EXAMPLE - 1] + "…"
