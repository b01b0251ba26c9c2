"""Give the groups of a result other ids, wherever they stand."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.output.excerpt import Excerpt, Group
from matcher.output.lineage import Lineage, Renaming

MEMBER = '{"match_id": "'  # no value of an axis holds this: quotes inside values are escaped


def rename_columns(table: pa.Table, renamings: Mapping[str, Renaming]) -> pa.Table:
    """Return the table with other ids in the named columns."""
    for name, renaming in renamings.items():
        place = table.column_names.index(name)
        ids = renaming.of(table[name].combine_chunks())
        table = table.set_column(place, name, ids)
    return table


def rename_families(families: pa.Table, lineage: Lineage) -> pa.Table:
    """Return the table of families with other ids: ``family_id``, ``members`` and ``options``."""
    ids, members, options = (
        families[name].combine_chunks() for name in ("family_id", "members", "options")
    )
    split = pc.split_pattern(members, ";")
    flat = lineage.match.of(pc.list_flatten(split))
    counts = pc.list_value_length(split).to_numpy()
    renamed = {
        "family_id": lineage.family.of(ids),
        "members": _joined(flat, counts, ";"),
        "options": _renamed_options(options, flat, counts),
    }
    for name, column in renamed.items():
        families = families.set_column(families.column_names.index(name), name, column)
    return families


def _renamed_options(
    options: pa.StringArray, match: pa.StringArray, counts: np.ndarray
) -> pa.StringArray:
    """Return the options with other match ids: those of all families, in their order."""
    parts = pc.list_flatten(pc.split_pattern(options, MEMBER))
    is_head = np.zeros(len(parts), bool)
    is_head[np.cumsum(counts + 1) - counts - 1] = True
    tails = pc.replace_substring_regex(parts.filter(pa.array(~is_head)), '^[^"]*', "")
    members = pc.binary_join_element_wise(MEMBER, match, tails, "")
    joined = _joined(members, counts, "")
    return pc.binary_join_element_wise(parts.filter(pa.array(is_head)), joined, "")


def _joined(values: pa.StringArray, counts: np.ndarray, separator: str) -> pa.StringArray:
    """Return the values joined, `counts` of them at a time."""
    offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int64())
    return pc.binary_join(pa.LargeListArray.from_arrays(offsets, values), separator)


def rename_excerpt(excerpt: Excerpt, lineage: Lineage) -> Excerpt:
    """Return what the report shows with other ids."""
    return replace(
        excerpt,
        matches=_renamed_groups(excerpt.matches, lineage.match),
        families=_renamed_groups(excerpt.families, lineage.family),
        odd=tuple(
            replace(odd, groups=_renamed_groups(odd.groups, lineage.match)) for odd in excerpt.odd
        ),
    )


def _renamed_groups(groups: tuple[Group, ...], renaming: Renaming) -> tuple[Group, ...]:
    ids = renaming.of(pa.array([group.id for group in groups], pa.string())).to_pylist()
    return tuple(replace(group, id=name) for group, name in zip(groups, ids, strict=True))
