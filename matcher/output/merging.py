"""Put a part of a result that was made anew into the rest of an earlier one."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.output.describe import count_problems, describe_scores
from matcher.output.folder import Written, whole
from matcher.output.lineage import CHANGES_SCHEMA
from matcher.output.opening import ADDED
from matcher.output.patched import Join, Patched
from matcher.output.read import pairs_file, read_families, read_pairs, read_records
from matcher.output.result import MatchResult
from matcher.output.rows import Rows, are_among, hash_texts, open_rows
from matcher.output.state import Grown, join_said
from matcher.output.stored import Stored
from matcher.types import EXACT, VARIANT, Longs, Pairs, Scores


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a result that was made anew.

    Attributes
    ----------
    result : MatchResult
        Groups and families of its rows, and the ids that they bear from now on.
    members : Longs
        Rows of the earlier result that have its families, ascending, those that are gone too.
    before : pa.Table
        What that said of them.
    removed : Longs
        The rows that are gone, ascending.
    n_new : int
        Its last rows, which are new.
    pairs : pa.Table
        The listed pairs that were scored anew.
    gone : pa.StringArray
        What ``pairs`` called the records that are not there any more.
    """

    result: MatchResult
    members: Longs
    before: pa.Table
    removed: Longs
    n_new: int
    pairs: pa.Table
    gone: pa.StringArray


@dataclass(frozen=True, slots=True)
class Rest:
    """An earlier result, a part of which is made anew.

    Attributes
    ----------
    folder : Path
        Where it lies.
    run : Mapping[str, Any]
        What is in its ``run.json``.
    records, families : Rows
        Its rows, and its families.
    inputs : tuple[list[str], list[int]]
        Names of the inputs, and how many rows each has now.
    join : Join
        Puts new records behind old ones.
    """

    folder: Path
    run: Mapping[str, Any]
    records: Rows
    families: Rows
    inputs: tuple[list[str], list[int]]
    join: Join


def merge(rest: Rest, part: Part, state: Grown, kept: Stored) -> Written:
    """Return all that the folder of a result holds of which a part was made anew.

    Parameters
    ----------
    rest : Rest
        The earlier result.
    part : Part
        What was made anew.
    state : Grown
        What was said of all pairs.
    kept : Stored
        What is kept of all records.
    """
    families, old = _merge_families(rest, part)
    tables: dict[str, pa.Table | Patched] = {
        "records": _merge_records(rest, part),
        "pairs": _merge_pairs(rest.folder, part),
        "families": families,
        "changes": pa.Table.from_pandas(part.result.changes, CHANGES_SCHEMA, preserve_index=False),
    }
    run = _merge_run(rest, part, (old, families.added), state)
    return Written(tables, run, part.result.excerpt, state, kept)


def _merge_records(rest: Rest, part: Part) -> Patched:
    """Return all records, those of the part in their new groups."""
    columns, made = rest.run["columns"], part.result.tables()
    table, own = made.records, made.run["columns"]
    groups = {
        columns[name]: table[own[name]].cast(pa.float64() if name == "match_score" else pa.string())
        for name in ADDED
    }
    names, n_left = rest.records.names, table.num_rows - part.n_new
    new = {name: groups[name] if name in groups else table[name] for name in names}
    tails = pa.table(groups)
    return Patched(
        rest.records.path,
        partial(read_records, rest.folder),
        pa.table(new).slice(n_left),
        rest.records,
        part.removed,
        part.members[~np.isin(part.members, part.removed)],
        tails.slice(0, n_left),
        rest.join,
    )


def _merge_families(rest: Rest, part: Part) -> tuple[Patched, pa.Table]:
    """Return the families of the rest, those of the part after them, and what went."""
    ids = part.before[rest.run["columns"]["family_id"]]
    removed = np.flatnonzero(
        are_among(rest.families.hashes("family_id"), hash_texts(pc.unique(ids)))
    )
    made = whole(part.result.written().tables["families"])
    rows = rest.families
    patched = Patched(rows.path, partial(read_families, rest.folder), made, rows, removed)
    return patched, rows.take(removed)


