"""What there is to say about the groups, ready for ``run.json``."""

from typing import Any

import numpy as np

from matcher.types import Floats, Longs, Pairs, first_of_each

SHOWN = 10
"""Groups and cut links that are listed one by one."""


def describe_groups(group: Longs, weakest: Floats | None = None) -> dict[str, Any]:
    """Return counts, the histogram of sizes, and the largest groups.

    Parameters
    ----------
    group : Longs
        Shape (n_records,): group numbers from 0.
    weakest : Floats, optional
        Shape (n_records,): weakest link of each record's group.

    Examples
    --------
    >>> described = describe_groups(np.array([0, 1, 1, 2]))
    >>> described["groups"], described["grouped_records"], described["sizes"]
    (3, 2, {'1': 2, '2': 1})
    """
    sizes = np.bincount(group)
    counts = np.bincount(sizes)
    largest = np.argsort(-sizes, kind="stable")[:SHOWN]
    largest = largest[sizes[largest] > 1]
    first = first_of_each(group)
    listed = []
    for number in largest.tolist():
        record = int(first[number])
        entry: dict[str, Any] = {"group": number, "size": int(sizes[number]), "record": record}
        if weakest is not None:
            entry["weakest"] = round(float(weakest[record]), 6)
        listed.append(entry)
    return {
        "groups": len(sizes),
        "grouped_records": int(sizes[sizes > 1].sum()),
        "sizes": {str(size): int(counts[size]) for size in np.flatnonzero(counts)},
        "largest": listed,
    }


def describe_cut(group: Longs, links: Pairs, probabilities: Floats) -> dict[str, Any]:
    """Return how many links end in two groups, and the most probable of them.

    Parameters
    ----------
    group : Longs
        Shape (n_records,): group numbers.
    links : Pairs
        The links.
    probabilities : Floats
        Shape (n_pairs,): probability of each link.
    """
    cut = np.flatnonzero(group[links.left] != group[links.right])
    order = cut[np.argsort(-probabilities[cut], kind="stable")[:SHOWN]]
    rows = zip(links.left[order], links.right[order], probabilities[order], strict=True)
    return {
        "links": len(links),
        "links_cut": len(cut),
        "strongest_cut": [[int(a), int(b), round(float(p), 6)] for a, b, p in rows],
    }
