"""Why an exact pair was kept apart, and why a pair is not listed."""

from collections.abc import Sequence

import numpy as np

from matcher.explanation.answer import Reason
from matcher.explanation.codes import model_numbers
from matcher.explanation.offer import Case, terms_of
from matcher.types import Ints, Records, Relation

COMMON = 0.1
"""Share of records from which a word is so common that it proposes no pair."""


def why_apart(
    case: Case, left: Ints, right: Ints, relation: Relation, *, at_most_one: bool
) -> Reason:
    """Return why the groups of a pair that looks exact, or variant, are two.

    Parameters
    ----------
    case : Case
        The pair.
    left, right : Ints
        The records of its two groups, all that were parsed.
    relation : Relation
        What it looks like: the groups are duplicate groups if exact, else families.
    at_most_one : bool
        Whether a duplicate group may hold one record of each source only.
    """
    records, is_exact = case.records, relation == "exact"
    values = {
        axis: limits
        for axis, limits in records.axis_limits.items()
        if is_exact or not case.ignores(axis)
    }
    if is_exact and "gtin" in records.codes:
        values["GTIN"] = records.codes["gtin"][None, :]
    told = [
        name for name, each in values.items() if any(_clash(row[left], row[right]) for row in each)
    ]
    looks = f"the pair looks {'exact' if is_exact else 'like variants'}, but"
    if told:
        text = f"{looks} records of its two groups differ in {', '.join(told)}"
    elif is_exact and at_most_one and _share_source(records, left, right):
        text = f"{looks} a group may hold one record of a source only"
    else:
        text = (
            f"{looks} on the whole the records of its two groups do not: groups are joined by the "
            "average of all their pairs"
        )
    return Reason("rule:groups", text, "different")


def _share_source(records: Records, left: Ints, right: Ints) -> bool:
    first, second = records.sources[left], records.sources[right]
    return bool(np.isin(first[first >= 0], second).any())


def _clash(left: Ints, right: Ints) -> bool:
    """Return whether a property has a known value on each side, and not the same."""
    known = {*left[left >= 0].tolist()}, {*right[right >= 0].tolist()}
    return bool(known[0]) and bool(known[1]) and len(known[0] | known[1]) > 1


def why_unlisted(case: Case, reasons: Sequence[Reason], pairs_per_record: int) -> Reason:
    """Return why `pairs` does not list two records.

    Parameters
    ----------
    case : Case
        The two records.
    reasons : Sequence[Reason]
        What speaks for and against them.
    pairs_per_record : int
        Budget of candidates.
    """
    sources = case.both(case.records.sources)
    if case.records.is_link and sources[0] == sources[1]:
        text = "not compared: both are of one table, and a link compares across the two only"
    elif any(reason.kind in ("rule:axis", "rule:identity") for reason in reasons):
        text = "not listed: a rule makes them different, whatever else they say"
    elif not _share_something(case):
        text = "not a candidate: they share no rare word, model number or code"
    else:
        text = (
            "not listed: either other records are nearer to them, for each is compared with about "
            f"{pairs_per_record} others only, or they were found surely different"
        )
    return Reason("unlisted", text, "different")


def _share_something(case: Case) -> bool:
    records = case.records
    if any(first == second >= 0 for first, second in map(case.both, records.codes.values())):
        return True
    numbers = case.left.number, case.right.number
    models = [model_numbers(records, number) for number in numbers]
    words = [{*terms_of(records.whole, number).tolist()} for number in numbers]
    common = np.log((1 + len(records)) / (1 + COMMON * len(records))) + 1
    is_rare = any(records.whole.idf[term] >= common for term in words[0] & words[1])
    return bool(models[0] & models[1]) or is_rare
