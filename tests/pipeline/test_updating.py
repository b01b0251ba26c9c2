"""An update takes records in as a full run would, and leaves what was said of old pairs."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.errors import RecordsError, SettingsError
from matcher.output import read_state

OFFERS = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d"],
        "title": [
            "Sony Bravia KD-43X80L TV",
            "SONY KD43X80L Bravia TV",
            "Bosch drill GSR 12V",
            "Lenovo ThinkPad X1 Carbon 16 GB",
        ],
    }
)
MORE = pd.DataFrame({"id": ["e"], "title": ["Bosch GSR 12 V drill"]})


@pytest.fixture(scope="module")
def demo():
    return pd.read_csv(Path(matcher.__file__).parent / "demo" / "catalogue.csv", dtype=str)


def groups(result):
    return result.records.set_index("id")["match_id"].to_dict()


def pairs_of(result, ids):
    numbers = result.records.set_index("id")["match_id"].reindex(ids)
    places = pd.Series(range(len(ids))).groupby(numbers.to_numpy())
    return {(a, b) for _, group in places for a in group for b in group if a < b}


def test_a_new_record_joins_its_group_which_keeps_its_id():
    earlier = matcher.dedupe(OFFERS)
    updated = matcher.update(earlier, MORE)
    before, after = groups(earlier), groups(updated)
    assert list(updated.records["id"]) == ["a", "b", "c", "d", "e"]
    assert after["e"] == after["c"] == before["c"]
    assert {one: after[one] for one in before} == before
    assert updated.changes.query("level == 'match'")["change"].tolist() == ["grown"]


def test_nothing_new_changes_nothing(demo):
    earlier = matcher.dedupe(demo)
    updated = matcher.update(earlier, demo[:0])
    assert groups(updated) == groups(earlier)
    assert updated.records["family_id"].tolist() == earlier.records["family_id"].tolist()
    assert len(updated.changes) == 0
    pd.testing.assert_frame_equal(updated.pairs, earlier.pairs, rtol=1e-5)


def test_an_update_agrees_with_a_full_run_as_far_as_a_full_run_agrees_with_itself(demo):
    is_new = np.random.default_rng(0).random(len(demo)) < 0.1
    earlier, whole = matcher.dedupe(demo[~is_new]), matcher.dedupe(demo)
    updated = matcher.update(earlier, demo[is_new])
    ids, old = demo["id"], demo["id"][~is_new]

    def agreement(one, two, ids):
        first, second = pairs_of(one, ids), pairs_of(two, ids)
        return 2 * len(first & second) / (len(first) + len(second))

    assert agreement(updated, whole, ids) > agreement(earlier, whole, old) - 0.02
    assert agreement(updated, earlier, old) > 0.97


def test_a_changed_record_takes_the_place_of_the_old_one():
    changed = pd.DataFrame({"id": ["b"], "title": ["Bosch GSR 12V drill driver"]})
    updated = matcher.update(matcher.dedupe(OFFERS), changed)
    assert sorted(updated.records["id"]) == ["a", "b", "c", "d"]
    found = groups(updated)
    assert found["a"] != found["b"] == found["c"]


def test_withdrawn_records_are_gone():
    earlier = matcher.dedupe(OFFERS)
    updated = matcher.update(earlier, MORE, drop=["c", "unknown"])
    assert sorted(updated.records["id"]) == ["a", "b", "d", "e"]
    assert not set(updated.pairs[["left_id", "right_id"]].to_numpy().ravel()) & {"c"}
    notices = {notice["kind"]: notice["count"] for notice in updated.run["notices"]}
    assert notices["unknown_dropped"] == 1


def test_what_was_said_of_old_pairs_stays_with_them(demo):
    earlier, gone = matcher.dedupe(demo), set(demo["id"][::7])
    updated = matcher.update(earlier, demo[:0], drop=sorted(gone))
    ends = earlier.pairs[["left_id", "right_id"]]
    left = earlier.pairs[~ends.isin(gone).any(axis=1)]
    columns = ["left_id", "right_id", "relation", "p_exact"]

    def said(pairs):
        one, two, relation, exact = (pairs[name].to_numpy() for name in columns)
        return {
            (min(a, b), max(a, b)): (c, round(float(p), 5))
            for a, b, c, p in zip(one, two, relation, exact, strict=True)
        }

    assert said(updated.pairs) == said(left)


def test_a_result_that_a_killed_run_left_aside_is_found(tmp_path):
    folder = tmp_path / "result"
    matcher.dedupe(OFFERS).write(folder)
    folder.rename(tmp_path / ".result.matcher-old")
    assert len(matcher.update(folder, MORE).records) == 5


def test_records_are_told_apart_by_their_source():
    offers = OFFERS.assign(shop=["north", "south", "north", "south"])
    earlier = matcher.dedupe(offers, source="shop")
    same_id = pd.DataFrame({"id": ["a"], "title": ["Bosch drill GSR 12V"], "shop": ["south"]})
    updated = matcher.update(earlier, same_id)
    assert len(updated.records) == 5
    dropped = matcher.update(
        updated, OFFERS[:0], drop=pd.DataFrame({"id": ["a"], "shop": ["south"]})
    )
    assert len(dropped.records) == 4


def test_updates_follow_one_another_through_folders(tmp_path):
    folder = tmp_path / "result"
    matcher.dedupe(OFFERS).write(folder)
    before = pd.read_csv(folder / "records.csv").set_index("id")["match_id"]
    for number in range(3):
        more = pd.DataFrame({"id": [f"n{number}"], "title": ["Bosch GSR 12V drill"]})
        matcher.update(folder, more).write(folder)
    after = pd.read_csv(folder / "records.csv").set_index("id")["match_id"]
    assert after.reindex(before.index).tolist() == before.tolist()
    assert after["n2"] == before["c"]
    assert json.loads((folder / "run.json").read_text())["job"] == "update"
    assert (folder / "changes.csv").is_file()


def test_labels_are_kept():
    labels = pd.DataFrame({"left_id": ["e"], "right_id": ["c"], "relation": ["different"]})
    found = groups(matcher.update(matcher.dedupe(OFFERS), MORE, labels=labels))
    assert found["e"] != found["c"]


def test_where_the_options_are_others_all_is_compared_anew():
    phones = pd.DataFrame(
        {
            "id": list("wxyz"),
            "title": ["Nokia C21 black", "Nokia C21 blue", "Samsung A12 black", "Samsung A12"],
        }
    )
    chairs = pd.DataFrame(
        {
            "id": [f"n{number}" for number in range(6)],
            "title": ["Chair Oslo black"] * 6,
            "material": ["oak", "steel", "beech", "oak", "steel", "beech"],
        }
    )
    updated = matcher.update(matcher.dedupe(phones), chairs)
    assert "compared_anew" in [notice["kind"] for notice in updated.run["notices"]]
    assert len(updated.records) == 10
    assert updated.changes is not None


@pytest.mark.parametrize(
    ("result", "said"),
    [(3, "is no result, got int"), ("nowhere", "holds no result"), (None, "is no result")],
)
def test_what_is_no_result_is_refused(result, said):
    with pytest.raises(RecordsError, match=said):
        matcher.update(result, MORE)


def test_a_link_is_refused():
    linked = matcher.link(OFFERS[:2], OFFERS[2:])
    with pytest.raises(SettingsError, match="result of a link"):
        matcher.update(linked, MORE)


def test_new_records_need_the_column_of_ids():
    with pytest.raises(RecordsError, match="no column of the ids"):
        matcher.update(matcher.dedupe(OFFERS), MORE.rename(columns={"id": "number"}))


def test_a_state_that_is_cut_or_newer_is_refused(tmp_path):
    folder = tmp_path / "result"
    matcher.dedupe(OFFERS).write(folder)
    state = folder / "state.arrow"
    state.write_bytes(state.read_bytes()[:-20])
    with pytest.raises(RecordsError, match="is not the state of a result"):
        matcher.update(folder, MORE)
    state.unlink()
    with pytest.raises(RecordsError, match=r"holds no state\.arrow"):
        read_state(folder)
