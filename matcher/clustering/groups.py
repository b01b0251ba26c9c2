"""Duplicate groups from exact links, and families around them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from matcher.beside import second_thread
from matcher.clustering.constraints import (
    check_constraints,
    join_pairs,
    never_match,
)
from matcher.clustering.evidence import Evidence, connected
from matcher.clustering.linkage import Forbidden, link_nodes
from matcher.clustering.numbering import holders_of_twice, join_nodes, number_by_first
from matcher.clustering.report import describe_cut, describe_groups
from matcher.clustering.values import Values, count_values
from matcher.clustering.weakest import weakest_links
from matcher.progress import Progress, silent
from matcher.types import (
    EXACT,
    VARIANT,
    Bools,
    Constraints,
    Floats,
    Groups,
    Ints,
    Longs,
    Pairs,
    Scores,
)

RELATED = (EXACT, VARIANT)
"""Relations of the pairs that make families."""


def group_records(
    n_records: int,
    scores: Scores,
    constraints: Constraints,
    thresholds: tuple[float, float],
    progress: Progress = silent,
) -> Groups:
    """Build duplicate groups and families from scored pairs.

    Groups grow from links (pairs decided exact; for families exact or variant) by average linkage,
    in which a missing pair counts zero, so no chain of single links holds a large group together.

    Parameters
    ----------
    n_records : int
        Number of records.
    scores : Scores
        The scored pairs.
    constraints : Constraints
        What groups must respect, whatever the scores.
    thresholds : tuple[float, float]
        Probability from which a pair is exact, and from which it is exact or variant.
    progress : Progress
        Told after the duplicate groups and after the families.

    Returns
    -------
    Groups
        Every record has a duplicate group and a family, and its group lies inside its family.

    Raises
    ------
    ContradictionError
        The constraints contradict each other; its `pairs` are the offending ones.

    Examples
    --------
    >>> pairs = Pairs(np.array([0, 1], np.int32), np.array([1, 2], np.int32))
    >>> probabilities = np.float32([[0.9, 0.05, 0.05], [0.1, 0.8, 0.1]])
    >>> scores = Scores(pairs, probabilities, np.array([EXACT, VARIANT], np.int8))
    >>> nothing = Pairs.from_keys(np.empty(0, np.int64))
    >>> constraints = Constraints(nothing, nothing, nothing, nothing)
    >>> groups = group_records(4, scores, constraints, (0.5, 0.5))
    >>> groups.match.tolist(), groups.family.tolist()
    ([0, 0, 1, 2], [0, 0, 0, 1])
    """
    check_constraints(n_records, constraints)
    joined = join_pairs(constraints.must_link, constraints.must_relate)
    progress("grouping", 0, 2)
    exact = Evidence.of(connected(n_records, scores, (EXACT,), joined), (EXACT,), thresholds[0])
    match, match_report = _duplicate_groups(n_records, exact, constraints)
    progress("grouping", 1, 2)
    related = Evidence.of(connected(n_records, scores, RELATED, joined), RELATED, thresholds[1])
    family, refused = _families(match, related, constraints)
    weakest = weakest_links(match, *_holding_links(exact, constraints.must_link))
    progress("grouping", 2, 2)
    told = describe_groups(match, weakest) | match_report | describe_cut(match, *exact.links())
    of_family = _describe_families(family, related.cut, related.links(), refused)
    report = {"match": told, "family": of_family}
    return Groups(match.astype(np.int32), family.astype(np.int32), weakest, report)


@dataclass(frozen=True, slots=True)
class Demand:
    """What families must meet beyond the widest ones.

    Attributes
    ----------
    scores : Scores
        Scored pairs.
    constraints : Constraints
        What families made of them must respect.
    made_by : Bools
        Shape (n_records,): the records that make the demand. Where none of the records of a
        narrower family does, it is one with the other such families of the same wider one.
    """

    scores: Scores
    constraints: Constraints
    made_by: Bools


def narrow_families(
    groups: Groups,
    demands: Sequence[Demand],
    thresholds: tuple[float, float],
    threads: int = 1,
) -> Groups:
    """Split families until they meet further demands, each of which stands for itself.

    Every demand makes families of its own inside the given ones; records stay together where all
    of them agree.  So more demands, and demands of more records, split families further and never
    join what fewer had split.

    Parameters
    ----------
    groups : Groups
        Duplicate groups, which stay as they are, and families.
    demands : Sequence[Demand]
        At least one.
    thresholds : tuple[float, float]
        As for `group_records`.
    threads : int
        Those that may be used, of which it takes two; 0 is any number.

    Examples
    --------
    >>> pairs = Pairs(np.array([0, 1], np.int32), np.array([1, 2], np.int32))
    >>> related = Scores(pairs, np.float32([[0, 1, 0], [0, 1, 0]]), np.full(2, VARIANT, np.int8))
    >>> nothing = Pairs.from_keys(np.empty(0, np.int64))
    >>> free = Constraints(nothing, nothing, nothing, nothing)
    >>> groups = group_records(3, related, free, (0.5, 0.5))
    >>> apart = replace(free, family_values=np.int32([[7, -1, 8]]))
    >>> demand = Demand(related, apart, np.ones(3, np.bool_))
    >>> groups.family.tolist(), narrow_families(groups, [demand], (0.5, 0.5)).family.tolist()
    ([0, 0, 0], [0, 1, 1])
    """
    match, within = groups.match.astype(np.int64), groups.family.astype(np.int64)
    meet = partial(_meet, match, within, thresholds[1])
    with second_thread(threads) as start:
        beside = [start(partial(meet, demand)) for demand in demands[1::2]]
        met = [meet(demand) for demand in demands[::2]]
        for place, other in enumerate(beside):
            met.insert(2 * place + 1, other())
    family, total = within, Counter[str]()
    for each in met:
        family = number_by_first((family << 32) | each.family)
        total.update(each.refused)
    told = _describe_families(family, met[-1].cut, met[-1].links, dict(total))
    return replace(groups, family=family.astype(np.int32), report={**groups.report, "family": told})


@dataclass(frozen=True, slots=True)
class _Met:
    """The families of one demand.

    Attributes
    ----------
    family : Longs
        Shape (n_records,): from `_demanded`.
    refused : dict[str, int]
        Merges refused by reason.
    cut : float
        Average that a merge needed.
    links : tuple[Pairs, Floats]
        From `Evidence.links`.
    """

    family: Longs
    refused: dict[str, int]
    cut: float
    links: tuple[Pairs, Floats]


def _meet(match: Longs, within: Longs, threshold: float, demand: Demand) -> _Met:
    """Return the families of a demand inside the wider ones, made of duplicate groups."""
    pairs = demand.scores.pairs
    kept = demand.scores.take(within[pairs.left] == within[pairs.right])
    related = Evidence.of(kept, RELATED, threshold)
    own, refused = _families(match, related, demand.constraints)
    return _Met(_demanded(own, within, demand.made_by), refused, related.cut, related.links())


def _demanded(own: Longs, within: Longs, made_by: Bools) -> Longs:
    """Return the families of a demand inside the wider ones, 0 where no member makes the demand."""
    narrow = number_by_first((within << 32) | own)
    is_demanded = np.zeros(int(narrow.max(initial=-1)) + 1, np.bool_)
    is_demanded[narrow[made_by]] = True
    return np.where(is_demanded[narrow], narrow + 1, 0)


def _describe_families(
    family: Longs, cut: float, links: tuple[Pairs, Floats], refused: dict[str, int]
) -> dict[str, Any]:
    return (
        describe_groups(family)
        | {"cut": cut, "merges_refused": refused}
        | describe_cut(family, *links)
    )


def _holding_links(exact: Evidence, must_link: Pairs) -> tuple[Pairs, Floats]:
    """Return the links that may hold duplicate groups together; a label is certain."""
    links, probabilities = exact.links()
    is_labelled = np.isin(links.keys(), must_link.keys())
    scored = links.take(~is_labelled)
    left = np.concatenate([scored.left, must_link.left])
    right = np.concatenate([scored.right, must_link.right])
    ones = np.ones(len(must_link), np.float32)
    return Pairs(left, right), np.concatenate([probabilities[~is_labelled], ones])


def _duplicate_groups(
    n_records: int, exact: Evidence, constraints: Constraints
) -> tuple[Longs, dict[str, Any]]:
    """Return the duplicate group of each record, and what was refused on the way."""
    must_link = constraints.must_link
    node = join_nodes(n_records, must_link.left, must_link.right)
    sizes, edges = np.bincount(node), exact.edges.between(node)
    apart = never_match(constraints)
    # What a family may hold only once, a duplicate group inside it may not hold twice either.
    properties = (*_rows(constraints.match_values), *_rows(constraints.family_values))
    while True:
        forbidden = _forbidden(node, apart, properties, constraints.sources)
        linkage = link_nodes(sizes, edges, forbidden, exact.cut)
        match = linkage.groups[node]
        bridges = _bridges(match, constraints)
        if len(bridges) == 0:
            break
        apart = join_pairs(apart, bridges)
    report = {"cut": exact.cut, "merges_refused": linkage.refused}
    report |= _broken_values(linkage.groups, forbidden.values)
    return match, report | _broken_sources(match, constraints.sources)


def _rows(values: Ints | None) -> tuple[Ints, ...]:
    return () if values is None else tuple(values)


def _forbidden(
    node: Longs, apart: Pairs, properties: tuple[Ints, ...], sources: Ints | None = None
) -> Forbidden:
    known = np.flatnonzero(sources >= 0) if sources is not None else np.empty(0, np.int64)
    values = sources[known] if sources is not None else known
    return Forbidden(
        node[apart.left],
        node[apart.right],
        node[known],
        values.astype(np.int64),
        tuple(Values.of_nodes(node, values) for values in properties),
    )


def _bridges(match: Longs, constraints: Constraints) -> Pairs:
    """Return merges that put records into one family which a label or conflict keeps apart.

    A label that two groups are variants binds all their records, so a group that has taken in
    records of two such families may have joined what must stay apart.  Labels are kept, scores
    give way: the pairs returned must not match.
    """
    must_link, must_relate = constraints.must_link, constraints.must_relate
    if len(must_relate) == 0:
        return must_relate
    apart = constraints.cannot_relate
    family = join_nodes(len(match), match[must_relate.left], match[must_relate.right])[match]
    held = join_pairs(must_link, must_relate)
    kin = join_nodes(len(match), held.left, held.right)
    is_broken = np.zeros(len(match), np.bool_)
    is_broken[family[apart.left[family[apart.left] == family[apart.right]]]] = True
    is_labelled = np.zeros(len(match), np.bool_)
    is_labelled[family[must_relate.left]] = True
    members = np.flatnonzero(is_labelled[family])
    for values in _rows(constraints.family_values):
        is_broken[_mixed_families(family[members], kin[members], values[members])] = True
    records = np.flatnonzero(is_broken[family])
    order = records[np.lexsort((records, kin[records], match[records]))]
    before, after = order[:-1], order[1:]
    is_bridge = (match[before] == match[after]) & (kin[before] != kin[after])
    return Pairs.from_unordered(before[is_bridge], after[is_bridge])


def _mixed_families(family: Longs, kin: Longs, values: Ints) -> Longs:
    """Return the families that hold more values than any of the `kin` that labels join in them."""
    n_held, n_by_label = count_values(family, values), count_values(kin, values)
    n_allowed = np.ones(len(n_held), np.int64)
    np.maximum.at(n_allowed, family, n_by_label[kin])
    return np.flatnonzero(n_held > n_allowed)


def _broken_sources(match: Longs, sources: Ints | None) -> dict[str, int]:
    """Count the groups that hold a source twice, which only labels can bring about."""
    if sources is None:
        return {}
    known = sources >= 0
    return {
        "groups_with_a_source_twice_by_label": len(holders_of_twice(match[known], sources[known]))
    }


def _broken_values(groups: Longs, properties: tuple[Values, ...]) -> dict[str, int]:
    """Count the groups that hold several values, which only labels can bring about."""
    if not properties:
        return {}
    nodes = np.concatenate([values.several() for values in properties])
    return {"groups_with_several_values_by_label": len(np.unique(groups[nodes]))}


def _families(
    match: Longs, related: Evidence, constraints: Constraints
) -> tuple[Longs, dict[str, int]]:
    """Return the family of each record, and the merges refused by reason."""
    must_relate = constraints.must_relate
    group_sizes = np.bincount(match)
    node = join_nodes(len(group_sizes), match[must_relate.left], match[must_relate.right])
    edges = related.edges.between(match).means(group_sizes)
    if len(must_relate):
        edges = edges.between(node)
    properties = _rows(constraints.family_values)
    forbidden = _forbidden(node[match], constraints.cannot_relate, properties)
    linkage = link_nodes(np.bincount(node), edges, forbidden, related.cut)
    return linkage.groups[node][match], linkage.refused
