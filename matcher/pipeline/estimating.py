"""Estimate the quality of a result from labels, without knowing the whole truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np

from matcher.evaluation import QualityEstimate, Sample, estimate_quality
from matcher.labelling import LabelTable, read_labels
from matcher.output import MatchResult, State
from matcher.pipeline.labelled import Labelled, look_up_labels
from matcher.pipeline.reopening import Reopened, reopen
from matcher.pipeline.sampling import population_of, state_of
from matcher.types import DIFFERENT, EXACT, VARIANT, Longs, Notice


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
    return estimate_opened(reopen(result), state_of(result), read_labels(labels))


def estimate_opened(opened: Reopened, state: State, table: LabelTable) -> Estimate:
    """Estimate the precision and the recall of a result that was taken up, as `estimate` does.

    Parameters
    ----------
    opened : Reopened
        The result, perhaps with other groups.
    state : State
        What was said of its pairs.
    table : LabelTable
        The labels.

    Raises
    ------
    LabelsError
        As for `estimate`.
    """
    population = population_of(opened, state)
    labelled, notices = look_up_labels(table, opened, population)
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
            *_huge(population.n_inside),
        ),
    )


def _estimates(labelled: Labelled, sizes: Longs) -> dict[str, QualityEstimate | None]:
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


def _answered_sizes(labelled: Labelled, table: LabelTable) -> tuple[Longs, int]:
    """Return the pairs of each stratum, 0 where none is answered, and those of the latter."""
    sizes = np.array(list(table.strata.values()), np.int64)
    drawn = labelled.stratum[labelled.stratum >= 0]
    is_answered = np.bincount(drawn, minlength=len(sizes)) > 0
    return np.where(is_answered, sizes, 0), int(sizes[~is_answered].sum())


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


def _huge(n_inside: int) -> list[Notice]:
    if n_inside == 0:
        return []
    message = (
        f"families hold {n_inside:,} pairs, too many to go through: those that were never compared "
        "are in no figure. Look at the largest families."
    )
    return [Notice("huge_families", message, n_inside)]
