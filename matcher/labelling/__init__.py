"""Read, check and write what people say of pairs, and the pairs that they ask about."""

from matcher.labelling.files import LabelTable, read_labels, write_labels
from matcher.labelling.pairs import PairTable, are_across, look_up_pairs, read_pairs
from matcher.labelling.resolve import resolve_labels
from matcher.labelling.sets import count_pairs_inside, pairs_inside
from matcher.labelling.strata import Drawn, draw_pairs

__all__ = [
    "Drawn",
    "LabelTable",
    "PairTable",
    "are_across",
    "count_pairs_inside",
    "draw_pairs",
    "look_up_pairs",
    "pairs_inside",
    "read_labels",
    "read_pairs",
    "resolve_labels",
    "write_labels",
]