def _merge_pairs(folder: Path, part: Part) -> Patched:
    """Return the pairs of records that are left, and the new ones after them."""
    path, read = pairs_file(folder), partial(read_pairs, folder)
    if not len(part.gone):
        return Patched(path, read, part.pairs)
    ends = ("left_id", "right_id")
    rows, gone = open_rows(path, ends), hash_texts(part.gone)
    suspects = np.flatnonzero(np.any([are_among(rows.hashes(end), gone) for end in ends], axis=0))
    told = rows.take(suspects)
    is_gone = np.any([pc.is_in(told[end], value_set=part.gone).to_numpy() for end in ends], axis=0)
    return Patched(path, read, part.pairs, rows, suspects[is_gone])


def _merge_run(
    rest: Rest, part: Part, families: tuple[pa.Table, pa.Table], state: Grown
) -> dict[str, Any]:
    """Return what is in ``run.json``: what the earlier one told, less what went, and what came.

    `families` are those that went, and those that came.
    """
    earlier, (names, n_rows), made = rest.run, rest.inputs, part.result.run
    n_pairs, scores = _count_pairs(earlier, state, is_grown=not len(part.removed))
    records, columns = part.result.tables().records, made["columns"]
    sizes = {}
    for level in ("match", "family"):
        before, now = (
            part.before[earlier["columns"][f"{level}_id"]],
            records[columns[f"{level}_id"]],
        )
        found = Counter({int(k): n for k, n in earlier["clustering"][level]["sizes"].items()})
        found.subtract(pc.value_counts(before).field("counts").to_pylist())
        found.update(pc.value_counts(now).field("counts").to_pylist())
        sizes[level] = {size: found[size] for size in sorted(+found)}
    several = [int((_numbers(each, "n_products") > 1).sum()) for each in families]
    problems = Counter(earlier["family_problems"])
    problems.subtract(count_problems(families[0]["problems"]))
    problems.update(count_problems(families[1]["problems"]))
    products = {size: n for size, n in sizes["match"].items() if size > 1}
    counts = {
        **earlier["counts"],
        "inputs": len(names),
        "rows": sum(n_rows),
        "records": sum(n_rows),
        **n_pairs,
        "products": sum(sizes["match"].values()),
        "duplicate_groups": sum(products.values()),
        "records_in_duplicate_groups": sum(size * n for size, n in products.items()),
        "families": sum(sizes["family"].values()),
        "families_of_several_products": earlier["counts"]["families_of_several_products"]
        - several[0]
        + several[1],
        "largest_duplicate_group": max(sizes["match"], default=0),
        "largest_family": max(sizes["family"], default=0),
    }
    kept = ("attributes", "properties", "concepts", "deciding", "evidence", "columns", "settings")
    return {
        **made,
        **{name: earlier[name] for name in kept if name in earlier},
        "input_names": names,
        "input_rows": n_rows,
        "counts": counts,
        "clustering": {level: _describe_sizes(each) for level, each in sizes.items()},
        "scores": scores,
        "family_problems": dict(sorted((+problems).items(), key=lambda one: (-one[1], one[0]))),
    }


def _count_pairs(
    run: Mapping[str, Any], state: Grown, *, is_grown: bool
) -> tuple[dict[str, int], dict[str, Any]]:
    """Return how many pairs there are, and which probabilities they have.

    Where pairs only came, `is_grown`, these are counted to those that the earlier ``run.json``
    tells.
    """
    said = state.added.said[0]
    if not is_grown:
        said = join_said(state.earlier.question(0), said)
    counts = {
        "scored_pairs": len(said.relations),
        "exact_pairs": int((said.relations == EXACT).sum()),
        "variant_pairs": int((said.relations == VARIANT).sum()),
    }
    nothing = np.zeros(0, np.int32)
    scores = describe_scores(Scores(Pairs(nothing, nothing), said.probabilities, said.relations))
    if not is_grown:
        return counts, scores
    steps = {
        question: {
            relation: [one + more for one, more in zip(before, found[relation], strict=True)]
            for relation, before in run["scores"][question].items()
        }
        for question, found in scores.items()
    }
    return {name: run["counts"][name] + more for name, more in counts.items()}, steps


def _numbers(table: pa.Table, name: str) -> Longs:
    numbers: Longs = table[name].cast(pa.int64()).to_numpy()
    return numbers


def _describe_sizes(sizes: Mapping[int, int]) -> dict[str, Any]:
    """Return how many groups have how many records."""
    return {
        "groups": sum(sizes.values()),
        "grouped_records": sum(size * n for size, n in sizes.items() if size > 1),
        "sizes": {str(size): n for size, n in sizes.items()},
    }
