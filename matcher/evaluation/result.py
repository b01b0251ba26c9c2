"""Compare the groups of a result with a truth file: what ``matcher evaluate`` shows."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.errors import LabelsError, RecordsError, first_three
from matcher.evaluation.clusters import bcubed_measures, pairwise_measures
from matcher.evaluation.pairs import PairMeasures, RelationMeasures, relation_measures
from matcher.types import DIFFERENT, EXACT, VARIANT, Longs, Notice

MATCH_COLUMNS = ("product_id", "match_id", "cluster", "cluster_id", "entity_id")
"""Names under which a truth file may give the true duplicate group."""

RELATION_COLUMNS = ("relation", "label")

RELATION_NUMBERS = (
    dict.fromkeys(("exact", "1", "true", "match"), EXACT)
    | {"variant": VARIANT}
    | dict.fromkeys(("different", "0", "false", "non-match"), DIFFERENT)
)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How good the groups of a result are.

    Attributes
    ----------
    match_pairwise, match_bcubed : PairMeasures | None
        Duplicate groups against the true ones; None where the truth has none.
    family_pairwise, family_bcubed : PairMeasures | None
        Families against the true ones.
    relations : RelationMeasures | None
        Where the truth is a list of pairs: the relation that the groups give each of them.
    n_evaluated : int
        Records, or pairs, that were compared.
    n_without_truth : int
        Records of the result that the truth does not know; they are left out.
    notices : tuple[Notice, ...]
        What of the truth was left out.
    """

    match_pairwise: PairMeasures | None
    match_bcubed: PairMeasures | None
    family_pairwise: PairMeasures | None
    family_bcubed: PairMeasures | None
    relations: RelationMeasures | None
    n_evaluated: int
    n_without_truth: int
    notices: tuple[Notice, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain numbers, lists and dicts."""
        measures = ("match_pairwise", "match_bcubed", "family_pairwise", "family_bcubed")
        found = {name: getattr(self, name) for name in (*measures, "relations")}
        return {name: of.to_dict() if of is not None else None for name, of in found.items()} | {
            "n_evaluated": self.n_evaluated,
            "n_without_truth": self.n_without_truth,
            "notices": [asdict(notice) for notice in self.notices],
        }


def evaluate_groups(
    result: Any, truth: Any, *, id_column: str = "id", source_column: str = ""
) -> Evaluation:
    """Compare the records of a result with the truth.

    Parameters
    ----------
    result : frame
        The records with `id_column`, ``match_id`` and ``family_id``; anything with the Arrow
        interface.
    truth : frame
        Either one row a record, with `id_column` (or ``id``), the true group as one of
        `MATCH_COLUMNS` and perhaps ``family_id``; or one row a pair, with ``left_id``,
        ``right_id`` and perhaps ``relation`` or ``label`` (without them every pair is exact).
    id_column : str
        Column of the ids in the result.
    source_column : str
        Column in both frames that makes ids unique; in a list of pairs ids are then written
        ``source/id``.

    Raises
    ------
    RecordsError
        A column is missing, an id occurs twice, or no id of the truth is in the result.
    LabelsError
        A relation is none.

    Examples
    --------
    >>> result = pa.table({"id": ["a", "b", "c"], "match_id": [0, 0, 1], "family_id": [0, 0, 0]})
    >>> truth = pa.table({"id": ["a", "b", "c"], "product_id": ["x", "x", "y"]})
    >>> evaluate_groups(result, truth).match_pairwise.f1
    1.0
    """
    found, wanted = pa.table(result), pa.table(truth)
    for column in (id_column, "match_id", "family_id"):
        _require(found, column, "result")
    ids = _keys(found, id_column, source_column, "result")
    match, family = (_numbers(found[column]) for column in ("match_id", "family_id"))
    if {"left_id", "right_id"} <= set(wanted.column_names):
        return _evaluate_pairs(ids, match, family, wanted)
    return _evaluate_records(ids, match, family, wanted, (id_column, source_column))


def _evaluate_records(
    ids: pa.Array, match: Longs, family: Longs, wanted: pa.Table, columns: tuple[str, str]
) -> Evaluation:
    id_column = columns[0] if columns[0] in wanted.column_names else "id"
    _require(wanted, id_column, "truth")
    true_ids = _keys(wanted, id_column, columns[1], "truth")
    names = [name for name in MATCH_COLUMNS if name in wanted.column_names]
    if not names and "family_id" not in wanted.column_names:
        raise RecordsError(
            f"truth: no column of true groups, got columns {first_three(wanted.column_names)}. "
            f"Name it one of {', '.join(MATCH_COLUMNS)}, or family_id."
        )
    rows = _positions(true_ids, ids)
    _check_any(rows, true_ids)
    known = np.flatnonzero(rows >= 0)
    rows = rows[known]
    measures: dict[str, PairMeasures | None] = {}
    for kind, name, own in (
        ("match", names[0] if names else "", match),
        ("family", "family_id" if "family_id" in wanted.column_names else "", family),
    ):
        if name:
            is_given = np.asarray(wanted[name].is_valid())[known]
            groups, true = own[rows[is_given]], _numbers(wanted[name])[known[is_given]]
            measures[f"{kind}_pairwise"] = pairwise_measures(groups, true)
            measures[f"{kind}_bcubed"] = bcubed_measures(groups, true)
    return Evaluation(
        match_pairwise=measures.get("match_pairwise"),
        match_bcubed=measures.get("match_bcubed"),
        family_pairwise=measures.get("family_pairwise"),
        family_bcubed=measures.get("family_bcubed"),
        relations=None,
        n_evaluated=len(rows),
        n_without_truth=len(ids) - len(rows),
        notices=_unknown_notices(true_ids, known, "ids"),
    )


def _evaluate_pairs(ids: pa.Array, match: Longs, family: Longs, wanted: pa.Table) -> Evaluation:
    sides = [
        pc.cast(wanted[name], pa.string()).combine_chunks() for name in ("left_id", "right_id")
    ]
    left, right = (_positions(side, ids) for side in sides)
    known = np.flatnonzero((left >= 0) & (right >= 0))
    _check_any(np.where((left >= 0) & (right >= 0), 0, -1), sides[0])
    truth = _relations(wanted)[known]
    left, right = left[known], right[known]
    is_variant = np.where(family[left] == family[right], VARIANT, DIFFERENT)
    predicted = np.where(match[left] == match[right], EXACT, is_variant).astype(np.int8)
    named = len(np.unique(np.concatenate([left, right])))
    names = pc.binary_join_element_wise(*sides, " - ")
    return Evaluation(
        None,
        None,
        None,
        None,
        relation_measures(truth, predicted),
        len(known),
        len(ids) - named,
        _unknown_notices(names, known, "pairs"),
    )


def _relations(wanted: pa.Table) -> NDArray[np.int8]:
    """Return the number of the true relation of each pair."""
    columns = [name for name in RELATION_COLUMNS if name in wanted.column_names]
    if not columns:
        return np.zeros(wanted.num_rows, np.int8)
    encoded = pc.dictionary_encode(
        pc.fill_null(pc.cast(wanted[columns[0]], pa.string()), "")
    ).combine_chunks()
    words = [word.strip().lower() for word in encoded.dictionary.to_pylist()]
    unknown = [word for word in words if word not in RELATION_NUMBERS]
    if unknown:
        raise LabelsError(
            f"truth: {len(unknown)} values of {columns[0]} are no relation, "
            f"got {first_three(unknown)}. Use exact, variant or different."
        )
    numbers = np.array([RELATION_NUMBERS[word] for word in words], np.int8)
    return np.asarray(numbers[np.asarray(encoded.indices)], np.int8)


def _require(table: pa.Table, column: str, where: str) -> None:
    if column not in table.column_names:
        raise RecordsError(
            f"{where}: column {column!r} is missing, got columns "
            f"{first_three(table.column_names)}. Name the right column or file."
        )


def _keys(table: pa.Table, column: str, source_column: str, where: str) -> pa.Array:
    """Return the ids, with their source where one is given; each must occur once."""
    keys = pc.cast(table[column], pa.string())
    if source_column and source_column in table.column_names:
        keys = pc.binary_join_element_wise(pc.cast(table[source_column], pa.string()), keys, "/")
    counts = pc.value_counts(keys)
    repeated = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
    if len(repeated):
        raise RecordsError(
            f"{where}: {len(repeated)} ids occur more than once, first "
            f"{first_three(repeated.to_pylist()[:3])}. Every record must occur once."
        )
    return keys.combine_chunks()


def _positions(wanted: pa.Array, ids: pa.Array) -> Longs:
    """Return the position of each wanted id, -1 where it is unknown."""
    found = pc.fill_null(pc.index_in(wanted, value_set=ids, skip_nulls=True), -1)
    return np.asarray(found, np.int64)


def _numbers(column: pa.ChunkedArray) -> Longs:
    """Return a number for each value, equal for equal values; null is a value of its own."""
    encoded = pc.dictionary_encode(column, null_encoding="encode").combine_chunks()
    return np.asarray(encoded.indices, np.int64)


def _check_any(rows: Longs, names: pa.Array) -> None:
    if not (rows >= 0).any():
        raise RecordsError(
            f"truth: none of its {len(rows)} rows names a record of the result, first "
            f"{first_three(names[:3].to_pylist())}. Give the truth of this catalogue."
        )


def _unknown_notices(names: pa.Array, known: Longs, what: str) -> tuple[Notice, ...]:
    n_unknown = len(names) - len(known)
    if n_unknown == 0:
        return ()
    first = np.setdiff1d(np.arange(len(names)), known)[:3]
    listed = first_three(names.take(pa.array(first)).to_pylist())
    message = (
        f"truth: {n_unknown} {what} are not in the result, first {listed}. They were left out."
    )
    return (Notice("unknown_truth_ids", message, n_unknown),)
