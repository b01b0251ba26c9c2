"""The chain of links that holds two records of one group together."""

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush

Edge = tuple[int, int, int, float]
"""Two records, the number of their relation, and the probability of the link."""


def weakest_first(edges: Sequence[Edge], start: int, end: int) -> list[tuple[int, Edge]]:
    """Return the links of the chain between two records, the weakest first.

    Of all chains it is one whose weakest link is the strongest.

    Parameters
    ----------
    edges : Sequence[Edge]
        The links of the group, in any order and direction.
    start, end : int
        The two records.

    Returns
    -------
    list[tuple[int, Edge]]
        The place of each link in the chain, from 1, and the link in the direction of the chain;
        empty where there is no chain.

    Examples
    --------
    >>> edges = [(0, 1, 0, 0.9), (1, 2, 0, 0.6), (0, 2, 0, 0.5)]
    >>> weakest_first(edges, 2, 0)
    [(1, (2, 1, 0, 0.6)), (2, (1, 0, 0, 0.9))]
    """
    links: dict[int, list[Edge]] = {}
    for left, right, relation, probability in edges:
        links.setdefault(left, []).append((left, right, relation, probability))
        links.setdefault(right, []).append((right, left, relation, probability))
    found = list(enumerate(_widest(links, start, end), 1))
    return sorted(found, key=lambda step: (step[1][3], step[0]))


def _widest(links: Mapping[int, list[Edge]], start: int, end: int) -> list[Edge]:
    """Return the chain by Dijkstra's method, the least probability being the width of a path."""
    arrived: dict[int, Edge | None] = {}
    queue: list[tuple[float, int, int, Edge | None]] = [(-1.0, 0, start, None)]
    while queue and end not in arrived:
        width, length, record, edge = heappop(queue)
        if record in arrived:
            continue
        arrived[record] = edge
        for link in links.get(record, ()):
            if link[1] not in arrived:
                heappush(queue, (max(width, -link[3]), length + 1, link[1], link))
    chain: list[Edge] = []
    edge = arrived.get(end)
    while edge is not None:
        chain.append(edge)
        edge = arrived[edge[0]]
    return chain[::-1]
