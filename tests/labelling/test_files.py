import gzip
import json

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from matcher.errors import LabelsError
from matcher.labelling import read_labels, write_labels

OWN = "left_id,right_id,relation\n007,8,exact\n8,9,variant\n9,007,different\n"
FINDMATCHES = """labeling_set_id,label,product_key,title
s1,A,p1,phone
s1,A,p2,phone
s1,B,p3,case
s2,A,p4,lamp
s2,,p5,lamp
"""
MAGELLAN = "_id,ltable_id,rtable_id,label\n0,a1,b1,1\n1,a2,b2,0\n"
ZINGG = """z_zid,z_cluster,z_ismatch,id,title
0,c1,1,p1,phone
1,c1,1,p2,phone
2,c2,0,p3,case
3,c2,0,p4,lamp
4,c3,2,p5,lamp
5,c3,2,p6,lamp
"""
TRAINING = {
    "distinct": [[{"id": 1, "title": "phone"}, {"id": 2, "title": "case"}]],
    "match": [{"__class__": "tuple", "__value__": [{"id": 1}, {"id": 3}]}],
}


def labels_of(table):
    columns = (table.left_id, table.right_id, table.relation)
    return sorted(zip(*(column.to_pylist() for column in columns), strict=True))


def read_text(tmp_path, text, name="labels.csv", **options):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_labels(path, **options)


def test_our_own_form_keeps_ids_as_they_are_written(tmp_path):
    table = read_text(tmp_path, OWN)
    assert labels_of(table) == [
        ("007", "8", "exact"),
        ("8", "9", "variant"),
        ("9", "007", "different"),
    ]
    assert table.rows.tolist() == [1, 2, 3]
    assert table.name == "labels.csv"
    assert table.left_source is None


@pytest.mark.parametrize("word", ["1", "1.0", "TRUE", " yes", "Match", "duplicate"])
def test_words_for_exact(tmp_path, word):
    assert read_text(tmp_path, f"left_id,right_id,label\na,b,{word}\n").relation[0].as_py() == (
        "exact"
    )


@pytest.mark.parametrize("word", ["0", "false", "no", "non-match", "distinct", "No Match"])
def test_words_for_different(tmp_path, word):
    assert read_text(tmp_path, f"left_id,right_id,label\na,b,{word}\n").relation[0].as_py() == (
        "different"
    )


def test_findmatches_sets_relate_only_records_of_one_set(tmp_path):
    table = read_text(tmp_path, FINDMATCHES)
    assert labels_of(table) == [
        ("p1", "p2", "exact"),
        ("p1", "p3", "different"),
        ("p2", "p3", "different"),
    ]
    assert [(notice.kind, notice.count) for notice in table.notices] == [
        ("labels_without_relation", 1)
    ]


def test_the_id_column_may_be_named(tmp_path):
    table = read_text(tmp_path, FINDMATCHES, id_column="title")
    assert ("phone", "case", "different") in labels_of(table)
    with pytest.raises(LabelsError, match="the id column 'sku' is missing, got columns"):
        read_text(tmp_path, FINDMATCHES, id_column="sku")


@pytest.mark.parametrize("mark", ["_", "."])
def test_magellan(tmp_path, mark):
    text = MAGELLAN.replace("table_", f"table{mark}")
    assert labels_of(read_text(tmp_path, text)) == [
        ("a1", "b1", "exact"),
        ("a2", "b2", "different"),
    ]


def test_zingg_drops_and_counts_what_is_unsure(tmp_path):
    table = read_text(tmp_path, ZINGG)
    assert labels_of(table) == [("p1", "p2", "exact"), ("p3", "p4", "different")]
    assert table.notices[0].message == (
        "labels.csv: 1 labels are empty or unsure. They were left out."
    )


