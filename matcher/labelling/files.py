"""Read and write label files, in our own form and in those of the tools that people come from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from matcher.errors import LabelsError, first_three, nearest
from matcher.labelling.formats import (
    PAIR_COLUMNS,
    RELATION_COLUMNS,
    pairs_of_sets,
    pairs_of_training,
    pairs_of_zingg,
)
from matcher.labelling.samples import read_strata
from matcher.labelling.tables import lower_names, read_table
from matcher.types import Bools, Longs, Notice, Relation

_WORDS: Mapping[Relation, tuple[str, ...]] = {
    "exact": ("exact", "1", "1.0", "true", "t", "yes", "y", "match", "duplicate", "same"),
    "variant": ("variant", "variants"),
    "different": (
        *("different", "0", "0.0", "false", "f", "no", "n", "distinct", "non-match"),
        *("non_match", "nonmatch", "no match", "no-match", "no_match"),
    ),
}
RELATION_WORDS: Mapping[str, Relation] = {
    word: relation for relation, words in _WORDS.items() for word in words
}
"""How people write a relation, in lower case."""


@dataclass(frozen=True, slots=True)
class LabelTable:
    """Labels as they stand in a file, before their ids are looked up.

    Attributes
    ----------
    left_id, right_id : pa.StringArray
        Shape (n_labels,): ids as text.
    relation : pa.StringArray
        Shape (n_labels,): ``"exact"``, ``"variant"`` or ``"different"``.
    left_source, right_source : pa.StringArray | None
        Shape (n_labels,): names of the sources of the ids, where the file gives them.
    rows : Longs
        Shape (n_labels,): number of the row (of the pair, in files of sets) in the file, from 1.
    name : str
        The file, for messages.
    notices : tuple[Notice, ...]
        Rows that were left out.
    stratum : pa.StringArray | None
        Shape (n_labels,): from which part of all pairs each was drawn at random, empty where it was
        chosen; None where the file does not tell.
    strata : Mapping[str, int]
        How many pairs each part holds, those without an answer among them.
    """

    left_id: pa.StringArray
    right_id: pa.StringArray
    relation: pa.StringArray
    left_source: pa.StringArray | None
    right_source: pa.StringArray | None
    rows: Longs
    name: str
    notices: tuple[Notice, ...]
    stratum: pa.StringArray | None = None
    strata: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of labels."""
        return len(self.left_id)


def read_labels(source: Any, *, id_column: str = "") -> LabelTable:
    """Read labels from a file or a frame.

    Known are ``left_id,right_id,relation`` (or ``label``; 1/0, true/false, match/non-match and the
    like are exact/different), Magellan's ``ltable_id,rtable_id,label``, FindMatches label sets
    (``labeling_set_id,label,...``), Zingg's ``z_cluster,z_ismatch,...`` and dedupe's training.json.

    Parameters
    ----------
    source : path or frame
        CSV (also compressed), Parquet or JSON file, or anything with the Arrow interface.
    id_column : str
        Column of the record id where the file has whole records; else ``id`` or the first column
        that is not the format's own.

    Raises
    ------
    LabelsError
        The file cannot be read, its format is unknown, or a relation is none.

    Examples
    --------
    >>> table = read_labels(pa.table({"left_id": [7], "right_id": [8], "label": [True]}))
    >>> table.left_id.to_pylist(), table.right_id.to_pylist(), table.relation.to_pylist()
    (['7'], ['8'], ['exact'])
    """
    if isinstance(source, str | Path) and Path(source).suffix.lower() == ".json":
        path = Path(source)
        return _from_table(pairs_of_training(_read_json(path), path.name, id_column), path.name, "")
    return _from_table(*read_table(source, "labels"), id_column)


def write_labels(table: LabelTable, path: str | Path) -> None:
    """Write labels as ``left_id,right_id,relation``, as Parquet where the name ends so, else CSV.

    The file appears whole or not at all.
    """
    columns = {"left_id": table.left_id, "right_id": table.right_id, "relation": table.relation}
    if table.left_source is not None and table.right_source is not None:
        columns |= {"left_source": table.left_source, "right_source": table.right_source}
    if table.stratum is not None:
        sizes = [table.strata.get(name) for name in table.stratum.to_pylist()]
        columns |= {"stratum": table.stratum, "stratum_pairs": pa.array(sizes, pa.int64())}
    path = Path(path)
    write = parquet.write_table if path.suffix.lower() == ".parquet" else csv.write_csv
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
        try:
            write(pa.table(columns), draft)
        except BaseException:
            Path(draft.name).unlink()
            raise
    Path(draft.name).replace(path)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise LabelsError(
            f"{path.name}: labels cannot be read, got {type(error).__name__}: {error}. "
            "Give dedupe's training.json."
        ) from error


