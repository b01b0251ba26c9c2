"""What a run learned of a catalogue, as arrays and plain JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from matcher.output import Stored
from matcher.pipeline.samples import Sample
from matcher.pipeline.weights import Weights
from matcher.types import Attribute, Schema


def store_schema(schema: Schema) -> Stored:
    """Return a schema as it is written."""
    return Stored({"schema": asdict(schema)}, {}, {})


def read_schema(stored: Stored) -> Schema:
    """Return what `store_schema` made plain values of."""
    schema = stored.facts["schema"]
    attributes = tuple(Attribute(**each) for each in schema["attributes"])
    return Schema(schema["id"], schema["source"], attributes)


def store_samples(samples: Sequence[Sample]) -> Stored:
    """Return samples as they are written."""
    arrays = {f"sample_{number}": each.values for number, each in enumerate(samples)}
    return Stored({"samples": [[each.ignored, each.names] for each in samples]}, arrays, {})


def read_samples(stored: Stored) -> tuple[Sample, ...]:
    """Return what `store_samples` made files of."""
    return tuple(
        Sample(tuple(ignored), tuple(names), stored.arrays[f"sample_{number}"])
        for number, (ignored, names) in enumerate(stored.facts["samples"])
    )


def store_learned(schema: Schema, weights: Weights, samples: Sequence[Sample]) -> Stored:
    """Return what was learned, as it is written."""
    arrays: dict[str, Any] = {"brands": weights.brands, "brand_shares": weights.brand_shares}
    arrays |= {f"words_{kind}": hashes for kind, hashes in weights.words.items()}
    arrays |= {f"idf_{number}": idf for number, idf in enumerate(weights.idf.values())}
    facts = {
        "n_records": weights.n_records,
        "words": [*weights.words],
        "idf": [*weights.idf],
        **store_schema(schema).facts,
        **store_samples(samples).facts,
    }
    return Stored(facts, {**arrays, **store_samples(samples).arrays}, {})


def read_learned(stored: Stored) -> tuple[Schema, Weights, tuple[Sample, ...]]:
    """Return what `store_learned` made files of."""
    facts, arrays = stored.facts, stored.arrays
    weights = Weights(
        words={kind: arrays[f"words_{kind}"] for kind in facts["words"]},
        idf={name: arrays[f"idf_{number}"] for number, name in enumerate(facts["idf"])},
        n_records=facts["n_records"],
        brands=arrays["brands"],
        brand_shares=arrays["brand_shares"],
    )
    return read_schema(stored), weights, read_samples(stored)
