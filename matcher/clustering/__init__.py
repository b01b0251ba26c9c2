"""Build duplicate groups and families from scored pairs."""

from matcher.clustering.assignment import one_to_one
from matcher.clustering.constraints import ContradictionError, join_pairs
from matcher.clustering.groups import Demand, group_records, narrow_families

__all__ = [
    "ContradictionError",
    "Demand",
    "group_records",
    "join_pairs",
    "narrow_families",
    "one_to_one",
]
