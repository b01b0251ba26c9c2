"""Label files of other tools, made into a table of ``left_id``, ``right_id`` and ``relation``."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.errors import LabelsError, first_three
from matcher.labelling.sets import count_pairs_inside, pairs_inside
from matcher.types import Longs

PAIR_COLUMNS = (
    ("left_id", "right_id"),
    ("ltable_id", "rtable_id"),  # Magellan, DeepMatcher
    ("ltable.id", "rtable.id"),
    ("id_left", "id_right"),  # WDC
    ("id1", "id2"),
)
RELATION_COLUMNS = ("relation", "label", "gold")

MOST_PAIRS = 20_000_000
"""Pairs that the sets of one file may hold: more is a list of clusters, not of labels."""


def pairs_of_sets(table: pa.Table, name: str, id_column: str) -> pa.Table:
    """Make pairs of FindMatches label sets.

    Records with the same label in one set are exact, those with another one are different; labels
    of different sets have nothing to do with each other.
    """
    ids = table[_id_column(table, name, id_column, ("labeling_set_id", "label"))]
    left, right = _checked_pairs_inside(_numbers(table["labeling_set_id"]), name)
    labels = table["label"]
    is_given = np.asarray(pc.fill_null(pc.not_equal(labels, ""), False), np.bool_)  # noqa: FBT003
    numbers = _numbers(labels)
    relation = np.where(numbers[left] == numbers[right], "exact", "different")
    relation = np.where(is_given[left] & is_given[right], relation, "")
    return _table_of(ids, left, right, relation)


def pairs_of_zingg(table: pa.Table, name: str, id_column: str) -> pa.Table:
    """Make pairs of Zingg's marked clusters: 1 is a match, 0 none, 2 unsure, -1 not asked yet."""
    own = tuple(column for column in table.column_names if column.startswith("z_"))
    ids = table[_id_column(table, name, id_column, own)]
    left, right = _checked_pairs_inside(_numbers(table["z_cluster"]), name)
    marks = np.asarray(pc.fill_null(table["z_ismatch"], "").to_pylist(), np.str_)[left]
    marks = np.char.strip(marks)
    known = {"1": "exact", "1.0": "exact", "0": "different", "0.0": "different"}
    known |= dict.fromkeys(("2", "2.0", "-1", "-1.0", ""), "unsure")
    words, inverse = np.unique(marks, return_inverse=True)
    unknown = [word for word in words.tolist() if word not in known]
    if unknown:
        raise LabelsError(
            f"{name}: {len(unknown)} values of z_ismatch are unknown, got {first_three(unknown)}. "
            "Use 1 for a match, 0 for none, 2 for unsure."
        )
    relation = np.array([known[word] for word in words.tolist()], np.str_)[inverse]
    return _table_of(ids, left, right, relation)


def pairs_of_training(training: Any, name: str, id_column: str) -> pa.Table:
    """Make pairs of dedupe's training.json: ``{"match": [[a, b], ...], "distinct": [...]}``.

    The records in it are dicts; one of their fields must be the id.
    """
    if not isinstance(training, dict) or not {"match", "distinct"} & set(training):
        raise LabelsError(
            f"{name}: this is not dedupe's training.json, got {type(training).__name__} without "
            "'match' and 'distinct'. Give {\"match\": [[{...}, {...}], ...], \"distinct\": [...]}."
        )
    field = id_column or "id"
    rows = []
    for kind, relation in (("match", "exact"), ("distinct", "different")):
        pairs = training.get(kind, [])
        if not isinstance(pairs, list):
            raise LabelsError(
                f"{name}: {kind!r} is no list of pairs, got {type(pairs).__name__}. "
                "Give dedupe's training.json as dedupe writes it."
            )
        for number, pair in enumerate(pairs, 1):
            ids = _two_ids(pair, field)
            if len(ids) != 2:
                raise LabelsError(
                    f"{name}: pair {number} of {kind!r} does not give two ids, got field "
                    f"{field!r} {len(ids)} times. Keep the id among "
                    "the fields of the records and name its column."
                )
            rows.append((*ids, relation))
    left, right, relations = zip(*rows, strict=True) if rows else ((), (), ())
    columns = {"left_id": left, "right_id": right, "relation": relations}
    return pa.table({key: pa.array(column, pa.string()) for key, column in columns.items()})


def _two_ids(pair: Any, field: str) -> list[str]:
    """Return the ids that a pair of records gives, one of each record."""
    # Python's tuples are written as {"__class__": "tuple", "__value__": [...]}.
    pair = pair.get("__value__", ()) if isinstance(pair, dict) else pair
    records = pair if isinstance(pair, list | tuple) else ()
    ids = [record.get(field) for record in records if isinstance(record, dict)]
    return [str(each) for each in ids if isinstance(each, str | int | float)]


def _id_column(table: pa.Table, name: str, asked: str, own: tuple[str, ...]) -> str:
    """Return the column of the ids: the one asked for, ``id``, or the first that is the user's."""
    names = table.column_names
    if asked and asked not in names:
        raise LabelsError(
            f"{name}: the id column {asked!r} is missing, got columns {first_three(names)}. "
            "Name the column of the record ids."
        )
    theirs = [column for column in names if column not in own]
    if not theirs:
        raise LabelsError(
            f"{name}: there is no column of record ids, got columns {first_three(names)}. "
            "Add the ids of the records."
        )
    return asked or ("id" if "id" in names else str(theirs[0]))


def _numbers(column: pa.ChunkedArray) -> Longs:
    """Return a number for each value, equal for equal values."""
    encoded = pc.dictionary_encode(column, null_encoding="encode").combine_chunks()
    return np.asarray(encoded.indices, np.int64)


def _checked_pairs_inside(sets: Longs, name: str) -> tuple[Longs, Longs]:
    """Return the row numbers of all pairs of rows that are in one set."""
    n_pairs = count_pairs_inside(sets)
    if n_pairs > MOST_PAIRS:
        raise LabelsError(
            f"{name}: its sets hold {n_pairs} pairs, got one of {np.bincount(sets).max()} records. "
            "Split large sets: only records that were compared belong into one."
        )
    return pairs_inside(sets)


def _table_of(
    ids: pa.ChunkedArray, left: Longs, right: Longs, relation: NDArray[np.str_]
) -> pa.Table:
    columns = {"left_id": ids.take(pa.array(left)), "right_id": ids.take(pa.array(right))}
    return pa.table(columns | {"relation": pa.array(relation.tolist(), pa.string())})
