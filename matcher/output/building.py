"""Make a result: the tables, the counts and what the report shows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from matcher.beside import second_thread
from matcher.output.describe import (
    count_problems,
    describe_columns,
    describe_properties,
    describe_scores,
)
from matcher.output.examples import Example
from matcher.output.excerpt import choose_excerpt
from matcher.output.families import family_table
from matcher.output.frames import append_columns, like_input, like_pandas
from matcher.output.ids import Keys, display_ids, group_ids, record_keys
from matcher.output.read import RESULT_FORMAT
from matcher.output.result import MatchResult
from matcher.output.run import plain
from matcher.output.tables import (
    added_columns,
    pair_table,
    renaming_notices,
    title_column,
    with_main_title,
)
from matcher.types import EXACT, VARIANT, Catalogue, Groups, Notice, Records, Scores, first_of_each


@dataclass(frozen=True, slots=True)
class Listed:
    """What a result says of records and pairs, whatever the groups are.

    Attributes
    ----------
    catalogue, records, scores : Catalogue, Records, Scores
        What reading, parsing and scoring made.
    keys : Keys
        Unique keys of the records.
    ids : pa.StringArray
        Shape (n_records,): how people call them.
    pairs : pa.Table
        The pairs that are not surely different.
    """

    catalogue: Catalogue
    records: Records
    scores: Scores
    keys: Keys
    ids: pa.StringArray
    pairs: pa.Table


def list_pairs(catalogue: Catalogue, records: Records, scores: Scores) -> Listed:
    """Return the records and pairs of a result, as far as they need no groups."""
    ids = display_ids(catalogue, records)
    pairs = like_pandas(pair_table(records, scores, ids))
    return Listed(catalogue, records, scores, record_keys(records), ids, pairs)


def build_result(
    original: Any,
    listed: Listed,
    groups: Groups,
    run: Mapping[str, Any],
    show: Callable[[], Sequence[Example]] = tuple,
) -> MatchResult:
    """Make the result from what the stages found.

    Parameters
    ----------
    original : Any
        What the caller gave: a frame, a path, or a sequence of them; it is not changed.
    listed : Listed
        Records and pairs.
    groups : Groups
        What clustering made of them.
    run : Mapping[str, Any]
        From `run_report`.
    show : Callable[[], Sequence[Example]]
        Returns the pairs that the report shows; called while the families are described.

    Returns
    -------
    MatchResult
        Complete; `run` has gained the counts and the notices of reading.
    """
    catalogue, records = listed.catalogue, listed.records
    ids = _ids(listed, groups)
    concepts = run.get("concepts", {})
    threads = run.get("settings", {}).get("threads", 0)
    describe = partial(family_table, concepts=concepts, threads=threads)
    with second_thread(threads) as start:
        families = start(partial(describe, catalogue, records, groups, ids))
        examples = tuple(show())
        notices = dict.fromkeys([*catalogue.notices, *records.notices])
        added, names = added_columns(catalogue.table, records, groups, _told_ids(ids, notices))
        excerpt = choose_excerpt(catalogue.table, records, groups, ids, title_column(records))
        looks = _looks(listed, concepts.get("brand", ()))
        counts = count(listed, groups)
    return MatchResult(
        _frame=like_input(original, catalogue.table, added),
        _pairs=listed.pairs,
        _families=like_pandas(families()),
        run={
            "format": RESULT_FORMAT,
            "job": "",
            "input_names": list(catalogue.names),
            "input_rows": np.bincount(catalogue.parts, minlength=len(catalogue.names)).tolist(),
            "counts": counts,
            "columns": names,
            **looks,
            "family_problems": count_problems(families()["problems"]),
            **run,
            "concepts": with_main_title(concepts, records),
            "notices": [*_plainly(notices, names), *run.get("notices", ())],
        },
        _table=append_columns(catalogue.table, added),
        _excerpt=replace(excerpt, examples=examples),
    )


def _ids(listed: Listed, groups: Groups) -> dict[str, pa.StringArray]:
    """Return what the records and their groups are called."""
    return {
        "record_id": listed.ids,
        "match_id": group_ids("m-", groups.match, listed.keys),
        "family_id": group_ids("f-", groups.family, listed.keys),
    }


def _told_ids(
    ids: Mapping[str, pa.StringArray], notices: Iterable[Notice]
) -> dict[str, pa.StringArray]:
    """Return what is added to the rows: ids of records only where they had to be made."""
    has_made_ids = any(notice.kind == "missing_ids" for notice in notices)
    return {name: one for name, one in ids.items() if has_made_ids or name != "record_id"}


def _plainly(notices: Iterable[Notice], names: Mapping[str, str]) -> list[Any]:
    """Return the notices of reading, and of names that were taken, ready for ``run.json``."""
    return [plain(notice) for notice in [*notices, *renaming_notices(names)]]


def _looks(listed: Listed, brand: Sequence[str]) -> dict[str, Any]:
    """Return what the columns and the scores look like in numbers."""
    records, scores = listed.records, listed.scores
    return {
        "attributes": describe_columns(records),
        "properties": describe_properties(records, scores, brand),
        "scores": describe_scores(scores),
    }


def count(listed: Listed, groups: Groups) -> dict[str, int]:
    """Return the counts of a run: what came in, what was compared, what was found."""
    catalogue, records, scores = listed.catalogue, listed.records, listed.scores
    sizes = np.bincount(groups.match)
    families = np.bincount(groups.family)
    return {
        "inputs": len(catalogue.names),
        "rows": catalogue.table.num_rows,
        "records": len(records),
        "sources": len(records.source_names),
        "scored_pairs": len(scores.pairs),
        "exact_pairs": int((scores.relations == EXACT).sum()),
        "variant_pairs": int((scores.relations == VARIANT).sum()),
        "products": len(sizes),
        "duplicate_groups": int((sizes > 1).sum()),
        "records_in_duplicate_groups": int(sizes[sizes > 1].sum()),
        "families": len(families),
        "families_of_several_products": _families_of_several(groups),
        "largest_duplicate_group": int(sizes.max(initial=0)),
        "largest_family": int(families.max(initial=0)),
    }


def _families_of_several(groups: Groups) -> int:
    first = first_of_each(groups.match)
    return int((np.bincount(groups.family[first]) > 1).sum())
