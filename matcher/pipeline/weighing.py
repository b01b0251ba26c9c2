"""What the model makes of each kind of evidence for a pair of a result."""

from collections import defaultdict
from typing import Any

import numpy as np

from matcher.classify import Classifier, contributions, total_gains
from matcher.errors import SettingsError
from matcher.explanation import Explanation, Favours, Reason
from matcher.output import Stopwatch
from matcher.pipeline.model import DEFAULT_MODEL, Model, load
from matcher.pipeline.reopening import Reopened
from matcher.pipeline.stages import prepare, scorer_of, with_words
from matcher.progress import silent
from matcher.types import Pairs

KINDS = (
    # The first of these whose word is in the name of a feature is its kind.
    (
        "context",
        "how they stand beside the other candidates",
        ("_context_", "told_apart", "core_support"),
    ),
    ("model", "model and part numbers", ("models", "mpn_")),
    ("gtin", "GTINs", ("gtin_",)),
    ("brand", "brand", ("brand_",)),
    ("axis", "options such as color and size", ("_axes_",)),
    ("price", "price", ("price_",)),
    ("quantity", "numbers and amounts", ("numbers", "quantities", "pack_", ":ratio", ":equal")),
    ("category", "category", ("categories",)),
)
OTHERS = ("words", "words and letters of the texts")
THE_QUESTION = "is_family_question"
"""The feature that says what is asked: no evidence."""

LEAST = 0.05
"""Log-odds of a kind of evidence that is told: less changes a probability by a point at most."""


def weigh_evidence(
    opened: Reopened, rows: tuple[int, int], found: Explanation, model: Model | None
) -> tuple[Reason, ...]:
    """Return what a model makes of each kind of evidence, the heaviest first.

    It is asked "one product?", or "one family, whatever the options?" where the two records are
    variants, at first sight: before its answers are fitted to the catalogue and to each other.

    Parameters
    ----------
    opened : Reopened
        The result.
    rows : tuple[int, int]
        The two records.
    found : Explanation
        What was said of them.
    model : Model | None
        That of the run; None is the shipped one.

    Raises
    ------
    SettingsError
        The run had another model than the shipped one, and no model is given.
    """
    if model is None and opened.run["model"] != DEFAULT_MODEL.name:
        raise SettingsError(
            f"model: the result was made by a model of its own, got {opened.run['model']!r}. "
            "Give it, --model on the command line."
        )
    classifier = (model or load(DEFAULT_MODEL)).classifier
    prepared = prepare(opened.catalogue, opened.settings, silent, Stopwatch())
    is_family = found.relation == "variant" or found.together == "family"
    ignored = (1 << len(prepared.records.axes)) - 1 if is_family else 0
    plain = prepared.compare(ignored) if ignored else prepared.plain
    comparisons = with_words(prepared, plain, classifier.words)
    numbers = np.flatnonzero(np.isin(prepared.records.rows, rows)).astype(np.int32)
    features = comparisons.compare(Pairs(numbers[:1], numbers[1:]))
    added = contributions(scorer_of(prepared, classifier, comparisons), features)
    totals: defaultdict[tuple[str, str], float] = defaultdict(float)
    for name, value in added.items():
        if name:
            totals[_kind_of(name)] += value
    ordered = sorted(totals.items(), key=lambda total: -abs(total[1]))
    return tuple(
        Reason(kind, text, _favours(value, is_family=is_family), round(value, 3))
        for (kind, text), value in ordered
        if abs(value) >= LEAST
    )


def weigh_kinds(classifier: Classifier) -> list[dict[str, Any]]:
    """Return how much each kind of evidence counts for a model, the most first.

    Parameters
    ----------
    classifier : Classifier
        A model; of one that started from another, only what it learned itself is told.

    Returns
    -------
    list[dict[str, Any]]
        ``kind``, its ``text`` in words, and ``share`` of the gain of all splits; together 1.

    Examples
    --------
    >>> found = weigh_kinds(load(DEFAULT_MODEL).classifier)
    >>> round(sum(each["share"] for each in found), 6)
    1.0
    """
    totals: defaultdict[tuple[str, str], float] = defaultdict(float)
    for name, gain in total_gains(classifier).items():
        if name != THE_QUESTION:
            totals[_kind_of(name)] += gain
    whole = sum(totals.values())
    ordered = sorted(totals.items(), key=lambda total: -total[1])
    return [{"kind": kind, "text": text, "share": gain / whole} for (kind, text), gain in ordered]


def _kind_of(feature: str) -> tuple[str, str]:
    for kind, text, words in KINDS:
        if any(word in feature for word in words):
            return kind, text
    return OTHERS


def _favours(value: float, *, is_family: bool) -> Favours:
    if value < 0:
        return "different"
    return "variant" if is_family else "same"
