"""Labels are written in the form of other tools, read back the same, and never crash a reader."""

import csv
import json
from contextlib import suppress

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.cli import run_command
from matcher.errors import LabelsError, SettingsError
from matcher.labelling import read_labels
from matcher.pipeline import check_labels, convert_labels

TOOLS = ("findmatches", "magellan", "dedupe", "zingg", "matcher")
OWN = "left_id,right_id,relation\n007,8,exact\n8,9,variant\n9,7,different\n"
RECORDS = pd.DataFrame(
    {
        "id": ["007", "8", "9", "7"],
        "title": ["red lamp", "lamp, red", '=1+1 "lamp" <script>', ""],
        "label": ["a", "b", "c", "d"],
    }
)


def name_of(tool):
    return "out.json" if tool == "dedupe" else "out.csv"


def labels_of(table):
    columns = (table.left_id, table.right_id, table.relation)
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


def own(tmp_path, text=OWN):
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("inputs", [None, RECORDS])
def test_what_is_written_reads_the_same_but_for_variants(tmp_path, tool, inputs):
    report = convert_labels(own(tmp_path), tool, tmp_path / name_of(tool), inputs)
    last = "variant" if tool == "matcher" else "different"
    wanted = [("007", "8", "exact"), ("8", "9", last), ("9", "7", "different")]
    assert sorted(labels_of(read_labels(tmp_path / name_of(tool)))) == sorted(wanted)
    assert report.n_written == 3
    told = [notice.count for notice in report.notices if notice.kind == "labels_without_variant"]
    assert told == ([] if tool == "matcher" else [1])


def test_records_are_written_with_their_columns_and_what_is_hidden_is_told(tmp_path):
    report = convert_labels(own(tmp_path), "findmatches", tmp_path / "out.csv", RECORDS)
    with (tmp_path / "out.csv").open(newline="") as file:
        head, first, *_ = csv.reader(file)
    assert head == ["labeling_set_id", "label", "id", "title"]
    assert first == ["set-1", "A", "007", "red lamp"]
    assert "1 columns of the catalogue are left out" in report.notices[0].message


def test_zingg_and_magellan_have_the_columns_that_they_are_read_by(tmp_path):
    convert_labels(own(tmp_path), "zingg", tmp_path / "zingg.csv", RECORDS)
    convert_labels(own(tmp_path), "magellan", tmp_path / "magellan.csv", RECORDS)
    zingg = (tmp_path / "zingg.csv").read_text().splitlines()
    assert zingg[0] == '"z_cluster","z_isMatch","id","title","label"'
    assert [line.split(",")[1] for line in zingg[1:]] == ["1", "1", "0", "0", "0", "0"]
    magellan = (tmp_path / "magellan.csv").read_text().splitlines()
    assert magellan[:2] == ['"_id","ltable_id","rtable_id","label"', '0,"007","8",1']


def test_dedupe_gets_none_for_what_is_missing(tmp_path):
    convert_labels(own(tmp_path), "dedupe", tmp_path / "out.json", RECORDS)
    training = json.loads((tmp_path / "out.json").read_text())
    assert training["distinct"][-1]["__value__"][1] == {"id": "7", "title": None, "label": "d"}


def test_dedupe_itself_reads_what_is_written(tmp_path):
    serializer = pytest.importorskip("dedupe.serializer")
    convert_labels(own(tmp_path), "dedupe", tmp_path / "out.json", RECORDS)
    with (tmp_path / "out.json").open() as file:
        training = serializer.read_training(file)
    assert [type(pair) for pair in training["match"]] == [tuple]
    assert training["match"][0][0]["id"] == "007"


def test_labels_of_unknown_records_are_left_out_and_told(tmp_path):
    path = own(tmp_path, OWN + "8,nobody,exact\n")
    report = convert_labels(path, "matcher", tmp_path / "out.csv", RECORDS)
    assert report.n_written == 3
    assert "1 labels name no two records of the catalogue, first '8 - nobody'" in (
        report.notices[0].message
    )
    with pytest.raises(LabelsError, match="none of its 3 labels names two records"):
        convert_labels(
            own(tmp_path), "matcher", tmp_path / "out.csv", RECORDS.assign(id=["x", "y", "z", "w"])
        )


def test_ids_keep_their_sources(tmp_path):
    text = "left_source,left_id,right_source,right_id,relation\na,1,b,1,exact\na,1,,2,different\n"
    convert_labels(own(tmp_path, text), "magellan", tmp_path / "out.csv")
    assert labels_of(read_labels(tmp_path / "out.csv")) == [
        ("a/1", "b/1", "exact"),
        ("a/1", "2", "different"),
    ]


