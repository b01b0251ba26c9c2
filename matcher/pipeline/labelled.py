"""Labels beside what a result says of their pairs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.errors import LabelsError, first_three
from matcher.labelling import LabelTable, find_inputs
from matcher.pipeline.reopening import Reopened
from matcher.pipeline.sampling import Population, numbers_of, relations_in
from matcher.types import DIFFERENT, RELATIONS, Bools, Longs, Notice


@dataclass(frozen=True, slots=True)
class Labelled:
    """Labelled pairs of a result.

    Attributes
    ----------
    true, grouped, judged : NDArray[np.int8]
        Shape (n_pairs,): the relation by the person, by the groups, and of the pair by itself.
    probabilities : NDArray[np.float64]
        Shape (n_pairs, 3).
    stratum : Longs
        Shape (n_pairs,): number of the stratum, -1 where the pair was chosen.
    """

    true: NDArray[np.int8]
    grouped: NDArray[np.int8]
    judged: NDArray[np.int8]
    probabilities: NDArray[np.float64]
    stratum: Longs


def look_up_labels(
    table: LabelTable, opened: Reopened, population: Population
) -> tuple[Labelled, list[Notice]]:
    """Look up the labels of a result, each pair once in a stratum, and say what was left out.

    Raises
    ------
    LabelsError
        Labels of one pair contradict each other, or none names a pair of the result.
    """
    left, right = _find_rows(table, opened)
    is_known = (left >= 0) & (right >= 0) & (left != right)
    kept = np.flatnonzero(is_known)
    notices = _left_out(table, is_known)
    names = {name: number for number, name in enumerate(table.strata)}
    texts = [""] * len(table) if table.stratum is None else table.stratum.to_pylist()
    stratum = np.array([names.get(text, -1) for text in texts], np.int64)
    true = np.array([RELATIONS.index(word) for word in table.relation.to_pylist()], np.int8)
    low, high = np.minimum(left, right), np.maximum(left, right)
    keys = (low << 32) | high
    kept = kept[np.lexsort((-stratum[kept], keys[kept]))]  # of one pair, drawn rows come first
    is_same = np.append(False, np.diff(keys[kept]) == 0)
    _check_agreeing(table, kept, is_same, true)
    is_repeated = is_same & np.append(False, np.diff(stratum[kept]) == 0) | (
        is_same & (stratum[kept] < 0)
    )
    rows = kept[~is_repeated]
    match, family = numbers_of(opened.match), numbers_of(opened.family)
    grouped = relations_in(match, family, low[rows], high[rows])
    judged, probabilities = _said(population, keys[rows], grouped)
    return Labelled(true[rows], grouped, judged, probabilities, stratum[rows]), notices


def _said(
    population: Population, keys: Longs, grouped: NDArray[np.int8]
) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """Return what was said of pairs; those that no model saw are taken for surely different."""
    order = np.argsort(population.keys())
    known = population.keys()[order]
    place = np.searchsorted(known, keys)
    is_known = np.append(known, -1)[place] == keys
    place = order[np.where(is_known, place, 0)] if len(order) else place
    judged = np.full(len(keys), DIFFERENT, np.int8)
    probabilities = np.tile([0.0, 0.0, 1.0], (len(keys), 1))
    judged[is_known] = population.judged[place[is_known]]
    probabilities[is_known] = population.probabilities[place[is_known]]
    probabilities[~is_known & (grouped != DIFFERENT)] = np.nan
    return judged, probabilities


def _find_rows(table: LabelTable, opened: Reopened) -> tuple[Longs, Longs]:
    """Return the rows of both sides of the labels; -1 where there is no such record."""
    inputs = opened.catalogue.names
    every = np.arange(len(opened.names))
    places = opened.rows_of(every)
    found = []
    for side, ids, sources in (
        ("left_id", table.left_id, table.left_source),
        ("right_id", table.right_id, table.right_source),
    ):
        if sources is None:
            sources = pa.nulls(len(table), pa.string())
        part = find_inputs(sources, inputs)
        inside = {
            number: _rows_inside(opened, every[opened.catalogue.parts == number])
            for number in np.unique(part[part >= 0]).tolist()
        }
        rows = [
            _row(places[side], name, source) if at < 0 else inside[at].get(name, -1)
            for name, source, at in zip(
                ids.to_pylist(), sources.to_pylist(), part.tolist(), strict=True
            )
        ]
        found.append(np.array(rows, np.int64))
    return found[0], found[1]


def _rows_inside(opened: Reopened, rows: Longs) -> dict[str, int]:
    """Return the row of each id in one input; none where several sources have it."""
    ids = opened.ids[rows].tolist()
    counts = Counter(ids)
    return {one: row for one, row in zip(ids, rows.tolist(), strict=True) if counts[one] == 1}


def _row(places: Mapping[str, int], name: str, source: str | None) -> int:
    """Return the row of an id, written alone, as ``source/id`` or with its source beside it."""
    spellings = (f"{source}/{name}", name, name.partition("/")[2])
    return next((places[each] for each in spellings if each in places), -1)


def _check_agreeing(table: LabelTable, rows: Longs, is_same: Bools, true: NDArray[np.int8]) -> None:
    """Check that no pair has two relations; `is_same` where a row is of the pair before it."""
    other = np.flatnonzero(is_same & (np.diff(true[rows], prepend=-1) != 0))
    if len(other):
        told = [
            f"rows {table.rows[rows[at - 1]]} and {table.rows[rows[at]]}"
            for at in other[:3].tolist()
        ]
        raise LabelsError(
            f"{table.name}: {len(other)} labels contradict another label of the same pair, got "
            f"{first_three(told)}. Remove one of each."
        )


def _left_out(table: LabelTable, is_known: Bools) -> list[Notice]:
    n_unknown = int((~is_known).sum())
    if n_unknown == 0:
        return []
    at = np.flatnonzero(~is_known)[:3].tolist()
    listed = first_three([f"{table.left_id[i]} - {table.right_id[i]}" for i in at])
    if n_unknown == len(table):
        raise LabelsError(
            f"{table.name}: none of its {n_unknown} labels names two records of the result, first "
            f"{listed}. Give labels of this catalogue."
        )
    message = (
        f"{table.name}: {n_unknown} labels name no two records of the result, first {listed}. "
        "They were left out."
    )
    return [Notice("labels_with_unknown_ids", message, n_unknown)]
