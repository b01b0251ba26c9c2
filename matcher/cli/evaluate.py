"""Compare the groups of a result with the true ones."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.table import Table

from matcher.cli.screen import make_table, out
from matcher.errors import RecordsError, first_three, nearest
from matcher.types import Ints


def read_result(path: Path) -> pd.DataFrame:
    """Return the records of a result, all as text, its columns under their usual names.

    Parameters
    ----------
    path : Path
        A folder that `matcher.output.MatchResult.write` wrote.

    Raises
    ------
    RecordsError
        There is no result.
    """
    for name in ("records.csv", "records.parquet"):
        if (path / name).is_file():
            break
    else:
        raise RecordsError(
            f"{path}: holds no result, got no records.csv or records.parquet. "
            "Give the folder that 'matcher dedupe --out' wrote."
        )
    records = _read_texts(path / name)
    run = json.loads((path / "run.json").read_text("utf-8"))
    taken = {new: old for old, new in run["columns"].items() if new != old}
    return records.drop(columns=list(taken.values())).rename(columns=taken)


def compare_groups(records: pd.DataFrame, truth: pd.DataFrame, name: str) -> dict[str, Any]:
    """Return the measures of a result against its truth.

    Parameters
    ----------
    records : pd.DataFrame
        Records with ``match_id`` and ``family_id``.
    truth : pd.DataFrame
        The record id (a column of `records`), the product, and the family where it is known.
        Records without a truth are left out of all measures.
    name : str
        What messages call the truth.

    Raises
    ------
    RecordsError
        The truth has no such columns, or it does not speak of these records.
    """
    from matcher.evaluation import evaluate_groups

    id_column, product, family = truth_columns(truth, records, name)
    _check_ids(truth[id_column], name)
    known = records[records[id_column].isin(truth[id_column])]
    _check_ids(known[id_column], "records")
    if len(known) < len(truth):
        absent = sorted(set(truth[id_column]) - set(known[id_column]))
        raise RecordsError(
            f"{name}: {len(absent)} ids are not in the result, first {first_three(absent)}. "
            "Give the truth of the catalogue that was deduplicated."
        )
    true = truth.set_index(id_column).loc[known[id_column]]
    measures = {
        "duplicate groups": evaluate_groups(_numbers(known["match_id"]), _numbers(true[product]))
    }
    if family:
        measures["families"] = evaluate_groups(_numbers(known["family_id"]), _numbers(true[family]))
    return measures


def truth_columns(
    truth: pd.DataFrame, records: pd.DataFrame, name: str
) -> tuple[str, str, str | None]:
    """Return the columns of the id, the product and (or None) the family in a table of truth.

    Raises
    ------
    RecordsError
        They cannot be told.

    Examples
    --------
    >>> truth = pd.DataFrame(columns=["id", "product_id", "family_id"])
    >>> truth_columns(truth, pd.DataFrame(columns=["title", "id"]), "truth.csv")
    ('id', 'product_id', 'family_id')
    """
    ids = [column for column in truth.columns if column in records.columns]
    others = [column for column in truth.columns if column not in ids[:1]]
    if not ids or not others:
        close = (
            nearest(str(truth.columns[0]), map(str, records.columns)) if len(truth.columns) else ""
        )
        raise RecordsError(
            f"{name}: needs the id column of the records and a column of products, got columns "
            f"{first_three(list(truth.columns))}.{close} "
            "Give a table such as id,product_id,family_id."
        )
    families = [column for column in others if "family" in str(column).lower()]
    products = [column for column in others if column not in families]
    if not products:
        raise RecordsError(
            f"{name}: has no column of products, got {first_three(list(truth.columns))}. "
            "Give a table such as id,product_id,family_id."
        )
    return ids[0], products[0], families[0] if families else None


def evaluate_result(path: Path, truth_path: Path, *, as_json: bool, min_f1: float | None) -> bool:
    """Print the measures of a result; return whether it is as good as asked."""
    truth = _read_texts(truth_path)
    measures = compare_groups(read_result(path), truth, str(truth_path))
    if as_json:
        out().print(json.dumps(measures, indent=2), soft_wrap=True)
    else:
        out().print(measure_table(measures, f"{path} against {truth_path}"))
    f1 = measures["duplicate groups"]["pairwise_f1"]
    return min_f1 is None or f1 >= min_f1


def measure_table(measures: Mapping[str, Mapping[str, float]], title: str) -> Table:
    """Return measures as a table: a row for each measure, a column for each kind of group."""
    names = dict.fromkeys(name for one in measures.values() for name in one)
    rows = [
        (name.replace("_", " "), *(_figure(one.get(name)) for one in measures.values()))
        for name in names
    ]
    return make_table(("", *measures), rows, title=title, numbers=range(1, len(measures) + 1))


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"


def _numbers(groups: pd.Series) -> Ints:
    return pd.factorize(groups)[0].astype(np.int32)


def _check_ids(ids: pd.Series, name: str) -> None:
    repeated = ids[ids.duplicated()].unique().tolist()
    if repeated:
        raise RecordsError(
            f"{name}: {len(repeated)} ids occur more than once, first {first_three(repeated)}. "
            "A truth can only be compared where ids are unique."
        )


def _read_texts(path: Path) -> pd.DataFrame:
    """Return a table whose ids keep their leading zeros."""
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            return pd.read_parquet(path).astype(str)
        return pd.read_csv(path, dtype=str, keep_default_na=False)
    except (ValueError, OSError) as error:
        raise RecordsError(
            f"{path}: cannot be read as a table, got {error}. Give a CSV or Parquet file."
        ) from error
