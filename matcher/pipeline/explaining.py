"""Explain why two records of a result were, or were not, put together."""

from dataclasses import dataclass, replace
from math import log
from os import PathLike
from typing import Any

import numpy as np
import pyarrow as pa

from matcher.classify import say_the_same
from matcher.errors import RecordsError
from matcher.explanation import (
    Case,
    Explanation,
    Link,
    Reason,
    Side,
    Together,
    find_reasons,
    verdict_of,
    weakest_first,
    why_apart,
    why_unlisted,
    words_of_axes,
)
from matcher.output import MatchResult, bracket_options
from matcher.pipeline.ignoring import canonical_ignore, find_ignored
from matcher.pipeline.model import Model
from matcher.pipeline.offers import read_offers
from matcher.pipeline.reopening import Reopened, reopen
from matcher.pipeline.weighing import weigh_evidence
from matcher.records import comparison_table, infer_schema, parse_records
from matcher.types import RELATIONS, Longs, Pairs, Relation

MOST_PARSED = 20_000
"""Rows of a large catalogue that are parsed beside those of the two groups: a second and a half.
They tell how rare words are to within a few percent."""

MOST_MEMBERS = 2_000
"""Rows of the two groups that are parsed and whose links are looked through."""

SELDOM = log(0.5)
"""What the log-odds of a pair within a source lose where sources hardly ever repeat a product."""


def explain(
    result: MatchResult | str | PathLike[str],
    left_id: str,
    right_id: str,
    *,
    model: Model | None = None,
    weigh: bool = False,
) -> Explanation:
    """Return why two records of a result were, or were not, put together.

    What was decided, and by which links, is what the result says.  The words come from the values
    of the two records, which are parsed again under the settings of the run; how rare a word is,
    is told of at most some `MOST_PARSED` records.

    Parameters
    ----------
    result : MatchResult or path
        A result, or the folder that one was written into.
    left_id, right_id : str
        Ids as in the table of pairs; of a link, one of each table.
    model : Model | None
        The model that is asked, where `weigh`; None takes the shipped one.
    weigh : bool
        Also ask the model what it makes of each kind of evidence.  That takes as long as the run
        took before it scored pairs.

    Returns
    -------
    Explanation
        The two records, the reasons, and the chain between them where they are not linked directly.

    Raises
    ------
    RecordsError
        The folder holds no result, there is no such record, or both are the same one.

    Examples
    --------
    >>> import pandas as pd, matcher
    >>> titles = ["Sony Bravia KD-43X80L TV", "SONY KD43X80L Bravia TV", "Bosch drill GSR 12V"]
    >>> result = matcher.dedupe(pd.DataFrame({"id": ["a", "b", "c"], "title": titles}))
    >>> explain(result, "a", "b").reasons[0].text
    'same model number: KD-43X80L'
    """
    opened = reopen(result)
    rows = (opened.find(str(left_id), is_left=True), opened.find(str(right_id), is_left=False))
    if rows[0] == rows[1]:
        raise RecordsError(
            f"explain: two records are needed, got {left_id!r} twice. Give another id."
        )
    found = _answer(opened, rows)
    if not weigh:
        return found
    return replace(found, contributions=weigh_evidence(opened, rows, found, model))


@dataclass(frozen=True, slots=True)
class _Parsed:
    """Some rows of a result, parsed.

    Attributes
    ----------
    case : Case
        The two records among them.
    place : dict[int, int]
        The record number of each row.
    """

    case: Case
    place: dict[int, int]

    def numbers(self, rows: Longs) -> Any:
        """Return the record numbers of those of these rows that were parsed."""
        known = [self.place[row] for row in rows.tolist() if row in self.place]
        return np.array(known, np.int32)


def _answer(opened: Reopened, rows: tuple[int, int]) -> Explanation:
    parsed = _parse(opened, rows)
    case, together = parsed.case, _together(opened, rows)
    listed = opened.pairs_among(np.array(rows))
    pair = listed[0][2] if listed else None
    relation = pair["relation"] if pair else None
    chain = _chain(opened, rows, together, relation)
    reasons = find_reasons(case)
    # What a rule or a group decided goes first.
    if relation is None and not chain:
        budget = opened.settings.blocking.budget
        reasons.insert(0, why_unlisted(case, reasons, budget))
    if (relation == "exact" and together != "product") or (
        relation == "variant" and together == "apart"
    ):
        reasons.insert(0, _why_apart(opened, parsed, rows, relation))
    probabilities = None
    if pair:
        probabilities = (pair["p_exact"], pair["p_variant"], pair["p_different"])
    left, right = _sides(opened, case, rows)
    deciding = opened.run["deciding"]
    return Explanation(
        left=left,
        right=right,
        together=together,
        relation=relation,
        probabilities=probabilities,
        verdict=verdict_of(together, relation, probabilities, chain),
        reasons=(*reasons, *_more_reasons(opened, case)),
        needed=(deciding["threshold_exact"], deciding["threshold_family"]),
        chain=chain,
    )


