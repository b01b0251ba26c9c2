"""Take new, changed and withdrawn records into an earlier result."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import RecordsError, SettingsError, first_three
from matcher.output import (
    MatchResult,
    State,
    Stopwatch,
    bring_back,
    identity_columns,
    read_state,
    read_tables,
)
from matcher.pipeline.finishing import Found, Judged, finish, resolve
from matcher.pipeline.judge import Judge
from matcher.pipeline.memory import asks_the_same, join_answers, pick, recall
from matcher.pipeline.model import DEFAULT_MODEL, Model, load
from matcher.pipeline.reassigning import Known, join_keys, read_known
from matcher.pipeline.scoring import (
    Answers,
    enforce,
    judge_pairs,
    questions_of,
    score_candidates,
)
from matcher.pipeline.stages import Parsed, make_ready, parse, propose
from matcher.progress import Progress, silent
from matcher.records import join_tables, read_catalogue, read_ids, read_sources
from matcher.settings import Settings, settings_of
from matcher.types import Bools, Candidates, Catalogue, Labels, Longs, Notice, Pairs

N_TYPICAL = 2_000
"""Records whose candidates show what values features have in the catalogue."""


def update(
    result: Any,
    new_records: Any,
    *,
    drop: Any = None,
    model: Model | None = None,
    labels: Any = None,
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
    watch = Stopwatch()
    with watch.stage("reading"):
        earlier = _read_earlier(result)
        _check(earlier, model)
        inputs = list(new_records) if isinstance(new_records, list | tuple) else [new_records]
        catalogue, place = _merge(earlier, read_catalogue(inputs), drop)
        chosen = model or load(DEFAULT_MODEL)
    settings = _settings(earlier)
    parsed = parse(catalogue, settings, progress, watch)
    known_labels, found = resolve(labels, parsed.records)
    notices = list(found)
    if asks_the_same(earlier.state, parsed.records, questions_of(parsed.records, parsed.ignoring)):
        candidates, answers = _compare_new(parsed, earlier.state, place, chosen, known_labels)
    else:
        message = (
            "update: the new records have options that the earlier ones have not, or the other way "
            "round, so all records were compared anew."
        )
        notices.append(Notice("compared_anew", message, len(parsed.records)))
        candidates = propose(parsed)
        answers = score_candidates(parsed, candidates, chosen.classifier, known_labels)
    done = Found("update", catalogue, parsed, candidates, answers, known_labels, notices)
    return finish(_kind(inputs), done, Judged.by(chosen), earlier.known)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier result, as an update takes it up.

    Attributes
    ----------
    name : str
        What messages call it.
    table : pa.Table
        Its rows with the columns of the input.
    run : Mapping[str, Any]
        What is in ``run.json``.
    state : State
        What was said of its pairs.
    known : Known
        Its records and groups.
    """

    name: str
    table: pa.Table
    run: Mapping[str, Any]
    state: State
    known: Known


def _read_earlier(result: Any) -> Earlier:
    if isinstance(result, MatchResult):
        name, tables, state = "earlier", result.tables(), result.state()
    elif isinstance(result, str | PathLike):
        name, folder = str(result), Path(result)
        bring_back(folder)
        tables, state = read_tables(folder), read_state(folder)
    else:
        raise RecordsError(
            f"earlier: is no result, got {type(result).__name__}. Give a result of "
            "matcher.dedupe, or its folder."
        )
    added = [one for one in tables.run["columns"].values() if one in tables.records.column_names]
    return Earlier(name, tables.records.drop_columns(added), tables.run, state, read_known(result))


def _check(earlier: Earlier, model: Model | None) -> None:
    if earlier.run["job"] not in ("dedupe", "update"):
        raise SettingsError(
            f"{earlier.name}: cannot be updated, got the result of a {earlier.run['job']}. "
            "Link the tables again, with --earlier to keep the ids."
        )
    used = earlier.run["model"]
    given = model.name if model else load(DEFAULT_MODEL).name
    if given != used:
        raise SettingsError(
            f"model: the earlier result was made with {used!r}, got {given!r}. Give that model, or "
            "deduplicate all records anew with --earlier to keep the ids."
        )


def _settings(earlier: Earlier) -> Settings:
    known = {key: value for key, value in earlier.run["settings"].items() if value is not None}
    return settings_of(known, earlier.name)


