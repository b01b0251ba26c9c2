"""The files of an index: what `Index` holds, as arrays, tables and plain JSON."""

from dataclasses import fields

from matcher.blocking import Lookup
from matcher.output import Stored
from matcher.pipeline.indexing import Index
from matcher.pipeline.learned import read_learned, store_learned


def to_stored(index: Index) -> Stored:
    """Return an index as it is written."""
    arrays = {f"lookup_{each.name}": getattr(index.lookup, each.name) for each in fields(Lookup)}
    arrays |= {"neighbour_starts": index.indptr, "neighbours": index.neighbours}
    learned = store_learned(index.schema, index.weights, index.samples)
    arrays |= learned.arrays
    facts = {**learned.facts, "merged": dict(index.merged), "adaptation": index.adaptation}
    return Stored(facts, arrays, {"rows": index.table, "groups": index.who})


def from_stored(stored: Stored) -> Index:
    """Return an index from what `to_stored` made of it."""
    facts, arrays = stored.facts, stored.arrays
    schema, weights, samples = read_learned(stored)
    return Index(
        table=stored.tables["rows"],
        schema=schema,
        merged=facts["merged"],
        who=stored.tables["groups"],
        lookup=Lookup(**{each.name: arrays[f"lookup_{each.name}"] for each in fields(Lookup)}),
        weights=weights,
        indptr=arrays["neighbour_starts"],
        neighbours=arrays["neighbours"],
        samples=samples,
        adaptation=facts["adaptation"],
    )
