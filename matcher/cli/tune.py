"""Show what the dials would make of a result, and turn them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.cli.progress import shown_progress
from matcher.cli.screen import make_table, out, say_warnings
from matcher.errors import SettingsError
from matcher.settings import override

if TYPE_CHECKING:
    import pandas as pd

HEAD = (
    *("precision to recall", "exact from", "family from", "duplicate groups", "records in them"),
    *("families", "precision", "recall"),
)


@dataclass(frozen=True, slots=True)
class Dials:
    """What the options of the command ask for; None leaves it as it is.

    Attributes
    ----------
    precision_to_recall, accuracy_to_cost, threshold_exact, threshold_family : float | None
        As in `Settings`.
    """

    precision_to_recall: float | None
    accuracy_to_cost: float | None
    threshold_exact: float | None
    threshold_family: float | None

    @property
    def regrouping(self) -> dict[str, float | None]:
        """Those that need no new run."""
        return {
            "precision_to_recall": self.precision_to_recall,
            "threshold_exact": self.threshold_exact,
            "threshold_family": self.threshold_family,
        }


def tune_result(
    folder: Path, labels: Path | None, dials: Dials, place: str | None, ending: str
) -> None:
    """Print what the dial from precision to recall would do, or turn it and write the result.

    Parameters
    ----------
    folder : Path
        What `MatchResult.write` wrote.
    labels : Path | None
        Relations given by people.
    dials : Dials
        What is asked for.
    place : str | None
        Where the tuned result goes; None writes nothing.
    ending : str
        Format of its tables.

    Raises
    ------
    SettingsError
        Candidates are to change, which a tuned result cannot.
    """
    from matcher import pipeline
    from matcher.cli.show import show_result
    from matcher.output import check_format, check_place

    costs = _told_costs(folder, dials.accuracy_to_cost)
    if place is None:
        with shown_progress() as progress:
            table = pipeline.preview(folder, labels=labels, progress=progress, **dials.regrouping)
        _show(table, folder, has_labels=labels is not None)
        if costs:
            out().print(costs, soft_wrap=True)
        return
    if costs:
        raise SettingsError(f"--accuracy-to-cost: {costs}")
    check_format(ending)
    check_place(place)
    with shown_progress() as progress:
        tuned = pipeline.tune(folder, labels=labels, progress=progress, **dials.regrouping)
        tuned.write(place, format=ending)
    show_result(tuned, place)


def _told_costs(folder: Path, dial: float | None) -> str:
    """Return what a new run is needed for; nothing where the result has these candidates."""
    from matcher.pipeline import compare_budgets

    if dial is None:
        return ""
    chosen = override(None, {"accuracy_to_cost": dial})
    now, then = compare_budgets(folder, chosen)
    if now == then:
        return ""
    return (
        f"other candidates need a new run, got {dial:g}, which is {then} pairs per record "
        f"where the result has {now}. Run 'matcher dedupe' or 'matcher link' again with "
        f"--accuracy-to-cost {dial:g} --earlier {folder}."
    )


def _show(table: "pd.DataFrame", folder: Path, *, has_labels: bool) -> None:
    is_estimated = has_labels and bool(table["precision_low"].notna().any())
    by = "estimated from labels" if is_estimated else "as the model expects"
    title = f"{folder}: duplicate groups and families, precision and recall {by}"
    rows = [_cells(row) for row in table.to_dict("records")]
    out().print(make_table(HEAD, rows, title=title, numbers=range(1, 6)))
    if has_labels and not is_estimated:
        say_warnings(
            ["labels: none was drawn at random, so precision and recall are the model's own."], ""
        )
    out().print(
        "Precision and recall are of pairs of records in one duplicate group, among those that "
        "were compared. Nothing was written: give --precision-to-recall and --out to apply one.",
        soft_wrap=True,
    )


def _cells(row: Mapping[Any, Any]) -> tuple[str, ...]:
    dial = f"{row['precision_to_recall']:g}"
    return (
        f"{dial} (now)" if row["is_now"] else dial,
        *(f"{row[name]:.3f}" for name in ("threshold_exact", "threshold_family")),
        *(
            f"{row[name]:,}"
            for name in ("duplicate_groups", "records_in_duplicate_groups", "families")
        ),
        *(_measure(row, name) for name in ("precision", "recall")),
    )


def _measure(row: Mapping[Any, Any], name: str) -> str:
    value, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    if value != value:  # NaN: nothing is found
        return ""
    known = low is not None and low == low
    return f"{value:.3f}, {low:.3f} to {high:.3f}" if known else f"{value:.3f}"
