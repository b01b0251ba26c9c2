"""Tell a person what was found out about a catalogue, and what is wrong with it."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.records.compare import comparison_table
from matcher.records.frames import text_of
from matcher.records.infer import describe_evidence
from matcher.records.missing import blank_missing
from matcher.records.order import duplicate_ids_message
from matcher.records.profile import profile_column
from matcher.records.suggest import (
    AxisEvidence,
    WordEvidence,
    find_axis_evidence,
    find_word_evidence,
)
from matcher.types import AttributeType, Catalogue, Labels, Notice, Records, Role, Schema

SHARED_GTIN = 10
SHARED_TITLE = 100
# From so many records on, a code or a title is named as a problem.


@dataclass(frozen=True, slots=True)
class AttributeReport:
    """What is known of one column.

    Attributes
    ----------
    name : str
        The column.
    type : AttributeType | None
        None for the columns of id and source.
    role : Role | str
        Role of the attribute, or ``"id"`` or ``"source"``.
    axis : str
        The axis that it fills, or empty.
    fill : float
        Share of rows with a known value, 0 to 1.
    n_unique : int
        Number of distinct known values.
    examples : tuple[str, ...]
        Up to three values.
    evidence : str
        Why it was taken for what it is.
    """

    name: str
    type: AttributeType | None
    role: Role | str
    axis: str
    fill: float
    n_unique: int
    examples: tuple[str, ...]
    evidence: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found out about a catalogue.

    Attributes
    ----------
    names : tuple[str, ...]
        The inputs.
    n_records : int
        Number of rows.
    schema : Schema
        What the columns are.
    attributes : tuple[AttributeReport, ...]
        Every column, in the order of the catalogue.
    axes : tuple[AxisEvidence, ...]
        For every column that may be an axis, what speaks for it, the strongest first; empty where
        the records could not be parsed.
    words : tuple[WordEvidence, ...]
        Words that near-identical titles differ in: values, perhaps, of an axis without a column.
    problems : tuple[Notice, ...]
        What a person should look at.
    """

    names: tuple[str, ...]
    n_records: int
    schema: Schema
    attributes: tuple[AttributeReport, ...]
    axes: tuple[AxisEvidence, ...]
    words: tuple[WordEvidence, ...]
    problems: tuple[Notice, ...]


def inspect_catalogue(
    catalogue: Catalogue, schema: Schema, records: Records | None, labels: Labels | None = None
) -> Inspection:
    """Return what every column is and why, and the problems of a catalogue.

    Parameters
    ----------
    catalogue : Catalogue
        The rows.
    schema : Schema
        What its columns are.
    records : Records | None
        The parsed records; None where parsing failed, as it does for duplicate ids.
    labels : Labels | None
        Relations that a person gave: they too say what variants differ in.
    """
    table = comparison_table(catalogue)
    reports = tuple(_report(name, table.column(name), schema) for name in table.column_names)
    problems = [
        *(records.notices if records else catalogue.notices),
        *_duplicate_ids(catalogue, table, schema),
        *(_shared_codes(records) if records else []),
        *(_shared_titles(records) if records else []),
    ]
    return Inspection(
        names=catalogue.names,
        n_records=table.num_rows,
        schema=schema,
        attributes=reports,
        axes=find_axis_evidence(records, table, labels) if records else (),
        words=find_word_evidence(records) if records else (),
        problems=tuple(problems),
    )


def _report(name: str, column: pa.ChunkedArray, schema: Schema) -> AttributeReport:
    profile = profile_column(column)
    found = next((a for a in schema.attributes if a.name == name), None)
    other = "id" if name == schema.id else "source"
    return AttributeReport(
        name=name,
        type=found.type if found else None,
        role=found.role if found else other,
        axis=found.axis if found else "",
        fill=profile.fill,
        n_unique=profile.n_unique,
        examples=profile.examples,
        evidence=describe_evidence(name, profile),
    )


def _duplicate_ids(catalogue: Catalogue, table: pa.Table, schema: Schema) -> list[Notice]:
    if not schema.id or not table.num_rows:
        return []
    scope = pa.array(catalogue.parts).cast(pa.string())
    if schema.source and not catalogue.is_link:
        scope = text_of(table.column(schema.source)).fill_null("")
    ids = blank_missing(text_of(table.column(schema.id)))
    counted = pa.table({"scope": scope, "id": ids}).filter(pc.is_valid(ids))
    counted = counted.group_by(["scope", "id"]).aggregate([([], "count_all")])
    repeated = counted.filter(pc.greater(counted["count_all"], 1)).sort_by("id")
    if not repeated.num_rows:
        return []
    names = repeated["id"].to_pylist()
    message = (
        f"column {schema.id!r}: {duplicate_ids_message(names)} Ids must be unique within a source."
    )
    return [Notice("duplicate_ids", message, len(names))]


def _shared_codes(records: Records) -> list[Notice]:
    codes = records.codes.get("gtin")
    if codes is None:
        return []
    uses = np.bincount(codes[codes >= 0])
    n_shared = int((uses > SHARED_GTIN).sum())
    if not n_shared:
        return []
    record = records.ids[np.flatnonzero(codes == uses.argmax())[0]]
    message = (
        f"{n_shared} GTINs are shared by more than {SHARED_GTIN} records each, the most by "
        f"{uses.max()}, such as that of record {record!r}."
    )
    return [Notice("shared_gtins", message, n_shared)]


def _shared_titles(records: Records) -> list[Notice]:
    texts = [c.text for c in records.columns if c.attribute.type == "text"]
    if not texts:
        return []
    counts = pc.value_counts(texts[0].drop_null())
    most = pc.max(counts.field("counts")).as_py() or 0
    if most <= SHARED_TITLE:
        return []
    shared = counts.filter(pc.greater(counts.field("counts"), SHARED_TITLE))
    message = (
        f"{len(shared)} texts are those of more than {SHARED_TITLE} records each, the most by "
        f"{most}."
    )
    return [Notice("shared_titles", message, len(shared))]
