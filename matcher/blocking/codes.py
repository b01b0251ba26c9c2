"""Pairs of records with equal codes: GTIN, MPN."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.blocking.equal import merge
from matcher.blocking.shared import KeyGroups, following, group_by_key, is_allowed, title_ranks
from matcher.types import Floats, Ints, Longs, Proposal, Records

DECISIVE = frozenset({"gtin"})
"""Kinds whose equality is decisive: such pairs have infinite strength."""

NEIGHBOUR_STRENGTH = np.float32(0.5)
"""Of neighbours inside a purged code, which says little about them."""

N_NAMED = 10


@dataclass(frozen=True, slots=True)
class CodesBlocker:
    """Records with an equal code.

    A code that more than `max_group` records share is a placeholder or a family's code: it is
    purged and named, and only the neighbours of its records in title order are proposed.

    Attributes
    ----------
    name : str
        Name in reports.
    max_group : int
        Records that may share a code; a product is rarely offered more often in one catalogue.
    window : int
        Neighbours proposed inside a purged code.
    """

    name: str = "codes"
    max_group: int = 30
    window: int = 3

    def propose(self, records: Records) -> Proposal:
        """Return the pairs with equal codes; equal GTINs have infinite strength."""
        parts = [self._propose_kind(records, kind, codes) for kind, codes in records.codes.items()]
        nothing = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))
        columns = zip(nothing, *(part[:3] for part in parts), strict=True)
        pairs, strength = merge(*(np.concatenate(column) for column in columns))
        purged = [key for part in parts for key in part[3]]
        purged.sort(key=lambda key: -key["records"])
        report = {"purged": {"count": len(purged), "largest": purged[:N_NAMED]}}
        return Proposal(pairs, strength, report)

    def _propose_kind(
        self, records: Records, kind: str, codes: Ints
    ) -> tuple[Longs, Longs, Floats, list[dict[str, Any]]]:
        known = np.flatnonzero(codes >= 0)
        groups = group_by_key(known, codes[known], np.arange(len(records)))
        is_large = groups.sizes > self.max_group
        large = _by_title(records, groups.choose(is_large))
        first, second, _, _ = following(groups.choose(~is_large), self.max_group)
        strength = np.full(len(first), np.inf if kind in DECISIVE else 1, np.float32)
        near, next_, _, _ = following(large, self.window)
        first, second = np.concatenate([first, near]), np.concatenate([second, next_])
        strength = np.concatenate([strength, np.full(len(near), NEIGHBOUR_STRENGTH)])
        keep = is_allowed(records, first, second)
        purged = _name_purged(records, kind, large)
        return first[keep], second[keep], strength[keep], purged


def _by_title(records: Records, groups: KeyGroups) -> KeyGroups:
    """Return the groups, the members of each in the order of their titles."""
    order = np.zeros(len(records), np.int64)
    order[groups.members] = title_ranks(records, groups.members)
    return group_by_key(groups.members, np.repeat(groups.keys, groups.sizes), order)


def _name_purged(records: Records, kind: str, groups: KeyGroups) -> list[dict[str, Any]]:
    """Return kind, text and number of records of every purged code."""
    ends = np.cumsum(groups.sizes)
    return [
        {"key": f"{kind} {_code_text(records, members)}", "records": len(members)}
        for members in (
            groups.members[end - size : end] for end, size in zip(ends, groups.sizes, strict=True)
        )
    ]


def _code_text(records: Records, members: Longs) -> str:
    """Return how the code that all `members` share is written; records keep only its number."""
    for column in records.columns:
        forms = column.forms[members]
        if column.attribute.type == "code" and forms[0] >= 0 and (forms == forms[0]).all():
            return str(column.text[int(members[0])])
    return f"of record {records.ids[members[0]]!r}"
