"""Say in words why two records were, or were not, put together."""

from matcher.explanation.answer import Explanation, Favours, Link, Reason, Side, Together
from matcher.explanation.chain import weakest_first
from matcher.explanation.grouping import why_apart, why_unlisted
from matcher.explanation.offer import Case, Offer
from matcher.explanation.options import words_of_axes
from matcher.explanation.reasons import find_reasons
from matcher.explanation.verdict import percent, verdict_of

__all__ = [
    "Case",
    "Explanation",
    "Favours",
    "Link",
    "Offer",
    "Reason",
    "Side",
    "Together",
    "find_reasons",
    "percent",
    "verdict_of",
    "weakest_first",
    "why_apart",
    "why_unlisted",
    "words_of_axes",
]
