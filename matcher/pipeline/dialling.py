"""Turn the dial from precision to recall of a result: show what it would do, and do it."""

from dataclasses import dataclass, replace
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.classify import decide_again
from matcher.errors import RecordsError
from matcher.labelling import LabelTable, read_labels, resolve_labels
from matcher.output import MatchResult, State, Stopwatch, read_run
from matcher.pipeline.dials import candidates_per_record, chosen_thresholds
from matcher.pipeline.estimating import estimate_opened
from matcher.pipeline.finishing import OF_MODEL, Found, Judged, finish, resolve
from matcher.pipeline.grouping import group
from matcher.pipeline.memory import asks_the_same, join_answers, recall, remember
from matcher.pipeline.reassigning import read_known
from matcher.pipeline.reopening import Reopened, reopen
from matcher.pipeline.sampling import state_of
from matcher.pipeline.scoring import Answers, enforce, questions_of
from matcher.pipeline.stages import Parsed, parse
from matcher.progress import Progress, silent
from matcher.settings import Overrides, Settings, override
from matcher.types import (
    DIFFERENT,
    EXACT,
    VARIANT,
    Candidates,
    Groups,
    Labels,
    Notice,
    Records,
    Scores,
)

if TYPE_CHECKING:
    import pandas as pd

STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Where the dial is tried."""


def tune(
    result: MatchResult | str | PathLike[str],
    *,
    precision_to_recall: float | None = None,
    threshold_exact: float | None = None,
    threshold_family: float | None = None,
    labels: Any = None,
    progress: Progress = silent,
) -> MatchResult:
    """Group the records of a result anew, from what was said of its pairs.

    Nothing is compared again. Groups keep their ids. Without any argument the groups stay.

    Parameters
    ----------
    result : MatchResult or path
        A result, or the folder that one was written into; it is not changed.
    precision_to_recall : float | None
        0: almost no wrong group, 1: miss almost nothing; None leaves it. Where it is given, a
        threshold that the run was given and that is not given here makes way for it.
    threshold_exact, threshold_family : float | None
        Probabilities from which a pair is exact, and exact or variant, whatever the dial says.
    labels : path, frame or None
        Relations given by people, all of them, old and new; the result keeps them.
    progress : Progress
        Called as the work goes on.

    Returns
    -------
    MatchResult
        With `changes`.

    Raises
    ------
    MatcherError
        The result, a number or the labels cannot be used; the message says why.

    Examples
    --------
    >>> import pandas as pd, matcher
    >>> titles = ["Sony Bravia KD-43X80L TV", "SONY KD43X80L Bravia TV", "Bosch drill GSR 12V"]
    >>> result = matcher.dedupe(pd.DataFrame({"id": ["a", "b", "c"], "title": titles}))
    >>> tuned = tune(result, precision_to_recall=0)
    >>> tuned.run["settings"]["precision_to_recall"], len(tuned.records)
    (0, 3)
    """
    given = {"threshold_exact": threshold_exact, "threshold_family": threshold_family}
    dial = Overrides()
    if precision_to_recall is not None:
        dial["precision_to_recall"] = precision_to_recall
    watch = Stopwatch()
    with watch.stage("reading"):
        opened, state, earlier = reopen(result), state_of(result), read_known(result)
        settings = _dialled(opened.settings, dial, given)
    again = _take_up(opened, state, progress, watch)
    return finish(_kind(result), _find(opened, again, settings, labels), again.judged, earlier)


def _kind(result: MatchResult | str | PathLike[str]) -> Any:
    """Return what says which kind of frame the records are to be: that of the result."""
    if not isinstance(result, MatchResult):
        return ""
    is_pandas = type(result.records).__module__.startswith("pandas")
    # One polars frame would be taken for the input itself, which lacks the columns of a result.
    return [result.records] if is_pandas else [result.records, result.records]


def _find(opened: Reopened, again: "_Again", settings: Settings, labels: Any) -> Found:
    """Return what a run with other thresholds would have found."""
    known, notices = resolve(labels, again.parsed.records)
    if labels is None:
        notices = (*notices, *_lost(opened))
    pairs = again.answers.scores.pairs
    return Found(
        opened.run["job"],
        opened.catalogue,
        replace(again.parsed, settings=settings),
        Candidates(pairs, np.zeros(0, np.uint32), (), opened.run["blocking"]),
        again.decided(settings, known),
        known,
        notices,
    )


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
    again = _take_up(opened, state_of(result), progress, Stopwatch())
    table = None if labels is None else read_labels(labels)
    known, _ = resolve(None, again.parsed.records)
    if table is not None:
        known, _ = resolve_labels(table, again.parsed.records)
    cuts = {name: given.get(name) for name in ("threshold_exact", "threshold_family")}
    at = given.get("precision_to_recall")
    dials = sorted({*STEPS, opened.settings.precision_to_recall, *([] if at is None else [at])})
    rows = []
    for dial in dials:
        settings = _dialled(opened.settings, {"precision_to_recall": dial}, cuts)
        rows.append(_row(opened, again, settings, known, table))
    return pd.DataFrame(rows)


def compare_budgets(
    result: MatchResult | str | PathLike[str], settings: Settings
) -> tuple[int, int]:
    """Return the candidate pairs per record of a result, and those that settings ask for.

    Parameters
    ----------
    result : MatchResult or path
        The result.
    settings : Settings
        Of a run that may be needed.

    Raises
    ------
    RecordsError
        The folder holds no result.
    """
    run = result.run if isinstance(result, MatchResult) else read_run(Path(result))
    return run["settings"]["blocking"]["pairs_per_record"], candidates_per_record(settings)


def _dialled(settings: Settings, dial: Overrides, given: dict[str, float | None]) -> Settings:
    """Return the settings with other thresholds; given ones, if any, stand above the dial."""
    cuts = given if dial else {name: cut for name, cut in given.items() if cut is not None}
    return override(settings, {**dial, **cuts})  # type: ignore[typeddict-item]


@dataclass(frozen=True, slots=True)
class _Again:
    """A result whose records are parsed again, and what was said of its pairs."""

    parsed: Parsed
    answers: Answers
    judged: Judged

    def decided(self, settings: Settings, labels: Labels) -> Answers:
        """Return the answers under the thresholds of the settings; labels stand above them."""
        cuts = chosen_thresholds(settings, self.judged.thresholds)
        answers, ignored = self.answers, self.parsed.ignoring.of_pairs(self.answers.scores.pairs)
        scores = decide_again(answers.scores, cuts)
        # With nothing ignored there is no variant, but one that a person named.
        is_none = (ignored == 0) & (scores.relations == VARIANT)
        is_none &= scores.probabilities[:, VARIANT] < 1
        scores.relations[is_none] = DIFFERENT
        kinships = tuple((bits, decide_again(each, cuts)) for bits, each in answers.kinships)
        answers = replace(answers, scores=scores, kinships=kinships)
        kept = enforce(join_answers(answers, _unsaid(answers, labels)), labels)
        return replace(kept, own=None)  # what the model said of labelled pairs is not known


def _unsaid(answers: Answers, labels: Labels) -> Answers:
    """Return the labels of pairs that were never compared, as if they had been."""
    is_new = ~np.isin(labels.pairs.keys(), answers.scores.pairs.keys())
    relations = labels.relations[is_new]
    said = Scores(labels.pairs.take(is_new), np.eye(3, dtype=np.float32)[relations], relations)
    return Answers(said, tuple((bits, said) for bits, _ in answers.kinships), None)


def _take_up(opened: Reopened, state: State, progress: Progress, watch: Stopwatch) -> _Again:
    """Parse the records of a result again, without encoding them."""
    settings = opened.settings
    bare = replace(settings, blocking=replace(settings.blocking, encoder=""))
    parsed = replace(parse(opened.catalogue, bare, progress, watch), settings=settings)
    if not asks_the_same(state, parsed.records, questions_of(parsed.records, parsed.ignoring)):
        raise RecordsError(
            f"tune: the records have other options than when their pairs were compared, got axes "
            f"{', '.join(parsed.records.axes)}. Run 'matcher dedupe' or 'matcher link' again."
        )
    answers = recall(state, parsed.records, np.arange(opened.catalogue.table.num_rows))
    deciding = opened.run["deciding"]
    own = tuple(deciding.get(name, deciding[name.removeprefix("model_")]) for name in OF_MODEL)
    judged = Judged(opened.run["model"], (own[0], own[1]), opened.run.get("evidence", []))
    return _Again(parsed, answers, judged)


def _lost(opened: Reopened) -> list[Notice]:
    n_labels = opened.run["deciding"].get("labels", 0)
    if not n_labels:
        return []
    message = (
        f"labels: the earlier result keeps {n_labels} labels. Their pairs are as they were, but no "
        "group is held together or kept apart by them unless you give them again."
    )
    return [Notice("labels_not_given", message, n_labels)]


def _row(
    opened: Reopened, again: _Again, settings: Settings, labels: Labels, table: LabelTable | None
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


def _estimated(opened: Reopened, again: _Again, table: LabelTable) -> dict[str, float]:
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
