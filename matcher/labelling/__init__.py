"""Read, check and write what people say of pairs, and the pairs that they ask about."""

from matcher.labelling.choosing import Chooser, Reason
from matcher.labelling.closure import UNKNOWN, close
from matcher.labelling.contradictions import Contradiction, find_contradictions
from matcher.labelling.converting import LabelledRecords, check_tool, write_for_tool
from matcher.labelling.files import LabelTable, read_labels, write_labels
from matcher.labelling.inputs import find_inputs, name_sources
from matcher.labelling.lookup import find_records
from matcher.labelling.pairs import PairTable, are_across, look_up_pairs, read_pairs
from matcher.labelling.pool import Pool, make_pool
from matcher.labelling.questions import Opinion, Question, Reply
from matcher.labelling.resolve import resolve_labels
from matcher.labelling.sets import count_pairs_inside, pairs_inside
from matcher.labelling.strata import Drawn, draw_pairs

__all__ = [
    "UNKNOWN",
    "Chooser",
    "Contradiction",
    "Drawn",
    "LabelTable",
    "LabelledRecords",
    "Opinion",
    "PairTable",
    "Pool",
    "Question",
    "Reason",
    "Reply",
    "are_across",
    "check_tool",
    "close",
    "count_pairs_inside",
    "draw_pairs",
    "find_contradictions",
    "find_inputs",
    "find_records",
    "look_up_pairs",
    "make_pool",
    "name_sources",
    "pairs_inside",
    "read_labels",
    "read_pairs",
    "resolve_labels",
    "write_for_tool",
    "write_labels",
]