def _from_table(table: pa.Table, name: str, id_column: str) -> LabelTable:
    """Recognise the format by its columns and make labels of it."""
    written = table.column_names
    table = lower_names(table)
    names = set(table.column_names)
    id_column = id_column.strip().lower()
    if {"labeling_set_id", "label"} <= names:
        return _finish(pairs_of_sets(table, name, id_column), "relation", name)
    if {"z_cluster", "z_ismatch"} <= names:
        return _finish(pairs_of_zingg(table, name, id_column), "relation", name)
    for left, right in PAIR_COLUMNS:
        if left in names and right in names:
            found = [column for column in RELATION_COLUMNS if column in names]
            if found:
                renamed = {left: "left_id", right: "right_id"}
                columns = [renamed.get(column, column) for column in table.column_names]
                return _finish(table.rename_columns(columns), found[0], name)
    hints = [nearest(column, ("left_id", "right_id", "relation")) for column in table.column_names]
    raise LabelsError(
        f"{name}: the columns are of no known kind of label file, got columns "
        f"{first_three(written)}. Name them left_id, right_id and relation."
        + next((hint for hint in hints if hint), "")
    )


def _finish(pairs: pa.Table, relation_column: str, name: str) -> LabelTable:
    """Translate the relations, and leave out rows without one or without an id."""
    encoded = pc.dictionary_encode(pc.fill_null(pairs[relation_column], "")).combine_chunks()
    words = [word.strip().lower() for word in encoded.dictionary.to_pylist()]
    unknown = [word for word in words if word not in RELATION_WORDS and word not in ("", "unsure")]
    if unknown:
        raise LabelsError(
            f"{name}: {len(unknown)} values of {relation_column} are no relation, got "
            f"{first_three(unknown)}. Use exact, variant or different (or 1 and 0)."
        )
    relations = pa.array([RELATION_WORDS.get(word) for word in words], pa.string())
    relation = relations.take(encoded.indices)
    sides = [pc.utf8_trim_whitespace(pairs[side]) for side in ("left_id", "right_id")]
    has_ids = np.logical_and(*(_is_given(side) for side in sides))
    has_relation = np.asarray(relation.is_valid())
    kept = pa.array(np.flatnonzero(has_ids & has_relation))
    has_sources = {"left_source", "right_source"} <= set(pairs.column_names)
    stratum, strata = read_strata(pairs, name)
    return LabelTable(
        left_id=_pick(sides[0], kept),
        right_id=_pick(sides[1], kept),
        relation=relation.take(kept),
        left_source=_pick(pairs["left_source"], kept) if has_sources else None,
        right_source=_pick(pairs["right_source"], kept) if has_sources else None,
        rows=np.asarray(kept, np.int64) + 1,
        name=name,
        notices=_left_out(name, has_ids, has_relation),
        stratum=None if stratum is None else stratum.take(kept),
        strata=strata,
    )


def _is_given(ids: pa.ChunkedArray) -> Bools:
    return np.asarray(pc.fill_null(pc.not_equal(ids, ""), False), np.bool_)  # noqa: FBT003 - Arrow's


def _pick(column: pa.ChunkedArray, kept: pa.Array) -> pa.StringArray:
    return column.combine_chunks().take(kept)


def _left_out(name: str, has_ids: Bools, has_relation: Bools) -> tuple[Notice, ...]:
    notices = []
    n_unsure = int((~has_relation).sum())
    if n_unsure:
        message = f"{name}: {n_unsure} labels are empty or unsure. They were left out."
        notices.append(Notice("labels_without_relation", message, n_unsure))
    n_without = int((has_relation & ~has_ids).sum())
    if n_without:
        message = f"{name}: {n_without} labels lack an id. They were left out."
        notices.append(Notice("labels_without_id", message, n_without))
    return tuple(notices)
