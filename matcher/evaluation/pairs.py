"""Measures of decisions about pairs."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.types import RELATIONS, Bools, Longs, Pairs


@dataclass(frozen=True, slots=True)
class PairMeasures:
    """Precision, recall and F1; a share of nothing is 0.

    Attributes
    ----------
    precision : float
        tp / (tp + fp).
    recall : float
        tp / (tp + fn).
    f1 : float
        2 tp / (2 tp + fp + fn).
    tp, fp, fn : float
        True positives, false positives, false negatives (counts, or sums of shares in B-cubed).
    """

    precision: float
    recall: float
    f1: float
    tp: float
    fp: float
    fn: float

    @staticmethod
    def from_counts(tp: float, fp: float, fn: float) -> "PairMeasures":
        """Compute the measures from their counts."""
        return PairMeasures(
            share(tp, tp + fp), share(tp, tp + fn), share(2 * tp, 2 * tp + fp + fn), tp, fp, fn
        )

    def to_dict(self) -> dict[str, float]:
        """Return the fields as plain numbers."""
        return asdict(self)


def share(part: float, whole: float) -> float:
    """Return ``part / whole``, and 0 where there is nothing."""
    return float(part / whole) if whole else 0.0


def pair_measures(truth: Bools, predicted: Bools) -> PairMeasures:
    """Compare decisions about pairs with the truth.

    Parameters
    ----------
    truth, predicted : Bools
        Shape (n_pairs,).

    Examples
    --------
    >>> measures = pair_measures(np.array([True, True, False]), np.array([True, False, True]))
    >>> measures.precision, measures.recall, measures.f1
    (0.5, 0.5, 0.5)
    """
    tp = int(np.count_nonzero(truth & predicted))
    fp = int(np.count_nonzero(predicted)) - tp
    return PairMeasures.from_counts(tp, fp, int(np.count_nonzero(truth)) - tp)


@dataclass(frozen=True, slots=True)
class BlockingMeasures:
    """How well candidate pairs cover the true ones, and at what cost.

    Attributes
    ----------
    pairs_completeness : float
        True pairs among the candidates / true pairs (recall).
    pairs_quality : float
        True pairs among the candidates / candidates (precision).
    reduction_ratio : float
        1 - candidates / all pairs.
    candidates_per_record : float
        Candidates / records; when linking, / records of the left table.
    candidates, found, true : int
        Numbers of candidates, of true pairs among them, of true pairs.
    """

    pairs_completeness: float
    pairs_quality: float
    reduction_ratio: float
    candidates_per_record: float
    candidates: int
    found: int
    true: int

    def to_dict(self) -> dict[str, float]:
        """Return the fields as plain numbers."""
        return asdict(self)


def blocking_measures(
    pairs: Pairs, truth_pairs: Pairs, n_left: int, n_right: int | None = None
) -> BlockingMeasures:
    """Compare candidate pairs with the true pairs.

    Parameters
    ----------
    pairs, truth_pairs : Pairs
        The candidates and all true pairs.
    n_left : int
        Number of records, of the left table when two are linked.
    n_right : int, optional
        Number of records of the right table; None for one table.

    Examples
    --------
    >>> candidates = Pairs(np.array([0, 0, 1], np.int32), np.array([1, 2, 2], np.int32))
    >>> true = Pairs(np.array([0, 2], np.int32), np.array([1, 3], np.int32))
    >>> measures = blocking_measures(candidates, true, n_left=4)
    >>> measures.pairs_completeness, measures.reduction_ratio, measures.candidates_per_record
    (0.5, 0.5, 0.75)
    """
    n_all = n_left * (n_left - 1) // 2 if n_right is None else n_left * n_right
    found = int(np.isin(truth_pairs.keys(), pairs.keys()).sum())
    return BlockingMeasures(
        pairs_completeness=share(found, len(truth_pairs)),
        pairs_quality=share(found, len(pairs)),
        reduction_ratio=1.0 - share(len(pairs), n_all),
        candidates_per_record=share(len(pairs), n_left),
        candidates=len(pairs),
        found=found,
        true=len(truth_pairs),
    )


@dataclass(frozen=True, slots=True)
class RelationMeasures:
    """How well the three relations are told apart.

    Attributes
    ----------
    by_relation : dict[str, PairMeasures]
        For each relation, that relation against the other two.
    macro_f1 : float
        Mean F1 of the relations that occur in the truth.
    accuracy : float
        Share of right decisions.
    confusion : Longs
        Shape (3, 3): rows are the truth, columns the decision, in the order of `RELATIONS`.
    """

    by_relation: dict[str, PairMeasures]
    macro_f1: float
    accuracy: float
    confusion: Longs

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain numbers, lists and dicts."""
        return {
            "by_relation": {name: of.to_dict() for name, of in self.by_relation.items()},
            "macro_f1": self.macro_f1,
            "accuracy": self.accuracy,
            "confusion": self.confusion.tolist(),
        }


def relation_measures(truth: NDArray[np.int8], predicted: NDArray[np.int8]) -> RelationMeasures:
    """Compare decided relations with the true ones.

    Parameters
    ----------
    truth, predicted : NDArray[np.int8]
        Shape (n_pairs,): numbers of relations.

    Examples
    --------
    >>> measures = relation_measures(np.array([0, 1, 2, 2]), np.array([0, 2, 2, 2]))
    >>> measures.by_relation["different"].recall, round(measures.macro_f1, 3), measures.accuracy
    (1.0, 0.6, 0.75)
    """
    n = len(RELATIONS)
    cells = truth.astype(np.int64) * n + predicted
    confusion = np.bincount(cells, minlength=n * n).reshape(n, n).astype(np.int64)
    right, asked, given = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    by_relation = {
        str(name): PairMeasures.from_counts(
            int(right[i]), int(given[i] - right[i]), int(asked[i] - right[i])
        )
        for i, name in enumerate(RELATIONS)
    }
    occurring = [by_relation[name].f1 for i, name in enumerate(RELATIONS) if asked[i]]
    macro_f1 = share(sum(occurring), len(occurring))
    return RelationMeasures(by_relation, macro_f1, share(right.sum(), len(truth)), confusion)
