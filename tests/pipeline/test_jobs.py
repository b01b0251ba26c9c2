"""Linking, scoring and training through the public library."""

import numpy as np
import pandas as pd
import pytest

import matcher


@pytest.fixture(scope="module")
def sides(demo):
    """Two tables, ids shared by both so that only the side tells them apart."""
    left, right = demo[:80].copy(), demo[80:].copy()
    return left, right


@pytest.fixture(scope="module")
def model(demo, labels):
    return matcher.train(demo, labels)


def test_link_puts_together_only_across_the_tables(sides):
    left, right = sides
    result = matcher.link(left, right)
    assert set(result.pairs["left_id"]) <= set(left["id"])
    assert set(result.pairs["right_id"]) <= set(right["id"])
    records = result.records
    assert records["id"].tolist() == [*left["id"], *right["id"]]
    is_left = records["id"].isin(left["id"])
    groups = is_left.groupby(records["match_id"]).agg(["size", "any", "all"])
    groups = groups[groups["size"] > 1]
    assert len(groups) > 0
    assert groups["any"].all()
    assert not groups["all"].any()


def test_one_to_one_takes_one_record_of_each_table(demo):
    left, right = demo[:60], pd.concat([demo[60:], demo[60:].assign(id=lambda f: f["id"] + "+")])
    records = matcher.link(left, right).records
    assert records["match_id"].value_counts().max() > 2
    records = matcher.link(left, right, one_to_one=True).records
    assert records["match_id"].value_counts().max() == 2


def test_a_group_holds_at_most_one_record_of_a_source(demo):
    frame = pd.concat([demo, demo.assign(id=lambda f: f["id"] + "+")], ignore_index=True)
    plain = matcher.dedupe(frame, source="seller").records
    assert plain.groupby("match_id")["seller"].apply(lambda s: s.duplicated().any()).any()
    records = matcher.dedupe(frame, source="seller", at_most_one_per_source=True).records
    assert not records.groupby("match_id")["seller"].apply(lambda s: s.duplicated().any()).any()


def test_score_keeps_every_asked_row_in_its_order(demo):
    ids = demo["id"].tolist()
    asked = [(ids[0], ids[5]), (ids[9], ids[3]), (ids[0], ids[5]), (ids[5], ids[0])]
    asked += list(zip(ids[::-1], ids[1:] + ids[:1], strict=True))[:40]
    pairs = pd.DataFrame(asked, columns=["left_id", "right_id"])
    scored = matcher.score(demo, pairs)
    assert list(scored.columns) == [
        *("left_id", "right_id", "relation", "p_exact", "p_variant", "p_different"),
    ]
    assert scored[["left_id", "right_id"]].to_numpy().tolist() == pairs.to_numpy().tolist()
    numbers = scored[["p_exact", "p_variant", "p_different"]].to_numpy()
    np.testing.assert_array_equal(numbers[0], numbers[2])
    np.testing.assert_array_equal(numbers[0], numbers[3])
    np.testing.assert_allclose(numbers.sum(axis=1), 1, atol=1e-6)
    assert set(scored["relation"]) <= {"exact", "variant", "different"}


def test_score_takes_the_pairs_of_recordlinkage(demo):
    recordlinkage = pytest.importorskip("recordlinkage")
    frame = demo.set_index("id", drop=False)
    found = recordlinkage.index.Block("brand").index(frame)[:30]
    assert isinstance(found, pd.MultiIndex)
    pairs = pd.DataFrame(found.tolist(), columns=["left_id", "right_id"])
    pd.testing.assert_frame_equal(matcher.score(demo, found), matcher.score(demo, pairs))


def test_score_says_what_dedupe_says(demo):
    found = matcher.dedupe(demo).pairs
    scored = matcher.score(demo, found[["left_id", "right_id"]])
    assert scored["relation"].tolist() == found["relation"].tolist()
    columns = ["p_exact", "p_variant", "p_different"]
    np.testing.assert_allclose(scored[columns], found[columns], atol=1e-6)


def test_score_across_two_tables_looks_ids_up_on_their_side(sides):
    left, right = (side.assign(id=range(len(side))) for side in sides)
    pairs = pd.DataFrame({"left_id": [0, 1, 2], "right_id": [2, 1, 0]})
    scored = matcher.score([left, right], pairs)
    linked = matcher.score(
        [
            left.assign(id=[f"l{n}" for n in range(80)]),
            right.assign(id=[f"r{n}" for n in range(80)]),
        ],
        pd.DataFrame({"left_id": ["l0", "l1", "l2"], "right_id": ["r2", "r1", "r0"]}),
    )
    assert scored["p_exact"].tolist() == linked["p_exact"].tolist()


def test_a_model_that_was_saved_scores_the_same_bit_for_bit(model, demo, labels, tmp_path):
    model.save(tmp_path / "model")
    loaded = matcher.load(tmp_path / "model")
    pairs = labels[["left_id", "right_id"]]
    pd.testing.assert_frame_equal(
        matcher.score(demo, pairs, model=loaded), matcher.score(demo, pairs, model=model)
    )
    for path in (tmp_path / "model").rglob("*"):
        assert path.is_dir() or path.read_text("utf-8")


def test_training_twice_gives_the_same_model(model, demo, labels):
    again = matcher.train(demo.sample(frac=1, random_state=1), labels[::-1])
    assert again.classifier == model.classifier


def test_training_cross_validates_or_judges_on_labels_that_are_given(model, demo, labels):
    assert model.card["labels"] == {"train": len(labels), "valid": 0}
    assert 0 < model.classifier.threshold_exact < 1
    judged = matcher.train(demo, labels[::2], valid=labels[1::2])
    assert judged.card["labels"]["valid"] == len(labels[1::2])


def test_training_starts_from_the_shipped_model_unless_told_not_to(model, demo, labels):
    assert model.classifier.is_told
    scratch = matcher.train(demo, labels, from_scratch=True)
    assert not scratch.classifier.is_general
    assert scratch.classifier.prior is None


def test_a_trained_model_agrees_with_most_of_its_labels(model, demo, labels):
    scored = matcher.score(demo, labels[["left_id", "right_id"]], model=model)
    agrees = (scored["relation"] == "exact") == (labels["relation"] == "exact").to_numpy()
    assert agrees.mean() > 0.9


def test_one_trained_model_answers_any_ignored_axes(model, demo):
    families = [
        matcher.dedupe(demo, model=model, ignore=ignore).run["counts"]["families"]
        for ignore in ((), ("color",), ("color", "size"))
    ]
    assert families[0] > families[1] > families[2]


def test_a_model_answers_for_a_catalogue_with_other_columns(model, phones):
    result = matcher.dedupe(phones, model=model, ignore=["storage"])
    assert result.run["counts"]["records"] == len(phones)


def test_training_across_two_tables_links_them(sides, truth):
    left, right = sides
    known = truth.set_index("id")
    rows = [
        (a, b, "exact" if known.loc[a, "match"] == known.loc[b, "match"] else "different")
        for place, a in enumerate(left["id"])
        for b in right["id"][place % 4 :: 4]
    ]
    frame = pd.DataFrame(rows, columns=["left_id", "right_id", "relation"])
    frame = pd.concat(
        [frame[frame["relation"] == "exact"], frame[frame["relation"] == "different"][:200]]
    )
    model = matcher.train([left, right], frame)
    assert matcher.link(left, right, model=model).run["counts"]["exact_pairs"] > 0
