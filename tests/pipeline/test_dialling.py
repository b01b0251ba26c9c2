"""Turning a dial of a result gives what a run at that dial would, and compares nothing again."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import matcher
from matcher.cli import run_command
from matcher.errors import RecordsError, SettingsError
from matcher.pipeline.dials import candidates_per_record, chosen_thresholds, move_threshold
from matcher.pipeline.judge import Judge
from matcher.settings import Settings


@pytest.fixture(scope="module")
def result(demo):
    return matcher.dedupe(demo)


@pytest.fixture(scope="module")
def folder(result, tmp_path_factory):
    place = tmp_path_factory.mktemp("dialling") / "result"
    result.write(place)
    return place


def groups(result):
    return result.records.set_index("id")[["match_id", "family_id"]]


def pair_of(result, relation):
    """Return the ids of a pair of that relation."""
    row = result.pairs[result.pairs["relation"] == relation].iloc[0]
    return row["left_id"], row["right_id"]


def label(*rows):
    return pd.DataFrame(rows, columns=["left_id", "right_id", "relation"])


def test_the_middle_leaves_a_threshold_to_the_bit_and_the_ends_move_it_both_ways():
    assert move_threshold(0.1 + 0.2, 0.5) == 0.1 + 0.2
    moved = [move_threshold(0.4, dial) for dial in (0, 0.25, 0.5, 0.75, 1)]
    assert moved == sorted(moved, reverse=True)
    assert len(set(moved)) == 5
    assert (move_threshold(0.95, 0), move_threshold(0.05, 1)) == (0.99, 0.01)
    assert (move_threshold(1.0, 0), move_threshold(0.0, 1)) == (1.0, 0.0)


def test_a_threshold_that_is_set_stands_above_the_dial():
    settings = Settings(threshold_exact=0.7, precision_to_recall=0)
    exact, family = chosen_thresholds(settings, (0.4, 0.5))
    assert exact == 0.7
    assert family > 0.9


def test_a_budget_that_is_set_stands_above_the_dial():
    blocking = matcher.BlockingSettings(pairs_per_record=7)
    assert candidates_per_record(Settings(accuracy_to_cost=0, blocking=blocking)) == 7
    assert [candidates_per_record(Settings(accuracy_to_cost=d)) for d in (0, 0.5, 1)] == [40, 10, 3]


def test_cheaper_runs_compare_fewer_pairs(demo, result):
    cheap = matcher.dedupe(demo, accuracy_to_cost=1)
    assert cheap.run["blocking"]["budget"]["pairs_per_record"] == 3
    assert cheap.run["counts"]["scored_pairs"] < result.run["counts"]["scored_pairs"]


@pytest.mark.parametrize("dial", [0, 0.3, 1])
def test_a_tuned_result_is_that_of_a_run_at_the_dial(demo, folder, result, dial):
    tuned = matcher.tune(folder, precision_to_recall=dial)
    run = matcher.reassign(matcher.dedupe(demo, precision_to_recall=dial), result)
    pd.testing.assert_frame_equal(groups(tuned), groups(run))
    pd.testing.assert_frame_equal(tuned.pairs, run.pairs, rtol=0, atol=2e-6)
    for name in ("deciding", "clustering", "settings"):
        assert tuned.run[name] == run.run[name]


def test_the_dial_turns_back_without_loss(result):
    there = matcher.tune(result, precision_to_recall=0)
    back = matcher.tune(there, precision_to_recall=0.5)
    assert not groups(there).equals(groups(result))
    first, last = (pd.factorize(groups(one)["match_id"])[0].tolist() for one in (result, back))
    assert first == last
    pd.testing.assert_frame_equal(back.pairs, result.pairs, rtol=0, atol=2e-6)


def test_tuning_compares_nothing(folder, monkeypatch):
    def fail(*_):
        raise AssertionError

    monkeypatch.setattr(Judge, "look_at", fail)
    monkeypatch.setattr(Judge, "probabilities", fail)
    assert len(matcher.tune(folder, precision_to_recall=0.2).records)


def test_groups_keep_their_ids_and_nothing_asked_changes_nothing(folder, result):
    same = matcher.tune(folder)
    pd.testing.assert_frame_equal(groups(same), groups(result))
    assert len(same.changes) == 0
    tuned = matcher.tune(folder, precision_to_recall=0.9)
    shared = set(groups(tuned)["match_id"]) & set(groups(result)["match_id"])
    assert len(shared) > 0.9 * groups(tuned)["match_id"].nunique()
    assert len(tuned.changes)


def test_labels_are_kept_at_both_ends(result):
    apart, together = pair_of(result, "exact"), pair_of(result, "variant")
    strangers = (result.records["id"].iloc[0], result.records["id"].iloc[-1])
    given = label((*apart, "different"), (*together, "variant"), (*strangers, "exact"))
    for dial in (0, 1):
        tuned = matcher.tune(result, precision_to_recall=dial, labels=given)
        found, said = groups(tuned), tuned.pairs.set_index(["left_id", "right_id"])
        assert tuned.run["deciding"]["labels"] == 3
        assert apart not in said.index[said["relation"] != "different"]
        assert said.loc[together, ["relation", "p_variant"]].tolist() == ["variant", 1]
        new = strangers if strangers in said.index else strangers[::-1]
        assert said.loc[new, ["relation", "p_exact"]].tolist() == ["exact", 1]
        left, right = (found.loc[id_] for id_ in apart)
        assert left["family_id"] != right["family_id"]
        left, right = (found.loc[id_] for id_ in together)
        assert (left["match_id"] != right["match_id"], left["family_id"]) == (
            True,
            right["family_id"],
        )
        assert found.loc[strangers[0], "match_id"] == found.loc[strangers[1], "match_id"]


def test_labels_of_the_run_that_are_not_given_again_are_told(demo, result):
    kept = matcher.dedupe(demo, labels=label((*pair_of(result, "exact"), "different")))
    told = [notice["message"] for notice in matcher.tune(kept).run["notices"]]
    assert any("the earlier result keeps 1 labels" in message for message in told)


def test_a_threshold_of_the_run_makes_way_for_the_dial(demo, result):
    fixed = matcher.dedupe(demo, threshold_exact=0.9)
    assert matcher.tune(fixed).run["deciding"]["threshold_exact"] == 0.9
    tuned = matcher.tune(fixed, precision_to_recall=0.5)
    deciding = result.run["deciding"]
    assert tuned.run["deciding"]["threshold_exact"] == deciding["threshold_exact"]
    tuned = matcher.tune(fixed, precision_to_recall=0.5, threshold_family=0.8)
    assert tuned.run["deciding"]["threshold_family"] == 0.8


def test_a_link_can_be_tuned(demo):
    linked = matcher.link(demo[:300], demo[300:], one_to_one=True)
    tuned = matcher.tune(linked, precision_to_recall=0.8)
    again = matcher.link(demo[:300], demo[300:], one_to_one=True, precision_to_recall=0.8)
    again = matcher.reassign(again, linked)
    assert tuned.records["match_id"].tolist() == again.records["match_id"].tolist()


@pytest.mark.parametrize("kind", ["polars", "pyarrow", "pandas"])
def test_records_stay_the_kind_of_frame_that_they_are(demo, kind):
    given = demo
    if kind == "polars":
        given = pytest.importorskip("polars").from_pandas(demo)
    elif kind == "pyarrow":
        given = pa.Table.from_pandas(demo, preserve_index=False)
    first = matcher.dedupe(given)
    tuned = matcher.tune(first, precision_to_recall=0.6)
    assert type(tuned.records) is type(first.records)
    whole = [pa.table(one.records).column_names for one in (first, tuned)]
    assert whole[0] == whole[1]


def test_hostile_values_come_out_as_they_went_in():
    titles = ["<script>alert(1)</script>", "\x00\x1b[31m", "x" * 100_000, "", None, "Ä 🎈 שלום"]
    given = pd.DataFrame({"id": list("abcdef"), "title": titles})
    for dial in (0, 1):
        tuned = matcher.tune(matcher.dedupe(given), precision_to_recall=dial)
        pd.testing.assert_frame_equal(tuned.records[["id", "title"]], given)
        assert len(matcher.preview(tuned)) == 5


def test_a_tuned_result_can_be_updated(demo, result):
    tuned = matcher.tune(result, precision_to_recall=0)
    updated = matcher.update(tuned, demo[:0])
    assert groups(updated).equals(groups(tuned))


def test_the_preview_says_what_tuning_gives(result):
    shown = matcher.preview(result, precision_to_recall=0.6).set_index("precision_to_recall")
    assert shown.index.tolist() == [0, 0.25, 0.5, 0.6, 0.75, 1]
    assert shown.index[shown["is_now"]].tolist() == [0.5]
    for dial in (0, 0.6):
        counts = matcher.tune(result, precision_to_recall=dial).run["counts"]
        row = shown.loc[dial]
        assert row["duplicate_groups"] == counts["duplicate_groups"]
        assert row["records_in_duplicate_groups"] == counts["records_in_duplicate_groups"]
        assert row["families"] == counts["families_of_several_products"]
    assert shown["precision"].is_monotonic_decreasing
    assert shown["recall"].loc[0] < shown["recall"].loc[0.5]


def test_labels_of_a_random_sample_estimate_every_place_of_the_dial(result, truth):
    drawn = matcher.sample(result, 200)
    known = truth.set_index("id")["match"]
    left, right = (known.loc[drawn[side]].to_numpy() for side in ("left_id", "right_id"))
    labels = drawn.assign(relation=np.where(left == right, "exact", "different"))
    shown = matcher.preview(result, labels=labels).set_index("precision_to_recall")
    expected = matcher.estimate(result, labels).match
    row = shown.loc[0.5]
    assert (row["precision"], row["precision_low"]) == (
        expected.precision.value,
        expected.precision.low,
    )
    assert row["recall_high"] == expected.recall.high


def test_impossible_numbers_and_results_are_told(folder, tmp_path):
    with pytest.raises(SettingsError, match=r"precision_to_recall must be a number from 0 to 1"):
        matcher.tune(folder, precision_to_recall=float("nan"))
    with pytest.raises(SettingsError, match=r"threshold_exact must be a number from 0 to 1"):
        matcher.preview(folder, threshold_exact=2)
    with pytest.raises(RecordsError, match="holds no result"):
        matcher.preview(tmp_path)


def test_the_command_shows_and_writes_nothing_unless_told(folder, tmp_path, capsys):
    before = sorted(folder.iterdir())
    assert run_command(["tune", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert "0.5 (now)" in shown
    assert "Nothing was written" in shown
    assert sorted(folder.iterdir()) == before
    out = tmp_path / "tuned"
    command = ["tune", str(folder), "--precision-to-recall", "0.2", "--out", str(out)]
    assert run_command(command) == 0
    assert "Earlier products: " in capsys.readouterr().out
    run = json.loads((out / "run.json").read_text())
    assert run["settings"]["precision_to_recall"] == 0.2
    assert (out / "changes.csv").is_file()


def test_the_command_says_that_other_candidates_need_a_new_run(folder, tmp_path, capsys):
    assert run_command(["tune", str(folder), "--accuracy-to-cost", "1"]) == 0
    assert "which is 3 pairs per record where the result has 10" in capsys.readouterr().out
    assert run_command(["tune", str(folder), "--accuracy-to-cost", "0.5"]) == 0
    assert "new run" not in capsys.readouterr().out
    out = tmp_path / "tuned"
    command = ["tune", str(folder), "--accuracy-to-cost", "1", "--out", str(out)]
    assert run_command(command) == 2
    assert "need a new run" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("command", ["tune", "dedupe"])
def test_the_command_refuses_what_is_no_place_of_the_dial(folder, tmp_path, capsys, command):
    given = [command, str(folder), "--precision-to-recall", "nan", "--out", str(tmp_path / "out")]
    assert run_command(given) == 2
    assert "must be a number from 0 to 1, got nan" in capsys.readouterr().err
