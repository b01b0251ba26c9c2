"""Carry the ids of an earlier result over to new groups, and tell what changed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matcher.output.ids import Strings, short_hashes
from matcher.types import Bools, Longs

LEVELS = {"match": "m-", "family": "f-"}
KEPT = ("grown", "shrunk", "exchanged")
CHANGES = (*KEPT, "merged", "split", "moved", "born", "died")
CHANGES_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("level", "change", "old_id", "new_id")),
        *((name, pa.int64()) for name in ("n_before", "n_after", "n_shared")),
    ]
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which groups records are in.

    Attributes
    ----------
    keys : pa.StringArray
        Shape (n_records,): by what records are recognised, each once.
    match, family : pa.StringArray
        Shape (n_records,): ids of their groups; null is in none.
    """

    keys: pa.StringArray
    match: pa.StringArray
    family: pa.StringArray


@dataclass(frozen=True, slots=True)
class Renaming:
    """New ids for old ones.

    Attributes
    ----------
    before, after : pa.StringArray
        Shape (n_groups,): different ids, and the id of the same group from now on.
    """

    before: pa.StringArray
    after: pa.StringArray

    def of(self, ids: pa.StringArray) -> pa.StringArray:
        """Return the new id of each id; null for null and for an unknown one."""
        return self.after.take(pc.index_in(ids, value_set=self.before, skip_nulls=True))


@dataclass(frozen=True, slots=True)
class Lineage:
    """What became of the groups of an earlier result.

    Attributes
    ----------
    match, family : Renaming
        From the ids of the new groups to those that they bear from now on.
    changes : pd.DataFrame
        ``level, change, old_id, new_id, n_before, n_after, n_shared``: a row for every overlap of
        an earlier and a new group in which something changed, and for every group that was born or
        died, whose other id is missing.
    n_recognised : int
        How many new records the earlier result has.
    counts : dict[str, dict[str, int]]
        For ``"match"`` and ``"family"``, the number of rows of each change, and of the groups that
        are ``"unchanged"``, which have no row.
    """

    match: Renaming
    family: Renaming
    changes: pd.DataFrame
    n_recognised: int
    counts: dict[str, dict[str, int]]


def trace_groups(earlier: Assignment, new: Assignment) -> Lineage:
    """Give new groups the ids of the earlier ones that live on in them.

    Of all overlaps of an earlier and a new group, the one with the most records goes first, among
    equals the one that holds the smallest key: its new group takes its earlier id, unless the group
    has an id or the id a group.  A group that gets none keeps its own id, or a new hash of it
    where the earlier result used that id for another group.

    Parameters
    ----------
    earlier : Assignment
        Whatever its ids look like.
    new : Assignment
        With ids as `group_ids` makes them.

    Returns
    -------
    Lineage
        It depends on the order of neither side.  Different groups have different ids.

    Examples
    --------
    >>> earlier = Assignment(*map(pa.array, (["a", "b", "c"], ["A", "A", "C"], ["F", "F", "F"])))
    >>> new = Assignment(*map(pa.array, (["b", "c", "d"], ["m-b", "m-b", "m-d"], ["f-b"] * 3)))
    >>> lineage = trace_groups(earlier, new)
    >>> lineage.match.of(new.match).to_pylist()
    ['A', 'A', 'm-d']
    >>> lineage.changes.query("level == 'match'")[["change", "new_id", "n_shared"]].values.tolist()
    [['exchanged', 'A', 1], ['merged', 'A', 1], ['born', 'm-d', 0]]
    """
    place = pc.index_in(new.keys, value_set=earlier.keys).fill_null(-1).to_numpy()
    renamings, tables, counts = {}, [], {}
    for level, prefix in LEVELS.items():
        old, now = _Grouping.of(getattr(earlier, level)), _Grouping.of(getattr(new, level))
        overlaps = _overlaps(old, now, place.astype(np.int64), new.keys)
        after = _inherit(old.names, now.names, overlaps.heirs, prefix)
        renamings[level] = Renaming(now.names, after)
        table, is_same = _changes(level, overlaps, old, after)
        tables.append(table)
        listed = table["change"].value_counts().to_pylist()
        counts[level] = {"unchanged": int(is_same.sum()), **dict.fromkeys(CHANGES, 0)}
        counts[level] |= {each["values"]: each["counts"] for each in listed}
    changes = pa.concat_tables(tables).to_pandas()
    n_recognised = int((place >= 0).sum())
    return Lineage(renamings["match"], renamings["family"], changes, n_recognised, counts)


@dataclass(frozen=True, slots=True)
class _Grouping:
    """Records in numbered groups.

    Attributes
    ----------
    numbers : Longs
        Shape (n_records,): group of every record, -1 is none.
    names : pa.StringArray
        Shape (n_groups,): the ids.
    """

    numbers: Longs
    names: pa.StringArray

    @classmethod
    def of(cls, ids: pa.StringArray) -> "_Grouping":
        encoded = ids.dictionary_encode()
        numbers = encoded.indices.fill_null(-1).to_numpy().astype(np.int64)
        return cls(numbers, encoded.dictionary)

    def sizes(self) -> Longs:
        """Return how many records each group has."""
        return np.bincount(self.numbers[self.numbers >= 0], minlength=len(self.names))


@dataclass(frozen=True, slots=True)
class _Overlaps:
    """Records that an earlier and a new group share.

    Attributes
    ----------
    old, new, shared : Longs
        Shape (n_overlaps,): the earlier group, the new one, and how many records both hold.
    heirs : Longs
        Shape (n_new,): the earlier group whose id each new group takes, -1 is none.
    n_before, n_after : Longs
        Shape (n_old,) and (n_new,): sizes of all groups.
    """

    old: Longs
    new: Longs
    shared: Longs
    heirs: Longs
    n_before: Longs
    n_after: Longs


