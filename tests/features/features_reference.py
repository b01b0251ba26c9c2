"""Slow, obvious versions of the compiled loops, on Python sets and lists."""

import math


def existing(terms, record, weights, ignored):
    """Terms of one record, with the bits of the ignored axes that they have."""
    start, end = terms.indptr[record], terms.indptr[record + 1]
    return {
        int(term): int(bits) & ignored
        for term, bits in zip(terms.terms[start:end], terms.axes[start:end], strict=True)
        if weights[term] > 0
    }


def visible(terms, left, right, ignored):
    """Term sets of two records without what an ignored axis says in either."""
    one = existing(terms, left, terms.idf, ignored)
    other = existing(terms, right, terms.idf, ignored)
    masked = {term for side in (one, other) for term, bits in side.items() if bits}
    return set(one) - masked, set(other) - masked


def overlaps(terms, left, right, ignored):
    one, other = visible(terms, left, right, ignored)
    parts = (one, other, one & other)
    weight = {term: float(terms.idf[term]) for term in one | other}
    heaviest = (one - other, other - one, one & other)
    return [
        *(len(part) for part in parts),
        *(sum(weight[term] for term in part) for part in parts),
        *(sum(weight[term] ** 2 for term in part) for part in parts),
        *(max((weight[term] for term in part), default=0) for part in heaviest),
    ]


def unmatched(terms, left, right, ignored, n_best):
    """Weights of the heaviest terms of the left that the right lacks, whatever is masked there."""
    one = existing(terms, left, terms.idf, ignored)
    other = existing(terms, right, terms.idf, ignored)
    only = [float(terms.idf[term]) for term, bits in one.items() if not bits and term not in other]
    return sorted(only, reverse=True)[:n_best]


def dimensions(terms, dimension_of, left, right, ignored):
    one, other = visible(terms, left, right, ignored)
    return [{int(dimension_of[term]) for term in part} for part in (one, other, one & other)]


def standing(own, others):
    """Rank, gap, ratio, share, deviation and number of others, from plain lists."""
    rank = 1 + sum(value > own + 1e-6 for value in others)
    if not others:
        return [rank, math.nan, math.nan, math.nan, math.nan, 0]
    best = sorted(others, reverse=True)[:10]
    mean = sum(best) / len(best)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in best) / len(best))
    share = math.exp(10 * own) / (math.exp(10 * own) + sum(math.exp(10 * v) for v in best))
    return [
        rank,
        own - best[0],
        own / max(best[0], 1e-6),
        share,
        (own - mean) / max(deviation, 0.02),
        len(others),
    ]
