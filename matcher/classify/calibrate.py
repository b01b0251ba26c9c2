"""From the margins of a classifier to probabilities, and from probabilities to a threshold."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from matcher.types import Bools, Floats

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Probability as a logistic function of the margin: ``1 / (1 + exp(-(slope * m + shift)))``.

    References
    ----------
    Platt, J. (1999). Probabilistic outputs for support vector machines.
    """

    slope: float
    shift: float

    def probability(self, margin: Doubles) -> Doubles:
        """Return the probability of a match for margins of any shape."""
        return np.asarray(expit(self.slope * margin + self.shift))


def fit_calibration(
    margin: Doubles, is_match: Bools, weights: Floats, stay: float = 0.0
) -> Calibration:
    """Fit a calibration by maximum likelihood with Platt's smoothed targets.

    Parameters
    ----------
    margin : Doubles
        Shape (n_pairs,): margins of pairs that the classifier was not fitted on.
    is_match : Bools
        Shape (n_pairs,): the truth.
    weights : Floats
        Shape (n_pairs,): how much each pair counts.
    stay : float
        How much it costs to leave what the margins say by themselves, slope 1 and shift 0.

    Examples
    --------
    >>> margin = np.array([-2.0, -1.0, 1.0, 2.0])
    >>> calibration = fit_calibration(margin, margin > 0, np.ones(4, dtype=np.float32))
    >>> bool(calibration.probability(np.array([3.0]))[0] > 0.5)
    True
    """
    from scipy.optimize import minimize

    n_match, n_other = int(is_match.sum()), int((~is_match).sum())
    target = np.where(is_match, (n_match + 1) / (n_match + 2), 1 / (n_other + 2))

    def loss(parameters: Doubles) -> tuple[float, Doubles]:
        logit = parameters[0] * margin + parameters[1]
        error = weights * (expit(logit) - target)
        value = float(np.sum(weights * (np.logaddexp(0, logit) - target * logit)))
        slope, shift = 2 * (parameters[0] - 1), parameters[1]
        value += stay * (slope**2 + shift**2 / 2)
        away = stay * np.array([4 * slope, shift])
        return value, np.array([np.dot(error, margin), error.sum()]) + away

    start = np.array([1.0, 0.0])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(1e-3, None), (None, None)])
    return Calibration(float(found.x[0]), float(found.x[1]))


def expected_f1_threshold(probability: Doubles, weights: Floats) -> float:
    """Return the probability from which calling a pair a match maximises the expected F1.

    It is half of the best expected F1, which varies less from sample to sample than the threshold
    that was best on the very labels (wdc-products: 64.1 against 62.1 on unseen pairs, see
    docs/decisions/0005-threshold.md).

    References
    ----------
    Lipton, Z., Elkan, C., Naryanaswamy, B. (2014). Optimal thresholding of classifiers to maximize
    F1 measure.

    Examples
    --------
    >>> ones = np.ones(4, dtype=np.float32)
    >>> round(expected_f1_threshold(np.array([0.9, 0.9, 0.1, 0.1]), ones), 2)
    0.45
    """
    if len(probability) == 0:
        return 0.5
    order = np.argsort(-probability, kind="stable")
    chosen = np.cumsum(weights[order], dtype=np.float64)
    matches = np.cumsum(weights[order] * probability[order], dtype=np.float64)
    return float((matches / (chosen + matches[-1])).max())
