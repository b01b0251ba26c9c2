"""Estimate the quality of a result from labels, without knowing the whole truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.errors import LabelsError, first_three
from matcher.evaluation import QualityEstimate, Sample, estimate_quality
from matcher.labelling import LabelTable, read_labels
from matcher.output import MatchResult
from matcher.pipeline.reopening import Reopened, reopen
from matcher.pipeline.sampling import (
    Population,
    numbers_of,
    population_of,
    relations_in,
    state_of,
)
from matcher.types import DIFFERENT, EXACT, RELATIONS, VARIANT, Bools, Longs, Notice


@dataclass(frozen=True, slots=True)
class Estimate:
    """How good a result is, as far as labels tell.

    Attributes
    ----------
    match, family : QualityEstimate | None
        Duplicate groups, and families: pairs of records that are in one group against those that
        belong into one.  None without labels that were drawn at random; families also where no
        label is a variant.
    match_pairs, family_pairs : QualityEstimate | None
        The same of what was said of each pair by itself, before grouping.
    n_sampled : int
        Labels that were drawn at random, and that the estimate is made of.
    n_pairs : int
        Pairs that they were drawn from.
    n_chosen : int
        Labels that were not drawn at random: they are in no estimate.
    n_agreeing : int
        Those of them whose relation is that of the groups.
    n_here : int
        Pairs of this result that were compared or are inside one family.
    blocking_completeness : float | None
        What blocking itself supposes of the true pairs that it proposed: too high as a rule.
    notices : tuple[Notice, ...]
        What was left out of the labels, and what to beware of.
    """

    match: QualityEstimate | None
    family: QualityEstimate | None
    match_pairs: QualityEstimate | None
    family_pairs: QualityEstimate | None
    n_sampled: int
    n_pairs: int
    n_chosen: int
    n_agreeing: int
    n_here: int
    blocking_completeness: float | None
    notices: tuple[Notice, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain numbers, lists and dicts."""
        kinds = ("match", "family", "match_pairs", "family_pairs")
        found = {kind: getattr(self, kind) for kind in kinds}
        others = [name for name in self.__slots__ if name not in (*kinds, "notices")]
        return (
            {kind: None if of is None else of.to_dict() for kind, of in found.items()}
            | {name: getattr(self, name) for name in others}
            | {"notices": [notice.message for notice in self.notices]}
        )


@dataclass(frozen=True, slots=True)
class _Labelled:
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


def estimate(result: MatchResult | str | PathLike[str], labels: Any) -> Estimate:
    """Estimate the precision and the recall of a result, with intervals, from labelled pairs.

    The labels are those of a random sample: of `sample`, or the random part of what
    ``matcher label`` asked.  They serve for the result that they were drawn from and for every
    other result of the same catalogue.  Labels without a stratum were chosen by somebody, and only
    counted: chosen pairs are harder, or easier, than others.

    Recall is among the pairs that were compared when the sample was drawn, and those inside one
    family: pairs that blocking never proposed are unknown.

    Parameters
    ----------
    result : MatchResult or path
        A result, or the folder that one was written into.
    labels : path or frame
        ``left_id,right_id,relation,stratum,stratum_pairs``.

    Raises
    ------
    RecordsError
        The folder holds no result.
    LabelsError
        The labels cannot be read, contradict each other, or name no pair of the result.
    """
    table = read_labels(labels)
    opened = reopen(result)
    population = population_of(opened, state_of(result))
    labelled, notices = _look_up(table, opened, population)
    is_drawn = labelled.stratum >= 0
    sizes, n_unanswered = _answered_sizes(labelled, table)
    is_right = labelled.grouped == labelled.true
    completeness = opened.run.get("blocking", {}).get("estimate", {}).get("completeness")
    return Estimate(
        **_estimates(labelled, sizes),
        n_sampled=int(is_drawn.sum()),
        n_pairs=int(sizes.sum()),
        n_chosen=int((~is_drawn).sum()),
        n_agreeing=int((is_right & ~is_drawn).sum()),
        n_here=len(population),
        blocking_completeness=completeness,
        notices=(
            *table.notices,
            *notices,
            *_unanswered(table, n_unanswered),
            *_kept(opened.run, table.name),
        ),
    )


def _look_up(
    table: LabelTable, opened: Reopened, population: Population
) -> tuple[_Labelled, list[Notice]]:
    """Return the labelled pairs of the result, each once in a stratum, and what was left out."""
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
    return _Labelled(true[rows], grouped, judged, probabilities, stratum[rows]), notices


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


def _estimates(labelled: _Labelled, sizes: Longs) -> dict[str, QualityEstimate | None]:
    """Return the estimates that the labels allow."""
    drawn = np.flatnonzero(labelled.stratum >= 0)
    numbers, stratum = np.unique(labelled.stratum[drawn], return_inverse=True)
    sample = Sample(stratum, sizes[numbers])
    true, p = labelled.true[drawn], labelled.probabilities[drawn]
    has_variants = bool((labelled.true == VARIANT).any())
    found: dict[str, QualityEstimate | None] = {}
    for suffix, decided in (("", labelled.grouped[drawn]), ("_pairs", labelled.judged[drawn])):
        is_family = (true != DIFFERENT, decided != DIFFERENT, p[:, EXACT] + p[:, VARIANT])
        is_match = (true == EXACT, decided == EXACT, p[:, EXACT])
        found[f"match{suffix}"] = estimate_quality(sample, *is_match) if len(drawn) else None
        found[f"family{suffix}"] = (
            estimate_quality(sample, *is_family) if len(drawn) and has_variants else None
        )
    return found


def _answered_sizes(labelled: _Labelled, table: LabelTable) -> tuple[Longs, int]:
    """Return the pairs of each stratum, 0 where none is answered, and those of the latter."""
    sizes = np.array(list(table.strata.values()), np.int64)
    drawn = labelled.stratum[labelled.stratum >= 0]
    is_answered = np.bincount(drawn, minlength=len(sizes)) > 0
    return np.where(is_answered, sizes, 0), int(sizes[~is_answered].sum())


def _find_rows(table: LabelTable, opened: Reopened) -> tuple[Longs, Longs]:
    """Return the rows of both sides of the labels; -1 where there is no such record."""
    places = opened.rows_of(np.arange(len(opened.names)))
    found = []
    for side, ids, sources in (
        ("left_id", table.left_id, table.left_source),
        ("right_id", table.right_id, table.right_source),
    ):
        named = [None] * len(table) if sources is None else sources.to_pylist()
        rows = [
            _row(places[side], name, source)
            for name, source in zip(ids.to_pylist(), named, strict=True)
        ]
        found.append(np.array(rows, np.int64))
    return found[0], found[1]


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


def _unanswered(table: LabelTable, n_pairs: int) -> list[Notice]:
    if n_pairs == 0:
        return []
    message = (
        f"{table.name}: no label of {n_pairs:,} pairs that were drawn from: their strata have no "
        "answer yet. The estimate is about the others only."
    )
    return [Notice("strata_without_labels", message, n_pairs)]


def _kept(run: Mapping[str, Any], name: str) -> list[Notice]:
    """Return the warning that the result may have been made with the labels that judge it."""
    n_labels = run.get("deciding", {}).get("labels", 0)
    if not n_labels:
        return []
    message = (
        f"{name}: the result keeps {n_labels} labels that it was given. Where they are among "
        "these, it is right on them by order, and the estimate is too good."
    )
    return [Notice("labels_of_the_run", message, n_labels)]
