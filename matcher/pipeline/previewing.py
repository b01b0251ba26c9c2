"""Show what the dial from precision to recall would make of a result."""

from dataclasses import replace
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.labelling import LabelTable, read_labels, resolve_labels
from matcher.output import MatchResult, Stopwatch
from matcher.pipeline.dialling import Again, dialled, take_up
from matcher.pipeline.dials import chosen_thresholds
from matcher.pipeline.estimating import estimate_opened
from matcher.pipeline.finishing import resolve
from matcher.pipeline.grouping import group
from matcher.pipeline.reopening import Reopened, reopen
from matcher.pipeline.sampling import state_of
from matcher.pipeline.saved_answers import remember
from matcher.progress import Progress, silent
from matcher.settings import Settings
from matcher.types import (
    EXACT,
    Groups,
    Labels,
    Records,
    Scores,
)

if TYPE_CHECKING:
    import pandas as pd

STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Where the dial is tried."""


def preview(
    result: MatchResult | str | PathLike[str],
    *,
    labels: Any = None,
    progress: Progress = silent,
    **given: float | None,
) -> "pd.DataFrame":
    """Return what `tune` would make of a result along the dial; nothing is changed.

    Precision and recall are those of pairs of records in one duplicate group, among the pairs that
    were compared. Without labels they are what the model's own probabilities expect, which may be
    off; labels of a random sample, as of `sample`, give estimates with 95 % intervals, of groups
    that do not know the labels.

    Parameters
    ----------
    result, labels, progress
        As for `tune`.
    **given
        `precision_to_recall`, one more place to try; `threshold_exact` and `threshold_family`.

    Returns
    -------
    pd.DataFrame
        A row for each place of the dial: ``precision_to_recall``, ``threshold_exact``,
        ``threshold_family``, ``is_now``, ``duplicate_groups``, ``records_in_duplicate_groups``,
        ``families`` (of several products), ``precision``, ``recall``, and the ends of their
        intervals, ``precision_low`` and so on, missing without labels of a random sample.

    Raises
    ------
    MatcherError
        As for `tune`.
    """
    import pandas as pd

    opened = reopen(result)
    again = take_up(opened, state_of(result), progress, Stopwatch())
    table = None if labels is None else read_labels(labels)
    known, _ = resolve(None, again.parsed.records)
    if table is not None:
        known, _ = resolve_labels(table, again.parsed.records)
    cuts = {name: given.get(name) for name in ("threshold_exact", "threshold_family")}
    at = given.get("precision_to_recall")
    dials = sorted({*STEPS, opened.settings.precision_to_recall, *([] if at is None else [at])})
    rows = []
    for dial in dials:
        settings = dialled(opened.settings, {"precision_to_recall": dial}, cuts)
        rows.append(_row(opened, again, settings, known, table))
    return pd.DataFrame(rows)


def _row(
    opened: Reopened, again: Again, settings: Settings, labels: Labels, table: LabelTable | None
) -> dict[str, Any]:
    """Return what comes of one place of the dial."""
    cuts = chosen_thresholds(settings, again.judged.thresholds)
    parsed = replace(again.parsed, settings=settings, progress=silent)
    answers = again.decided(settings, labels)
    groups = group(parsed, answers, labels, cuts)
    row: dict[str, Any] = {
        "precision_to_recall": settings.precision_to_recall,
        "threshold_exact": cuts[0],
        "threshold_family": cuts[1],
        "is_now": cuts == _now(opened),
        **_counts(groups),
        **_expected(answers.scores, groups),
    }
    ends = [f"{what}_{end}" for what in ("precision", "recall") for end in ("low", "high")]
    row |= dict.fromkeys(ends)
    return row if table is None else row | _estimated(opened, replace(again, parsed=parsed), table)


def _now(opened: Reopened) -> tuple[float, float]:
    deciding = opened.run["deciding"]
    return deciding["threshold_exact"], deciding["threshold_family"]


def _counts(groups: Groups) -> dict[str, int]:
    sizes = np.bincount(groups.match)
    _, first = np.unique(groups.match, return_index=True)
    n_products = np.bincount(groups.family[first])
    return {
        "duplicate_groups": int((sizes > 1).sum()),
        "records_in_duplicate_groups": int(sizes[sizes > 1].sum()),
        "families": int((n_products > 1).sum()),
    }


def _expected(scores: Scores, groups: Groups) -> dict[str, float]:
    """Return the precision and recall that the probabilities expect, NaN where nothing is found."""
    p_exact = scores.probabilities[:, EXACT].astype(np.float64)
    is_found = groups.match[scores.pairs.left] == groups.match[scores.pairs.right]
    found, true, both = is_found.sum(), p_exact.sum(), p_exact[is_found].sum()
    return {
        "precision": float(both / found) if found else np.nan,
        "recall": float(both / true) if true else np.nan,
    }


def _estimated(opened: Reopened, again: Again, table: LabelTable) -> dict[str, float]:
    """Return what labels of a random sample say of groups that were made without them."""
    parsed = again.parsed
    none, _ = resolve(None, parsed.records)
    answers = again.decided(parsed.settings, none)
    cuts = chosen_thresholds(parsed.settings, again.judged.thresholds)
    groups = group(parsed, answers, none, cuts)
    names = partial(_by_row, parsed.records)
    regrouped = replace(opened, match=names(groups.match), family=names(groups.family))
    found = estimate_opened(regrouped, remember(answers, parsed.records), table).match
    if found is None:
        return {}
    return {
        f"{what}{end}": getattr(getattr(found, what), end.lstrip("_") or "value")
        for what in ("precision", "recall")
        for end in ("", "_low", "_high")
    }


def _by_row(records: Records, numbers: Any) -> Any:
    """Return the number of each record's group as a name, by row."""
    names = np.empty(len(records), dtype=object)
    names[records.rows] = numbers.astype(str)
    return names
