"""Turn the dial from precision to recall of a result."""

from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from matcher.classify import decide_again
from matcher.errors import RecordsError
from matcher.output import MatchResult, State, Stopwatch, read_kept, read_run
from matcher.pipeline.dials import candidates_per_record, chosen_thresholds
from matcher.pipeline.finishing import OF_MODEL, Found, Judged, finish, resolve
from matcher.pipeline.reassigning import read_known
from matcher.pipeline.reopening import Reopened, reopen
from matcher.pipeline.sampling import state_of
from matcher.pipeline.saved_answers import asks_the_same, join_answers, recall
from matcher.pipeline.scoring import Answers, enforce, questions_of
from matcher.pipeline.stages import Parsed, parse
from matcher.progress import Progress, silent
from matcher.settings import Overrides, Settings, override
from matcher.types import (
    DIFFERENT,
    VARIANT,
    Candidates,
    Labels,
    Notice,
    Scores,
)


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
        settings = dialled(opened.settings, dial, given)
        kept = result.written().kept if isinstance(result, MatchResult) else read_kept(Path(result))
    again = take_up(opened, state, progress, watch)
    found = _find(opened, again, settings, labels)
    # What is kept of the records says nothing of thresholds or groups.
    return replace(finish(_kind(result), found, again.judged, earlier), _kept=kept)


def _kind(result: MatchResult | str | PathLike[str]) -> Any:
    """Return what says which kind of frame the records are to be: that of the result."""
    if not isinstance(result, MatchResult):
        return ""
    is_pandas = type(result.records).__module__.startswith("pandas")
    # One polars frame would be taken for the input itself, which lacks the columns of a result.
    return [result.records] if is_pandas else [result.records, result.records]


def _find(opened: Reopened, again: "Again", settings: Settings, labels: Any) -> Found:
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


def dialled(settings: Settings, dial: Overrides, given: dict[str, float | None]) -> Settings:
    """Return the settings with other thresholds, checked.

    Parameters
    ----------
    settings : Settings
        Those of the run.
    dial : Overrides
        The place of the dial; empty leaves it, and the thresholds that are set.
    given : dict[str, float | None]
        Thresholds that stand above the dial.

    Raises
    ------
    SettingsError
        A number is impossible.
    """
    cuts = given if dial else {name: cut for name, cut in given.items() if cut is not None}
    return override(settings, {**dial, **cuts})  # type: ignore[typeddict-item]


@dataclass(frozen=True, slots=True)
class Again:
    """A result whose records are parsed again, and what was said of its pairs.

    Attributes
    ----------
    parsed : Parsed
        Its records.
    answers : Answers
        What was said, under the thresholds of the run.
    judged : Judged
        Who said it.
    """

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


def take_up(opened: Reopened, state: State, progress: Progress, watch: Stopwatch) -> Again:
    """Parse the records of a result again, without encoding them.

    Parameters
    ----------
    opened, state : Reopened, State
        The result, and what was said of its pairs.
    progress, watch : Progress, Stopwatch
        Told as the work goes on, and what it took.

    Raises
    ------
    RecordsError
        The records are read otherwise now than when their pairs were compared.
    """
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
    return Again(parsed, answers, judged)


def _lost(opened: Reopened) -> list[Notice]:
    n_labels = opened.run["deciding"].get("labels", 0)
    if not n_labels:
        return []
    message = (
        f"labels: the earlier result keeps {n_labels} labels. Their pairs are as they were, but no "
        "group is held together or kept apart by them unless you give them again."
    )
    return [Notice("labels_not_given", message, n_labels)]
