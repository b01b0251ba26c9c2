"""Answers about pairs across two tables whose ids repeat: every later command finds the records."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher import pipeline
from matcher.errors import RecordsError
from matcher.labelling import read_labels
from matcher.labelling.journal import AnswerJournal
from matcher.pipeline.asking import Teacher
from matcher.pipeline.questioning import ask

N = 24


@pytest.fixture(scope="module")
def shops(tmp_path_factory):
    """Return two tables whose equal ids are other products: kettle n is n there, n + 1 here."""
    folder = tmp_path_factory.mktemp("shops")
    ids = [str(n) for n in range(N)]
    north = pd.DataFrame({"id": ids, "title": [f"Acme kettle K{n:02} white" for n in range(N)]})
    south = pd.DataFrame(
        {"id": ids, "title": [f"Kettle K{(n - 1) % N:02} by Acme" for n in range(N)]}
    )
    north.to_csv(folder / "north.csv", index=False)
    south.to_csv(folder / "south.csv", index=False)
    return folder / "north.csv", folder / "south.csv"


def is_same(left, right):
    return (int(right) - int(left)) % N == 1


@pytest.fixture(scope="module")
def answered(shops, tmp_path_factory):
    """Return a label file of 30 right answers, and the pairs that were asked."""
    path, asked = tmp_path_factory.mktemp("answers") / "labels.csv", []
    with AnswerJournal(path) as journal:
        session, _ = pipeline.open_session(shops, journal, is_link=True)
        for _ in range(30):
            pair, view = session.current()
            asked.append((pair, view))
            session.answer(pair, "exact" if is_same(view.left.id, view.right.id) else "different")
        session.close()
    return SimpleNamespace(path=path, asked=asked)


def test_only_pairs_across_the_tables_are_asked_and_both_are_named(answered):
    assert all(left < N <= right for (left, right), _ in answered.asked)
    views = [view for _, view in answered.asked]
    assert {view.left.source for view in views} == {"north.csv"}
    assert {view.right.source for view in views} == {"south.csv"}


def test_a_file_that_is_continued_asks_nothing_again(shops, answered, tmp_path):
    path = tmp_path / "labels.csv"
    path.write_bytes(answered.path.read_bytes())
    with AnswerJournal(path) as journal:
        session, notices = pipeline.open_session(shops, journal, is_link=True)
        assert session.progress()["answers"] >= 30
        assert session.current()[0] not in [pair for pair, _ in answered.asked]
        assert session.undo()
        session.close()
    assert notices == ()


def relations(result, labels, *, is_swapped=False):
    """Return what the groups make of labels: the two records of each in one group or not."""
    match = result.records.match_id.to_numpy()
    first, second = (match[N:], match[:N]) if is_swapped else (match[:N], match[N:])
    same = first[labels.left_id.astype(int)] == second[labels.right_id.astype(int)]
    return np.where(same, "exact", "different").tolist()


@pytest.fixture(scope="module")
def wrong(shops, tmp_path_factory):
    """Return labels that no model would give: what they say can only come from them."""
    path = tmp_path_factory.mktemp("wrong") / "labels.csv"
    with AnswerJournal(path) as journal:
        session, _ = pipeline.open_session(shops, journal, is_link=True)
        used = set()
        for _ in range(20):
            pair, view = session.current()
            is_free = used.isdisjoint(pair) and not is_same(view.left.id, view.right.id)
            session.answer(pair, "exact" if is_free else "different")
            used |= set(pair) if is_free else set()
        session.close()
    frame = pd.read_csv(path, dtype=str)
    return SimpleNamespace(path=path, frame=frame[frame.relation.isin(["exact", "different"])])


@pytest.mark.parametrize("job", ["link", "swapped", "dedupe"])
def test_answers_are_kept_by_every_job_whichever_table_comes_first(shops, wrong, job):
    assert {"exact", "different"} <= set(wrong.frame.relation)
    left, right = shops[::-1] if job == "swapped" else shops
    run = matcher.dedupe if job == "dedupe" else lambda both, **given: matcher.link(*both, **given)
    result = run([left, right], labels=wrong.path)
    found = relations(result, wrong.frame, is_swapped=job == "swapped")
    assert found == wrong.frame.relation.tolist()


def test_an_update_of_a_result_keeps_the_answers(shops, wrong, tmp_path):
    matcher.dedupe(list(shops), labels=wrong.path).write(tmp_path / "result")
    new = pd.DataFrame({"id": ["900"], "title": ["Bosch drill GSR 12V"]})
    result = matcher.update(tmp_path / "result", new, labels=wrong.path)
    assert relations(result, wrong.frame) == wrong.frame.relation.tolist()
    assert not [one for one in result.run["notices"] if one["kind"] == "labels_with_unknown_ids"]


def test_training_takes_them_for_pairs_across_the_tables(shops, answered, tmp_path):
    model = pipeline.train(list(shops), answered.path)
    model.save(tmp_path / "model")
    card = pipeline.load_model(tmp_path / "model").classifier.card
    assert card["labels"]["train"] == len(
        pd.read_csv(answered.path).drop_duplicates(["left_id", "right_id"])
    )
    swapped = pipeline.train(list(shops[::-1]), answered.path)
    assert swapped.classifier.card["labels"] == card["labels"]


@pytest.mark.parametrize("job", ["link", "swapped", "dedupe"])
def test_a_result_is_evaluated_by_them_whichever_table_comes_first(shops, wrong, job):
    """A result that was made with the labels agrees with them, if it finds their records."""
    left, right = shops[::-1] if job == "swapped" else shops
    if job == "dedupe":
        result = matcher.dedupe([left, right], labels=wrong.path)
    else:
        result = matcher.link(left, right, labels=wrong.path)
    found = matcher.estimate(result, wrong.path)
    assert found.n_agreeing == found.n_chosen > 0
    assert not [one for one in found.notices if one.kind == "labels_with_unknown_ids"]


def test_what_follows_from_answers_goes_along_chains_of_both_tables(shops):
    """Equal ids of two tables are two records: a chain through one is none through the other."""
    teacher = Teacher.prepare(list(shops), is_link=True)
    pairs = teacher.prepared.candidates.pairs
    rows = teacher.prepared.records.rows
    asked = {(int(rows[a]), int(rows[b])) for a, b in zip(pairs.left, pairs.right, strict=True)}
    assert all(left < N <= right for left, right in asked)
    chosen = pd.DataFrame(
        {"left_id": ["0", "1"], "right_id": ["1", "1"], "relation": ["exact", "exact"]}
    )
    table = ask(list(shops), chosen, n=10_000, is_link=True)
    still = set(zip(table.left_id, table.right_id, strict=True))
    # 0 and 1 of the left are now one product with 1 of the right; nothing is said of 0 of the right
    assert not {("0", "1"), ("1", "1")} & still
    others = {(left, right - N) for left, right in asked if left in (0, 1) and right - N != 1}
    assert {(str(left), str(right)) for left, right in others} <= still


def test_asking_for_a_table_of_questions_names_the_tables(shops):
    table = ask(list(shops), n=5, is_link=True)
    assert set(table.left_source) == {"north.csv"}
    assert set(table.right_source) == {"south.csv"}
    with pytest.raises(RecordsError, match=r"link: two tables are needed, got 1\. Give left and"):
        ask(shops[0], n=5, is_link=True)


def test_two_files_of_one_catalogue_are_told_apart_too(shops, tmp_path):
    path = tmp_path / "labels.csv"
    with AnswerJournal(path) as journal:
        session, _ = pipeline.open_session(list(shops), journal)
        for _ in range(12):
            pair, _ = session.current()
            session.answer(pair, "different")
        session.close()
    assert set(read_labels(path).left_source.to_pylist()) <= {"north.csv", "south.csv"}
    with AnswerJournal(path) as journal:  # it was an error before: their ids are ambiguous
        session, _ = pipeline.open_session(list(shops), journal)
        assert session.progress()["answers"] >= 12
        session.close()
