"""Small scores and constraints for tests."""

import numpy as np

from matcher.types import Constraints, Pairs, Scores


def pairs_of(*pairs):
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return Pairs.from_unordered(table[:, 0], table[:, 1])


def scores_of(rows, threshold=0.5):
    """Make scores from ``{(left, right): p_exact or (p_exact, p_variant)}``."""
    pairs = pairs_of(*rows)
    values = {tuple(sorted(key)): value for key, value in rows.items()}
    table = []
    for key in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True):
        value = values[key]
        exact, variant = value if isinstance(value, tuple) else (value, 0.0)
        table.append((exact, variant, 1 - exact - variant))
    probabilities = np.array(table, np.float32).reshape(-1, 3)
    exact, either = probabilities[:, 0], probabilities[:, :2].sum(axis=1)
    relations = np.where(exact >= threshold, 0, np.where(either >= threshold, 1, 2))
    return Scores(pairs, probabilities, relations.astype(np.int8))


def constraints_of(
    must_link=(), must_relate=(), cannot_match=(), cannot_relate=(), sources=None, **values
):
    sources = None if sources is None else np.array(sources, np.int32)
    four = (pairs_of(*p) for p in (must_link, must_relate, cannot_match, cannot_relate))
    values = {name: None if v is None else np.array(v, np.int32) for name, v in values.items()}
    return Constraints(*four, sources, **values)
