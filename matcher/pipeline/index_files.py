"""The files of an index: what `Index` holds, as arrays, tables and plain JSON."""

from dataclasses import fields
from typing import Any

import numpy as np

from matcher.blocking import Lookup
from matcher.output import Stored
from matcher.pipeline.indexing import Index
from matcher.pipeline.learned import read_samples, read_schema, store_samples, store_schema
from matcher.pipeline.parsed_rows import read_rows, store_rows


def to_stored(index: Index) -> Stored:
    """Return an index as it is written."""
    arrays = {f"lookup_{each.name}": getattr(index.lookup, each.name) for each in fields(Lookup)}
    arrays |= {"neighbour_starts": index.indptr, "neighbours": index.neighbours}
    parts = store_rows(index.rows), store_schema(index.schema), store_samples(index.samples)
    facts: dict[str, Any] = {
        "merged": dict(index.merged),
        "adaptation": index.adaptation,
        "columns": index.columns,
        "category": index.category,
    }
    tables = {"groups": index.who}
    for part in parts:
        facts |= part.facts
        arrays |= part.arrays
        tables |= part.tables
    return Stored(facts, arrays, tables)


def from_stored(stored: Stored) -> Index:
    """Return an index from what `to_stored` made of it."""
    facts, arrays = stored.facts, stored.arrays
    schema = read_schema(stored)
    # Compiled loops look at the type of an array each time: plain ones cost less.
    lookup = {each.name: arrays[f"lookup_{each.name}"].view(np.ndarray) for each in fields(Lookup)}
    return Index(
        rows=read_rows(stored, schema),
        columns=tuple(facts["columns"]),
        category=facts["category"],
        schema=schema,
        merged=facts["merged"],
        who=stored.tables["groups"],
        lookup=Lookup(**lookup),
        indptr=arrays["neighbour_starts"].view(np.ndarray),
        neighbours=arrays["neighbours"].view(np.ndarray),
        samples=read_samples(stored),
        adaptation=facts["adaptation"],
    )
