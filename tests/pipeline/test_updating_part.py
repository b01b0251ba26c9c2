"""An update of a folder reads, compares and groups what is near to new records, and no more."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.output import read_kept, read_state
from matcher.pipeline import Updated, stages, take_in, updating, updating_part
from matcher.pipeline.judge import Judge
from matcher.pipeline.kept import Kept

TABLES = ("records.csv", "pairs.csv", "families.csv")


@pytest.fixture(scope="module")
def demo():
    return pd.read_csv(Path(matcher.__file__).parent / "demo" / "catalogue.csv", dtype=str)


@pytest.fixture(scope="module")
def made(demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "result"
    matcher.dedupe(demo[:-20]).write(folder)
    return folder


@pytest.fixture(autouse=True)
def _of_any_size(monkeypatch):
    monkeypatch.setattr(updating, "FEWEST", 0)


def lines(folder, name):
    return (folder / name).read_text("utf-8").splitlines()


def groups(folder):
    records = pd.read_csv(folder / "records.csv", dtype=str)
    return records.set_index("id")[["match_id", "family_id"]]


def pairs_in(labels):
    places = pd.Series(labels.index).groupby(labels.to_numpy())
    return {(a, b) for _, group in places for a in group for b in group if a < b}


def sizes_told(folder):
    families = pd.read_csv(folder / "families.csv")
    return dict(zip(families["family_id"], families["n_records"], strict=True))


def update(folder, out, *new, **rest):
    updated = take_in(folder, list(new), **rest)
    updated.write(out)
    return updated


def test_few_rows_are_read(made, demo, tmp_path, monkeypatch):
    read = []

    def parse_and_learn(catalogue, *rest):
        read.append(catalogue.table.num_rows)
        return parse(catalogue, *rest)

    parse = stages.parse_and_learn
    monkeypatch.setattr(stages, "parse_and_learn", parse_and_learn)
    assert isinstance(update(made, tmp_path / "out", demo[-1:]), Updated)
    assert sum(read) < len(demo) / 3


def test_old_pairs_are_not_compared_again(made, demo, tmp_path, monkeypatch):
    looked, judged = [], []

    def look(judge, pairs, questions):
        looked.append(judge.prepared.records.rows[np.stack([pairs.left, pairs.right])])
        return look_at_them(judge, pairs, questions)

    def judge_pairs(judge, pairs):
        judged.append((judge.candidates, judge.seen.pairs, pairs))
        return judge_them(judge, pairs)

    look_at_them, judge_them = Judge._look, updating_part.judge_pairs
    monkeypatch.setattr(Judge, "_look", look)
    monkeypatch.setattr(updating_part, "judge_pairs", judge_pairs)
    assert isinstance(update(made, tmp_path / "out", demo[-20:]), Updated)
    ((candidates, seen, asked),) = judged
    assert len(candidates) > len(asked)  # old rivals are among them
    assert {*candidates.keys().tolist()} <= {*seen.keys().tolist()}
    is_new = np.concatenate([rows.max(axis=0) for rows in looked]) >= looked[0].max() - 19
    assert is_new.all()


def test_nothing_new_leaves_every_byte_of_the_tables(made, demo, tmp_path):
    out = tmp_path / "out"
    updated = update(made, out, demo[:0])
    assert isinstance(updated, Updated)
    for name in TABLES:
        assert (out / name).read_bytes() == (made / name).read_bytes()
    assert lines(out, "changes.csv")[1:] == []
    before, after = read_state(made), read_state(out)
    assert np.array_equal(before.left, after.left)
    assert all(
        np.array_equal(one.probabilities, other.probabilities)
        for one, other in zip(before.said, after.said, strict=True)
    )
    old, new = (json.loads((each / "run.json").read_text()) for each in (made, out))
    assert {**old["counts"], "inputs": 2} == new["counts"]


def test_what_no_new_record_is_linked_with_keeps_every_byte(made, demo, tmp_path):
    out = tmp_path / "out"
    updated = update(made, out, demo[-2:])
    assert isinstance(updated, Updated)
    changes = pd.read_csv(out / "changes.csv")
    touched = {*changes["old_id"].dropna(), *changes["new_id"].dropna()}
    for name in ("records.csv", "families.csv"):
        rest = [line for line in lines(made, name) if not any(one in line for one in touched)]
        assert len(rest) > len(lines(made, name)) / 2
        assert {*rest} <= {*lines(out, name)}
    assert lines(out, "pairs.csv")[: len(lines(made, "pairs.csv"))] == lines(made, "pairs.csv")
    added = [line for line in lines(out, "pairs.csv") if line not in {*lines(made, "pairs.csv")}]
    assert all(any(one in line for one in demo["id"][-2:]) for line in added)


def test_withdrawn_records_are_nowhere(made, demo, tmp_path):
    out, gone = tmp_path / "out", sorted(demo["id"][:12:3])
    updated = update(made, out, demo[:0], drop=gone)
    assert isinstance(updated, Updated)
    assert [notice["kind"] for notice in updated.run["notices"]] == ["no_rows"]
    assert not {*groups(out).index} & {*gone}
    pairs = pd.read_csv(out / "pairs.csv", dtype=str)
    assert not {*pairs["left_id"], *pairs["right_id"]} & {*gone}
    before, after = groups(made), groups(out)
    touched = before.loc[gone, "family_id"]
    rest = before[~before["family_id"].isin(touched)]
    assert len(rest) > len(before) / 2
    assert after.loc[rest.index].equals(rest)
    state = read_state(out)
    assert state.left.max() < len(after)
    assert len(state.left) < len(read_state(made).left)
    assert sizes_told(out) == after.groupby("family_id").size().to_dict()


def test_a_changed_record_takes_the_place_of_the_old_one(made, demo, tmp_path):
    out = tmp_path / "out"
    first, other = demo["id"][0], demo["id"][200]
    title = demo.columns[demo.columns.str.contains("title|name", case=False)][0]
    changed = demo[200:201].assign(id=first, seller=demo["seller"][0])
    assert isinstance(update(made, out, changed), Updated)
    assert len(groups(out)) == len(groups(made))
    records = pd.read_csv(out / "records.csv", dtype=str).set_index("id")
    assert records.loc[first, title] == demo[title][200]
    assert records.loc[first, "family_id"] == records.loc[other, "family_id"]


def test_it_agrees_with_an_update_that_reads_all(made, demo, tmp_path, monkeypatch):
    part, whole = tmp_path / "part", tmp_path / "whole"
    assert isinstance(update(made, part, demo[-20:]), Updated)
    monkeypatch.setattr(updating, "FEWEST", 1_000_000)
    assert not isinstance(update(made, whole, demo[-20:]), Updated)
    one, other = (pairs_in(groups(each)["match_id"]) for each in (part, whole))
    assert 2 * len(one & other) / (len(one) + len(other)) > 0.98


def test_every_file_of_the_folder_speaks_of_the_same_records(made, demo, tmp_path):
    out = tmp_path / "out"
    updated = update(made, out, demo[-20:], drop=sorted(demo["id"][:5]))
    assert isinstance(updated, Updated)
    found, run = groups(out), json.loads((out / "run.json").read_text())
    assert sizes_told(out) == found.groupby("family_id").size().to_dict()
    members = pd.read_csv(out / "families.csv", dtype=str)["members"].str.split(";").explode()
    assert {*members} == {*found["match_id"]}
    pairs = pd.read_csv(out / "pairs.csv", dtype=str)
    assert {*pairs["left_id"], *pairs["right_id"]} <= {*found.index}
    assert run["counts"]["records"] == len(found) == sum(run["input_rows"])
    assert run["counts"]["products"] == found["match_id"].nunique()
    kept = Kept.from_stored(read_kept(out))
    assert len(kept) == len(found)
    assert all(len(words.starts) == len(found) + 1 for words in kept.words.values())


@pytest.mark.parametrize("n_dropped", [0, 5])
def test_pairs_are_counted_as_the_state_has_them(made, demo, tmp_path, n_dropped):
    out = tmp_path / "out"
    assert isinstance(update(made, out, demo[-20:], drop=sorted(demo["id"][:n_dropped])), Updated)
    run, said = json.loads((out / "run.json").read_text()), read_state(out).said[0]
    counts, told = run["counts"], run["scores"]
    assert counts["scored_pairs"] == len(said.relations)
    for number, name in enumerate(("exact", "variant", "different")):
        n_pairs = int((said.relations == number).sum())
        assert counts.get(f"{name}_pairs", n_pairs) == n_pairs
        assert [sum(told[question][name]) for question in told] == [n_pairs, n_pairs]


def test_a_record_finds_one_that_came_with_the_update_before(made, tmp_path):
    out = tmp_path / "out"
    one, two = (
        pd.DataFrame({"id": [name], "title": [f"Zorblatt Quux ZQ-88431 {word}"]})
        for name, word in (("n1", "drone"), ("n2", "drone"))
    )
    update(made, out, one)
    assert isinstance(update(out, out, two), Updated)
    found = groups(out)["match_id"]
    assert found["n1"] == found["n2"]


def test_all_is_learned_anew_once_a_tenth_has_changed(made, demo, tmp_path):
    out = tmp_path / "out"
    update(made, out, demo[-20:])
    assert Kept.from_stored(read_kept(out)).n_changed == 20
    more = demo[:30].assign(id=[f"copy-{number}" for number in range(30)])
    assert not isinstance(update(out, out, more), Updated)
    assert Kept.from_stored(read_kept(out)).n_changed == 0


@pytest.mark.parametrize("name", ["kept.json", "vocabulary_terms.npy", "words_models.npy"])
def test_what_is_kept_may_be_damaged_or_missing(demo, tmp_path, name):
    folder = tmp_path / "result"
    matcher.dedupe(demo[:100]).write(folder)
    path = folder / "kept" / name
    path.write_bytes(path.read_bytes()[:20])
    assert not isinstance(update(folder, folder, demo[100:102]), Updated)
    path.unlink()
    path.parent.joinpath("kept.json").unlink(missing_ok=True)
    update(folder, folder, demo[102:103])
    assert isinstance(update(folder, folder, demo[103:104]), Updated)
    assert len(groups(folder)) == 104


@pytest.mark.parametrize(
    "new",
    [
        pd.DataFrame({"id": ["x"], "title": ["Bosch drill"], "wholly new": ["1"]}),
        pd.DataFrame({"id": [None], "title": ["Bosch drill"]}),
    ],
)
def test_rows_that_the_rest_is_not_like_make_it_read_all(made, tmp_path, new):
    updated = update(made, tmp_path / "out", new)
    assert not isinstance(updated, Updated)
    assert len(pd.read_csv(tmp_path / "out" / "records.csv")) == len(groups(made)) + 1


def test_hostile_values_harm_nothing(made, tmp_path):
    titles = ["<script>alert(1)</script>", "\x00\x07 \ud7ff", "x" * 300_000, "", None, "😀 שלום"]
    ids = ["a;b", 'q"uote', "new\nline", "=1+1", "<b>", "ü" * 40]
    new = pd.DataFrame({"id": ids, "title": titles})
    assert isinstance(update(made, tmp_path / "out", new), Updated)
    records = pd.read_csv(tmp_path / "out" / "records.csv", dtype=str, keep_default_na=False)
    assert records["id"].tolist()[-6:] == ids
    assert "<script>alert" not in (tmp_path / "out" / "report.html").read_text()


def test_ids_that_several_sources_share_stand_with_their_source(demo, tmp_path):
    folder = tmp_path / "result"
    offers = pd.concat([demo[:150].assign(shop="north"), demo[:60].assign(shop="south")])
    matcher.dedupe(offers, source="shop").write(folder)
    new = demo[60:62].assign(shop="south")
    assert isinstance(update(folder, folder, new), Updated)
    pairs = pd.read_csv(folder / "pairs.csv", dtype=str)
    names = {f"south/{one}" for one in new["id"]}
    assert names & {*pairs["left_id"], *pairs["right_id"]}
    assert pairs["left_id"].str.contains("/").all()


def test_a_parquet_folder_is_updated_too(demo, tmp_path):
    folder = tmp_path / "result"
    matcher.dedupe(demo[:100]).write(folder, "parquet")
    take_in(folder, [demo[100:103]]).write(folder, "parquet")
    records = pd.read_parquet(folder / "records.parquet")
    assert records["id"].tolist() == demo["id"][:103].tolist()
    assert pd.read_parquet(folder / "records.parquet")["match_id"].notna().all()
    assert len(pd.read_parquet(folder / "pairs.parquet"))


def test_the_library_gives_a_whole_result(made, demo):
    updated = matcher.update(made, demo[-20:])
    assert updated.records["id"].tolist() == demo["id"].tolist()
    assert {*updated.pairs["left_id"]} <= {*demo["id"]}
    assert updated.search({"title": demo[demo.columns[1]][3]}) is not None
    left, right = updated.pairs.loc[0, ["left_id", "right_id"]]
    assert updated.explain(left, right).verdict


def test_a_run_that_fails_while_it_writes_leaves_the_old_folder(made, demo, tmp_path, monkeypatch):
    out = tmp_path / "out"
    update(made, out, demo[-20:-10])
    before = {path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    updated = take_in(out, [demo[-10:]])

    def fail(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("matcher.output.folder.write_kept", fail)
    with pytest.raises(KeyboardInterrupt):
        updated.write(out)
    assert before == {path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def test_an_empty_text_stays_one_and_what_is_missing_stays_so(demo, tmp_path):
    folder, out = tmp_path / "result", tmp_path / "out"
    column = demo.columns[-1]
    offers = demo[:100].assign(**{column: ["", None] * 50})
    matcher.dedupe(offers).write(folder)
    assert isinstance(update(folder, out, demo[100:102]), Updated)
    before, after = lines(folder, "records.csv"), lines(out, "records.csv")
    assert sum(',"",' in line for line in before) == 50
    assert sum(',"",' in line for line in after) == 50


def test_the_old_folder_is_not_needed_any_more(made, demo, tmp_path):
    folder, one, two = tmp_path / "old", tmp_path / "one", tmp_path / "two"
    shutil.copytree(made, folder)
    update(folder, one, demo[-20:-10])
    shutil.rmtree(folder)
    assert isinstance(update(one, two, demo[-10:], drop=sorted(demo["id"][:3])), Updated)
    assert len(groups(two)) == len(demo) - 3


def test_tables_are_the_same_in_either_format(made, demo, tmp_path):
    updated = take_in(made, [demo[-20:]], drop=sorted(demo["id"][:12:3]))
    assert isinstance(updated, Updated)
    for ending in ("csv", "parquet"):
        updated.write(tmp_path / ending, ending)
    for name in ("records", "families", "pairs"):
        one = pd.read_csv(tmp_path / "csv" / f"{name}.csv", dtype=str, keep_default_na=False)
        other = pd.read_parquet(tmp_path / "parquet" / f"{name}.parquet")
        ids = one.columns[one.columns.str.endswith("_id")]
        assert len(one) == len(other)
        for each in [*ids, *one.columns[:2]]:
            assert one[each].tolist() == other[each].astype(object).fillna("").tolist()


def test_a_file_that_was_written_by_hand_is_taken_as_it_is(made, demo, tmp_path):
    folder, out = tmp_path / "old", tmp_path / "out"
    shutil.copytree(made, folder)
    records = pd.read_csv(folder / "records.csv", dtype=str, keep_default_na=False)
    records.to_csv(folder / "records.csv", index=False, lineterminator="\r\n")
    assert isinstance(update(folder, out, demo[-20:]), Updated)
    assert (out / "records.csv").read_bytes().count(b"\r\n") > len(records) / 3
    update(made, tmp_path / "same", demo[-20:])
    assert groups(out).equals(groups(tmp_path / "same"))


@pytest.mark.parametrize("is_in_memory", [False, True])
def test_what_is_kept_outlives_a_turn_of_the_dial(made, demo, tmp_path, is_in_memory):
    before = matcher.dedupe(demo[:-20]) if is_in_memory else made
    out = tmp_path / "out"
    matcher.tune(before, precision_to_recall=0.9).write(out)
    files = sorted(path.name for path in (made / "kept").iterdir())
    assert sorted(path.name for path in (out / "kept").iterdir()) == files
    for name in files:
        assert (out / "kept" / name).read_bytes() == (made / "kept" / name).read_bytes()


@pytest.mark.parametrize("place", [0.1, 0.9])
def test_a_tuned_result_is_updated_in_place_as_one_of_a_run_at_that_place(
    made, demo, tmp_path, place
):
    tuned, run = tmp_path / "tuned", tmp_path / "run"
    shutil.copytree(made, tuned)
    matcher.tune(tuned, precision_to_recall=place).write(tuned)  # over itself
    matcher.dedupe(demo[:-20], precision_to_recall=place).write(run)
    found = []
    for folder in (made, tuned, run):
        assert isinstance(
            update(folder, folder.with_name(f"{folder.name}-new"), demo[-20:]), Updated
        )
        found.append(pairs_in(groups(folder.with_name(f"{folder.name}-new"))["match_id"]))
    assert found[1] == found[2]
    assert found[1] != found[0]
    told = json.loads((tmp_path / "tuned-new" / "run.json").read_text("utf-8"))
    assert told["settings"]["precision_to_recall"] == place


def test_nothing_new_leaves_every_byte_of_a_tuned_result(made, demo, tmp_path):
    tuned, out = tmp_path / "tuned", tmp_path / "out"
    matcher.tune(made, precision_to_recall=0.1).write(tuned)
    assert isinstance(update(tuned, out, demo[:0]), Updated)
    for name in TABLES:
        assert (out / name).read_bytes() == (tuned / name).read_bytes()
