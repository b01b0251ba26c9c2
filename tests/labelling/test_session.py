"""Answers are written before the next question, tabs do not fight, and the model learns beside."""

import threading
import time

import pytest
from labelling_fakes import FakeAsker, FakeShower, fake_estimate

from matcher.errors import LabelsError
from matcher.labelling import Question, read_labels
from matcher.labelling.journal import AnswerJournal
from matcher.labelling.session import LEARN_AFTER, Session, TakenError


@pytest.fixture
def opened(tmp_path):
    """Yield a session, its asker and its file."""
    asker, path = FakeAsker(), tmp_path / "labels.csv"
    with AnswerJournal(path) as journal:
        session = Session(asker, FakeShower(), journal, fake_estimate)
        yield session, asker, path
        session.close()


def pair_of(session):
    return session.current()[0]


def wait_until(is_true):
    end = time.monotonic() + 10
    while not is_true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_question_stays_until_it_is_answered(opened):
    session, _, _ = opened
    assert pair_of(session) == pair_of(session) == (0, 1)
    session.answer((0, 1), "exact")
    assert pair_of(session) == (2, 3)


def test_an_answer_is_on_disk_with_its_stratum_before_the_next_question(opened):
    session, _, path = opened
    for said in ("exact", "unsure", "variant"):
        session.answer(pair_of(session), said, ["color"])
        assert path.read_text().splitlines()[-1].split(",")[2] == said
    last = path.read_text().splitlines()[-1].split(",")
    assert last[:8] == ["r4", "r5", "variant", "shop", "shop", "color", "low", "900"]
    assert ",color," not in path.read_text().splitlines()[1]  # an exact pair differs in nothing


def test_of_two_tabs_that_show_one_pair_the_second_is_refused_and_nothing_is_lost(opened):
    session, _, path = opened
    shown = pair_of(session)
    refused, barrier = [], threading.Barrier(8)

    def tab(said):
        barrier.wait()
        try:
            session.answer(shown, said)
        except TakenError as error:
            refused.append(str(error))

    tabs = [threading.Thread(target=tab, args=(said,)) for said in ["exact", "different"] * 4]
    for each in tabs:
        each.start()
    for each in tabs:
        each.join()
    assert len(refused) == 7
    assert "this pair is not asked any more" in refused[0]
    assert len(read_labels(path)) == 1


def test_undo_asks_again_in_the_order_of_taking_back(opened):
    session, asker, path = opened
    for _ in range(3):
        session.answer(pair_of(session), "exact")
    next_one = pair_of(session)
    assert session.undo()
    assert session.undo()
    assert len(asker.told) == len(read_labels(path)) == 1
    asked = []
    for _ in range(2):
        asked.append(pair_of(session))
        session.answer(asked[-1], "different")
    assert asked == [(2, 3), (4, 5)]
    assert ",low,900," in path.read_text().splitlines()[-1]
    assert pair_of(session) == next_one


def test_there_is_nothing_to_undo_at_first(opened):
    session, _, _ = opened
    assert not session.undo()
    assert not session.progress()["can_undo"]


def test_random_questions_that_an_answer_settles_are_written_and_taken_back_with_it(opened):
    session, asker, path = opened
    asker.to_settle.append((Question(90, 91, "random", "low", 900), "exact"))
    session.answer(pair_of(session), "exact")
    assert [row.split(",")[0] for row in path.read_text().splitlines()] == ["left_id", "r0", "r90"]
    assert session.undo()
    assert len(path.read_text().splitlines()) == 1
    assert pair_of(session) == (0, 1)
    assert [question.left for question, _ in asker.to_settle] == [90]


def test_a_file_is_continued(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("left_id,right_id,relation\nr2,r3,exact\nelsewhere,r1,exact\nr1,r0,unsure\n")
    asker = FakeAsker()
    with AnswerJournal(path) as journal:
        session = Session(asker, FakeShower(), journal, fake_estimate)
        assert session.progress()["answers"] == 2
        assert [reply.relation for reply in asker.told] == ["exact", "unsure"]
        assert pair_of(session) == (0, 1)  # the fake knows a pair in one order only
        session.close()


def test_the_model_learns_after_some_answers_and_quality_is_estimated_after_each(opened):
    session, asker, _ = opened
    for _ in range(LEARN_AFTER - 1):
        session.answer(pair_of(session), "exact")
    wait_until(lambda: session.progress()["estimate"]["measures"])
    assert asker.learned == []
    session.answer(pair_of(session), "different")
    wait_until(lambda: asker.learned == [LEARN_AFTER])
    wait_until(lambda: not session.progress()["learning"])


def test_asking_goes_on_when_learning_fails(opened):
    session, asker, _ = opened
    asker.error = LabelsError("labels: contradict each other.")
    for _ in range(LEARN_AFTER):
        session.answer(pair_of(session), "exact")
    wait_until(lambda: session.progress()["problem"] == "labels: contradict each other.")
    session.answer(pair_of(session), "exact")


def test_the_model_is_asked_only_after_the_person(opened):
    session, _, _ = opened
    pair = pair_of(session)
    assert session.judge(pair) is None
    session.answer(pair, "exact")
    assert session.judge(pair).probabilities == (0.25, 0.7, 0.05)
    session.undo()
    assert session.judge(pair) is None


def test_what_is_no_relation_is_refused(opened):
    session, _, path = opened
    with pytest.raises(
        LabelsError, match=r"got 'same'\. Use one of exact, variant, different, unsure"
    ):
        session.answer(pair_of(session), "same")
    assert len(path.read_text().splitlines()) == 1


def test_at_the_end_there_is_no_question(tmp_path):
    with AnswerJournal(tmp_path / "labels.csv") as journal:
        session = Session(FakeAsker(1), FakeShower(), journal, fake_estimate)
        session.answer(pair_of(session), "exact")
        assert session.current() is None
        session.close()
