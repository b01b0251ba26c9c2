"""Every answer is on disk before the next question, and a file in our form is continued."""

import csv
import os
import signal
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import LabelsError
from matcher.labelling import read_labels
from matcher.labelling.answers import COLUMNS, Answer
from matcher.labelling.journal import AnswerJournal

HEADER = ",".join(COLUMNS)


def write(path, *answers):
    with AnswerJournal(path) as journal:
        for answer in answers:
            journal.append(answer)


def test_answers_are_read_as_labels_and_unsure_ones_are_not(tmp_path):
    path = tmp_path / "labels.csv"
    write(
        path, Answer("007", "8", "exact"), Answer("8", "9", "unsure"), Answer("8", "7", "variant")
    )
    table = read_labels(path)
    assert table.left_id.to_pylist() == ["007", "8"]
    assert table.relation.to_pylist() == ["exact", "variant"]
    assert [notice.count for notice in table.notices] == [1]


def test_an_answer_keeps_all_that_is_known_of_it(tmp_path):
    path = tmp_path / "labels.csv"
    answer = Answer(
        "1", "2", "variant", "a", "b", ("color", "size"), "low", 900, "2026-01-02T03:04"
    )
    write(path, answer)
    with AnswerJournal(path) as journal:
        assert journal.answers == [answer]


