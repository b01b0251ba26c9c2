"""What a tool wrote, beside the truth."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from benchmarks.speed import stage_figures
from matcher.evaluation import evaluate_groups
from matcher.types import Longs


def read_figures(folder: Path, truth: pa.Table) -> dict[str, float]:
    """Return all figures of what a tool wrote into a folder.

    Parameters
    ----------
    folder : Path
        With ``records.csv``, and perhaps ``pairs.csv`` and ``run.json``.
    truth : pa.Table
        See `read_truth`.
    """
    figures = measure_groups(folder / "records.csv", truth)
    if (folder / "pairs.csv").is_file():
        figures["pairs_completeness"] = pairs_completeness(folder / "pairs.csv", truth)
    if (folder / "run.json").is_file():
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        figures |= stage_figures(run)
    return figures


def read_truth(catalogue: Path, same_title: str = "") -> pa.Table:
    """Return ``id``, ``product_id`` and ``family_id`` of the offers of a catalogue.

    Parameters
    ----------
    catalogue : Path
        Its ``records.csv``, beside which there is ``truth.csv``, in the same order.
    same_title : str
        Offers of this title are left out: nobody can say what they are.
    """
    columns = ["id", "product_id", "family_id"]
    truth = read_columns(catalogue.parent / "truth.csv", columns, pa.string())
    titles = read_columns(catalogue, ["title"], pa.string())["title"]
    return truth.filter(pc.not_equal(titles, same_title))


def read_columns(path: Path, columns: list[str], kind: pa.DataType) -> pa.Table:
    """Read a few columns of a file, all of one type."""
    return csv.read_csv(path, convert_options=_only(columns, kind))


def _only(columns: list[str], kind: pa.DataType) -> csv.ConvertOptions:
    types = dict.fromkeys(columns, kind)
    return csv.ConvertOptions(include_columns=columns, column_types=types)


def measure_groups(records: Path, truth: pa.Table) -> dict[str, float]:
    """Return precision, recall and F1 of the pairs inside groups, and the largest group.

    Parameters
    ----------
    records : Path
        With ``id``, ``match_id`` and perhaps ``family_id``, of which there is F1 as well.
    truth : pa.Table
        See `read_truth`.
    """
    with records.open(encoding="utf-8") as file:
        has_families = "family_id" in file.readline()
    names = ["id", "match_id", *(["family_id"] if has_families else [])]
    found = read_columns(records, names, pa.string())
    largest = pc.max(pc.value_counts(found["match_id"]).field("counts")).as_py()
    if not has_families:
        found = found.append_column("family_id", found["match_id"])
    measured = evaluate_groups(found, truth)
    match = measured.match_pairwise
    figures = {"precision": match.precision, "recall": match.recall, "f1": match.f1}
    if has_families:
        figures["family_f1"] = measured.family_pairwise.f1
    return {**figures, "largest_group": float(largest)}


def pairs_completeness(pairs: Path, truth: pa.Table) -> float:
    """Return the share of all true pairs that are among the listed ones.

    Parameters
    ----------
    pairs : Path
        With ``left_id`` and ``right_id``, no pair twice; read piece by piece, for there are many.
    truth : pa.Table
        See `read_truth`; the ids are numbers.
    """
    ids = truth["id"].cast(pa.int64()).to_numpy()
    numbers = truth["product_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    counts = np.bincount(numbers)
    order = np.argsort(ids)
    ids, numbers = ids[order], numbers[order]
    found = 0
    with csv.open_csv(pairs, convert_options=_only(["left_id", "right_id"], pa.int64())) as batches:
        for batch in batches:
            left, right = (_products(ids, numbers, batch.column(at).to_numpy()) for at in range(2))
            found += int(((left == right) & (left >= 0)).sum())
    return found / max(int((counts * (counts - 1) // 2).sum()), 1)


def _products(ids: Longs, numbers: Longs, wanted: Longs) -> Longs:
    """Return the product of each wanted id; -1 where it is not among the sorted `ids`."""
    places = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[places] == wanted, numbers[places], -1)