def test_dedupe_training(tmp_path):
    table = read_text(tmp_path, json.dumps(TRAINING), "training.json")
    assert labels_of(table) == [("1", "2", "different"), ("1", "3", "exact")]
    assert labels_of(read_text(tmp_path, '{"match": [], "distinct": []}', "t.json")) == []


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, pa.table])
def test_frames_of_any_kind(frame):
    table = read_labels(frame({"left_id": [1, 2], "right_id": [3, 4], "label": [True, False]}))
    assert labels_of(table) == [("1", "3", "exact"), ("2", "4", "different")]


def test_semicolons_compression_and_a_byte_order_mark(tmp_path):
    path = tmp_path / "labels.csv.gz"
    path.write_bytes(gzip.compress(("\ufeff" + OWN.replace(",", ";")).encode()))
    assert len(read_labels(path)) == 3


def test_sources_are_read_where_both_sides_have_them(tmp_path):
    text = "left_source,left_id,right_source,right_id,relation\nx,1,y,1,exact\n"
    table = read_text(tmp_path, text)
    assert table.left_source.to_pylist() == ["x"]
    assert table.right_source.to_pylist() == ["y"]


def test_rows_without_ids_are_left_out_and_counted(tmp_path):
    table = read_text(tmp_path, "left_id,right_id,relation\n,b,exact\na,b,\na,c,exact\n")
    assert len(table) == 1
    assert table.rows.tolist() == [3]
    assert [(notice.kind, notice.count) for notice in table.notices] == [
        ("labels_without_relation", 1),
        ("labels_without_id", 1),
    ]


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_what_is_written_reads_the_same(tmp_path, name):
    table = read_text(tmp_path, OWN)
    write_labels(table, tmp_path / name)
    assert labels_of(read_labels(tmp_path / name)) == labels_of(table)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["labels.csv", name])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "left_id,right_id,relation\na,b,maybe\n",
            "labels.csv: 1 values of relation are no relation, got 'maybe'. "
            "Use exact, variant or different (or 1 and 0).",
        ),
        (
            "leftid,right_id,relation\na,b,1\n",
            "labels.csv: the columns are of no known kind of label file, got columns 'leftid', "
            "'right_id', 'relation'. Name them left_id, right_id and relation. "
            "Did you mean 'left_id'?",
        ),
        (
            "z_cluster,z_ismatch,id\nc,7,p\nc,7,q\n",
            "labels.csv: 1 values of z_ismatch are unknown, got '7'. "
            "Use 1 for a match, 0 for none, 2 for unsure.",
        ),
        (
            "labeling_set_id,label\ns,A\n",
            "labels.csv: there is no column of record ids, got columns 'labeling_set_id', "
            "'label'. Add the ids of the records.",
        ),
    ],
)
def test_a_bad_file_is_an_error(tmp_path, text, message):
    with pytest.raises(LabelsError) as caught:
        read_text(tmp_path, text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.csv"), (b"\xff\xfe\x00", "a.csv"), (b"x", "a.parquet"), (b"{", "a.json")],
)
def test_an_unreadable_file_is_an_error(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(LabelsError, match=f"^{name}: labels cannot be read, got "):
        read_labels(path)
    with pytest.raises(LabelsError, match=r"^none\.csv: labels cannot be read, got FileNotFound"):
        read_labels(tmp_path / "none.csv")


def test_training_without_ids_says_what_to_do(tmp_path):
    training = json.dumps({"match": [[{"title": "a"}, {"title": "b"}]]})
    with pytest.raises(LabelsError) as caught:
        read_text(tmp_path, training, "training.json")
    assert str(caught.value) == (
        "training.json: pair 1 of 'match' does not give two ids, got field 'id' 0 times. "
        "Keep the id among the fields of the records and name its column."
    )
    with pytest.raises(LabelsError, match=r"this is not dedupe's training\.json, got list"):
        read_text(tmp_path, "[]", "training.json")


def test_a_set_of_ten_thousand_records_is_refused(tmp_path):
    text = "labeling_set_id,label,id\n" + "".join(f"s,A,{i}\n" for i in range(10_000))
    with pytest.raises(LabelsError, match="its sets hold 49995000 pairs, got one of 10000 records"):
        read_text(tmp_path, text)