def test_a_file_of_three_columns_is_continued_and_keeps_its_rows_and_columns(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("\ufeffNote,left_id,right_id,relation\nmine,007,8,1\n,8,9,\n", "utf-8")
    path.chmod(0o640)
    write(path, Answer("8", "7", "different"))
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert [(row["Note"], row["left_id"], row["relation"]) for row in rows] == [
        ("mine", "007", "1"),
        ("", "8", ""),
        ("", "8", "different"),
    ]
    assert set(COLUMNS) < set(rows[0])
    assert path.stat().st_mode & 0o777 == 0o640
    assert read_labels(path).relation.to_pylist() == ["exact", "different"]


def test_fields_may_be_separated_by_semicolons(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("left_id;right_id;relation\n1;2;exact\n")
    write(path, Answer("3", "4", "different"))
    assert read_labels(path).left_id.to_pylist() == ["1", "3"]


@pytest.mark.parametrize(
    "torn", ["r5,r6,exact,,,,,,2026-01-0", "r5,r6,ex", 'r5,"r6', "r", "r5,r6,exact,sh\xf6"[:-1]]
)
def test_a_torn_last_answer_is_removed_and_told(tmp_path, torn):
    path = tmp_path / "labels.csv"
    write(path, Answer("r1", "r2", "exact"))
    whole = path.read_bytes()
    path.write_bytes(whole + torn.encode())
    with AnswerJournal(path) as journal:
        assert [notice.kind for notice in journal.notices] == ["torn_label"]
        assert len(journal.answers) == 1
        journal.append(Answer("r3", "r4", "exact"))
    assert path.read_bytes().startswith(whole)
    assert read_labels(path).left_id.to_pylist() == ["r1", "r3"]


def test_half_a_letter_at_the_end_is_removed(tmp_path):
    path = tmp_path / "labels.csv"
    write(path, Answer("r1", "r2", "exact"))
    whole = path.read_bytes()
    path.write_bytes(whole + "r5,r6,exact,ö".encode()[:-1])
    with AnswerJournal(path):
        pass
    assert path.read_bytes() == whole


def test_a_whole_last_row_without_an_end_of_line_is_kept(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("left_id,right_id,relation\nr1,r2,exact")
    write(path, Answer("r3", "r4", "exact"))
    assert read_labels(path).left_id.to_pylist() == ["r1", "r3"]


def test_undo_removes_the_answers_of_one_time(tmp_path):
    path = tmp_path / "labels.csv"
    with AnswerJournal(path) as journal:
        journal.append(Answer("r1", "r2", "exact"))
        before = path.read_bytes()
        journal.append(Answer("r3", "r4", "exact", answered_at="2026-01-01T00:00:00.001"))
        journal.append(Answer("r5", "r6", "exact", answered_at="2026-01-01T00:00:00.001"))
        assert [answer.left_id for answer in journal.undo()] == ["r3", "r5"]
        assert path.read_bytes() == before
    with AnswerJournal(path) as journal:  # an answer of an earlier session, too
        assert len(journal.undo()) == 1
        assert journal.undo() == []


def test_undo_leaves_rows_that_somebody_else_wrote(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("left_id,right_id,relation\nr1,r2,exact\n")
    with AnswerJournal(path) as journal:
        assert not journal.can_undo
        assert journal.undo() == []
    assert len(read_labels(path)) == 1


def test_a_second_process_is_refused_until_the_first_ends(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("left_id,right_id,relation\n")  # is written anew with our columns
    with AnswerJournal(path), pytest.raises(LabelsError, match=r"labels\.csv: is open in another"):
        AnswerJournal(path)
    AnswerJournal(path).close()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("l.csv", "labeling_set_id,label,id\ns,A,1\n", "got columns 'labeling_set_id'"),
        (
            "l.csv",
            "ltable_id,rtable_id,label\n1,2,1\n",
            "by 'matcher labels --to matcher' into left_id,right_id,relation",
        ),
        ("l.csv", "left_id,right_id,relation\n1,2,perhaps\n", "got 'perhaps' for '1' and '2'"),
        ("l.json", "{}", "got a name that ends in .json"),
        ("l.parquet", "PAR1", "got a name that ends in .parquet"),
    ],
)
def test_files_of_another_kind_are_refused_and_stay_as_they_are(tmp_path, name, text, told):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(LabelsError) as error:
        AnswerJournal(path)
    assert told in str(error.value)
    assert path.read_text() == text


def test_a_file_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "l.csv"
    path.write_bytes("left_id,right_id,relation\nö,2,exact\n".encode("latin-1"))
    with pytest.raises(LabelsError, match=r"invalid .* byte 26\. Give a CSV file in UTF-8"):
        AnswerJournal(path)


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(LabelsError, match="cannot be opened for answers, got No such file"):
        AnswerJournal(tmp_path / "none" / "labels.csv")


KILLED = """
import sys
from matcher.labelling.answers import Answer
from matcher.labelling.journal import AnswerJournal
journal = AnswerJournal(sys.argv[1])
n = 0
while True:
    journal.append(Answer(f"r{n}", "x", "exact"))
    n += 1
    print(n, flush=True)
"""


def test_kill_minus_nine_loses_no_confirmed_answer(tmp_path):
    path = tmp_path / "labels.csv"
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, path], stdout=subprocess.PIPE, text=True
    )
    while int(child.stdout.readline()) < 30:
        pass
    time.sleep(0.05)
    os.kill(child.pid, signal.SIGKILL)
    confirmed = 30 + len(child.stdout.read().splitlines())
    child.wait()
    child.stdout.close()
    with AnswerJournal(path) as journal:
        assert len(journal.answers) >= confirmed
        journal.append(Answer("after", "x", "exact"))
    assert read_labels(path).left_id.to_pylist()[-1] == "after"


TEXT = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1
).filter(lambda text: text == text.strip())


@given(st.lists(st.tuples(TEXT, TEXT, st.sampled_from(["exact", "unsure"])), max_size=5), st.data())
def test_whatever_ids_say_a_file_cut_anywhere_opens_with_its_whole_answers(
    tmp_path_factory, rows, data
):
    path = tmp_path_factory.mktemp("cut") / "labels.csv"
    write(path, *(Answer(*row) for row in rows))
    content = path.read_bytes()
    n_kept = data.draw(st.integers(len(HEADER) + 1, len(content)))
    path.write_bytes(content[:n_kept])
    with AnswerJournal(path) as journal:
        found = [(answer.left_id, answer.right_id, answer.relation) for answer in journal.answers]
    assert found == rows[: len(found)]
    assert len(found) >= content[:n_kept].count(b"+00:00\n")


def test_answers_of_one_moment_are_undone_one_by_one(tmp_path):
    with AnswerJournal(tmp_path / "labels.csv") as journal:
        for other in "bcdefgh":
            journal.append(Answer("a", other, "exact"))
        assert [answer.right_id for answer in journal.undo()] == ["h"]
        assert len(journal.answers) == 6
