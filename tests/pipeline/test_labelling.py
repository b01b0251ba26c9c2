"""A session over a real catalogue: what it shows, finds again, and learns."""

import re
from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest

from matcher import pipeline
from matcher.errors import LabelsError
from matcher.labelling import Reply, read_labels, resolve_labels
from matcher.labelling.answers import Answer
from matcher.labelling.journal import AnswerJournal
from matcher.pipeline.asking import Teacher
from matcher.pipeline.labelling import estimate_so_far
from matcher.pipeline.showing import Showcase
from matcher.settings import Settings

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    (folder / "lamp.png").write_bytes(PNG)
    (folder.parent / "secret.png").write_bytes(PNG)
    rows = [
        (
            "1",
            "north",
            "Lumo desk lamp LX40 red",
            "Lumo",
            "red",
            "lamp.png",
            "<p>Metal &amp; oak</p>",
        ),
        ("1", "south", "LUMO Desk Lamp LX40 (blue)", "Lumo", "blue", "../secret.png", "N/A"),
        ("2", "north", "Bosch drill GSR 12V", "Bosch", "N/A", "http://p.example/a.png", "Drills"),
        ("2", "", "Bosch GSR 12V drill", "Bosch", "", "none.png", ""),
        *[(str(n), "south", f"Kettle K{n} 1,5 l", "Acme", "white", "", "") for n in range(10, 30)],
        *[(str(n), "west", f"Acme kettle K{n} white", "Acme", "", "", "") for n in range(10, 30)],
    ]
    names = ["id", "seller", "title", "brand", "color", "image", "description"]
    pd.DataFrame(rows, columns=names).to_csv(folder / "shop.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def teacher(folder):
    settings = Settings(id="id", source="seller")
    return Teacher.prepare([folder / "shop.csv"], settings=settings)


@pytest.fixture(scope="module")
def showcase(teacher):
    return Showcase(
        teacher.catalogue,
        teacher.prepared,
        probabilities=teacher.probabilities,
    )


def said(pieces):
    return "".join(text for text, _ in pieces)


def test_a_pair_is_shown_side_by_side_with_what_differs(showcase):
    view = showcase.view(0, 1)
    assert (view.left.id, view.left.source, view.right.source) == ("1", "north", "south")
    assert [text for text, marked in view.left.title if marked] == ["red"]
    states = {field.name: field.state for field in view.fields}
    assert states == {"color": "differs", "brand": "same", "description": "missing"}
    assert said(view.fields[-1].left) == "Metal & oak"
    assert said(view.fields[-1].right) == ""  # N/A is no value


def test_a_variant_is_guessed_to_differ_in_what_conflicts(showcase):
    view = showcase.view(0, 1)
    assert "color" in view.choices
    assert view.guessed == ("color",)
    assert showcase.view(2, 3).guessed == ()


def test_pictures_beside_the_catalogue_have_a_path_and_those_of_the_net_an_address(
    showcase, folder
):
    view = showcase.view(0, 1)
    assert [(one.address, one.is_remote) for one in view.left.pictures] == [("/picture/0/0", False)]
    assert view.right.pictures == ()  # leads out of the folder
    assert showcase.picture(0, 0) == folder / "lamp.png"
    assert [
        showcase.picture(*one) for one in [(1, 0), (2, 0), (0, 1), (0, -1), (-1, 0), (999, 0)]
    ] == [None] * 6
    [picture] = showcase.view(2, 3).left.pictures
    assert (picture.address, picture.is_remote) == ("http://p.example/a.png", True)


def test_the_model_gives_probabilities_and_reasons(showcase):
    judged = showcase.judge(0, 1)
    assert sum(judged.probabilities) == pytest.approx(1, abs=1e-5)
    assert ("same", "same brand: Lumo") in judged.reasons
    assert any(favours == "variant" and "color" in text for favours, text in judged.reasons)


def test_every_row_is_found_again_by_its_name(showcase, teacher):
    n_rows = teacher.catalogue.table.num_rows
    answers = []
    for row in range(1, n_rows):
        (left, left_source), (right, right_source) = showcase.name(row), showcase.name(0)
        answers.append(Answer(left, right, "exact", left_source, right_source))
    assert showcase.find(answers) == [(0, row) for row in range(1, n_rows)]
    assert showcase.find([Answer("1", "nobody", "exact", "north", "north")]) == [None]
    assert showcase.find([]) == []


def test_answers_are_labels_of_the_same_pairs_even_of_records_without_a_source(
    folder, teacher, tmp_path
):
    path = tmp_path / "labels.csv"
    with AnswerJournal(path) as journal:
        session, _ = pipeline.open_session(
            [folder / "shop.csv"], journal, settings=Settings(id="id", source="seller")
        )
        asked = []
        for _ in range(12):
            pair, _ = session.current()
            asked.append(pair)
            session.answer(pair, "exact" if pair == (2, 3) else "different")
        session.close()
    labels, notices = resolve_labels(read_labels(path), teacher.prepared.records)
    rows = teacher.prepared.records.rows
    found = {
        tuple(sorted((int(rows[left]), int(rows[right]))))
        for left, right in zip(labels.pairs.left, labels.pairs.right, strict=True)
    }
    assert found >= set(asked)
    assert len(set(asked)) == 12
    assert not any(notice.kind == "labels_with_unknown_ids" for notice in notices)
    with AnswerJournal(path) as journal:  # and none is asked again
        session, _ = pipeline.open_session(
            [folder / "shop.csv"], journal, settings=Settings(id="id", source="seller")
        )
        assert session.progress()["answers"] >= 12
        assert session.current()[0] not in asked
        session.close()


def opened_with(folder, path, *rows):
    path.write_text("\n".join(["left_id,left_source,right_id,right_source,relation", *rows, ""]))
    with AnswerJournal(path) as journal:
        session, notices = pipeline.open_session(
            [folder / "shop.csv"], journal, settings=Settings(id="id", source="seller")
        )
        session.close()
    return notices


def test_answers_that_contradict_each_other_are_told_before_anything_is_asked(folder, tmp_path):
    rows = ["1,north,1,south,exact", "1,south,2,north,exact", "2,north,1,north,different"]
    with pytest.raises(LabelsError, match="labels contradict a chain of others"):
        opened_with(folder, tmp_path / "labels.csv", *rows)


def test_a_file_of_another_catalogue_is_told(folder, tmp_path):
    with pytest.raises(LabelsError, match="none of its 1 labels names two known records"):
        opened_with(folder, tmp_path / "labels.csv", "x,,y,,exact")
    rows = ["1,north,1,south,exact", "1,north,y,,exact"]
    [notice] = opened_with(folder, tmp_path / "labels.csv", *rows)
    assert notice.message.startswith("labels.csv: 1 labels name unknown ids, first 'y'")


def test_quality_is_estimated_once_every_stratum_has_an_answer(teacher):
    title = teacher.catalogue.table["title"].to_pylist()
    replies = []
    for _ in range(400):
        found = teacher.questions(1)
        if not found:
            break
        [question] = found
        models = [
            set(re.findall(r"[A-Z]+\d+\w?", title[row])) for row in (question.left, question.right)
        ]
        relation = "exact" if models[0] & models[1] else "different"
        if question.stratum:
            replies.append(Reply(question.left, question.right, relation, question.stratum))
            seen = Counter(reply.stratum for reply in replies)
            told = estimate_so_far(teacher, replies)
            is_enough = all(seen[name] >= min(2, n) for name, n in teacher.strata.items())
            assert bool(told["measures"]) == is_enough
    assert is_enough
    for measure in told["measures"]:
        assert 0 <= measure["low"] <= measure["value"] <= measure["high"] <= 1
    names = [(measure["of"], measure["name"]) for measure in told["measures"]]
    assert names[:2] == [("duplicates", "precision"), ("duplicates", "recall")]
    assert told["note"].startswith(f"By {len(replies)} answers to random questions")
    unsure = [replace(reply, relation="unsure") for reply in replies]
    n_needed = sum(min(2, n) for n in teacher.strata.values())
    assert estimate_so_far(teacher, unsure) == {
        "measures": [],
        "note": f"{n_needed} more random questions have to be answered for an estimate, at least.",
    }
    strange = [replace(reply, stratum=f"other {reply.stratum}") for reply in replies]
    assert estimate_so_far(teacher, strange)["measures"] == []
