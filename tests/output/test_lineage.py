"""Ids live on: facts about groups before and after, by small hand-made ones and random ones."""

from collections import Counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.output.ids import Keys, group_ids
from matcher.output.lineage import CHANGES, Assignment, Lineage, trace_groups

COLUMNS = ["level", "change", "old_id", "new_id", "n_before", "n_after", "n_shared"]


def fresh(groups: dict[str, object]) -> Assignment:
    """Groups as a first run calls them; a group is ``match`` or ``(family, match)``."""
    keys = pa.array(list(groups), pa.string())
    pairs = [one if isinstance(one, tuple) else (one, one) for one in groups.values()]
    families = pd.factorize(pd.Series([family for family, _ in pairs], dtype=object))[0]
    products = pd.factorize(pd.Series([f"{one}" for one in pairs], dtype=object))[0]
    return Assignment(
        keys,
        group_ids("m-", products.astype(np.int32), Keys.of(keys)),
        group_ids("f-", families.astype(np.int32), Keys.of(keys)),
    )


def named(groups: dict[str, str]) -> Assignment:
    """Groups under their names."""
    ids = pa.array(list(groups.values()), pa.string())
    return Assignment(pa.array(list(groups), pa.string()), ids, ids)


def ids_of(lineage: Lineage, new: Assignment) -> dict[str, str]:
    return dict(zip(new.keys.to_pylist(), lineage.match.of(new.match).to_pylist(), strict=True))


def carried(lineage: Lineage, new: Assignment) -> Assignment:
    return Assignment(new.keys, lineage.match.of(new.match), lineage.family.of(new.family))


def rows(lineage: Lineage) -> list[tuple[object, ...]]:
    found = lineage.changes[lineage.changes["level"] == "match"].astype(object)
    return [*found.where(found.notna(), None).drop(columns="level").itertuples(False, None)]


def trace(before: dict[str, str], after: dict[str, str]) -> tuple[dict[str, str], list[tuple]]:
    new = fresh(after)
    lineage = trace_groups(named(before), new)
    return ids_of(lineage, new), rows(lineage)


def test_a_group_that_only_gains_or_loses_records_keeps_its_id():
    ids, changes = trace(
        {"a": "A", "b": "B", "c": "B", "d": "D", "e": "D"},
        {"a": 1, "new": 1, "b": 2, "d": 3, "other": 3},
    )
    assert ids == {"a": "A", "new": "A", "b": "B", "d": "D", "other": "D"}
    assert changes == [
        ("grown", "A", "A", 1, 2, 1),
        ("shrunk", "B", "B", 2, 1, 1),
        ("exchanged", "D", "D", 2, 2, 1),
    ]


def test_merged_groups_bear_the_id_of_the_largest():
    ids, changes = trace({"a": "A", "b": "B", "c": "B"}, {"a": 1, "b": 1, "c": 1})
    assert set(ids.values()) == {"B"}
    assert changes == [("grown", "B", "B", 2, 3, 2), ("merged", "A", "B", 1, 3, 1)]


def test_the_largest_part_of_a_split_group_keeps_its_id_and_the_other_gets_a_new_one():
    ids, changes = trace(dict.fromkeys("abc", "A"), {"a": 1, "b": 2, "c": 2})
    assert ids["b"] == ids["c"] == "A"
    assert ids["a"].startswith("m-")
    assert changes == [("shrunk", "A", "A", 3, 2, 2), ("split", "A", ids["a"], 3, 1, 1)]


def test_a_record_that_changes_between_groups_that_live_on_is_moved():
    ids, changes = trace(
        {"a": "A", "b": "A", "c": "A", "d": "B", "e": "B"},
        {"a": 1, "b": 1, "c": 2, "d": 2, "e": 2},
    )
    assert ids == {"a": "A", "b": "A", "c": "B", "d": "B", "e": "B"}
    assert changes == [
        ("grown", "B", "B", 2, 3, 2),
        ("shrunk", "A", "A", 3, 2, 2),
        ("moved", "A", "B", 3, 3, 1),
    ]


