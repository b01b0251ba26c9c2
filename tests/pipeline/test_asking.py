"""The teacher asks each pair once, nothing that follows, and learns what it is told."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.classify import options_agree
from matcher.labelling import Reply
from matcher.pipeline.asking import Teacher
from matcher.pipeline.scoring import score_pairs
from matcher.types import EXACT


@pytest.fixture(scope="module")
def prepared(demo):
    return Teacher.prepare(demo)


@pytest.fixture
def teacher(prepared):
    """Return a teacher that was asked nothing yet, without reading the catalogue again."""
    none = np.zeros(0, np.int64)
    return Teacher(prepared.catalogue, prepared.prepared, prepared.model, prepared._given, none)


@pytest.fixture(scope="module")
def reply_to(truth):
    known = truth.reset_index(drop=True)

    def reply(question) -> Reply:
        one, other = known.loc[question.left], known.loc[question.right]
        relation = "variant" if one.family == other.family else "different"
        relation = "exact" if one.match == other.match else relation
        return Reply(question.left, question.right, relation, question.stratum)

    return reply


def answer(teacher, reply_to, n: int) -> list[Reply]:
    said: list[Reply] = []
    while len(said) < n:
        said += [reply_to(question) for question in teacher.questions(1)]
        teacher.tell(said)
    return said


def ends(pairs) -> list[tuple[int, int]]:
    return [(pair.left, pair.right) for pair in pairs]


def test_no_pair_is_asked_twice(teacher):
    asked = ends([*teacher.questions(300), *teacher.questions(300)])
    assert len(set(asked)) == 600
    assert all(left < right for left, right in asked)


def test_a_quarter_is_random_and_names_its_stratum(teacher):
    questions = teacher.questions(100)
    drawn = [question for question in questions if question.reason == "random"]
    assert len(drawn) == 25
    assert {each.stratum: each.stratum_pairs for each in drawn}.items() <= teacher.strata.items()
    assert all(not each.stratum for each in questions if each.reason != "random")
    assert sum(teacher.strata.values()) == len(teacher.prepared.candidates.pairs)


def test_nothing_is_asked_that_follows_from_what_was_told(teacher, truth):
    matches = truth.reset_index(drop=True).groupby("match").indices.values()
    rows = next(group for group in matches if len(group) > 3).tolist()
    said = [Reply(rows[0], row, "exact") for row in rows[1:]]
    teacher.tell(said)
    inside = {(a, b) for a in rows for b in rows}
    assert not inside & set(ends(teacher.questions(2000)))


def test_what_was_told_is_not_asked_and_what_was_taken_back_is(teacher, prepared):
    unsure, exact = (Reply(each.right, each.left, "unsure") for each in prepared.questions(2))
    teacher.tell([unsure, exact])
    asked = ends(teacher.questions(2000))
    assert not {(each.right, each.left) for each in (unsure, exact)} & set(asked)
    teacher.tell([unsure])
    assert ends(teacher.questions(2000)) == [(exact.right, exact.left)]


def test_learning_moves_the_model_towards_the_answers(teacher, reply_to):
    said = answer(teacher, reply_to, 60)
    is_exact = np.array([reply.relation == "exact" for reply in said])

    def error() -> float:
        found = [teacher.probabilities(reply.left, reply.right)[EXACT] for reply in said]
        return float(np.abs(found - is_exact).mean())

    before = error()
    assert teacher.learn()
    assert teacher.n_learned == 60
    assert error() < 0.8 * before


def test_nothing_is_learned_while_all_answers_are_of_one_kind(teacher):
    assert not teacher.learn()
    question = teacher.questions(1)[0]
    teacher.tell([Reply(question.left, question.right, "different")])
    assert not teacher.learn()
    assert teacher.n_learned == 0


def test_the_teacher_ranks_by_what_its_model_says_at_the_second_look(demo, truth, reply_to):
    teacher = Teacher.prepare(demo, ignore=["color"])
    answer(teacher, reply_to, 40)
    teacher.learn()
    candidates = teacher.prepared.candidates.pairs
    model = teacher.model.classifier
    without_third = replace(model, second=replace(model.second, second=None))
    scores = score_pairs(teacher.prepared, candidates, without_third).scores
    rows = teacher.prepared.records.rows
    seen = range(0, len(candidates), 2)
    exact = [
        teacher.probabilities(int(rows[candidates.left[at]]), int(rows[candidates.right[at]]))[
            EXACT
        ]
        for at in seen
    ]
    both = np.array([exact, scores.probabilities[seen, EXACT]])
    is_open = ((both > 1e-3) & (both < 0.98)).all(axis=0)
    is_open &= ~options_agree(teacher.prepared.records, candidates)[::2]
    odds = np.log(both[:, is_open] / (1 - both[:, is_open]))
    # All but how the catalogue shifts the odds; where options agree families have a say.
    assert is_open.sum() > 20
    assert np.ptp(np.quantile(odds[0] - odds[1], [0.1, 0.9])) < 0.5


def test_the_same_catalogue_asks_the_same_questions(demo, teacher):
    assert Teacher.prepare(demo).questions(40) == teacher.questions(40)


def test_random_questions_that_are_answered_already_are_told_with_their_stratum(teacher, reply_to):
    said = [reply_to(question) for question in teacher.questions(400)]
    teacher.tell([Reply(each.left, each.right, each.relation) for each in said])
    teacher.questions(400)
    settled = teacher.settled()
    assert settled
    assert all(question.stratum in teacher.strata for question, _ in settled)
    assert all(reply_to(question).relation == relation for question, relation in settled)
    assert teacher.settled() == []


def test_pairs_that_measure_quality_are_never_asked(demo, teacher):
    ids = demo["id"].tolist()
    kept = ends(teacher.questions(10))
    names = pd.DataFrame([(ids[a], ids[b]) for a, b in kept], columns=["left_id", "right_id"])
    other = Teacher.prepare(demo, without=names)
    assert not set(kept) & set(ends(other.questions(2000)))


def test_labels_of_a_file_are_learned_and_not_asked(demo, labels):
    teacher = Teacher.prepare(demo, labels=labels)
    assert teacher.learn()
    rows = {name: row for row, name in enumerate(demo["id"])}
    known = {
        tuple(sorted((rows[a], rows[b])))
        for a, b in zip(labels["left_id"], labels["right_id"], strict=True)
    }
    assert not known & set(ends(teacher.questions(2000)))


def test_a_row_that_is_none_is_told(teacher):
    with pytest.raises(matcher.LabelsError, match=r"1 are of rows that are none .* \[3, 999\]"):
        teacher.tell([Reply(3, 999, "exact")])


def test_a_model_of_its_own_catalogue_is_refused(demo, labels):
    model = matcher.train(demo, labels, valid=labels)
    with pytest.raises(matcher.SettingsError, match="questions start from a general model"):
        Teacher.prepare(demo, model=model)


def test_hostile_titles_and_catalogues_without_pairs_do_no_harm():
    titles = ["<script>alert(1)</script>", "\x00\x1b[31m", "x" * 100_000, None, "héllo 名前 😀"]
    frame = pd.DataFrame({"id": range(5), "title": titles})
    teacher = Teacher.prepare(frame)
    teacher.questions(50)
    assert not teacher.learn()
    assert Teacher.prepare(frame[:1]).questions(5) == []


def test_ask_gives_a_table_that_is_a_label_file_once_answered(demo, truth, reply_to):
    asked = matcher.ask(demo, n=60)
    assert asked["relation"].eq("").all()
    assert asked["reason"].isin({"boundary-exact", "boundary-variant", "random"}).all()
    by_id = truth.set_index("id")
    one, other = by_id.loc[asked["left_id"]], by_id.loc[asked["right_id"]]
    same, kin = (one[of].to_numpy() == other[of].to_numpy() for of in ("match", "family"))
    answered = asked.assign(relation=np.where(same, "exact", np.where(kin, "variant", "different")))
    again = matcher.ask(demo, answered, n=60)
    assert not set(zip(asked["left_id"], asked["right_id"], strict=True)) & set(
        zip(again["left_id"], again["right_id"], strict=True)
    )
    assert matcher.train(demo, answered).card["labels"]["train"] == 60


def test_asking_for_no_pair_is_a_mistake(demo):
    with pytest.raises(matcher.SettingsError, match="n: at least one pair"):
        matcher.ask(demo, n=0)
