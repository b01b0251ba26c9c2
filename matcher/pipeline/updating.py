"""Take new, changed and withdrawn records into an earlier result."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from matcher.output import Files, MatchResult, State, Stopwatch, like_input
from matcher.pipeline.earlier import Earlier, Merged, merge_rows, read_earlier
from matcher.pipeline.finishing import Found, Judged, finish, resolve
from matcher.pipeline.judge import Judge
from matcher.pipeline.limit import describe_memory, limited, make_shelf, state_peak
from matcher.pipeline.model import DEFAULT_MODEL, Model, load
from matcher.pipeline.opened import open_folder, overlay
from matcher.pipeline.saved_answers import asks_the_same, join_answers, moved, pick, recall
from matcher.pipeline.scoring import (
    Answers,
    enforce,
    judge_pairs,
    questions_of,
    score_candidates,
)
from matcher.pipeline.stages import Parsed, make_ready, parse, parse_part, propose
from matcher.pipeline.taking_in import Updated, finish_part
from matcher.pipeline.updating_part import Ground, compare_new
from matcher.progress import Progress, silent
from matcher.records import read_catalogue
from matcher.settings import Settings, override
from matcher.types import Bools, Candidates, Catalogue, Labels, Longs, Notice, Pairs

MOST_CHANGED = 0.1
"""Share of the records that may come or go before all are read again, and learned from anew."""

FEWEST = 10_000
"""Records below which all are read again: it takes two seconds, and agrees a little better."""

OF_WHOLE = ("empty_column", "unused_column", "unknown_categories")
"""Notices that say nothing of new rows if only these are read."""

N_TYPICAL = 2_000
"""Records whose candidates show what values features have in the catalogue."""


def update(
    result: Any,
    new_records: Any,
    *,
    drop: Any = None,
    model: Model | None = None,
    labels: Any = None,
    memory: int | str | None = None,
    progress: Progress = silent,
) -> MatchResult:
    """Take new, changed and withdrawn records into an earlier result of `dedupe`.

    New records are compared with old ones and with each other; what was said of old pairs stays.
    A record whose id, and source if there are sources, the earlier result has takes the place of
    the old one.  Groups keep their ids.

    Parameters
    ----------
    result : MatchResult or path
        The earlier result, or its folder.
    new_records : path, frame, or sequence of them
        New and changed records, as `dedupe` takes them.
    drop : sequence of str, path, frame or None
        Ids of withdrawn records, or a table with the columns of id and source.
    model : Model | None
        The model of the earlier result; None takes the one that ships with the package.
    labels : path, frame or None
        Relations given by people: all of them, old and new, since these pairs are judged anew.
    memory : int, str or None
        Memory to keep to, such as ``"8GB"``, 0 for no limit; None keeps to that of the earlier run.
    progress : Progress
        Called as the run goes on.

    Returns
    -------
    MatchResult
        Of the old rows that are left, in their order, and then the new ones, with `changes`.

    Raises
    ------
    MatcherError
        The earlier result, the records, the labels or the model cannot be used; the message says
        why.

    Examples
    --------
    >>> import pandas as pd, matcher
    >>> offers = pd.DataFrame({"id": ["a", "b"], "title": ["Sony KD-43X80L TV", "Bosch GSR 12V"]})
    >>> more = pd.DataFrame({"id": ["c"], "title": ["SONY TV KD43X80L"]})
    >>> updated = update(matcher.dedupe(offers), more)
    >>> updated.records.match_id.nunique(), updated.changes.change.tolist()
    (2, ['grown', 'grown'])
    """
    inputs = list(new_records) if isinstance(new_records, list | tuple) else [new_records]
    updated = take_in(
        result, inputs, drop=drop, model=model, labels=labels, memory=memory, progress=progress
    )
    if isinstance(updated, MatchResult):
        return updated
    kind = _kind(inputs)
    return updated.to_result(lambda table: like_input(kind, table, table.select([])))


def take_in(
    result: Any,
    inputs: list[Any],
    *,
    drop: Any = None,
    model: Model | None = None,
    labels: Any = None,
    memory: int | str | None = None,
    progress: Progress = silent,
    files: Callable[[], Files | None] | None = None,
) -> MatchResult | Updated:
    """Update a result as `update` does; what was made anew of a folder is put into the rest of it.

    That part may be written without making frames of the whole. `files` gives those of the folder,
    where somebody has begun to open them.
    """
    watch = Stopwatch()
    with watch.stage("reading"):
        earlier = read_earlier(result)
        earlier.check(model)
        new, chosen = read_catalogue(inputs), model or load(DEFAULT_MODEL)
        settings = earlier.settings()
        if memory is not None:
            settings = override(settings, {"memory": memory})
    if labels is None:
        updated = _update_part(earlier, new, drop, chosen, settings, watch, files)
        if updated is not None:
            return updated
    with watch.stage("reading"):
        merged = merge_rows(earlier, new, drop)
        catalogue, shelf = limited(merged.catalogue, settings)
        merged = replace(merged, catalogue=catalogue)
    with shelf.watched():
        parsed = parse(catalogue, settings, progress, watch, shelf)
        found = _update_all(earlier, merged, chosen, labels, parsed)
        return finish(_kind(inputs), found, Judged.by(chosen), earlier.known)


def _update_part(
    earlier: Earlier,
    new: Catalogue,
    drop: Any,
    model: Model,
    settings: Settings,
    watch: Stopwatch,
    files: Callable[[], Files | None] | None,
) -> Updated | None:
    """Update what is near to new records, None where all have to be read."""
    with watch.stage("reading"):
        if sum(earlier.run["input_rows"]) < FEWEST:
            return None
        opened = open_folder(earlier, files)
        rows = None if opened is None else overlay(opened, new, drop)
        if opened is None or rows is None:
            return None
        kept = opened.kept
        n_changed = kept.n_changed + new.table.num_rows + len(rows.gone)
        if n_changed > MOST_CHANGED * kept.weights.n_records:
            return None
        shelf = make_shelf(len(rows), opened.records.path.stat().st_size, settings.memory)
        only_new = rows.only_new()
        parsed = parse_part(only_new, kept.schema, kept.axes, settings, Stopwatch(), shelf)
        new_records = parsed.records
    ground = Ground(
        rows=rows,
        state=moved(opened.state, rows.place),
        kept=kept.replaced(rows.left, new_records),
        model=model,
        settings=settings,
        watch=watch,
        notices=tuple(one for one in new_records.notices if one.kind not in OF_WHOLE),
        shelf=shelf,
    )
    with shelf.watched():
        compared = compare_new(ground)
        if compared is None:
            return None
        updated = finish_part(ground, compared)
        if updated is None:
            return None
        updated.run.update(describe_memory(shelf))
        state_peak(updated.run, shelf)
        return updated


def _update_all(
    earlier: Earlier,
    merged: Merged,
    model: Model,
    labels: Any,
    parsed: Parsed,
) -> Found:
    """Update a result of which all records are parsed."""
    known_labels, notices = resolve(labels, parsed.records)
    questions = questions_of(parsed.records, parsed.ignoring)
    if asks_the_same(earlier.state, parsed.records, questions):
        candidates, answers = _compare_new(parsed, earlier.state, merged.place, model, known_labels)
    else:
        message = (
            "update: the new records have options that the earlier ones have not, or the other way "
            "round, so all records were compared anew."
        )
        notices = (*notices, Notice("compared_anew", message, len(parsed.records)))
        candidates = propose(parsed)
        answers = score_candidates(parsed, candidates, model.classifier, known_labels)
    return Found("update", merged.catalogue, parsed, candidates, answers, known_labels, notices)


def _compare_new(
    parsed: Parsed, state: State, place: Longs, model: Model, labels: Labels
) -> tuple[Candidates, Answers]:
    """Compare new records with all, among the candidates that their partners have."""
    records = parsed.records
    is_new = records.rows >= (place >= 0).sum()
    known = recall(state, records, place)
    partners, is_typical = _around(propose(parsed, is_new).pairs, is_new), _typical(parsed)
    found = propose(parsed, partners | is_typical)
    candidates = _among(found, found.pairs.union(known.scores.pairs))
    typical = found.pairs.take(is_typical[found.pairs.left] | is_typical[found.pairs.right])
    prepared = make_ready(parsed, candidates, typical)
    with parsed.watch.stage("scoring"):
        new = found.pairs.take(is_new[found.pairs.left] | is_new[found.pairs.right])
        old = known.scores.pairs
        rivals = old.take(partners[old.left] | partners[old.right])
        judged = new.union(rivals)
        judge = Judge(prepared, model.classifier, judged, known.adaptation)
        asked = new.union(labels.pairs)
        answers = judge_pairs(judge, asked)
        kept = pick(known, ~np.isin(old.keys(), asked.keys()))
        return candidates, enforce(join_answers(kept, answers), labels)


def _around(pairs: Pairs, is_new: Bools) -> Bools:
    """Return the new records and those that they are candidates with."""
    around = is_new.copy()
    around[pairs.left] = around[pairs.right] = True
    return around


def _typical(parsed: Parsed) -> Bools:
    n_records = len(parsed.records)
    rng = np.random.default_rng(parsed.settings.seed)
    is_typical = np.zeros(n_records, np.bool_)
    is_typical[rng.choice(n_records, min(N_TYPICAL, n_records), replace=False)] = True
    return is_typical


def _among(found: Candidates, pairs: Pairs) -> Candidates:
    """Return candidates among which are pairs that were found in earlier runs."""
    proposed_by = np.zeros(len(pairs), np.uint32)
    proposed_by[pairs.places_of(found.pairs)] = found.proposed_by
    return replace(found, pairs=pairs, proposed_by=proposed_by)


def _kind(inputs: list[Any]) -> Any:
    """Return what says which kind of frame the records are to be: that of the new ones."""
    kinds = {type(one).__module__.partition(".")[0].lstrip("_") for one in inputs}
    return [*inputs, *inputs] if kinds <= {"polars", "duckdb", "pyarrow"} else ""