def test_groups_are_born_and_die():
    ids, changes = trace({"a": "A", "b": "B"}, {"a": 1, "c": 2})
    assert ids["a"] == "A"
    assert changes == [("born", None, ids["c"], 0, 1, 0), ("died", "B", None, 1, 0, 0)]


def test_of_equal_overlaps_the_one_with_the_smallest_key_goes_first():
    ids, _ = trace({"a": "A", "b": "A"}, {"b": 1, "a": 2})
    assert ids["a"] == "A"
    assert ids["b"] != "A"


def test_an_id_of_the_earlier_result_is_never_given_to_another_group():
    first = fresh({"a": 1, "b": 1, "c": 2})
    second = fresh({"a": 1, "b": 2, "c": 2})  # by its own rule, "a" alone is called as "a, b" was
    earlier = Assignment(first.keys, first.match, first.family)
    assert second.match[0] == first.match[0]
    stolen = Assignment(pa.array(["b", "b2", "z"]), *[first.match.take(pa.array([0, 0, 2]))] * 2)
    lineage = trace_groups(stolen, second)  # "b" was in it, "a" was not there
    made = ids_of(lineage, second)
    assert made["b"] == made["c"] == first.match[0].as_py()
    assert made["a"] not in first.match.to_pylist()
    gone = Assignment(pa.array(["x"]), first.match[:1], first.family[:1])
    assert ids_of(trace_groups(gone, second), second)["a"] != first.match[0].as_py()
    assert ids_of(trace_groups(earlier, second), second)["a"] == first.match[0].as_py()


def test_hashes_that_are_taken_are_made_again_until_they_are_free(monkeypatch):
    made = {"m-1": ["used", "free"], "f-1": ["used", "free"]}

    def hashes(keys):
        return np.array([made[key.partition("\x1f")[0]].pop(0) for key in keys], object)

    monkeypatch.setattr("matcher.output.lineage.short_hashes", hashes)
    earlier = Assignment(
        pa.array(["a", "b"]), pa.array(["m-1", "m-used"]), pa.array(["f-1", "f-used"])
    )
    new = Assignment(pa.array(["c"]), pa.array(["m-1"]), pa.array(["f-1"]))
    lineage = trace_groups(earlier, new)
    assert lineage.match.after.to_pylist() == ["m-free"]
    assert lineage.family.after.to_pylist() == ["f-free"]


def test_records_without_an_earlier_group_are_born_and_not_counted():
    earlier = Assignment(pa.array(["a", "b"]), pa.array(["A", None]), pa.array([None, "F"]))
    new = fresh({"a": (1, 1), "b": (1, 1)})
    lineage = trace_groups(earlier, new)
    assert lineage.match.after.to_pylist() == ["A"]
    assert lineage.family.after.to_pylist() == ["F"]
    assert rows(lineage) == [("grown", "A", "A", 1, 2, 1)]


def test_the_first_run_is_all_births_and_the_last_all_deaths():
    groups = fresh({"a": 1, "b": 1, "c": 2})
    empty = fresh({})
    lineage = trace_groups(empty, groups)
    assert ids_of(lineage, groups) == dict(zip("abc", groups.match.to_pylist(), strict=True))
    assert lineage.counts["match"]["born"] == 2
    assert trace_groups(groups, empty).counts["family"]["died"] == 2
    assert len(trace_groups(empty, empty).changes) == 0
    assert list(trace_groups(empty, empty).changes.columns) == COLUMNS


runs = st.dictionaries(
    st.sampled_from([f"r{number}" for number in range(14)]),
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
)


def slow_heirs(old: Assignment, new: Assignment, level: str) -> dict[str, str]:
    """The rule as it is told: the new group (by its own id) that takes each old id."""
    before = dict(zip(old.keys.to_pylist(), getattr(old, level).to_pylist(), strict=True))
    after = dict(zip(new.keys.to_pylist(), getattr(new, level).to_pylist(), strict=True))
    shared = [key for key in after if key in before]
    counts = Counter((before[key], after[key]) for key in shared)
    smallest = {pair: min(k for k in shared if (before[k], after[k]) == pair) for pair in counts}
    heirs: dict[str, str] = {}
    for one, other in sorted(counts, key=lambda pair: (-counts[pair], smallest[pair])):
        if one not in heirs.values() and other not in heirs:
            heirs[other] = one
    return heirs