@pytest.fixture
def tables(tmp_path):
    """Return two tables whose ids repeat, and labels that name the tables, one turned around."""
    north = pd.DataFrame({"id": ["1", "2"], "title": ["red lamp", 'kettle 7"'], "ean": ["x", ""]})
    south = pd.DataFrame({"id": ["1", "2"], "title": ["a kettle", "lamp, red"]})
    north.to_csv(tmp_path / "north.csv", index=False)
    south.to_csv(tmp_path / "south.csv", index=False)
    text = (
        "left_source,left_id,right_source,right_id,relation\n"
        "north.csv,1,south.csv,2,exact\nsouth.csv,1,north.csv,1,different\n"
    )
    return own(tmp_path, text), [tmp_path / "north.csv", tmp_path / "south.csv"]


def test_magellan_gets_the_keys_of_its_two_tables_each_on_its_side(tables, tmp_path):
    labels, both = tables
    convert_labels(labels, "magellan", tmp_path / "out.csv", both)
    assert labels_of(read_labels(tmp_path / "out.csv")) == [
        ("1", "2", "exact"),
        ("1", "1", "different"),
    ]
    convert_labels(labels, "magellan", tmp_path / "out.csv", both[::-1])
    assert labels_of(read_labels(tmp_path / "out.csv"))[0] == ("2", "1", "exact")


def test_magellan_gets_keys_without_the_catalogue_where_the_labels_name_two_tables(tmp_path):
    head = "left_source,left_id,right_source,right_id,relation\n"
    convert_labels(
        own(tmp_path, f"{head}a,1,b,1,exact\na,2,b,1,0\n"), "magellan", tmp_path / "o.csv"
    )
    assert labels_of(read_labels(tmp_path / "o.csv"))[0] == ("1", "1", "exact")
    convert_labels(
        own(tmp_path, f"{head}a,1,b,1,exact\na,2,a,1,0\n"), "magellan", tmp_path / "o.csv"
    )
    assert labels_of(read_labels(tmp_path / "o.csv"))[0] == ("a/1", "b/1", "exact")


def test_dedupe_gets_the_record_of_the_first_table_first(tables, tmp_path):
    labels, both = tables
    convert_labels(labels, "dedupe", tmp_path / "out.json", both)
    training = json.loads((tmp_path / "out.json").read_text())
    [[left, right]] = [pair["__value__"] for pair in training["distinct"]]
    assert (left["title"], right["title"]) == ("red lamp", "a kettle")


@pytest.mark.parametrize(
    ("tool", "head"),
    [("findmatches", ["labeling_set_id", "label"]), ("zingg", ["z_cluster", "z_isMatch"])],
)
def test_records_of_two_tables_have_the_columns_of_both_behind_those_of_the_tool(
    tables, tmp_path, tool, head
):
    labels, both = tables
    convert_labels(labels, tool, tmp_path / "out.csv", both)
    content = (tmp_path / "out.csv").read_bytes()
    assert content.decode("utf-8").startswith(f'"{head[0]}"')  # no mark of the byte order
    rows = list(csv.reader(content.decode().splitlines()))
    assert rows[0] == [*head, "id", "title", "ean"]
    assert [row[2:] for row in rows[1:3]] == [["1", "red lamp", "x"], ["2", "lamp, red", ""]]
    assert [row[1] for row in rows[1:]] == (list("AAAB") if tool == "findmatches" else list("1100"))


def test_records_without_ids_are_written_with_those_that_were_made(tmp_path):
    offers = RECORDS.drop(columns="id")
    ids = [f"{line}" for line in _made_ids(offers)]
    path = own(tmp_path, f"left_id,right_id,relation\n{ids[0]},{ids[1]},exact\n")
    convert_labels(path, "zingg", tmp_path / "out.csv", offers)
    assert labels_of(read_labels(tmp_path / "out.csv")) == [(ids[0], ids[1], "exact")]


def _made_ids(offers):
    from matcher.pipeline.jobs import read_inputs
    from matcher.records import infer_schema, parse_records
    from matcher.settings import Settings

    table = read_labels(pa.table({"left_id": ["a"], "right_id": ["b"], "relation": ["1"]}))
    catalogue = read_inputs(offers, Settings(), table)
    return parse_records(catalogue, infer_schema(catalogue, Settings()), Settings()).ids.tolist()