def _merge(earlier: Earlier, new: Catalogue, drop: Any) -> tuple[Catalogue, Longs]:
    """Return the old rows that are left and the new ones, and what became of each old row."""
    old = join_keys(earlier.known.ids, earlier.known.sources)
    columns = {what: identity_columns(earlier.run, what) for what in ("id", "source")}
    replaced = _keys_of(
        new.table, columns, new.names[0], has_sources=earlier.known.sources is not None
    )
    is_gone = _is_in(old, replaced)
    notices = list(new.notices)
    if drop is not None:
        is_dropped, n_unknown = _dropped(earlier, drop, columns, old)
        is_gone |= is_dropped
        if n_unknown:
            message = f"drop: {n_unknown:,} ids are not in {earlier.name}; nothing to withdraw."
            notices.append(Notice("unknown_dropped", message, n_unknown))
    left = np.flatnonzero(~is_gone)
    place = np.full(len(is_gone), -1, np.int64)
    place[left] = np.arange(len(left))
    counts = earlier.run["input_rows"]
    parts = np.repeat(np.arange(len(counts), dtype=np.int32), counts)[left]
    catalogue = Catalogue(
        join_tables([earlier.table.take(pa.array(left)), new.table]),
        np.concatenate([parts, new.parts + np.int32(len(counts))]),
        (*(f"earlier-{number}" for number in range(1, len(counts) + 1)), *new.names),
        is_link=False,
        notices=tuple(notices),
    )
    return catalogue, place


def _keys_of(
    table: pa.Table, columns: Mapping[str, list[str]], name: str, *, has_sources: bool
) -> pa.StringArray:
    """Return the key of every row, null where it has no id."""
    found = {what: [n for n in names if n in table.column_names] for what, names in columns.items()}
    if columns["id"] and not found["id"]:
        raise RecordsError(
            f"{name}: has no column of the ids, got columns {first_three(table.column_names)}. "
            f"Give {columns['id'][0]!r}, as the earlier result has it."
        )
    ids = read_ids(table, found["id"])
    return join_keys(ids, read_sources(table, found["source"]) if has_sources else None)


def _dropped(
    earlier: Earlier, drop: Any, columns: Mapping[str, list[str]], old: pa.StringArray
) -> tuple[Bools, int]:
    """Return which old rows are withdrawn, and how many of the given ids are none of them."""
    if isinstance(drop, list | tuple | set | frozenset):
        given = pa.array(sorted(map(str, drop)), pa.string())
        is_dropped = _is_in(earlier.known.ids, given)
        return is_dropped, int((~_is_in(given, earlier.known.ids)).sum())
    table = read_catalogue([drop]).table
    by_source = earlier.known.sources is not None and any(
        name in table.column_names for name in columns["source"]
    )
    given = _keys_of(table, columns, "drop", has_sources=by_source)
    known = old if by_source else earlier.known.ids
    return _is_in(known, given), int((~_is_in(given, known)).sum())


def _is_in(keys: pa.StringArray, others: pa.StringArray) -> Bools:
    found = pc.is_in(keys, value_set=others.drop_null(), skip_nulls=True)
    return np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)


def _compare_new(
    parsed: Parsed, state: State, place: Longs, model: Model, labels: Labels
) -> tuple[Candidates, Answers]:
    """Compare new records with all, among the candidates that their partners have."""
    records = parsed.records
    is_new = records.rows >= (place >= 0).sum()
    known = recall(state, records, place)
    partners, is_typical = _around(propose(parsed, is_new).pairs, is_new), _typical(parsed)
    found = propose(parsed, partners | is_typical)
    keys = np.union1d(found.pairs.keys(), known.scores.pairs.keys())
    candidates = _among(found, Pairs.from_keys(keys))
    typical = found.pairs.take(is_typical[found.pairs.left] | is_typical[found.pairs.right])
    prepared = make_ready(parsed, candidates, typical)
    with parsed.watch.stage("scoring"):
        new = found.pairs.take(is_new[found.pairs.left] | is_new[found.pairs.right])
        old = known.scores.pairs
        rivals = old.take(partners[old.left] | partners[old.right])
        judged = Pairs.from_keys(np.union1d(new.keys(), rivals.keys()))
        judge = Judge(prepared, model.classifier, judged, known.adaptation)
        asked = Pairs.from_keys(np.union1d(new.keys(), labels.pairs.keys()))
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
    proposed_by[np.searchsorted(pairs.keys(), found.pairs.keys())] = found.proposed_by
    return replace(found, pairs=pairs, proposed_by=proposed_by)


def _kind(inputs: list[Any]) -> Any:
    """Return what says which kind of frame the records are to be: that of the new ones."""
    kinds = {type(one).__module__.partition(".")[0].lstrip("_") for one in inputs}
    return [*inputs, *inputs] if kinds <= {"polars", "duckdb", "pyarrow"} else ""
