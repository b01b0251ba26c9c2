"""Read, check and write what people say of pairs."""

from matcher.labelling.files import LabelTable, read_labels, write_labels
from matcher.labelling.resolve import resolve_labels

__all__ = ["LabelTable", "read_labels", "resolve_labels", "write_labels"]