@given(runs, runs, runs)
def test_ids_are_given_by_the_rule_unique_new_where_fresh_and_nested(first, second, third):
    one, two, three = fresh(first), fresh(second), fresh(third)
    two = carried(trace_groups(one, two), two)
    lineage = trace_groups(two, three)
    for level in ("match", "family"):
        renaming = getattr(lineage, level)
        heirs = slow_heirs(two, three, level)
        earlier = set(getattr(two, level).to_pylist())
        for own, name in zip(renaming.before.to_pylist(), renaming.after.to_pylist(), strict=True):
            assert name == heirs.get(own, name)
            assert own in heirs or name not in earlier
        assert len(set(renaming.after.to_pylist())) == len(renaming.after)
    last = carried(lineage, three)
    nests = {*zip(last.match.to_pylist(), last.family.to_pylist(), strict=True)}
    assert len(nests) == len(set(last.match.to_pylist()))


@given(runs, runs)
def test_changes_account_for_every_record_and_say_what_their_names_mean(first, second):
    one, two = fresh(first), fresh(second)
    lineage = trace_groups(one, two)
    changes = lineage.changes
    assert list(changes.columns) == COLUMNS
    for level in ("match", "family"):
        old, new = getattr(one, level).to_pylist(), getattr(carried(lineage, two), level)
        found = changes[changes["level"] == level]
        assert not found.duplicated(["old_id", "new_id"]).any()
        counts = lineage.counts[level]
        assert {name: counts[name] for name in CHANGES} == {
            name: int((found["change"] == name).sum()) for name in CHANGES
        }
        ended = set(old) - set(new.to_pylist())
        assert ended == set(found.loc[found["change"].isin(["merged", "died"]), "old_id"])
        begun = set(new.to_pylist()) - set(old)
        assert begun == set(found.loc[found["change"].isin(["split", "born"]), "new_id"])
        listed = set(found.loc[found["old_id"] == found["new_id"], "old_id"])
        assert counts["unchanged"] + len(listed) + len(ended) == len(set(old))
        for row in found.itertuples():
            assert row.n_before == old.count(row.old_id)
            assert row.n_after == new.to_pylist().count(row.new_id)


@given(runs)
def test_the_same_groups_keep_their_ids_and_nothing_changes(groups):
    one = fresh(groups)
    names = Assignment(
        one.keys,
        *(
            pa.array([f"x{i}" for i in col.to_pylist()], pa.string())
            for col in (one.match, one.family)
        ),
    )
    lineage = trace_groups(names, one)
    again = carried(lineage, one)
    assert (again.match, again.family) == (names.match, names.family)
    assert len(lineage.changes) == 0
    assert lineage.n_recognised == len(groups)


@given(runs, runs, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(first, second, random):
    one, two = fresh(first), fresh(second)
    lineage = trace_groups(one, two)

    def turned(side):
        order = list(range(len(side.keys)))
        random.shuffle(order)
        at = pa.array(order, pa.int64())
        return Assignment(side.keys.take(at), side.match.take(at), side.family.take(at))

    other = turned(two)
    again = trace_groups(turned(one), other)
    assert ids_of(lineage, two) == ids_of(again, other)
    pd.testing.assert_frame_equal(lineage.changes, again.changes)


@given(runs, st.dictionaries(st.sampled_from("uvwxyz"), st.tuples(st.integers(0, 4), st.just(0))))
def test_added_records_never_rename_a_group_that_stays_whole(groups, added):
    one, two = fresh(groups), fresh({**groups, **added})
    kept = carried(trace_groups(one, two), two)
    assert kept.match[: len(groups)] == one.match
    assert kept.family[: len(groups)] == one.family


@pytest.mark.parametrize("level", ["match", "family"])
def test_ids_of_another_system_live_on(level):
    new = fresh({"a": 1, "b": 2})
    lineage = trace_groups(named({"a": "4711", "b": "Löwe"}), new)
    assert getattr(lineage, level).of(getattr(new, level)).to_pylist() == ["4711", "Löwe"]
