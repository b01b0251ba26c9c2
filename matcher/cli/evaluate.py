"""Compare a result that was written with the truth."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.table import Table

from matcher.cli.screen import make_table, out, say_warnings
from matcher.errors import RecordsError, SettingsError

if TYPE_CHECKING:
    from matcher.evaluation import Evaluation

MEASURES = {
    "match_pairwise": "duplicate groups, pairwise",
    "match_bcubed": "duplicate groups, B-cubed",
    "family_pairwise": "families, pairwise",
    "family_bcubed": "families, B-cubed",
}


def evaluate_result(
    folder: Path, truth_path: Path, *, id_column: str, as_json: bool, min_f1: float | None
) -> bool:
    """Print the measures of a result; return whether it is as good as asked.

    Parameters
    ----------
    folder : Path
        What `MatchResult.write` wrote.
    truth_path : Path
        True groups of records, or relations of pairs.
    id_column : str
        Column of the record id in the result; empty for the one that the run used.
    as_json : bool
        Print JSON in place of a table.
    min_f1 : float | None
        The pairwise F1 of the duplicate groups that is asked for.

    Raises
    ------
    RecordsError
        There is no result, or the truth does not speak of it.
    SettingsError
        An F1 is asked for that this truth cannot give.
    """
    from matcher.evaluation import evaluate_groups

    records, run = read_result(folder)
    made = "record_id" if "record_id" in run["columns"] else ""
    chosen = id_column or made or run["settings"]["id"] or "id"
    has_repeated_ids = chosen in records and records[chosen].duplicated().any()
    evaluation = evaluate_groups(
        records,
        _read_texts(truth_path),
        id_column=chosen,
        source_column=run["settings"]["source"] if has_repeated_ids else "",
    )
    if as_json:
        out().print(json.dumps(evaluation.to_dict(), indent=2), soft_wrap=True)
    else:
        say_warnings([notice.message for notice in evaluation.notices], str(truth_path))
        out().print(measure_table(evaluation, f"{folder} against {truth_path}"))
    return min_f1 is None or exact_f1(evaluation) >= min_f1


def read_result(folder: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the records of a result as text, with the usual names of our columns, and its run.

    Raises
    ------
    RecordsError
        There is no result.
    """
    found = [folder / f"records.{ending}" for ending in ("csv", "parquet")]
    path = next((path for path in found if path.is_file()), None)
    if path is None or not (folder / "run.json").is_file():
        raise RecordsError(
            f"{folder}: holds no result, got no records or no run.json. "
            "Give the folder that 'matcher dedupe --out' wrote."
        )
    run = json.loads((folder / "run.json").read_text("utf-8"))
    renamed = {new: old for old, new in run["columns"].items() if new != old}
    records = _read_texts(path)
    return records.drop(columns=list(renamed.values())).rename(columns=renamed), run


def exact_f1(evaluation: "Evaluation") -> float:
    """Return the pairwise F1 of the duplicate groups, or of the exact pairs of the truth.

    Raises
    ------
    SettingsError
        The truth has neither.
    """
    if evaluation.match_pairwise is not None:
        return evaluation.match_pairwise.f1
    if evaluation.relations is not None:
        return evaluation.relations.by_relation["exact"].f1
    raise SettingsError(
        "--min-f1: the truth has no duplicate groups, got families only. "
        "Add a column product_id to it."
    )


def measure_table(evaluation: "Evaluation", title: str) -> Table:
    """Return precision, recall and F1 of all that was measured, as a table."""
    rows = list(_rows(evaluation))
    unit = "pairs" if evaluation.relations else "records"
    caption = f"{title}: {evaluation.n_evaluated:,} {unit}"
    return make_table(("", "precision", "recall", "F1"), rows, title=caption, numbers=(1, 2, 3))


def _rows(evaluation: "Evaluation") -> Iterator[tuple[str, ...]]:
    for name, words in MEASURES.items():
        if (measures := getattr(evaluation, name)) is not None:
            yield (words, *_figures(measures))
    if evaluation.relations is not None:
        for relation, measures in evaluation.relations.by_relation.items():
            yield (f"pairs, {relation}", *_figures(measures))


def _figures(measures: Any) -> tuple[str, ...]:
    return tuple(f"{value:.3f}" for value in (measures.precision, measures.recall, measures.f1))


def _read_texts(path: Path) -> pd.DataFrame:
    """Return a table as text, so that ids keep their leading zeros; an empty field is missing."""
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            frame = pd.read_parquet(path)
            return frame.astype(str).where(frame.notna())
        return pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
    except (ValueError, OSError) as error:
        raise RecordsError(
            f"{path}: cannot be read as a table, got {error}. Give a CSV or Parquet file."
        ) from error
