"""The link by which a group would fall apart first."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree

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
    inside = group[links.left] == group[links.right]
    ends = (links.left[inside], links.right[inside])
    # 2 - p, because the smallest tree is looked for and a weight of 0 would mean no link.
    weights = 2.0 - probabilities[inside].astype(np.float64)
    tree = minimum_spanning_tree(coo_array((weights, ends), shape=(len(group),) * 2)).tocoo()
    weakest = np.full(group.max(initial=-1) + 1, np.inf)
    np.minimum.at(weakest, group[tree.coords[0]], 2.0 - tree.data)
    weakest[np.isinf(weakest)] = np.nan
    return weakest.astype(np.float32)[group]
