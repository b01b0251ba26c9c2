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
    MatchResult,
    Part,
    Rest,
    Written,
    build_result,
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
from matcher.pipeline.picturing import picture
from matcher.pipeline.reassigning import Known, carry_over
from matcher.pipeline.searching import load_result
from matcher.pipeline.updating_part import Compared, Ground, touched_families
from matcher.records import read_concepts
from matcher.types import Longs


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier result, and how its records are called.

    Attributes
    ----------
    rest : Rest
        Its tables.
    known : Known
        Its records and groups.
    names : pa.StringArray
        What ``pairs`` calls the rows of `rest`.
    gone : pa.StringArray
        What it calls the rows that are not there any more.
    """

    rest: Rest
    known: Known
    names: pa.StringArray
    gone: pa.StringArray


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
        tables = self.written.tables
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
            _state=self.written.state,
            _open=partial(load_result, model=self.model),
            _kept=self.written.kept,
        )


def finish_part(ground: Ground, compared: Compared, before: Before) -> Updated | None:
    """Group anew what new records are linked with, and put it into the rest of the result.

    Returns
    -------
    Updated | None
        None where a group would get the id of one that is not touched.
    """
    known, place = before.known, ground.place
    names = known.family.dictionary_encode()
    families = names.indices.to_numpy().astype(np.int64)
    touched = touched_families(ground, compared, families)
    members = np.flatnonzero(touched[families])
    left = place[members]
    new = np.arange(ground.n_old, ground.catalogue.table.num_rows)
    rows = np.concatenate([left[left >= 0], new])
    made = _group_anew(replace(ground, state=compared.state), compared, before.rest, rows)
    result = carry_over(made, known.take(members))
    if _takes_an_id(result, known, members):
        return None
    records, n_rest = compared.parsed.records, ground.n_old - len(rows) + len(new)
    called = before.names.take(pa.array(compared.rows[records.rows]))
    part = Part(
        result=_count_the_rest(result, known.take(members), before.rest.run, n_rest),
        rows=rows,
        families=names.dictionary.filter(pa.array(touched)),
        pairs=pair_table(records, compared.answers.scores, called),
        gone=before.gone,
    )
    with ground.watch.stage("merging"):
        written = merge(before.rest, part, compared.state, ground.kept.to_stored())
    return Updated(written, result, ground.model)


def _group_anew(ground: Ground, compared: Compared, rest: Rest, rows: Longs) -> MatchResult:
    """Return the groups of some rows as a result of their own."""
    part, parsed = ground.part(rows), ground.parse(rows)
    classifier, watch = ground.model.classifier, ground.watch
    own = classifier.threshold_exact, classifier.threshold_family
    answers, labels = ground.recall(parsed, rows), resolve(None, parsed.records)[0]
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
    run["concepts"] = rest.run["concepts"]
    listed = list_pairs(part, parsed.records, answers.scores)
    result = build_result(part.table, listed, groups, run)
    near, records = ground.part(compared.rows), compared.parsed.records
    scores, ignoring = compared.answers.scores, compared.parsed.ignoring
    examples = picture(near, records, ignoring, scores, labels, run["concepts"])
    return result.with_examples(examples)


def _takes_an_id(result: MatchResult, known: Known, members: Longs) -> bool:
    """Return whether a group has an id that is not free: that of a group that is not touched."""
    table, columns, own = result.tables().records, result.run["columns"], known.take(members)
    levels = (("match_id", known.match, own.match), ("family_id", known.family, own.family))
    for name, every, inherited in levels:
        ids = pc.unique(table[columns[name]])
        born = ids.filter(pc.invert(pc.is_in(ids, value_set=inherited)))
        if pc.any(pc.is_in(every, value_set=born)).as_py():
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
