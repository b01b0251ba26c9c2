"""How what was said of labelled pairs compares with the labels."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.evaluation.pairs import relation_measures
from matcher.evaluation.scores import average_precision
from matcher.types import DIFFERENT, EXACT, Bools, Floats

N_POINTS = 60
"""Points of a precision-recall curve that are kept."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share of counted things, with its interval.

    Attributes
    ----------
    value : float
        part / whole; NaN of nothing.
    low, high : float
        95 % interval.
    part, whole : int
        What was counted.
    """

    value: float
    low: float
    high: float
    part: int
    whole: int


def proportion(part: int, whole: int) -> Proportion:
    """Return a share with its 95 % interval.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.

    Examples
    --------
    >>> found = proportion(9, 10)
    >>> round(found.low, 3), found.value, round(found.high, 3)
    (0.596, 0.9, 0.982)
    """
    from scipy.stats import binomtest

    if not whole:
        return Proportion(np.nan, 0.0, 1.0, 0, 0)
    low, high = binomtest(part, whole).proportion_ci(method="wilson")
    return Proportion(part / whole, float(low), float(high), part, whole)


@dataclass(frozen=True, slots=True)
class Question:
    """How well one question was answered.

    Attributes
    ----------
    precision, recall : Proportion
        Of the decisions.
    average_precision : float
        Area under the precision-recall curve of the probabilities.
    curve : tuple[tuple[float, float], ...]
        Points (recall, precision) of that curve, recall ascending.
    """

    precision: Proportion
    recall: Proportion
    average_precision: float
    curve: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class LabelledMeasures:
    """How what was said of labelled pairs compares with the labels.

    Attributes
    ----------
    n_labels : int
        Labelled pairs.
    one_product : Question
        "Are they one product?": exact against variant and different.
    one_family : Question | None
        "Are they one family?": exact and variant against different; None where nothing is a
        variant, neither by the labels nor by the decisions.
    confusion : list[list[int]]
        Rows are the labels, columns the decisions: exact, variant, different.
    """

    n_labels: int
    one_product: Question
    one_family: Question | None
    confusion: list[list[int]]


def measure_labelled(
    truth: NDArray[np.int8], decided: NDArray[np.int8], probabilities: Floats
) -> LabelledMeasures:
    """Compare what was said of labelled pairs with the labels.

    Parameters
    ----------
    truth, decided : NDArray[np.int8]
        Shape (n_pairs,): relations by the labels, and as decided without them.
    probabilities : Floats
        Shape (n_pairs, 3).

    Examples
    --------
    >>> truth, decided = np.int8([0, 0, 2]), np.int8([0, 2, 2])
    >>> said = np.float32([[0.9, 0, 0.1], [0.4, 0, 0.6], [0.1, 0, 0.9]])
    >>> found = measure_labelled(truth, decided, said)
    >>> found.one_product.recall.value, found.one_product.average_precision, found.one_family
    (0.5, 1.0, None)
    """
    has_variants = bool(((truth == 1) | (decided == 1)).any())
    family = np.float32(1.0) - probabilities[:, DIFFERENT]
    return LabelledMeasures(
        n_labels=len(truth),
        one_product=_ask(truth == EXACT, decided == EXACT, probabilities[:, EXACT]),
        one_family=_ask(truth != DIFFERENT, decided != DIFFERENT, family) if has_variants else None,
        confusion=relation_measures(truth, decided).confusion.tolist(),
    )


def _ask(truth: Bools, decided: Bools, probability: NDArray[Any]) -> Question:
    right = int(np.count_nonzero(truth & decided))
    return Question(
        precision=proportion(right, int(np.count_nonzero(decided))),
        recall=proportion(right, int(np.count_nonzero(truth))),
        average_precision=average_precision(truth, probability),
        curve=_curve(truth, probability),
    )


def _curve(truth: Bools, probability: NDArray[Any]) -> tuple[tuple[float, float], ...]:
    from sklearn.metrics import precision_recall_curve

    if not truth.any():
        return ()
    precision, recall, _ = precision_recall_curve(truth, probability)
    precision, recall = precision[::-1], recall[::-1]  # recall ascending
    at = np.unique(np.linspace(0, len(recall) - 1, N_POINTS).astype(np.int64))
    return tuple(zip(recall[at].tolist(), precision[at].tolist(), strict=True))
