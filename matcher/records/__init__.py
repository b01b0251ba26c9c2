"""Read tables of any kind, find out what their columns are, and parse their values."""

from matcher.records.categories import category_column, find_categories
from matcher.records.codes import parse_gtin
from matcher.records.colors import base_color
from matcher.records.compare import comparison_table, merged_columns
from matcher.records.concepts import find_concepts, read_concepts
from matcher.records.frames import text_of, texts_of
from matcher.records.grams import gram_terms
from matcher.records.identity import read_ids, read_sources
from matcher.records.infer import infer_schema
from matcher.records.inspection import AttributeReport, Inspection, inspect_catalogue
from matcher.records.limits import limits_of
from matcher.records.lore import AxisLore, Lore, Meant, lore_of
from matcher.records.models import squash
from matcher.records.names import axis_name
from matcher.records.newcomer import Cell, Marked, Newcomer, NewcomerParser, form_of_value
from matcher.records.newcomer_options import Options
from matcher.records.one_text import known_value
from matcher.records.order import order_records
from matcher.records.parse import Learned, parse_and_learn, parse_records
from matcher.records.read import join_tables, read_catalogue
from matcher.records.sizes import size_system
from matcher.records.spelling import Slips
from matcher.records.suggest import AxisEvidence, LabelEvidence, WordEvidence
from matcher.records.tokens import kind_of
from matcher.records.write import write_settings

__all__ = [
    "AttributeReport",
    "AxisEvidence",
    "AxisLore",
    "Cell",
    "Inspection",
    "LabelEvidence",
    "Learned",
    "Lore",
    "Marked",
    "Meant",
    "Newcomer",
    "NewcomerParser",
    "Options",
    "Slips",
    "WordEvidence",
    "axis_name",
    "base_color",
    "category_column",
    "comparison_table",
    "find_categories",
    "find_concepts",
    "form_of_value",
    "gram_terms",
    "infer_schema",
    "inspect_catalogue",
    "join_tables",
    "kind_of",
    "known_value",
    "limits_of",
    "lore_of",
    "merged_columns",
    "order_records",
    "parse_and_learn",
    "parse_gtin",
    "parse_records",
    "read_catalogue",
    "read_concepts",
    "read_ids",
    "read_sources",
    "size_system",
    "squash",
    "text_of",
    "texts_of",
    "write_settings",
]
