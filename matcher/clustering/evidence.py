"""Scored pairs as evidence that records belong together."""

from dataclasses import dataclass

import numpy as np

from matcher.clustering.edges import Edges, to_units
from matcher.clustering.numbering import join_nodes
from matcher.types import Bools, Floats, Pairs, Scores

CUT = 0.35
"""Average probability that a merge needs; see docs/decisions/0003-grouping.md."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The scored pairs as evidence for one of the two relations that make groups.

    Attributes
    ----------
    pairs : Pairs
        The pairs.
    probabilities : Floats
        Shape (n_pairs,): of the relation.
    is_link : Bools
        Shape (n_pairs,): whether the pair was decided to be of the relation.
    edges : Edges
        What counts for merges.
    cut : float
        Average that a merge needs.
    """

    pairs: Pairs
    probabilities: Floats
    is_link: Bools
    edges: Edges
    cut: float

    @staticmethod
    def of(scores: Scores, relations: tuple[int, ...], threshold: float) -> "Evidence":
        """Take the scores as evidence for one of these relations, decided from a threshold."""
        probabilities = np.zeros(len(scores.pairs), np.float32)
        for relation in relations:
            probabilities += scores.probabilities[:, relation]
        is_link = _are_links(scores, relations)
        cut = min(threshold, CUT)
        # The decision stands above the probability: hard rules may have overruled it.
        decided = np.where(
            is_link, np.maximum(probabilities, threshold), np.minimum(probabilities, threshold)
        )
        # Where the cut is low, one sure pair must not make up for several missing ones.
        weights = np.minimum(decided, cut / CUT)
        edges = Edges.of_pairs(scores.pairs, to_units(weights), is_link)
        return Evidence(scores.pairs, probabilities, is_link, edges, cut)

    def links(self) -> tuple[Pairs, Floats]:
        """Return the pairs that were decided to be of the relation, and their probabilities."""
        rows = np.flatnonzero(self.is_link)
        return self.pairs.take(rows), self.probabilities[rows]


def connected(n_records: int, scores: Scores, relations: tuple[int, ...], joined: Pairs) -> Scores:
    """Return the scores of the pairs whose records links, or labels, connect with each other.

    The others, more than half of all, have no say in any merge.

    Parameters
    ----------
    n_records : int
        Number of records.
    scores : Scores
        The scored pairs.
    relations : tuple[int, ...]
        Relations of the pairs that are links.
    joined : Pairs
        Pairs that labels join.
    """
    pairs, is_link = scores.pairs, _are_links(scores, relations)
    links = pairs.take(is_link)
    left = np.concatenate([links.left, joined.left])
    right = np.concatenate([links.right, joined.right])
    component = join_nodes(n_records, left, right).astype(np.int32)
    return scores.take(component[pairs.left] == component[pairs.right])


def _are_links(scores: Scores, relations: tuple[int, ...]) -> Bools:
    """Return which pairs were decided to be of one of these relations."""
    is_link = np.zeros(len(scores.relations), np.bool_)
    for relation in relations:
        is_link |= scores.relations == relation
    return is_link