def test_contradictions_are_told_with_their_rows_and_nothing_is_written(tmp_path):
    text = OWN + "7,9,exact\n007,9,exact\n"
    report = convert_labels(own(tmp_path, text), "zingg", tmp_path / "out.csv")
    assert report.contradictions == (
        "row 4: '7' exact '9', but row 3: '9' different '7'",
        "row 2: '8' variant '9', but row 1: '007' exact '8'; row 5: '007' exact '9'",
    )
    assert report.n_written == 0
    assert not (tmp_path / "out.csv").exists()
    assert check_labels(own(tmp_path, text)).contradictions == report.contradictions


def test_an_unknown_form_and_a_wrong_ending_are_mistakes(tmp_path):
    with pytest.raises(SettingsError, match=r"unknown form, got 'zing'.* Did you mean 'zingg'\?"):
        convert_labels(own(tmp_path), "zing", tmp_path / "out.csv")
    with pytest.raises(SettingsError, match=r"labels of dedupe are a \.json file, got '\.csv'"):
        convert_labels(own(tmp_path), "dedupe", tmp_path / "out.csv")
    with pytest.raises(SettingsError):
        convert_labels(own(tmp_path), "zingg", tmp_path / "nowhere" / "out.csv")


def run(capsys, *arguments):
    status = run_command(["labels", *(str(one) for one in arguments)])
    return status, *capsys.readouterr()


def test_the_command_converts_checks_and_fails_on_contradictions(tmp_path, capsys):
    RECORDS.to_csv(tmp_path / "shop.csv", index=False)
    place = tmp_path / "out.csv"
    status, out, error = run(
        capsys, own(tmp_path), tmp_path / "shop.csv", "--to", "zingg", "--out", place
    )
    assert status == 0
    assert "1 exact, 1 variant, 1 different" in out
    assert "1 variants are written as no match" in error
    assert run(capsys, place)[0] == 0
    status, out, _ = run(
        capsys, own(tmp_path, OWN + "9,7,exact\n"), "--to", "zingg", "--out", place
    )
    assert status == 1
    assert "row 4: '9' exact '7', but row 3" in out
    assert "Nothing was written" in out
    assert run(capsys, place, "--to", "zingg")[0] == 2


ANY_ID = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8
).filter(
    lambda text: text.strip() == text and pa.compute.utf8_trim_whitespace(text).as_py() == text
)
QUIET = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUIET
@given(
    st.lists(
        st.tuples(ANY_ID, ANY_ID, st.sampled_from(["exact", "different"])), min_size=1, max_size=5
    )
)
@pytest.mark.parametrize("tool", TOOLS)
def test_any_id_comes_back_from_any_form(tmp_path, tool, labels):
    columns = zip(*labels, strict=True)
    names = ("left_id", "right_id", "relation")
    frame = pa.table(dict(zip(names, (list(each) for each in columns), strict=True)))
    if check_labels(frame).contradictions:
        return
    convert_labels(frame, tool, tmp_path / name_of(tool))
    assert sorted(labels_of(read_labels(tmp_path / name_of(tool)))) == sorted(labels)


HEADS = (
    "left_id,right_id,relation,stratum,stratum_pairs",
    "ltable_id,rtable_id,label",
    "labeling_set_id,label,id",
    "z_cluster,z_isMatch,id",
)


@QUIET
@given(st.sampled_from(HEADS), st.lists(st.text(st.characters(codec="utf-8"), max_size=20)))
def test_any_text_below_a_known_head_is_read_or_is_a_mistake(tmp_path, head, lines):
    path = tmp_path / "labels.csv"
    path.write_bytes("\n".join([head, *lines]).encode())
    with suppress(LabelsError):
        check_labels(path)


@QUIET
@given(st.binary(max_size=200), st.sampled_from(["csv", "json", "parquet"]))
def test_any_bytes_are_a_mistake_and_no_bug(tmp_path, content, ending):
    path = tmp_path / f"labels.{ending}"
    path.write_bytes(content)
    with pytest.raises(LabelsError):
        check_labels(path)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["match", "distinct", "id", "__value__"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@QUIET
@given(st.fixed_dictionaries({"match": ANY_JSON, "distinct": ANY_JSON}))
def test_any_training_file_is_read_or_is_a_mistake(tmp_path, content):
    path = tmp_path / "training.json"
    path.write_text(json.dumps(content))
    with suppress(LabelsError):
        check_labels(path)
