"""Read tables of any kind, find out what their columns are, and parse their values."""

from matcher.records.infer import infer_schema

from matcher.records.parse import parse_records
from matcher.records.read import read_catalogue


__all__ = [
    "infer_schema",
    "parse_records",
    "read_catalogue",
]
