"""Slow and obvious: what the fast blockers must agree with."""

import math
from collections import Counter

from matcher.types import Records, Terms


def term_sets(terms: Terms) -> list[set[int]]:
    return [
        {int(t) for t in terms.terms[terms.indptr[i] : terms.indptr[i + 1]]}
        for i in range(terms.n_records)
    ]


def cosines(records: Records, terms: Terms, max_block: int) -> dict[tuple[int, int], float]:
    """Cosine of every pair that may be proposed, over terms of at most `max_block` texts."""
    sets = term_sets(terms)
    texts = {
        (int(s) if records.is_link else 0, frozenset(x))
        for s, x in zip(records.sources, sets, strict=True)
    }
    frequency = Counter(term for _, text in texts for term in text)
    length = [math.sqrt(sum(float(terms.idf[t]) ** 2 for t in x)) for x in sets]
    found = {}
    for i in range(len(sets)):
        for j in range(i + 1, len(sets)):
            if records.is_link and records.sources[i] == records.sources[j]:
                continue
            shared = [t for t in sets[i] & sets[j] if frequency[t] <= max_block]
            if sets[i] and sets[i] == sets[j] and not records.is_link:
                found[i, j] = 1.0
            elif shared:
                dot = sum(float(terms.idf[t]) ** 2 for t in shared)
                found[i, j] = dot / (length[i] * length[j])
    return found
