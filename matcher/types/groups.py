"""Groups of records, and what they must respect."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matcher.types.arrays import Floats, Ints
from matcher.types.pairs import Pairs


@dataclass(frozen=True, slots=True)
class Groups:
    """Duplicate groups and, around them, families.

    Attributes
    ----------
    match, family : Ints
        Shape (n_records,): number of the duplicate group and of the family, each counted from 0 in
        the order of its smallest record number; records of one group are in one family.
    weakest : Floats
        Shape (n_records,): the smallest probability among the links that hold the record's
        duplicate group together; NaN for a record that stands alone.
    report : Mapping[str, Any]
        Counts, largest groups, and the links that constraints cut, ready for ``run.json``.
    """

    match: Ints
    family: Ints
    weakest: Floats
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Constraints:
    """What groups must respect, whatever the scores.

    Attributes
    ----------
    must_link : Pairs
        Exact by a person's label: in one duplicate group.
    must_relate : Pairs
        Variant by a person's label: in one family, in different duplicate groups.
    cannot_match : Pairs
        Never in one duplicate group: labels, conflicting codes or axes.
    cannot_relate : Pairs
        Never in one family: labels, conflicts on kept axes.
    sources : Ints | None
        Shape (n_records,), where a duplicate group may hold at most one record of each source (-1
        is unknown and constrains nothing); else None.
    match_values, family_values : Ints | None
        Shape (n_properties, n_records): values of properties (axes, codes) of which a duplicate
        group, or a family, may hold at most one known value each; -1 is unknown and constrains
        nothing.
    """

    must_link: Pairs
    must_relate: Pairs
    cannot_match: Pairs
    cannot_relate: Pairs
    sources: Ints | None = None
    match_values: Ints | None = None
    family_values: Ints | None = None
