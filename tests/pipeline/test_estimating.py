"""What labels of a random sample tell of a result, and what other labels do not."""

import json

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.cli import run_command
from matcher.errors import LabelsError
from matcher.pipeline.reopening import reopen
from matcher.pipeline.sampling import population_of, state_of


@pytest.fixture(scope="module")
def result(demo):
    return matcher.dedupe(demo)


@pytest.fixture(scope="module")
def folder(result, tmp_path_factory):
    place = tmp_path_factory.mktemp("estimates") / "result"
    result.write(place)
    return place


@pytest.fixture(scope="module")
def answer(truth):
    """Return a function that answers pairs as the truth says."""
    known = truth.set_index("id")

    def answered(pairs: pd.DataFrame) -> pd.DataFrame:
        left, right = (known.loc[pairs[side]] for side in ("left_id", "right_id"))
        is_match = left["match"].to_numpy() == right["match"].to_numpy()
        is_family = left["family"].to_numpy() == right["family"].to_numpy()
        relation = np.where(is_match, "exact", np.where(is_family, "variant", "different"))
        return pairs.assign(relation=relation)

    return answered


def true_measures(result, truth):
    """Return precision and recall of the duplicate groups among the pairs that are drawn from."""
    opened = reopen(result)
    pairs = population_of(opened, state_of(result))
    known = truth.set_index("id")["match"]
    left, right = (known.loc[opened.names[rows]].to_numpy() for rows in (pairs.left, pairs.right))
    is_true, is_found = left == right, pairs.relations == 0
    both = (is_true & is_found).sum()
    return both / is_found.sum(), both / is_true.sum()


def test_a_sample_has_titles_and_empty_relations_and_no_opinion(folder, demo):
    drawn = matcher.sample(folder, 40)
    assert list(drawn) == [
        *("left_id", "right_id", "relation", "left_title", "right_title"),
        *("stratum", "stratum_pairs"),
    ]
    assert (drawn["relation"] == "").all()
    assert set(drawn["left_id"]) <= set(demo["id"])
    assert not drawn.duplicated(["left_id", "right_id"]).any()


def test_the_same_seed_draws_the_same_pairs_from_a_result_and_its_folder(result, folder):
    pd.testing.assert_frame_equal(matcher.sample(result, 40, 3), matcher.sample(folder, 40, 3))
    assert not matcher.sample(folder, 40, 4).equals(matcher.sample(folder, 40, 3))


