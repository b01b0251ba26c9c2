"""Pairs of records that stand near each other in a sorted list."""

from dataclasses import dataclass

import numpy as np

from matcher.blocking.equal import merge
from matcher.blocking.shared import (
    alphabetical,
    following,
    group_by_key,
    is_allowed,
    title_ranks,
)
from matcher.types import Longs, Proposal, Records


@dataclass(frozen=True, slots=True)
class SortedNeighbourhoodBlocker:
    """Neighbours within a window over the sorted titles and over the sorted model numbers.

    Finds what shares no whole word: titles that begin alike, model numbers that end otherwise.
    Records without a title, or without a model number, take no part in that list.

    Attributes
    ----------
    name : str
        Name in reports.
    window : int
        Places that two records may stand apart.

    References
    ----------
    Hernandez, Stolfo: The merge/purge problem for large databases. SIGMOD 1995.
    """

    name: str = "sorted-neighbourhood"
    window: int = 3

    def propose(self, records: Records) -> Proposal:
        """Return the neighbours; the strength is one over the distance."""
        ranks = title_ranks(records, np.arange(len(records)))
        titled = np.flatnonzero(np.diff(records.title.indptr))
        by_title = titled[np.argsort(ranks[titled])]
        word_ranks = np.empty(len(records.model_words), np.int64)
        word_ranks[alphabetical(records.model_words)] = np.arange(len(word_ranks))
        owners = np.repeat(np.arange(len(records)), np.diff(records.models.indptr))
        by_model = owners[np.lexsort((owners, word_ranks[records.models.terms]))]
        lists = [self._neighbours(records, order) for order in (by_title, by_model)]
        first, second, distance = (np.concatenate(parts) for parts in zip(*lists, strict=True))
        pairs, strength = merge(first, second, (1 / distance).astype(np.float32))
        report = {
            "records_without_title": len(records) - len(titled),
            "records_without_model": int((np.diff(records.models.indptr) == 0).sum()),
        }
        return Proposal(pairs, strength, report)

    def _neighbours(self, records: Records, order: Longs) -> tuple[Longs, Longs, Longs]:
        one_list = group_by_key(np.arange(len(order)), np.zeros(len(order)), np.arange(len(order)))
        first, second, _, distance = following(one_list, self.window)
        first, second = order[first], order[second]
        keep = is_allowed(records, first, second)
        return first[keep], second[keep], distance[keep]
