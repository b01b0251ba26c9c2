"""Read tables of any kind, find out what their columns are, and parse their values."""

from matcher.records.categories import find_categories
from matcher.records.compare import comparison_table, merged_columns
from matcher.records.concepts import find_concepts, read_concepts
from matcher.records.frames import text_of, texts_of
from matcher.records.identity import read_ids, read_sources
from matcher.records.infer import infer_schema
from matcher.records.inspection import AttributeReport, Inspection, inspect_catalogue
from matcher.records.names import axis_name
from matcher.records.order import order_records
from matcher.records.parse import parse_records
from matcher.records.read import join_tables, read_catalogue
from matcher.records.suggest import AxisEvidence, LabelEvidence, WordEvidence
from matcher.records.write import write_settings

__all__ = [
    "AttributeReport",
    "AxisEvidence",
    "Inspection",
    "LabelEvidence",
    "WordEvidence",
    "axis_name",
    "comparison_table",
    "find_categories",
    "find_concepts",
    "infer_schema",
    "inspect_catalogue",
    "join_tables",
    "merged_columns",
    "order_records",
    "parse_records",
    "read_catalogue",
    "read_concepts",
    "read_ids",
    "read_sources",
    "text_of",
    "texts_of",
    "write_settings",
]
