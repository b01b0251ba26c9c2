"""Compare pairs attribute by attribute, in chunks, as float32 arrays."""

from matcher.features.assemble import Comparisons, Views, compare_records, make_views
from matcher.features.comparison import Comparison

__all__ = ["Comparison", "Comparisons", "Views", "compare_records", "make_views"]