def _overlaps(old: _Grouping, new: _Grouping, place: Longs, keys: pa.StringArray) -> _Overlaps:
    """Return the overlaps of two groupings; `place` is the earlier number of each new record."""
    known = np.flatnonzero((place >= 0) & (new.numbers >= 0))
    known = known[old.numbers[place[known]] >= 0]
    n_new = max(len(new.names), 1)
    codes = old.numbers[place[known]] * n_new + new.numbers[known]
    found, member_of, shared = np.unique(codes, return_inverse=True, return_counts=True)
    ends = found // n_new, found % n_new
    heirs = np.full(len(new.names), -1, np.int64)
    is_open = (np.bincount(ends[0])[ends[0]] > 1) | (np.bincount(ends[1])[ends[1]] > 1)
    heirs[ends[1][~is_open]] = ends[0][~is_open]
    contested = np.flatnonzero(is_open[member_of])
    sorted_keys = pc.sort_indices(keys.take(pa.array(known[contested]))).to_numpy()
    by_key, first = np.unique(member_of[contested][sorted_keys], return_index=True)
    order = by_key[np.lexsort((first, -shared[by_key]))]
    taken = set()
    # One after the other, as each choice closes others; most groups are not contested.
    for one, other in zip(ends[0][order].tolist(), ends[1][order].tolist(), strict=True):
        if one not in taken and heirs[other] < 0:
            taken.add(one)
            heirs[other] = one
    return _Overlaps(*ends, shared, heirs, old.sizes(), new.sizes())


def _inherit(old: pa.StringArray, own: pa.StringArray, heirs: Longs, prefix: str) -> pa.StringArray:
    """Return the id of every new group: an inherited one, its own, or a new hash of its own."""
    ids: Strings = own.to_numpy(zero_copy_only=False).copy()
    is_fresh = heirs < 0
    ids[~is_fresh] = old.take(pa.array(heirs[~is_fresh])).to_numpy(zero_copy_only=False)
    is_used = np.asarray(pc.is_in(own, value_set=old))
    again = np.flatnonzero(is_fresh & is_used)
    if len(again):
        used = {*old.to_pylist(), *ids[is_fresh & ~is_used].tolist()}
        ids[again] = _rehashed(ids[again], prefix, used)
    return pa.array(ids, pa.string())


def _rehashed(ids: Strings, prefix: str, used: set[str]) -> Strings:
    """Return new ids made from `ids`, different from each other and from the used ones."""
    made = ids.copy()
    left = np.arange(len(ids))
    salt = 0
    while len(left):
        salt += 1
        made[left] = prefix + short_hashes(ids[left] + f"\x1f{salt}")
        is_used = np.array([name in used for name in made[left].tolist()])
        used |= set(made[left].tolist())
        left = left[is_used]
    return made


def _changes(
    level: str, overlaps: _Overlaps, old: _Grouping, after: pa.StringArray
) -> tuple[pa.Table, Bools]:
    """Return the changes of a level in their order, and which overlaps are whole groups."""
    kinds, is_same = _kinds(overlaps)
    listed = np.flatnonzero(~is_same)
    born = np.flatnonzero(np.bincount(overlaps.new, minlength=len(after)) == 0)
    died = np.flatnonzero(np.bincount(overlaps.old, minlength=len(old.names)) == 0)
    before = np.concatenate([overlaps.old[listed], np.full(len(born), -1), died])
    now = np.concatenate([overlaps.new[listed], born, np.full(len(died), -1)])
    kind = np.repeat([CHANGES.index("born"), CHANGES.index("died")], [len(born), len(died)])
    kind = np.concatenate([kinds[listed], kind])
    shared = np.concatenate([overlaps.shared[listed], np.zeros(len(born) + len(died), np.int64)])
    columns = {
        "level": pa.repeat(pa.scalar(level), len(kind)),
        "change": pa.array(CHANGES, pa.string()).take(pa.array(kind)),
        "old_id": old.names.take(pa.array(before, mask=before < 0)),
        "new_id": after.take(pa.array(now, mask=now < 0)),
        "n_before": np.append(overlaps.n_before, 0)[before],
        "n_after": np.append(overlaps.n_after, 0)[now],
        "n_shared": shared,
    }
    table = pa.table(columns, CHANGES_SCHEMA).append_column("kind", pa.array(kind))
    keys = [(name, "ascending") for name in ("kind", "old_id", "new_id")]
    return table.sort_by(keys).drop_columns("kind"), is_same


def _kinds(overlaps: _Overlaps) -> tuple[Longs, Bools]:
    """Return the number of the change of each overlap, and where there is none."""
    inherits = overlaps.heirs[overlaps.new] == overlaps.old
    has_lost = overlaps.shared < overlaps.n_before[overlaps.old]
    has_gained = overlaps.shared < overlaps.n_after[overlaps.new]
    ended = np.ones(len(overlaps.n_before), bool)
    ended[overlaps.heirs[overlaps.heirs >= 0]] = False
    rules: Mapping[str, Bools] = {
        "exchanged": inherits & has_lost & has_gained,
        "grown": inherits & has_gained,
        "shrunk": inherits,
        "merged": ended[overlaps.old],
        "split": overlaps.heirs[overlaps.new] < 0,
    }
    numbers = [CHANGES.index(name) for name in rules]
    kinds = np.select([*rules.values()], numbers, CHANGES.index("moved"))
    return kinds.astype(np.int64), inherits & ~has_lost & ~has_gained
