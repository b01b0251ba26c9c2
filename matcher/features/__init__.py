"""Compare pairs attribute by attribute, in chunks, as float32 arrays."""

from matcher.features.assemble import (
    Comparisons,
    compare_each,
    compare_records,
    lasting_comparisons,
)
from matcher.features.comparison import Comparison
from matcher.features.siblings import number_options
from matcher.features.words import name_words, word_indicators, word_margin

__all__ = [
    "Comparison",
    "Comparisons",
    "compare_each",
    "compare_records",
    "lasting_comparisons",
    "name_words",
    "number_options",
    "word_indicators",
    "word_margin",
]
