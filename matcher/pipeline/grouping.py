"""Duplicate groups and families from what was said of pairs."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.clustering import Demand, group_records, join_pairs, narrow_families, one_to_one
from matcher.compiled import sum_texts
from matcher.pipeline.scoring import Answers
from matcher.pipeline.stages import Parsed
from matcher.types import (
    DIFFERENT,
    EXACT,
    VARIANT,
    Bools,
    Constraints,
    Groups,
    Ints,
    Labels,
    Pairs,
    Records,
    Scores,
)


def group(parsed: Parsed, answers: Answers, labels: Labels, cuts: tuple[float, float]) -> Groups:
    """Build duplicate groups and families from answers, labels and what must not be joined."""
    records, settings = parsed.records, parsed.settings
    scores, kinships = answers.scores, answers.kinships
    if settings.one_to_one:
        kept = one_to_one(scores, cuts[0])
        scores = _only(scores, kept)
        kinships = tuple((ignored, _only(each, kept)) for ignored, each in kinships)
    at_most_one = settings.at_most_one_per_source or settings.one_to_one
    must_link = _labelled(labels, EXACT)
    if not at_most_one:
        must_link = join_pairs(must_link, equal_records(records, scores, labels))
    constraints = Constraints(
        must_link=must_link,
        must_relate=_labelled(labels, VARIANT),
        cannot_match=_labelled(labels, DIFFERENT),
        cannot_relate=_labelled(labels, DIFFERENT),
        sources=records.sources if at_most_one else None,
        match_values=_stack([*records.axis_limits.values(), *_gtins(records)], len(records)),
    )
    widest = kinships[0][1] if kinships else scores
    groups = group_records(len(records), widest, constraints, cuts, parsed.progress)
    ignoring, everything = parsed.ignoring, (1 << len(records.axes)) - 1
    # Where nothing is ignored a family is a duplicate group, unless a label joins two.
    demands = [Demand(_nothing(), constraints, ignoring.keep(everything))]
    for ignored, each in kinships[1:]:
        values = replace(constraints, family_values=_kept_values(records, ignored))
        demands.append(Demand(each, values, ignoring.keep(everything ^ ignored)))
    demands = [demand for demand in demands if demand.made_by.any()]
    return narrow_families(groups, demands, cuts, settings.threads) if demands else groups


def equal_records(records: Records, scores: Scores, labels: Labels) -> Pairs:
    """Return the exact pairs whose records say the same in all that identifies a product.

    Blocking compares each of many equal records with a few neighbours only, so average linkage,
    for which a missing pair counts zero, would cut their chain. Equal records are one, however
    many; not where a label says that they are not.

    Parameters
    ----------
    records : Records
        The catalogue.
    scores : Scores
        The scored pairs.
    labels : Labels
        Records in a label of variant or different are left alone.
    """
    is_apart = labels.relations != EXACT
    doubtful = np.zeros(len(records), dtype=np.bool_)
    doubtful[labels.pairs.left[is_apart]] = doubtful[labels.pairs.right[is_apart]] = True
    equal = scores.pairs.take(scores.relations == EXACT)
    equal = equal.take(~doubtful[equal.left] & ~doubtful[equal.right])
    texts = sum_texts(records.whole.indptr, records.whole.terms)
    values: list[NDArray[Any]] = [*records.axis_values.values(), *records.codes.values()]
    for said in (texts, *values):
        equal = equal.take(said[equal.left] == said[equal.right])
    return equal


def _only(scores: Scores, kept: Bools) -> Scores:
    """Return the scores with exact pairs outside `kept` made different."""
    lost = (scores.relations == EXACT) & ~kept
    relations = np.where(lost, np.int8(DIFFERENT), scores.relations)
    return replace(scores, relations=relations)


def _nothing() -> Scores:
    no_pairs = Pairs.from_keys(np.zeros(0, np.int64))
    return Scores(no_pairs, np.zeros((0, 3), np.float32), np.zeros(0, np.int8))


def _labelled(labels: Labels, relation: int) -> Pairs:
    chosen = labels.relations == relation
    return Pairs(labels.pairs.left[chosen], labels.pairs.right[chosen])


def _gtins(records: Records) -> list[Ints]:
    return [records.codes["gtin"][None, :]] if "gtin" in records.codes else []


def _kept_values(records: Records, ignored: int) -> Ints:
    kept = [
        limits
        for axis, limits in records.axis_limits.items()
        if not records.axis_bits([axis]) & ignored
    ]
    return _stack(kept, len(records))


def _stack(forms: list[Ints], n_records: int) -> Ints:
    return np.concatenate(forms) if forms else np.zeros((0, n_records), dtype=np.int32)