def test_every_pair_inside_a_family_can_be_drawn(result):
    drawn = matcher.sample(result, 1_000_000)
    opened = reopen(result)
    sizes = np.unique(opened.family, return_counts=True)[1]
    related = drawn["stratum"].str.startswith(("exact", "variant")).sum()
    assert related == (sizes * (sizes - 1) // 2).sum()


def test_all_pairs_answered_give_the_true_measures(result, truth, answer):
    found = matcher.estimate(result, answer(matcher.sample(result, 1_000_000)))
    precision, recall = true_measures(result, truth)
    for of, value in ((found.match.precision, precision), (found.match.recall, recall)):
        assert of.low == of.value == of.high == pytest.approx(value)
    assert found.n_sampled == found.n_pairs == found.n_here


def test_the_intervals_of_a_sample_hold_the_true_measures(folder, result, truth, answer):
    found = matcher.estimate(folder, answer(matcher.sample(folder, 120)))
    precision, recall = true_measures(result, truth)
    assert found.match.precision.low <= precision <= found.match.precision.high
    assert found.match.recall.low <= recall <= found.match.recall.high
    assert found.family is not None


def test_labels_serve_for_a_later_result(demo, result, truth, answer):
    labels = answer(matcher.sample(result, 1_000_000))
    later = matcher.dedupe(demo, threshold_exact=0.999)
    known = labels["relation"] == "exact"
    match = later.records.set_index("id")["match_id"]
    together = match.loc[labels["left_id"]].to_numpy() == match.loc[labels["right_id"]].to_numpy()
    found = matcher.estimate(later, labels)
    assert found.match.recall.value == pytest.approx((known & together).sum() / known.sum())


def test_chosen_labels_are_counted_and_in_no_estimate(result, labels, answer):
    drawn = answer(matcher.sample(result, 60))
    alone = matcher.estimate(result, drawn)
    chosen = matcher.estimate(result, labels)
    assert chosen.match is None
    assert chosen.n_chosen == len(labels)
    both = matcher.estimate(result, pd.concat([drawn, labels]))
    assert both.match == alone.match
    assert both.n_chosen < len(labels)  # a pair that was drawn too counts as drawn


def test_labels_without_variants_estimate_no_families(result, answer):
    drawn = answer(matcher.sample(result, 60))
    drawn["relation"] = drawn["relation"].replace("variant", "different")
    assert matcher.estimate(result, drawn).family is None


def test_two_relations_of_one_pair_are_an_error_that_names_the_rows(result, answer):
    drawn = answer(matcher.sample(result, 60))
    other = drawn[:1].assign(relation="unknown")
    other["relation"] = "different" if drawn["relation"][0] != "different" else "exact"
    swapped = other.rename(columns={"left_id": "right_id", "right_id": "left_id"})
    both = pd.concat([drawn.astype(str), swapped.assign(stratum="", stratum_pairs="")])
    with pytest.raises(LabelsError, match=f"1 labels contradict .* 'rows 1 and {len(drawn) + 1}'"):
        matcher.estimate(result, both)


def test_unknown_ids_are_told_and_none_known_is_an_error(result, answer):
    drawn = answer(matcher.sample(result, 60))
    gone = drawn.assign(left_id=[*drawn["left_id"][:-1], "<script>"])
    found = matcher.estimate(result, gone)
    assert "1 labels name no two records of the result, first '<script> - " in (
        found.notices[0].message
    )
    with pytest.raises(LabelsError, match=r"none of its \d+ labels names two records"):
        matcher.estimate(result, drawn.assign(left_id="x"))


def test_a_result_that_kept_labels_is_warned_of(demo, labels, answer):
    result = matcher.dedupe(demo, labels=labels)
    found = matcher.estimate(result, answer(matcher.sample(result, 40)))
    assert f"keeps {len(labels)} labels that it was given" in found.notices[-1].message


def test_a_sample_of_a_link_goes_across(demo):
    half = len(demo) // 2
    result = matcher.link(demo[:half], demo[half:])
    drawn = matcher.sample(result, 50)
    assert set(drawn["left_id"]) <= set(demo["id"][:half])
    assert set(drawn["right_id"]) <= set(demo["id"][half:])
    assert matcher.estimate(result, drawn.assign(relation="exact")).n_sampled == len(drawn)


def test_ids_that_sources_share_are_found(demo):
    number = demo.groupby("seller").cumcount().astype(str)
    result = matcher.dedupe(demo.assign(id=number), id="id", source="seller")
    drawn = matcher.sample(result, 40)
    assert drawn["left_id"].str.contains("/").all()
    split = drawn["left_id"].str.split("/", n=1, expand=True)
    other = drawn["right_id"].str.split("/", n=1, expand=True)
    apart = drawn.assign(
        left_source=split[0], left_id=split[1], right_source=other[0], right_id=other[1]
    )
    whole, parts = (
        matcher.estimate(result, each.assign(relation="exact")) for each in (drawn, apart)
    )
    assert whole == parts


def test_titles_are_no_formulas_and_move_no_cursor():
    offers = pd.DataFrame(
        {"id": ["a", "b"], "title": ["=HYPERLINK(1) lamp \x1b[2J", "=HYPERLINK(1) lamp <script>"]}
    )
    drawn = matcher.sample(matcher.dedupe(offers), 5)
    assert drawn["left_title"].str.startswith("'=").all()
    assert drawn["left_title"].map(str.isprintable).all()


def run(capsys, *arguments):
    status = run_command([str(one) for one in arguments])
    return status, *capsys.readouterr()


def test_a_sample_is_drawn_answered_and_evaluated_by_commands(folder, answer, tmp_path, capsys):
    place = tmp_path / "sample.csv"
    status, out, _ = run(capsys, "sample", folder, "--n", "60", "--out", place)
    assert status == 0
    assert f"matcher evaluate {folder} --labels {place}" in out
    status, out, error = run(capsys, "evaluate", folder, "--labels", place)
    assert (status, "labels are empty or unsure" in error) == (0, True)
    assert "nothing can be estimated" in out
    answer(pd.read_csv(place, dtype=str)).to_csv(place, index=False)
    status, out, _ = run(capsys, "evaluate", folder, "--labels", place)
    assert status == 0
    assert "duplicate groups" in out
    assert "those that blocking never proposed are not known" in out
    status, out, _ = run(capsys, "evaluate", folder, "--labels", place, "--json")
    measures = json.loads(out)
    assert measures["match"]["recall"]["low"] <= measures["match"]["recall"]["high"]
    assert run(capsys, "evaluate", folder, "--labels", place, "--min-f1", "0.1")[0] == 0
    assert run(capsys, "evaluate", folder, "--labels", place, "--min-f1", "1")[0] in (0, 1)


def test_truth_and_labels_are_one_or_the_other(folder, tmp_path, capsys):
    for arguments, got in (((), "none"), (("--truth", "a", "--labels", "b"), "both")):
        status, _, error = run(capsys, "evaluate", folder, *arguments)
        assert status == 2
        assert f"one of --truth and --labels is needed, got {got}" in error


def test_a_gate_without_random_labels_is_a_mistake(folder, labels, tmp_path, capsys):
    place = tmp_path / "labels.csv"
    labels.to_csv(place, index=False)
    status, _, error = run(capsys, "evaluate", folder, "--labels", place, "--min-f1", "0.5")
    assert status == 2
    assert "no label was drawn at random" in error
