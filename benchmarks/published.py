"""Figures that others published, and those that this project set itself, in percent.

Published figures are on the same test splits.  Their methods see only the labelled pairs; the
context features of matcher also use the unlabelled text of the catalogue.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Published:
    """What is known of a data set from elsewhere; None is not known.

    Attributes
    ----------
    best : float | None
        Best pair F1, any method, with labels.
    best_by : str
        The method, in brackets.
    best_plain : float | None
        Best pair F1 without a language model.
    end_to_end : float | None
        Best end-to-end F1 with labels.
    no_labels : float | None
        Best end-to-end F1 of five tools without labels, each cell another tool, by own runs.
    """

    best: float | None = None
    best_by: str = ""
    best_plain: float | None = None
    end_to_end: float | None = None
    no_labels: float | None = None


# Sources: the project's collection of evidence, sections 1 and 3.
PUBLISHED = {
    "abt-buy": Published(95.2, "(Qwen3-8B, fine-tuned)", 84.7, 92.9, 89.0),
    "amazon-google": Published(81.7, "(Jellyfish-7B)", 68.4, 80.3, 58.8),
    "walmart-amazon": Published(91.6, "(Qwen3-4B, fine-tuned)", 85.2, 86.0, 54.6),
    "walmart-amazon-dirty": Published(85.7, "(Ditto)", 37.4),
    "dblp-acm": Published(99.3, "", 98.4, None, 98.7),
    "wdc-products-80cc": Published(87.9, "(GPT-5.2; Ditto 71.9)"),
}

PAIR_TARGETS = {
    "abt-buy": 97.0,
    "amazon-google": 81.5,
    "walmart-amazon": 90.5,
    "walmart-amazon-dirty": 89.0,
    "dblp-acm": 99.4,
    "wdc-products-80cc": 72.0,
    "wdc-lspc-computers": 90.0,
}
UNSEEN_TARGETS = {
    "wdc-products-80cc, half of the products unseen": 71.0,
    "wdc-products-80cc, all unseen": 66.0,
}
HALF_TARGETS = {"abt-buy": 96.5, "amazon-google": 79.0, "walmart-amazon": 87.0}
# Share of the F1 with all labels.
FEW_TARGETS = {"200 answers": 95.0}
# Means over the catalogues with families, without and with labels.
VARIANT_TARGETS = {
    "relations": (92.0, 96.5),
    "groups, B-cubed": (92.0, 96.0),
    "families, B-cubed": (92.0, 96.0),
}
NO_LABEL_TARGETS = {
    "abt-buy": 91.0,
    "amazon-google": 72.0,
    "walmart-amazon": 65.0,
    "dblp-acm": 98.0,
    "wdc-products-80cc": 50.0,
}
NO_LABEL_END_TO_END_TARGETS = {
    "abt-buy": 93.0,
    "amazon-google": 70.0,
    "walmart-amazon": 56.0,
    "dblp-acm": 97.0,
}
COMPLETENESS_TARGETS = {
    ("abt-buy", "10 per record"): 99.0,
    ("walmart-amazon", "10 per record"): 99.0,
    ("amazon-google", "14 per record"): 99.0,
}
PAIRS_PER_SECOND_TARGET = 150_000
