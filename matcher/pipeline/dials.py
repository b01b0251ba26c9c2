"""What the two dials of a run set: thresholds, and how many candidates a record has."""

from math import ceil

from scipy.special import expit, logit

from matcher.settings import PAIRS_PER_RECORD, Settings

REACH = 3.0
"""What the log-odds of a threshold gain at the end for precision, and lose at that for recall.
With 4 hardly a pair was left on two of three catalogues; see docs/decisions/0034-dials.md."""

LOWEST, HIGHEST = 0.01, 0.99
"""No threshold is moved beyond: rarer variants are not asked about, surer pairs are rare."""

CHEAPENING = 4.0
"""How many times more candidates than usual a record has at the end for accuracy, and how many
times fewer at that for cost."""


def move_threshold(threshold: float, precision_to_recall: float) -> float:
    """Return a threshold of a model, moved towards precision or recall.

    Its log-odds move by `REACH` times the way from the middle. A threshold that lies beyond the
    bounds by itself is not moved further.

    Parameters
    ----------
    threshold : float
        Probability from which the model takes a pair, best for F1.
    precision_to_recall : float
        0 to 1; the middle, 0.5, leaves the threshold as it is, to the bit.

    Examples
    --------
    >>> [round(move_threshold(0.5, dial), 2) for dial in (0, 0.25, 0.5, 0.75, 1)]
    [0.95, 0.82, 0.5, 0.18, 0.05]
    """
    way = 1 - 2 * precision_to_recall
    if way == 0:
        return threshold
    moved = float(expit(logit(threshold) + REACH * way))
    if way > 0:
        return max(threshold, min(moved, HIGHEST))
    return min(threshold, max(moved, LOWEST))


def chosen_thresholds(settings: Settings, of_model: tuple[float, float]) -> tuple[float, float]:
    """Return the thresholds of the settings for exact and for families, or else of the model.

    Parameters
    ----------
    settings : Settings
        What it sets of the two stays; the others are moved by its `precision_to_recall`.
    of_model : tuple[float, float]
        Those of the model.
    """
    exact, family = settings.threshold_exact, settings.threshold_family
    moved = [move_threshold(each, settings.precision_to_recall) for each in of_model]
    return (moved[0] if exact is None else exact, moved[1] if family is None else family)


def candidates_per_record(settings: Settings) -> int:
    """Return the budget of candidate pairs per record: that of the user, or of the dial.

    Examples
    --------
    >>> [candidates_per_record(Settings(accuracy_to_cost=d)) for d in (0, 0.25, 0.5, 0.75, 1)]
    [40, 20, 10, 5, 3]
    """
    if settings.blocking.pairs_per_record is not None:
        return settings.blocking.pairs_per_record
    more: float = CHEAPENING ** (1 - 2 * settings.accuracy_to_cost)
    return ceil(PAIRS_PER_RECORD * more)
