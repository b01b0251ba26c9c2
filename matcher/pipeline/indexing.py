"""What a result has to know so that single records can be looked up in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from matcher.blocking import Lookup, build_lookup
from matcher.classify import rank_features
from matcher.output import State
from matcher.pipeline.model import Model
from matcher.pipeline.parsed_rows import ParsedRows, parsed_rows
from matcher.pipeline.reopening import Reopened
from matcher.pipeline.samples import Sample, sample_of
from matcher.pipeline.saved_answers import recall
from matcher.pipeline.scoring import questions_of
from matcher.pipeline.stages import (
    Parsed,
    Prepared,
    make_ready,
    parse_to_learn,
    propose,
    sample_candidates,
    with_words,
)
from matcher.progress import Progress
from matcher.records import (
    category_column,
    comparison_table,
    lore_of,
    merged_columns,
    texts_of,
)
from matcher.types import Ints, Longs, Schema

N_TYPICAL = 2_000
"""Records whose candidates show what values features have in the catalogue."""


@dataclass(frozen=True, slots=True)
class Index:
    """All that single records are looked up in.

    Attributes
    ----------
    rows : ParsedRows
        What is compared of the rows.
    columns : tuple[str, ...]
        Columns that a record to look up may have.
    category : str
        The column that says what a record ignores; empty where all ignore the same.
    schema : Schema
        What its columns are.
    merged : Mapping[str, str]
        Other names that columns of the inputs had, and the column that each went into.
    who : pa.Table
        ``id`` (what ``pairs`` calls each row), ``match_id``, ``family_id``, and ``n_records`` of
        the duplicate group.
    lookup : Lookup
        Finds rows by their words.
    indptr, neighbours : Longs, Ints
        The rows that each row was compared with, in compressed rows.
    samples : tuple[Sample, ...]
        By question.
    adaptation : Mapping[str, Any] | None
        How a general model was fitted to the catalogue.
    """

    rows: ParsedRows
    columns: tuple[str, ...]
    category: str
    schema: Schema
    merged: Mapping[str, str]
    who: pa.Table
    lookup: Lookup
    indptr: Longs
    neighbours: Ints
    samples: tuple[Sample, ...]
    adaptation: Mapping[str, Any] | None


def build_index(reopened: Reopened, state: State, model: Model, progress: Progress) -> Index:
    """Index a result; it takes about as long as the run took before it scored pairs."""
    catalogue, settings = reopened.catalogue, reopened.settings
    parsed, learned = parse_to_learn(catalogue, settings, progress)
    schema, records = parsed.schema, parsed.records
    lore = lore_of(catalogue, schema, records, learned)
    table = texts_of(comparison_table(catalogue), used_columns(schema))
    by_category, category = parsed.settings.ignore_by_category, ""
    if by_category.values:
        category = category_column(catalogue, schema, by_category.column)
    indptr, neighbours = _arrange(state, table.num_rows)
    return Index(
        rows=parsed_rows(records, parsed.ignoring, learned, lore),
        columns=tuple(table.column_names),
        category=category,
        schema=schema,
        merged=dict(merged_columns(catalogue)),
        who=_who(reopened),
        lookup=build_lookup([table[name].combine_chunks() for name in looked_up(schema)]),
        indptr=indptr,
        neighbours=neighbours,
        samples=_samples(parsed, state, model),
        adaptation=state.adaptation,
    )


def used_columns(schema: Schema) -> list[str]:
    """Return the columns that a record to look up may have."""
    used = [each.name for each in schema.attributes if each.role != "unused"]
    return [*([schema.source] if schema.source not in ("", *used) else []), *used]


def looked_up(schema: Schema) -> list[str]:
    """Return the columns in which a record is looked up."""
    return [e.name for e in schema.attributes if e.role in ("identity", "code", "axis")]


def _who(reopened: Reopened) -> pa.Table:
    _, group, sizes = np.unique(reopened.match, return_inverse=True, return_counts=True)
    texts = {"id": reopened.names, "match_id": reopened.match, "family_id": reopened.family}
    columns = {name: pa.array(each, pa.string()) for name, each in texts.items()}
    return pa.table(columns | {"n_records": sizes[group]})


def _arrange(state: State, n_rows: int) -> tuple[Longs, Ints]:
    one, two = np.concatenate([[state.left, state.right], [state.right, state.left]], axis=1)
    order = np.argsort(one, kind="stable")
    counts = np.bincount(one, minlength=n_rows)
    return np.concatenate([[0], np.cumsum(counts)]), two[order].astype(np.int32)


def _samples(parsed: Parsed, state: State, model: Model) -> tuple[Sample, ...]:
    records = parsed.records
    rng = np.random.default_rng(parsed.settings.seed)
    is_typical = np.zeros(len(records), np.bool_)
    is_typical[rng.choice(len(records), min(N_TYPICAL, len(records)), replace=False)] = True
    found = propose(parsed, is_typical)
    known = recall(state, records, np.arange(len(records), dtype=np.int64)).scores.pairs
    every = found.pairs.union(known)
    around = replace(found, pairs=every, proposed_by=np.zeros(len(every), np.uint32))
    prepared = make_ready(parsed, around, found.pairs)
    questions = (0, *questions_of(records, parsed.ignoring))
    return tuple(_sample(prepared, model, ignored) for ignored in questions)


def _sample(prepared: Prepared, model: Model, ignored: int) -> Sample:
    plain = prepared.plain if ignored == 0 else prepared.compare(ignored)
    compared = with_words(prepared, plain, model.classifier.asked(ignored).words)
    steps = rank_features(sample_candidates(prepared, compared)).ordered
    axes = tuple(
        axis for axis in prepared.records.axes if prepared.records.axis_bits([axis]) & ignored
    )
    return sample_of(axes, dict(zip(compared.names, steps, strict=True)))
