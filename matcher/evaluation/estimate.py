"""Estimate precision and recall from a stratified random sample of labelled pairs."""

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

from matcher.types import Bools, Longs

Doubles = NDArray[np.float64]

N_DRAWS = 10_000
"""Draws from which the ends of an interval are read: they move by less than 0.005 between seeds."""

BELIEF = 0.5
"""How likely the model's mean probability in a stratum is taken to be right, before the answers."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and where the true value lies.

    Attributes
    ----------
    value : float
        The estimate.
    low, high : float
        Ends of the interval that holds the true value of 95 in 100 samples.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class QualityEstimate:
    """Estimated quality of decisions, over all pairs that the sample was drawn from.

    Attributes
    ----------
    precision, recall, f1 : Interval
        As in `PairMeasures`.
    true, found : float
        How many pairs are true, and how many were found, by the estimate.
    """

    precision: Interval
    recall: Interval
    f1: Interval
    true: float
    found: float

    def to_dict(self) -> dict[str, object]:
        """Return the fields as plain numbers and dicts."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Sample:
    """Pairs that were drawn at random from strata, and answered.

    Attributes
    ----------
    stratum : Longs
        Shape (n_answered,): number of the stratum of each.
    sizes : Longs
        Shape (n_strata,): how many pairs each stratum holds; each has an answer.
    """

    stratum: Longs
    sizes: Longs


@dataclass(frozen=True, slots=True)
class _Cells:
    """True and false positives and false negatives: estimated, and drawn for both ends."""

    value: Doubles  # (3,)
    low: Doubles  # (3, n_draws): as bad as the answers allow
    high: Doubles  # (3, n_draws): as good as they allow

    def __add__(self, other: "_Cells") -> "_Cells":
        return _Cells(self.value + other.value, self.low + other.low, self.high + other.high)


def estimate_quality(
    sample: Sample, is_true: Bools, is_found: Bools, probability: Doubles, seed: int = 0
) -> QualityEstimate:
    """Estimate precision, recall and F1 of decisions about pairs.

    An answer stands for the pairs of its stratum divided by its answers, whatever result is judged,
    so the estimate has no bias.  The ends of the interval are read from draws of what the pairs
    without an answer may be, the low end from the upper confidence distribution of the errors of
    each stratum, the high end from the lower one; so 0 errors among 50 answers may be none, or 6
    in 100.  The model may narrow the low end: half of the upper distribution is one whose mean
    before any answer is the model's own probability of an error there, the other half leaves it
    open, and the answers decide between them.

    Parameters
    ----------
    sample : Sample
        The pairs that were answered.
    is_true, is_found : Bools
        Shape (n_answered,): what the person says of each, and what the result says.
    probability : Doubles
        Shape (n_answered,): of being true, by the model; NaN where it was not asked.
    seed : int
        Of the draws.

    References
    ----------
    Fay, M., Proschan, M., Brittain, E. (2015). Combining one-sample confidence procedures for
    inference in the two-sample case.
    Schmidli, H. et al. (2014). Robust meta-analytic-predictive priors in clinical trials with
    historical control information.

    Examples
    --------
    >>> sample = Sample(np.zeros(50, np.int64), np.array([1000]))
    >>> right = np.arange(50) < 40
    >>> found = estimate_quality(sample, right, np.ones(50, bool), np.full(50, 0.5))
    >>> found.precision.value, 0.65 < found.precision.low < 0.8 < found.precision.high < 0.91
    (0.8, True)
    """
    random = np.random.default_rng(seed)
    total = _Cells(np.zeros(3), np.zeros((3, N_DRAWS)), np.zeros((3, N_DRAWS)))
    for number, size in enumerate(sample.sizes.tolist()):
        rows = np.flatnonzero(sample.stratum == number)
        total += _draw(is_true[rows], is_found[rows], probability[rows], size, random)
    tp, fp, fn = total.value
    return QualityEstimate(
        precision=_interval(total, (0, 1, 0)),
        recall=_interval(total, (0, 0, 1)),
        f1=_interval(total, (0, 0.5, 0.5)),
        true=float(tp + fn),
        found=float(tp + fp),
    )


def _interval(cells: _Cells, errors: tuple[float, float, float]) -> Interval:
    """Return tp / (tp + errors), with its ends."""

    def ratio(counts: Doubles, empty: float) -> Doubles:
        whole = counts[0] + np.tensordot(errors, counts, 1)
        return np.where(whole > 0, counts[0] / np.where(whole > 0, whole, 1), empty)

    value = float(ratio(cells.value, 0))
    low = float(np.quantile(ratio(cells.low, 0), 0.025))
    high = float(np.quantile(ratio(cells.high, 1), 0.975))
    return Interval(value, min(low, value), max(high, value))


def _draw(
    is_true: Bools, is_found: Bools, probability: Doubles, size: int, random: np.random.Generator
) -> _Cells:
    """Return what one stratum may hold."""
    n, n_found = len(is_true), int(is_found.sum())
    n_rest = size - n
    n_fp, n_fn = int((is_found & ~is_true).sum()), int((is_true & ~is_found).sum())
    known = np.array([n_found - n_fp, n_fp, n_fn], np.float64)
    found = random.binomial(n_rest, _found_share(n_found, n, random))
    ends = []
    for more in (True, False):
        wrong = np.zeros((2, N_DRAWS))
        for at, (n_wrong, chosen, rest, p_wrong) in enumerate(
            (
                (n_fp, is_found, found, 1 - probability),
                (n_fn, ~is_found, n_rest - found, probability),
            )
        ):
            if chosen.any():
                expected = _expected(p_wrong[chosen], size)
                share = _wrong_share(n_wrong, int(chosen.sum()), expected if more else None, random)
                wrong[at] = random.binomial(rest, share)
        ends.append(known[:, None] + np.stack([found - wrong[0], wrong[0], wrong[1]]))
    return _Cells(known * (size / n), ends[0], ends[1])


def _found_share(n_found: int, n: int, random: np.random.Generator) -> Doubles:
    """Return draws of the share that was found: all or none where the answers say so.

    Strata are made of decisions, so most are all of one kind, in a later result too.
    """
    if n_found in (0, n):
        return np.full(N_DRAWS, float(n_found > 0))
    return random.beta(n_found + 0.5, n - n_found + 0.5, N_DRAWS)


def _expected(p_wrong: Doubles, size: int) -> float:
    """Return the share of errors that the model expects, at least one pair; 1/2 without a model."""
    known = p_wrong[~np.isnan(p_wrong)]
    return float(np.clip(known.mean() if len(known) else 0.5, 1 / max(size, 2), 0.5))


def _wrong_share(
    n_wrong: int, n: int, expected: float | None, random: np.random.Generator
) -> Doubles:
    """Return draws of the share of errors, from its upper or (`expected` is None) lower end."""
    if expected is None:
        return random.beta(n_wrong, n - n_wrong + 1, N_DRAWS) if n_wrong else np.zeros(N_DRAWS)
    strength = 1 / expected - 1
    by_model = betaln(1 + n_wrong, strength + n - n_wrong) - betaln(1, strength)
    by_none = betaln(1 + n_wrong, 1 + n - n_wrong)
    belief = BELIEF / (BELIEF + (1 - BELIEF) * np.exp(by_none - by_model))
    rest = np.where(random.random(N_DRAWS) < belief, strength, 1.0) + n - n_wrong
    return random.beta(1 + n_wrong, rest)
