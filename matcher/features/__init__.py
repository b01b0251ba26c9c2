"""Compare pairs attribute by attribute, in chunks, as float32 arrays."""

from matcher.features.assemble import compare_records, lasting_comparisons, price_gaps
from matcher.features.comparison import Comparison
from matcher.features.comparisons import Compared, Comparisons
from matcher.features.context import Means
from matcher.features.remembered import Remembered, costly
from matcher.features.repeated import REPEATED_NAMES, RepeatedDifferences
from matcher.features.words import name_words, word_indicators, word_margin

__all__ = [
    "REPEATED_NAMES",
    "Compared",
    "Comparison",
    "Comparisons",
    "Means",
    "Remembered",
    "RepeatedDifferences",
    "compare_records",
    "costly",
    "lasting_comparisons",
    "name_words",
    "price_gaps",
    "word_indicators",
    "word_margin",
]
