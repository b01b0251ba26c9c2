"""Grouping as it is defined, slowly: the fast code must give the same."""

from itertools import combinations

import numpy as np

from matcher.clustering.edges import PARTNERS, SCALE, to_units
from matcher.clustering.evidence import CUT
from matcher.clustering.linkage import _mix
from matcher.types import Constraints, Scores


def average(a, b, weights, partners=PARTNERS):
    """Average weight between two sets of records, a missing pair counting zero."""
    found = [weights[x, y] for x in a for y in b if (x, y) in weights]
    small, large = sorted((len(a), len(b)))
    return sum(found) / max(len(found), small * min(large, partners))


def properties_of(constraints: Constraints):
    given = (constraints.match_values, constraints.family_values)
    return [values for stack in given if stack is not None for values in stack.tolist()]


def is_allowed(a, b, constraints: Constraints):
    apart = {
        frozenset(pair)
        for pair in zip(
            constraints.cannot_match.left.tolist(),
            constraints.cannot_match.right.tolist(),
            strict=True,
        )
    }
    if any(frozenset((x, y)) in apart for x in a for y in b):
        return False
    for values in properties_of(constraints):
        first, second = ({values[x] for x in side} - {-1} for side in (a, b))
        if not (first <= second or second <= first):
            return False
    if constraints.sources is None:
        return True
    first, second = ({constraints.sources[x] for x in side} - {-1} for side in (a, b))
    return not first & second


def duplicate_groups(n_records: int, scores: Scores, constraints: Constraints, threshold: float):
    """Merge groups that are each other's best partner, round by round."""
    cut = min(threshold, CUT)
    weights, links = {}, set()
    for left, right, p, relation in zip(
        scores.pairs.left.tolist(),
        scores.pairs.right.tolist(),
        scores.probabilities[:, 0],
        scores.relations,
        strict=True,
    ):
        p = max(p, np.float32(threshold)) if relation == 0 else min(p, np.float32(threshold))
        unit = int(to_units(np.array([min(p, np.float32(cut / CUT))], np.float32))[0])
        weights[left, right] = weights[right, left] = unit
        if relation == 0:
            links |= {(left, right), (right, left)}
    groups = [{record} for record in range(n_records)]
    for x, y in zip(
        constraints.must_link.left.tolist(), constraints.must_link.right.tolist(), strict=True
    ):
        a, b = (next(g for g in groups if r in g) for r in (x, y))
        if a is not b:
            groups.remove(b)
            a |= b
    # Fast code numbers nodes by their smallest record.
    order = {min(g): i for i, g in enumerate(sorted(groups, key=min))}
    while True:
        groups.sort(key=min)
        offers = {}
        for a, b in combinations(range(len(groups)), 2):
            ga, gb = groups[a], groups[b]
            has_link = any((x, y) in links for x in ga for y in gb)
            score = average(ga, gb, weights)
            if has_link and score >= int(cut * SCALE) and is_allowed(ga, gb, constraints):
                key = (order[min(ga)] << 32) | order[min(gb)]
                offers[a, b] = (-score, int(_mix(np.array([key]))[0]))
        if not offers:
            break
        best = {}
        for (a, b), rank in offers.items():
            for side in (a, b):
                best[side] = min(best.get(side, rank), rank)
        mutual = [pair for pair, rank in offers.items() if best[pair[0]] == best[pair[1]] == rank]
        for a, b in mutual:
            groups[a] |= groups[b]
        gone = {b for _, b in mutual}
        groups = [g for i, g in enumerate(groups) if i not in gone]
    numbers = np.empty(n_records, int)
    for number, group in enumerate(sorted(groups, key=min)):
        numbers[list(group)] = number
    return numbers
