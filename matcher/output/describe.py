"""What a result looks like in numbers, ready for ``run.json``: scores, columns and families."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.types import (
    DIFFERENT,
    EXACT,
    RELATIONS,
    Ints,
    Longs,
    Pairs,
    Records,
    Scores,
    any_differs,
)

N_BINS = 40
"""Steps of the histograms of probabilities."""

MOST_PAIRS = 5_000
"""Pairs of each relation whose columns are looked at: shares are right to within 1.5 points."""


LEAST_KNOWN = 0.005
"""Share of the records that know a property which is told."""


def describe_scores(scores: Scores) -> dict[str, Any]:
    """Return how many pairs have which probability, by the relation that was decided.

    Parameters
    ----------
    scores : Scores
        What was said of the pairs.

    Returns
    -------
    dict[str, Any]
        ``"one_product"`` of the probability that a pair is exact, ``"one_family"`` of that it is
        exact or variant: for each relation the pairs in `N_BINS` equal steps from 0 to 1.

    Examples
    --------
    >>> pairs = Pairs(np.array([0], np.int32), np.array([1], np.int32))
    >>> found = describe_scores(Scores(pairs, np.float32([[0.98, 0, 0.02]]), np.int8([0])))
    >>> found["one_product"]["exact"][-1], sum(found["one_family"]["different"])
    (1, 0)
    """
    exact = scores.probabilities[:, EXACT]
    family = np.float32(1.0) - scores.probabilities[:, DIFFERENT]
    return {
        "one_product": _histogram(exact, scores.relations),
        "one_family": _histogram(family, scores.relations),
    }


def _histogram(
    probabilities: NDArray[np.float32], relations: NDArray[np.int8]
) -> dict[str, list[int]]:
    steps = np.clip((probabilities * N_BINS).astype(np.int16), 0, N_BINS - 1)
    cells = relations.astype(np.int16) * N_BINS + steps
    counts = np.bincount(cells, minlength=len(RELATIONS) * N_BINS).reshape(-1, N_BINS)
    return {str(name): counts[at].tolist() for at, name in enumerate(RELATIONS)}


def describe_columns(records: Records) -> list[dict[str, Any]]:
    """Return what each column was taken for and how full it is.

    Parameters
    ----------
    records : Records
        The catalogue.

    Returns
    -------
    list[dict[str, Any]]
        For each column ``name``, ``type``, ``role``, ``axis``, ``filled`` (share of records) and
        ``values`` (different ones).
    """
    n_records = max(len(records), 1)
    return [
        {
            "name": column.attribute.name,
            "type": column.attribute.type,
            "role": column.attribute.role,
            "axis": column.attribute.axis,
            "filled": (len(records) - column.text.null_count) / n_records,
            "values": int(column.forms.max(initial=-1)) + 1,
        }
        for column in records.columns
    ]


def describe_properties(
    records: Records, scores: Scores, brand: Collection[str]
) -> list[dict[str, Any]]:
    """Return how far the pairs of each relation agree in what has short, known values.

    Parameters
    ----------
    records : Records
        The catalogue.
    scores : Scores
        What was said of its pairs.
    brand : Collection[str]
        Columns of the brand.

    Returns
    -------
    list[dict[str, Any]]
        For the brand, each kind of code, each axis and each other column of short values its
        ``name``, ``known`` (share of records, wherever the value stands) and ``agreement``: for
        each relation the share of its pairs with one value, ``same``, and with two that conflict,
        ``differs``; the others lack a value.  None for a relation without pairs.
    """
    chosen = {
        str(name): scores.pairs.take(_spread(np.flatnonzero(scores.relations == at)))
        for at, name in enumerate(RELATIONS)
    }
    found = []
    for name, values, limits in _properties(records, brand):
        known = float((values >= 0).mean()) if len(records) else 0.0
        if known >= LEAST_KNOWN:
            agreement = {one: _agreement(values, limits, p) for one, p in chosen.items()}
            found.append({"name": name, "known": known, "agreement": agreement})
    return found


def _properties(records: Records, told: Collection[str]) -> Iterator[tuple[str, Ints, Ints]]:
    """Yield names, the numbers of values, and what these are held against each other by."""
    yield "brand", records.brands, records.brands[None]
    for kind, codes in records.codes.items():
        yield kind.upper(), codes, codes[None]
    for axis in records.axes:
        yield axis, records.axis_values[axis], records.axis_limits[axis]
    for column in records.columns:
        attribute = column.attribute
        is_short = attribute.type in ("category", "number", "quantity")
        if attribute.role == "identity" and is_short and attribute.name not in told:
            yield attribute.name, column.forms, column.forms[None]


def _spread(rows: Longs) -> Longs:
    """Return at most `MOST_PAIRS` of the rows, at equal distances."""
    at = np.linspace(0, len(rows) - 1, min(MOST_PAIRS, len(rows))).astype(np.int64)
    return np.asarray(rows[at])


def _agreement(values: Ints, limits: Ints, pairs: Pairs) -> dict[str, float] | None:
    if not len(pairs):
        return None
    left, right = values[pairs.left], values[pairs.right]
    return {
        "same": float(((left == right) & (left >= 0)).mean()),
        "differs": float(any_differs(limits, pairs.left, pairs.right).mean()),
    }


def count_problems(problems: pa.ChunkedArray) -> dict[str, int]:
    """Return how many families have which problem, the most frequent first.

    Parameters
    ----------
    problems : pa.ChunkedArray
        Shape (n_families,): their problems, joined by ``;``.

    Examples
    --------
    >>> count_problems(pa.chunked_array([["a;b", "", "b"]]))
    {'b': 2, 'a': 1}
    """
    found: Counter[str] = Counter()
    for told in pc.value_counts(problems).to_pylist():
        if told["values"]:
            found.update(dict.fromkeys(told["values"].split(";"), told["counts"]))
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
