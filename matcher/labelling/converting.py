"""Write labels in the form of another tool."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from matcher.errors import SettingsError, nearest
from matcher.types import EXACT, VARIANT, Longs, Notice


@dataclass(frozen=True, slots=True)
class LabelledRecords:
    """Labelled pairs, with what is known of their records.

    Attributes
    ----------
    left, right : Longs
        Shape (n_labels,): rows of `records`; of two tables the left one's first.
    relations : NDArray[np.int8]
        Shape (n_labels,): `EXACT`, `VARIANT` or `DIFFERENT`.
    left_id, right_id : pa.StringArray
        Shape (n_labels,): ids as one text each, as the file has them.
    left_key, right_key : pa.StringArray
        Shape (n_labels,): ids of `left` and `right` in their own tables where these are two, else
        as one text each.
    records : pa.Table
        The rows of the catalogue, or of ids alone.
    """

    left: Longs
    right: Longs
    relations: NDArray[np.int8]
    left_id: pa.StringArray
    right_id: pa.StringArray
    left_key: pa.StringArray
    right_key: pa.StringArray
    records: pa.Table


def check_tool(to: str, path: Path) -> None:
    """Make sure that the form of a tool is known, and that the file has its ending.

    Raises
    ------
    SettingsError
        It is unknown, or the ending is another.
    """
    if to not in TOOLS:
        raise SettingsError(
            f"labels: unknown form, got {to!r}. Use one of {', '.join(TOOLS)}, or matcher."
            f"{nearest(to, list(TOOLS))}"
        )
    ending = ".json" if to == "dedupe" else ".csv"
    if path.suffix.lower() != ending:
        raise SettingsError(
            f"{path}: labels of {to} are a {ending} file, got {path.suffix!r}. "
            f"End it with {ending}."
        )


def write_for_tool(labelled: LabelledRecords, to: str, path: Path) -> tuple[Notice, ...]:
    """Write labels in the form of a tool.

    Parameters
    ----------
    labelled : LabelledRecords
        The labels.
    to : str
        One of `TOOLS`.
    path : Path
        The file.

    Returns
    -------
    tuple[Notice, ...]
        What the form cannot hold.
    """
    notices = TOOLS[to](labelled, path)
    n_variants = int((labelled.relations == VARIANT).sum())
    if n_variants:
        message = (
            f"{to}: {n_variants:,} variants are written as no match: "
            "the form has no third relation."
        )
        notices = (*notices, Notice("labels_without_variant", message, n_variants))
    return notices


def _to_magellan(labelled: LabelledRecords, path: Path) -> tuple[Notice, ...]:
    table = pa.table(
        {
            "_id": pa.array(range(len(labelled.left)), pa.int64()),
            "ltable_id": labelled.left_key,
            "rtable_id": labelled.right_key,
            "label": _flags(labelled),
        }
    )
    csv.write_csv(table, path)
    return ()


def _to_findmatches(labelled: LabelledRecords, path: Path) -> tuple[Notice, ...]:
    """Write a set of two records for each pair: one label if they match, else two."""
    sets = [f"set-{number}" for number in range(1, len(labelled.left) + 1)]
    second = ["A" if flag else "B" for flag in _flags(labelled).to_pylist()]
    labels = [label for each in second for label in ("A", each)]
    own = {"labeling_set_id": np.repeat(sets, 2), "label": labels}
    return _write_records(labelled, own, path)


def _to_zingg(labelled: LabelledRecords, path: Path) -> tuple[Notice, ...]:
    """Write a cluster of two records for each pair."""
    clusters = [f"{number}" for number in range(1, len(labelled.left) + 1)]
    flags = np.repeat(np.asarray(_flags(labelled)), 2)
    return _write_records(labelled, {"z_cluster": np.repeat(clusters, 2), "z_isMatch": flags}, path)


def _write_records(
    labelled: LabelledRecords, own: Mapping[str, object], path: Path
) -> tuple[Notice, ...]:
    """Write both records of each pair below each other, the tool's own columns before theirs."""
    rows = np.stack([labelled.left, labelled.right], axis=1).ravel()
    taken = {name.lower() for name in own}
    kept = [name for name in labelled.records.column_names if name.strip().lower() not in taken]
    records = labelled.records.select(kept).take(pa.array(rows))
    columns = {name: pa.array(values) for name, values in own.items()}
    columns |= {name: records[name] for name in kept}
    csv.write_csv(pa.table(columns), path)
    return _hidden(len(labelled.records.column_names) - len(kept), ", ".join(own))


def _to_dedupe(labelled: LabelledRecords, path: Path) -> tuple[Notice, ...]:
    """Write dedupe's training.json, pairs as the tuples that dedupe reads."""
    table = labelled.records
    named = zip(table.column_names, table.columns, strict=True)
    blank = {name: pc.if_else(pc.equal(of, ""), None, of) for name, of in named}
    records = pa.table(blank)  # dedupe takes an empty text for a value, and None for a missing one
    sides = [records.take(pa.array(rows)).to_pylist() for rows in (labelled.left, labelled.right)]
    found: dict[str, list[object]] = {"distinct": [], "match": []}
    for flag, *pair in zip(_flags(labelled).to_pylist(), *sides, strict=True):
        kind = "match" if flag else "distinct"
        found[kind].append({"__class__": "tuple", "__value__": pair})
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    return ()


def _flags(labelled: LabelledRecords) -> pa.Array:
    """Return 1 for a match, 0 for none."""
    return pc.cast(pa.array(labelled.relations == EXACT), pa.int64())


def _hidden(n_columns: int, own: str) -> tuple[Notice, ...]:
    if n_columns == 0:
        return ()
    message = f"labels: {n_columns} columns of the catalogue are left out, named as {own}."
    return (Notice("hidden_columns", message, n_columns),)


TOOLS: Mapping[str, Callable[[LabelledRecords, Path], tuple[Notice, ...]]] = {
    "magellan": _to_magellan,
    "findmatches": _to_findmatches,
    "zingg": _to_zingg,
    "dedupe": _to_dedupe,
}
"""The tools in whose form labels can be written."""
