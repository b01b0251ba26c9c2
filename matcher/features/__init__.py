"""Compare pairs attribute by attribute, in chunks, as float32 arrays."""

from matcher.features.assemble import Comparisons, Views, compare_records, make_views
from matcher.features.comparison import Comparison
from matcher.features.words import name_words, word_indicators, word_margin

__all__ = [
    "Comparison",
    "Comparisons",
    "Views",
    "compare_records",
    "make_views",
    "name_words",
    "word_indicators",
    "word_margin",
]