def _together(opened: Reopened, rows: tuple[int, int]) -> Together:
    for groups, together in ((opened.match, "product"), (opened.family, "family")):
        if groups[rows[0]] == groups[rows[1]]:
            return "product" if together == "product" else "family"
    return "apart"


def _members(opened: Reopened, rows: tuple[int, int], *, of_family: bool) -> Longs:
    """Return the two rows and those of their groups, at most `MOST_MEMBERS` of these."""
    groups = opened.family if of_family else opened.match
    is_member = (groups == groups[rows[0]]) | (groups == groups[rows[1]])
    return np.union1d(np.flatnonzero(is_member)[:MOST_MEMBERS], np.array(rows))


def _parse(opened: Reopened, rows: tuple[int, int]) -> _Parsed:
    """Parse the two records, those of their groups, and others from all over the catalogue."""
    n_rows = opened.catalogue.table.num_rows
    spread = np.linspace(0, n_rows - 1, min(n_rows, MOST_PARSED)).astype(np.int64)
    chosen = np.union1d(spread, _members(opened, rows, of_family=True))
    catalogue = replace(
        opened.catalogue,
        table=opened.catalogue.table.take(pa.array(chosen)),
        parts=opened.catalogue.parts[chosen],
    )
    settings = canonical_ignore(opened.settings)
    schema = infer_schema(catalogue, settings)
    records = parse_records(catalogue, schema, settings)
    ignoring, _ = find_ignored(catalogue, schema, records, settings)
    place = dict(zip(chosen[records.rows].tolist(), range(len(records)), strict=True))
    numbers = [place[row] for row in rows]
    ignored = ignoring.of_records[numbers]
    concepts = opened.run["concepts"]
    left, right = read_offers(
        catalogue.table, comparison_table(catalogue), records, concepts, numbers
    )
    told = frozenset(name for concept in ("title", "brand") for name in concepts.get(concept, ()))
    case = Case(records, left, right, int(ignored[0] & ignored[1]), told)
    return _Parsed(case, place)


def _sides(opened: Reopened, case: Case, rows: tuple[int, int]) -> list[Side]:
    sides = []
    for offer, row in zip((case.left, case.right), rows, strict=True):
        words = words_of_axes(case.records, offer.number, case.ignored)
        sides.append(
            Side(
                id=str(opened.names[row]),
                source=offer.source,
                title=bracket_options(offer.title, words),
                match_id=str(opened.match[row]),
                family_id=str(opened.family[row]),
            )
        )
    return sides


def _chain(
    opened: Reopened, rows: tuple[int, int], together: Together, relation: Relation | None
) -> tuple[Link, ...]:
    """Return the links between two records of one group that are not linked themselves."""
    wanted = ("exact",) if together == "product" else ("exact", "variant")
    if together == "apart" or relation in wanted:
        return ()
    edges = [
        (left, right, RELATIONS.index(pair["relation"]), _share(pair, together))
        for left, right, pair in opened.pairs_among(
            _members(opened, rows, of_family=together == "family")
        )
        if pair["relation"] in wanted
    ]
    return tuple(
        Link(
            step=step,
            left_id=str(opened.names[left]),
            right_id=str(opened.names[right]),
            relation=RELATIONS[relation],
            probability=probability,
        )
        for step, (left, right, relation, probability) in weakest_first(edges, *rows)
    )


def _share(pair: dict[str, Any], together: Together) -> float:
    exact = float(pair["p_exact"])
    return exact if together == "product" else round(exact + float(pair["p_variant"]), 6)


def _why_apart(
    opened: Reopened, parsed: _Parsed, rows: tuple[int, int], relation: Relation
) -> Reason:
    groups = opened.match if relation == "exact" else opened.family
    left, right = (parsed.numbers(np.flatnonzero(groups == groups[row])) for row in rows)
    settings = opened.settings
    at_most_one = settings.at_most_one_per_source or settings.one_to_one
    return why_apart(parsed.case, left, right, relation, at_most_one=at_most_one)


def _more_reasons(opened: Reopened, case: Case) -> list[Reason]:
    """Return what speaks for or against the pair by rules and habits of the run."""
    reasons = []
    numbers = sorted((case.left.number, case.right.number))
    pair = Pairs(*(np.array([number], np.int32) for number in numbers))
    if say_the_same(case.records, pair)[0]:
        reasons.append(Reason("equal", "they say the same in all that tells products", "same"))
    adaptation = opened.run["deciding"].get("adaptation") or {}
    source = case.left.source
    if source and source == case.right.source and adaptation.get("within", 0.0) < SELDOM:
        text = f"both are of {source}, and sources hardly ever list a product twice here"
        reasons.append(Reason("source", text, "different"))
    return reasons
