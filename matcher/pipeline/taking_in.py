"""The end of an update that touches a part of a result: group it anew, put it into the rest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from os import PathLike
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.output import (
    Grown,
    MatchResult,
    Part,
    Written,
    are_among,
    build_result,
    hash_texts,
    list_pairs,
    merge,
    pair_table,
    run_report,
    whole,
    write_result,
)
from matcher.pipeline.dials import chosen_thresholds
from matcher.pipeline.explaining import explain
from matcher.pipeline.finishing import resolve
from matcher.pipeline.grouping import group
from matcher.pipeline.model import Model
from matcher.pipeline.opened import Opened
from matcher.pipeline.picturing import picture
from matcher.pipeline.reassigning import Known, carry_over
from matcher.pipeline.saved_answers import among
from matcher.pipeline.searching import load_result
from matcher.pipeline.updating_part import Compared, Ground, recall_among, touched_rows
from matcher.records import read_concepts
from matcher.types import Longs


@dataclass(frozen=True, slots=True)
class Updated:
    """A result of which a part was made anew.

    Attributes
    ----------
    written : Written
        All that its folder holds.
    part : MatchResult
        The part that was made anew.
    model : Model
        The model, for those who ask it later.
    """

    written: Written
    part: MatchResult
    model: Model

    @property
    def run(self) -> dict[str, Any]:
        """What is in ``run.json``."""
        return self.written.run

    def write(self, folder: str | PathLike[str], format: str = "csv") -> None:  # noqa: A002 - the public word
        """Write it as `MatchResult.write` does."""
        write_result(self.written, folder, format)

    def to_result(self, frame: Callable[[pa.Table], Callable[[], Any]]) -> MatchResult:
        """Return it as a result, its records as what `frame` makes of a table gives."""
        tables, state = self.written.tables, self.written.state
        return replace(
            self.part,
            _frame=frame(whole(tables["records"])),
            _pairs=whole(tables["pairs"]),
            _families=whole(tables["families"]),
            run=self.written.run,
            _table=whole(tables["records"]),
            _excerpt=self.written.excerpt,
            _read=read_concepts,
            _explain=partial(explain, model=self.model),
            _state=state.whole() if isinstance(state, Grown) else state,
            _open=partial(load_result, model=self.model),
            _kept=self.written.kept,
        )


def finish_part(ground: Ground, compared: Compared) -> Updated | None:
    """Group anew what new records are linked with, and put it into the rest of the result.

    Returns
    -------
    Updated | None
        None where a group would get the id of one that is not touched.
    """
    rows, opened = ground.rows, ground.rows.opened
    members = touched_rows(ground, compared)
    known, before = opened.known(members)
    left = rows.place[members]
    new = np.arange(rows.n_old, len(rows))
    chosen = np.concatenate([left[left >= 0], new])
    made = _group_anew(ground, compared, chosen)
    result = carry_over(made, known)
    if _takes_an_id(result, known, opened, members):
        return None
    records, n_rest = compared.parsed.records, rows.n_old - len(chosen) + len(new)
    called = rows.called(compared.rows[records.rows], pa.array(records.ids, pa.string()))
    part = Part(
        result=_count_the_rest(result, known, opened.run, n_rest),
        members=members,
        before=before,
        removed=rows.gone,
        n_new=len(new),
        pairs=pair_table(records, compared.answers.scores, called),
        gone=rows.gone_names,
    )
    with ground.watch.stage("merging"):
        written = merge(rows.rest(), part, compared.state, ground.kept.to_stored())
    return Updated(written, result, ground.model)


def _group_anew(ground: Ground, compared: Compared, rows: Longs) -> MatchResult:
    """Return the groups of some rows as a result of their own."""
    part = ground.rows.part(rows)
    parsed = ground.parse(part)
    classifier, watch = ground.model.classifier, ground.watch
    own = classifier.threshold_exact, classifier.threshold_family
    earlier, added = compared.state.earlier, compared.state.added
    said = Grown(*(among(each, rows, len(ground.rows)) for each in (earlier, added))).whole()
    answers, labels = recall_among(said, parsed, rows), resolve(None, parsed.records)[0]
    with watch.stage("grouping"):
        groups = group(parsed, answers, labels, chosen_thresholds(parsed.settings, own))
    run = run_report(
        "update",
        settings=parsed.settings,
        stages=watch.stages,
        model=ground.model.name,
        reports={"blocking": compared.candidates.report},
        notices=ground.notices,
    )
    concepts = ground.rows.opened.run["concepts"]
    run["concepts"] = concepts
    listed = list_pairs(part, parsed.records, answers.scores)
    near, records = compared.part, compared.parsed.records
    scores, ignoring = compared.answers.scores, compared.parsed.ignoring
    show = partial(picture, near, records, ignoring, scores, labels, concepts)
    return build_result(part.table, listed, groups, run, show)


def _takes_an_id(result: MatchResult, known: Known, opened: Opened, members: Longs) -> bool:
    """Return whether a group has an id that is not free: that of a group that is not touched."""
    table, columns = result.tables().records, result.run["columns"]
    for level, inherited in (("match", known.match), ("family", known.family)):
        ids = pc.unique(table[columns[f"{level}_id"]])
        born = ids.filter(pc.invert(pc.is_in(ids, value_set=inherited)))
        is_taken = are_among(opened.hashes(level), hash_texts(born))
        is_taken[members] = False
        if is_taken.any():
            return True
    return False


def _count_the_rest(
    result: MatchResult, known: Known, run: Mapping[str, Any], n_rest: int
) -> MatchResult:
    """Return the result with the groups that are not touched among its unchanged ones.

    Parameters
    ----------
    result : MatchResult
        The part that was made anew.
    known : Known
        The earlier records whose families it has.
    run : Mapping[str, Any]
        That of the earlier result.
    n_rest : int
        How many earlier records are not touched.
    """
    changes, counts = dict(result.run["changes"]), run["counts"]
    levels = (("match", known.match, "products"), ("family", known.family, "families"))
    for level, ids, every in levels:
        unchanged = changes[level]["unchanged"] + counts[every] - len(pc.unique(ids))
        changes[level] = {**changes[level], "unchanged": unchanged}
    changes["recognised_records"] += n_rest
    return replace(result, run={**result.run, "changes": changes})
