"""From the ids of labels to record numbers, and whether the labels agree with each other."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import LabelsError, first_three
from matcher.labelling.contradictions import find_broken, find_chain, make_graph
from matcher.labelling.files import LabelTable
from matcher.labelling.lookup import (
    AMBIGUOUS,
    UNKNOWN,
    count_missed,
    find_records,
    is_inside_table,
)
from matcher.types import (
    DIFFERENT,
    EXACT,
    RELATIONS,
    Bools,
    Labels,
    Longs,
    Notice,
    Pairs,
    Records,
)


def resolve_labels(
    table: LabelTable, records: Records, *, check_chains: bool = True
) -> tuple[Labels, tuple[Notice, ...]]:
    """Look up the records of labels.

    Ids are looked up as `find_records` says.  When two tables are linked, labels of two records of
    one table are left out.

    Parameters
    ----------
    table : LabelTable
        The labels.
    records : Records
        The records that they are about.
    check_chains : bool
        Whether labels must also agree along chains: groups need that, training does not.

    Returns
    -------
    Labels
        Each pair once.
    tuple[Notice, ...]
        What was left out, the notices of `table` included: unknown ids, pairs of a record with
        itself or inside one of two linked tables, repetitions.

    Raises
    ------
    LabelsError
        No label names two known records, an id is ambiguous, or labels contradict each other.
    """
    left, right = find_records(table, records)
    _check_clear(table, left, right)
    is_known, is_self = (left >= 0) & (right >= 0), left == right
    is_inside = is_known & ~is_self & is_inside_table(left, right, records)
    notices = [*table.notices, *_unknown(table, left, right), *_selves(table, is_known & is_self)]
    notices += _inside(table, is_inside)
    kept = np.flatnonzero(is_known & ~is_self & ~is_inside)
    numbers = pc.index_in(table.relation, value_set=pa.array(RELATIONS))
    relations = np.asarray(numbers, np.int8)[kept]
    low, high = np.minimum(left, right)[kept], np.maximum(left, right)[kept]
    keys, first, inverse = np.unique((low << 32) | high, return_index=True, return_inverse=True)
    _check_same(table, kept, relations[first][inverse] != relations, first[inverse])
    notices += _repeated(table, len(kept) - len(keys))
    labels = Labels(Pairs.from_keys(keys), relations[first])
    if check_chains:
        _check_chains(table.name, labels, records)
    return labels, tuple(notices)


def _check_clear(table: LabelTable, left: Longs, right: Longs) -> None:
    """Check that no id that was found belongs to several records."""
    n_ambiguous, listed = count_missed(table, left, right, AMBIGUOUS)
    if n_ambiguous:
        raise LabelsError(
            f"{table.name}: {n_ambiguous} labels name ids that several sources use, first "
            f"{listed}. Write them as source/id."
        )


def _unknown(table: LabelTable, left: Longs, right: Longs) -> list[Notice]:
    n_unknown, listed = count_missed(table, left, right, UNKNOWN)
    if n_unknown == 0:
        return []
    if n_unknown == len(table):
        raise LabelsError(
            f"{table.name}: none of its {n_unknown} labels names two known records, first unknown "
            f"{listed}. Give labels with the ids of this catalogue."
        )
    message = (
        f"{table.name}: {n_unknown} labels name unknown ids, first {listed}. They were left out."
    )
    return [Notice("labels_with_unknown_ids", message, n_unknown)]


def _selves(table: LabelTable, is_self: Bools) -> list[Notice]:
    rows = np.flatnonzero(is_self)
    if len(rows) == 0:
        return []
    listed = first_three(table.left_id.take(pa.array(rows[:3])).to_pylist())
    message = (
        f"{table.name}: {len(rows)} labels pair a record with itself, first {listed}. "
        "They were left out."
    )
    return [Notice("labels_of_self_pairs", message, len(rows))]


def _inside(table: LabelTable, is_inside: Bools) -> list[Notice]:
    rows = np.flatnonzero(is_inside)
    if len(rows) == 0:
        return []
    at = int(rows[0])
    message = (
        f"{table.name}: {len(rows)} labels pair two records of one table, first "
        f"{table.left_id[at].as_py()!r} and {table.right_id[at].as_py()!r}. They were left out: "
        "only pairs across two tables are linked."
    )
    return [Notice("labels_inside_a_table", message, len(rows))]


def _repeated(table: LabelTable, n_repeated: int) -> list[Notice]:
    if n_repeated == 0:
        return []
    message = f"{table.name}: {n_repeated} labels repeat another one. They were left out."
    return [Notice("repeated_labels", message, n_repeated)]


def _check_same(table: LabelTable, kept: Longs, is_other: Bools, first: Longs) -> None:
    """Check that no pair has two relations."""
    other = np.flatnonzero(is_other)
    if len(other):
        listed = [
            f"rows {table.rows[a]} and {table.rows[b]}: "
            f"{table.left_id[a].as_py()} and {table.right_id[a].as_py()} are "
            f"{table.relation[a].as_py()} and {table.relation[b].as_py()}"
            for a, b in zip(kept[first[other[:3]]], kept[other[:3]], strict=True)
        ]
        raise LabelsError(
            f"{table.name}: {len(other)} labels contradict another label of the same pair, got "
            f"{first_three(listed)}. Remove one of each. 'matcher labels' lists them all."
        )


def _check_chains(name: str, labels: Labels, records: Records) -> None:
    """Check that no chain of labels joins what another label keeps apart."""
    relations = labels.relations
    _check_held(name, labels, relations == EXACT, relations != EXACT, records)
    _check_held(name, labels, relations != DIFFERENT, relations == DIFFERENT, records)


def _check_held(
    name: str, labels: Labels, is_held: Bools, is_apart: Bools, records: Records
) -> None:
    left, right = (each.astype(np.int64) for each in (labels.pairs.left, labels.pairs.right))
    graph = make_graph(left[is_held], right[is_held], len(records.ids))
    broken = np.flatnonzero(is_apart)[find_broken(graph, left[is_apart], right[is_apart])]
    if len(broken) == 0:
        return
    start, end = int(left[broken[0]]), int(right[broken[0]])
    chain = find_chain(graph, start, end)
    relation = {(a, b): RELATIONS[r] for a, b, r in zip(left, right, labels.relations, strict=True)}
    told = repr(str(records.ids[start]))
    for a, b in pairwise(chain):
        told += f" {relation[min(a, b), max(a, b)]} {str(records.ids[b])!r}"
    raise LabelsError(
        f"{name}: {len(broken)} labels contradict a chain of others, got {told}, but "
        f"{str(records.ids[start])!r} {RELATIONS[labels.relations[broken[0]]]} "
        f"{str(records.ids[end])!r}. Remove a label of each chain. 'matcher labels' lists them."
    )
