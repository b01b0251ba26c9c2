"""The link by which a group would fall apart first."""

import numpy as np

from matcher.clustering.numbering import root_of
from matcher.compiled import kernel
from matcher.types import Floats, Longs, Pairs


def weakest_links(group: Longs, links: Pairs, probabilities: Floats) -> Floats:
    """Return the least probability that is needed to hold each record's group together.

    That is the smallest one in the maximum spanning tree of the group's links.

    Parameters
    ----------
    group : Longs
        Shape (n_records,): group number of every record, from 0.
    links : Pairs
        The links, inside groups and across them.
    probabilities : Floats
        Shape (n_pairs,): probability of each link.

    Returns
    -------
    Floats
        Shape (n_records,): NaN for a record that stands alone.

    Examples
    --------
    >>> links = Pairs(np.array([0, 0, 1]), np.array([1, 2, 2]))
    >>> found = weakest_links(np.array([0, 0, 0, 1]), links, np.float32([0.9, 0.5, 0.75]))
    >>> found.tolist()
    [0.75, 0.75, 0.75, nan]
    """
    inside = np.flatnonzero(group[links.left] == group[links.right])
    order = inside[np.argsort(-probabilities[inside], kind="stable")]
    ends = links.left[order].astype(np.int64), links.right[order].astype(np.int64)
    last = np.full(group.max(initial=-1) + 1, np.nan, np.float32)
    _last_joins(group, *ends, probabilities[order], np.arange(len(group)), last)
    return last[group]


@kernel
def _last_joins(
    group: Longs, left: Longs, right: Longs, probabilities: Floats, lower: Longs, last: Floats
) -> None:
    """Write the probability of the last link that each group needs, the surest links first."""
    for link in range(len(left)):
        one, two = root_of(lower, left[link]), root_of(lower, right[link])
        if one != two:
            lower[max(one, two)] = min(one, two)
            last[group[one]] = probabilities[link]
