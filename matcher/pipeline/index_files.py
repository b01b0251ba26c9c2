"""The files of an index: what `Index` holds, as arrays, tables and plain JSON."""

from dataclasses import asdict, fields

from matcher.blocking import Lookup
from matcher.output import Stored
from matcher.pipeline.indexing import Index, Sample
from matcher.pipeline.weights import Weights
from matcher.types import Attribute, Schema


def to_stored(index: Index) -> Stored:
    """Return an index as it is written."""
    arrays = {f"lookup_{each.name}": getattr(index.lookup, each.name) for each in fields(Lookup)}
    arrays |= {"neighbour_starts": index.indptr, "neighbours": index.neighbours}
    weights = index.weights
    arrays |= {"brands": weights.brands, "brand_shares": weights.brand_shares}
    arrays |= {f"words_{kind}": hashes for kind, hashes in weights.words.items()}
    arrays |= {f"idf_{number}": idf for number, idf in enumerate(weights.idf.values())}
    arrays |= {f"sample_{number}": each.values for number, each in enumerate(index.samples)}
    facts = {
        "schema": asdict(index.schema),
        "merged": dict(index.merged),
        "n_records": weights.n_records,
        "words": [*weights.words],
        "idf": [*weights.idf],
        "samples": [[each.ignored, each.names] for each in index.samples],
        "adaptation": index.adaptation,
    }
    return Stored(facts, arrays, {"rows": index.table, "groups": index.who})


def from_stored(stored: Stored) -> Index:
    """Return an index from what `to_stored` made of it."""
    facts, arrays = stored.facts, stored.arrays
    schema = facts["schema"]
    return Index(
        table=stored.tables["rows"],
        schema=Schema(
            schema["id"],
            schema["source"],
            tuple(Attribute(**each) for each in schema["attributes"]),
        ),
        merged=facts["merged"],
        who=stored.tables["groups"],
        lookup=Lookup(**{each.name: arrays[f"lookup_{each.name}"] for each in fields(Lookup)}),
        weights=Weights(
            words={kind: arrays[f"words_{kind}"] for kind in facts["words"]},
            idf={name: arrays[f"idf_{number}"] for number, name in enumerate(facts["idf"])},
            n_records=facts["n_records"],
            brands=arrays["brands"],
            brand_shares=arrays["brand_shares"],
        ),
        indptr=arrays["neighbour_starts"],
        neighbours=arrays["neighbours"],
        samples=tuple(
            Sample(tuple(ignored), tuple(names), arrays[f"sample_{number}"])
            for number, (ignored, names) in enumerate(facts["samples"])
        ),
        adaptation=facts["adaptation"],
    )
