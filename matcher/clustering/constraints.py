"""What people and decisive conflicts demand of the groups, and whether it can be met."""

import numpy as np

from matcher.clustering.numbering import join_nodes
from matcher.errors import LabelsError, first_three
from matcher.types import Constraints, Longs, Pairs, distinct


class ContradictionError(LabelsError):
    """Records that must be together are also demanded to be apart.

    Attributes
    ----------
    pairs : Pairs
        Record numbers of the pairs that must be apart, but that others hold together.
    """

    def __init__(self, message: str, pairs: Pairs) -> None:
        super().__init__(message)
        self.pairs = pairs


def join_pairs(*joined: Pairs) -> Pairs:
    """Return the union of several sets of pairs."""
    return Pairs.from_keys(distinct(np.concatenate([pairs.keys() for pairs in joined])))


def never_match(constraints: Constraints) -> Pairs:
    """Return every pair that may not be in one duplicate group.

    What may not even share a family may not match, and what is a variant is not exact.
    """
    return join_pairs(constraints.cannot_match, constraints.cannot_relate, constraints.must_relate)


def check_constraints(n_records: int, constraints: Constraints) -> None:
    """Check that what must be together may be together.

    Raises
    ------
    ContradictionError
        A chain of pairs that must be in one group ends in a pair that must not.
    """
    must_link, must_relate = constraints.must_link, constraints.must_relate
    match = join_nodes(n_records, must_link.left, must_link.right)
    _check_apart(match, never_match(constraints), "duplicate group")
    held = join_pairs(must_link, must_relate)
    family = join_nodes(n_records, held.left, held.right)
    _check_apart(family, constraints.cannot_relate, "family")


def _check_apart(node: Longs, apart: Pairs, kind: str) -> None:
    offending = apart.take(node[apart.left] == node[apart.right])
    if len(offending):
        names = list(zip(offending.left.tolist(), offending.right.tolist(), strict=True))
        raise ContradictionError(
            f"labels: {len(offending)} pairs must not be in one {kind}, but other labels put them "
            f"there, got record numbers {first_three(names)}. Remove one label of each chain.",
            offending,
        )
