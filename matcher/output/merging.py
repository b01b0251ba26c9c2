"""Put a part of a result that was made anew into the rest of an earlier one."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.output.describe import count_problems, describe_scores
from matcher.output.folder import Appended, Written, whole
from matcher.output.lineage import CHANGES_SCHEMA
from matcher.output.read import pairs_file, read_pairs
from matcher.output.result import MatchResult
from matcher.output.state import State
from matcher.output.stored import Stored
from matcher.types import EXACT, VARIANT, Longs, Pairs, Scores

ADDED = ("match_id", "family_id", "match_score")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a result that was made anew.

    Attributes
    ----------
    result : MatchResult
        Groups and families of its rows, and the ids that they bear from now on.
    rows : Longs
        Shape (n_part_rows,): where its rows stand in the whole.
    families : pa.StringArray
        The families of the earlier result whose records it has, whether they live on or not.
    pairs : pa.Table
        The listed pairs that were scored anew.
    gone : pa.StringArray
        What ``pairs`` called the records that are not there any more.
    """

    result: MatchResult
    rows: Longs
    families: pa.StringArray
    pairs: pa.Table
    gone: pa.StringArray


@dataclass(frozen=True, slots=True)
class Rest:
    """An earlier result, a part of which is made anew.

    Attributes
    ----------
    run : Mapping[str, Any]
        What is in its ``run.json``.
    records : pa.Table
        Its rows that are left, and after them the new ones, whose groups are missing.
    folder : Path
        Where its pairs lie.
    families : pa.Table
        Its families.
    inputs : tuple[list[str], list[int]]
        Names of the inputs, and how many of the rows each has.
    """

    run: Mapping[str, Any]
    records: pa.Table
    folder: Path
    families: pa.Table
    inputs: tuple[list[str], list[int]]


def merge(rest: Rest, part: Part, state: State, kept: Stored) -> Written:
    """Return all that the folder of a result holds of which a part was made anew.

    Parameters
    ----------
    rest : Rest
        The earlier result.
    part : Part
        What was made anew.
    state : State
        What was said of all pairs.
    kept : Stored
        What is kept of all records.
    """
    tables: dict[str, pa.Table | Appended] = {
        "records": _merge_records(rest.records, part, rest.run["columns"]),
        "pairs": _merge_pairs(rest.folder, part),
        "families": _merge_families(rest.families, part),
        "changes": pa.Table.from_pandas(part.result.changes, CHANGES_SCHEMA, preserve_index=False),
    }
    run = _merge_run(rest, part, tables, state)
    return Written(tables, run, part.result.excerpt, state, kept)


def _merge_records(table: pa.Table, part: Part, columns: Mapping[str, str]) -> pa.Table:
    """Return all records, those of the part in their new groups."""
    place = np.arange(table.num_rows)
    place[part.rows] = table.num_rows + np.arange(len(part.rows))
    made = part.result.tables()
    for name in ADDED:
        old, new = columns[name], made.run["columns"][name]
        kind = pa.float64() if name == "match_score" else pa.string()
        chunks = [*table[old].cast(kind).chunks, *made.records[new].cast(kind).chunks]
        both = pa.chunked_array(chunks, kind).combine_chunks()
        table = table.set_column(table.column_names.index(old), old, both.take(pa.array(place)))
    return table


def _merge_families(families: pa.Table, part: Part) -> pa.Table:
    """Return the families of the rest, and those of the part after them."""
    is_touched = pc.is_in(families["family_id"], value_set=part.families)
    made = whole(part.result.written().tables["families"]).cast(families.schema)
    return pa.concat_tables([families.filter(pc.invert(is_touched)), made])


def _merge_pairs(folder: Path, part: Part) -> pa.Table | Appended:
    """Return the pairs of records that are left, and the new ones after them."""
    path = pairs_file(folder)
    if not len(part.gone) and path.suffix == ".csv":
        return Appended(path, partial(read_pairs, folder), part.pairs)
    pairs = read_pairs(folder)
    ends = (pc.is_in(pairs[name], value_set=part.gone) for name in ("left_id", "right_id"))
    left = pairs.filter(pc.invert(pc.or_(*ends)))
    return pa.concat_tables([left, part.pairs.cast(pairs.schema)])


def _merge_run(rest: Rest, part: Part, tables: Mapping[str, Any], state: State) -> dict[str, Any]:
    """Return what is in ``run.json``: what the earlier one told of columns, and new counts."""
    earlier, (names, n_rows) = rest.run, rest.inputs
    made, families, said = part.result.run, tables["families"], state.said[0]
    ids = tables["records"][earlier["columns"]["match_id"]].combine_chunks()
    products = np.bincount(ids.dictionary_encode().indices.to_numpy())
    sizes = {"match": products, "family": families["n_records"].to_numpy()}
    counts = {
        **earlier["counts"],
        "inputs": len(names),
        "rows": len(ids),
        "records": len(ids),
        "scored_pairs": len(said.relations),
        "exact_pairs": int((said.relations == EXACT).sum()),
        "variant_pairs": int((said.relations == VARIANT).sum()),
        "products": len(products),
        "duplicate_groups": int((products > 1).sum()),
        "records_in_duplicate_groups": int(products[products > 1].sum()),
        "families": families.num_rows,
        "families_of_several_products": int((families["n_products"].to_numpy() > 1).sum()),
        "largest_duplicate_group": int(products.max(initial=0)),
        "largest_family": int(sizes["family"].max(initial=0)),
    }
    nothing = np.zeros(0, np.int32)
    scores = Scores(Pairs(nothing, nothing), said.probabilities, said.relations)
    kept = ("attributes", "properties", "concepts", "deciding", "evidence", "columns", "settings")
    return {
        **made,
        **{name: earlier[name] for name in kept if name in earlier},
        "input_names": names,
        "input_rows": n_rows,
        "counts": counts,
        "clustering": {level: _describe_sizes(each) for level, each in sizes.items()},
        "scores": describe_scores(scores),
        "family_problems": count_problems(families["problems"]),
    }


def _describe_sizes(sizes: Longs) -> dict[str, Any]:
    """Return how many groups have how many records."""
    values, counts = np.unique(sizes, return_counts=True)
    return {
        "groups": len(sizes),
        "grouped_records": int(sizes[sizes > 1].sum()),
        "sizes": {str(size): int(count) for size, count in zip(values, counts, strict=True)},
    }
