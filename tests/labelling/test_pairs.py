import gzip

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelling_helpers import records_of
from pyarrow import parquet

from matcher.errors import LabelsError, RecordsError
from matcher.labelling import are_across, look_up_pairs, read_pairs
from matcher.types import Catalogue

TEXT = "note,Left_ID,right_id\nx,007,8\ny,8,007\nz,007,8\n"
ABC = records_of(["a", "b", "c"])


def ids_of(table):
    return list(zip(table.left_id.to_pylist(), table.right_id.to_pylist(), strict=True))


def look_up(records, *rows):
    left, right = zip(*rows, strict=True) if rows else ((), ())
    columns = {"left_id": pa.array(left, pa.string()), "right_id": pa.array(right, pa.string())}
    found = look_up_pairs(read_pairs(pa.table(columns)), records)
    return list(zip(*(side.tolist() for side in found), strict=True))


@pytest.mark.parametrize("name", ["pairs.csv", "pairs.csv.gz", "pairs.parquet"])
def test_every_row_of_a_file_comes_in_its_order_with_its_zeros(tmp_path, name):
    path = tmp_path / name
    if name.endswith("parquet"):
        columns = {"left_id": ["007", "8", "007"], "right_id": ["8", "007", "8"], "note": [1, 2, 3]}
        parquet.write_table(pa.table(columns), path)
    else:
        path.write_bytes(gzip.compress(TEXT.encode()) if name.endswith("gz") else TEXT.encode())
    table = read_pairs(path)
    assert ids_of(table) == [("007", "8"), ("8", "007"), ("007", "8")]
    assert table.name == name
    assert table.left_source is None
    assert len(table) == 3


@pytest.mark.parametrize(
    "frame", [pd.DataFrame, pl.DataFrame, pa.table, lambda columns: duck(pa.table(columns))]
)
def test_frames_of_any_kind(frame):
    assert ids_of(read_pairs(frame({"left_id": [1, 2], "right_id": ["3", "04"]}))) == [
        ("1", "3"),
        ("2", "04"),
    ]


def duck(table):
    return duckdb.connect().from_arrow(table)


def test_the_pairs_of_recordlinkage():
    index = pd.MultiIndex.from_tuples([(1, "b"), (2, "a"), (1, "a")], names=["first", None])
    assert ids_of(read_pairs(index)) == [("1", "b"), ("2", "a"), ("1", "a")]
    assert ids_of(read_pairs(pd.MultiIndex.from_arrays([[], []]))) == []


def test_a_multi_index_of_three_levels_is_an_error():
    with pytest.raises(LabelsError) as caught:
        read_pairs(pd.MultiIndex.from_tuples([(1, 2, 3)]))
    assert str(caught.value) == (
        "pairs: a MultiIndex of two levels is needed, got 3. "
        "Give one level for the left ids and one for the right ids."
    )


@pytest.mark.parametrize("names", [("ltable_id", "rtable_id"), ("id1", "id2")])
def test_names_of_other_tools(names):
    assert ids_of(read_pairs(pa.table({names[0]: ["a"], names[1]: ["b"]}))) == [("a", "b")]


def test_no_rows_are_no_pairs(tmp_path):
    (tmp_path / "pairs.csv").write_text("left_id,right_id\n")
    for source in (tmp_path / "pairs.csv", pd.DataFrame(columns=["left_id", "right_id"])):
        table = read_pairs(source)
        assert len(table) == 0
        assert [len(side) for side in look_up_pairs(table, ABC)] == [0, 0]


def test_missing_columns_are_an_error():
    with pytest.raises(LabelsError) as caught:
        read_pairs(pa.table({"LeftID": ["a"], "right_id": ["b"]}))
    assert str(caught.value) == (
        "pairs: the columns of the ids are missing, got columns 'LeftID', 'right_id'. "
        "Name them left_id and right_id. Did you mean 'left_id'?"
    )
    with pytest.raises(LabelsError, match=r"are missing, got columns none\. Name them"):
        read_pairs(pa.table({}))


def test_an_unreadable_file_is_an_error(tmp_path):
    with pytest.raises(LabelsError, match=r"^no\.csv: pairs cannot be read, got FileNotFoundError"):
        read_pairs(tmp_path / "no.csv")


def test_record_numbers_come_row_by_row_with_repetitions():
    assert look_up(ABC, ("c", "a"), ("a", "c"), ("c", "a")) == [(2, 0), (0, 2), (2, 0)]


@given(st.lists(st.permutations(range(5)).map(lambda p: p[:2]), max_size=8))
def test_looking_up_is_the_inverse_of_naming(pairs):
    records = records_of([f"id {number}" for number in range(5)])
    rows = [(f"id {a}", f" id {b} ") for a, b in pairs]
    assert look_up(records, *rows) == [tuple(pair) for pair in pairs]


def test_sources_stand_before_the_id_or_in_columns_of_their_own():
    records = records_of(["1", "1"], [0, 1], ("x", "y"))
    assert look_up(records, ("y/1", "x/1")) == [(1, 0)]
    columns = {"left_id": [1], "right_id": [1], "left_source": ["y"], "right_source": ["x"]}
    left, right = look_up_pairs(read_pairs(pa.table(columns)), records)
    assert (left.tolist(), right.tolist()) == ([1], [0])


def test_linking_looks_left_ids_up_on_the_left():
    records = records_of(["1", "2", "1", "2"], [0, 0, 1, 1], ("left", "right"), is_link=True)
    assert look_up(records, ("1", "1"), ("2", "1")) == [(0, 2), (1, 2)]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [("a", "x"), ("a", "b"), ("y", ""), ("z", "y")],
            "pairs: 3 pairs name unknown ids, first 'y', 'z', 'x'. "
            "Give ids of this catalogue, or remove those rows.",
        ),
        (
            [("a", "b"), ("b", "b"), ("c", "c"), ("b", "b")],
            "pairs: 3 pairs are of a record with itself, first 'b', 'c'. Remove those rows.",
        ),
    ],
)
def test_pairs_that_cannot_be_scored_are_an_error(rows, message):
    with pytest.raises(RecordsError) as caught:
        look_up(ABC, *rows)
    assert str(caught.value) == message


def test_an_id_that_several_sources_use_is_an_error():
    with pytest.raises(RecordsError) as caught:
        look_up(records_of(["1", "1", "2"], [0, 1, 1], ("x", "y")), ("1", "2"), ("2", "1"))
    assert str(caught.value) == (
        "pairs: 2 pairs name ids that several sources use, first '1'. Write them as source/id."
    )


def across(
    left, right, first=("1", "2"), second=("7", "8"), names=("a.csv", "b.csv"), sources=None
):
    table = pa.table({"id": [*first, *second]})
    parts = np.repeat(np.array([0, 1], np.int32), [len(first), len(second)])
    catalogue = Catalogue(table, parts, names, is_link=False, notices=())
    columns = {"left_id": pa.array(left, pa.string()), "right_id": pa.array(right, pa.string())}
    if sources:
        columns |= dict(zip(("left_source", "right_source"), map(list, sources), strict=True))
    return are_across(read_pairs(pa.table(columns)), catalogue, "id")


def test_pairs_from_the_first_table_to_the_second_are_across():
    assert across(["1", "2"], ["8", "7"])
    assert not across(["8"], ["1"])
    assert not across(["1", "1"], ["7", "2"])
    assert not across([], [])


def test_unknown_ids_do_not_matter_unless_no_pair_is_known():
    assert across(["1", "x", "2"], ["8", "8", "y"])
    assert not across(["1", "x"], ["y", "8"])


def test_ids_that_both_tables_use_are_across():
    assert across(["0", "1"], ["1", "2"], first=("0", "1", "2"), second=("0", "1", "2"))


def test_numbers_as_ids_are_known_whatever_their_type():
    assert across(["1"], ["4012345678901"], first=(1.0, 2.0), second=(4012345678901.0, None))


def test_nothing_is_across_unless_there_are_two_inputs_and_an_id():
    assert not across(["1"], ["8"], names=("a.csv",))
    assert not across(["1"], ["8"], names=("a.csv", "b.csv", "c.csv"))
    catalogue = Catalogue(pa.table({"id": ["1"]}), np.zeros(1, np.int32), ("a", "b"), False, ())
    pairs = read_pairs(pa.table({"left_id": ["1"], "right_id": ["1"]}))
    assert not are_across(pairs, catalogue, "")


def test_sources_that_name_the_tables_tell_whether_pairs_are_across():
    same = {"first": ("1", "2"), "second": ("1", "2")}
    assert not across(
        ["1", "1"], ["2", "2"], sources=(["a.csv", "a.csv"], ["a.csv", "b.csv"]), **same
    )
    assert across(["1", "1"], ["2", "1"], sources=(["b.csv", "a.csv"], ["a.csv", ""]), **same)
    assert across(["7"], ["1"], sources=(["b.csv"], ["a.csv"]))  # by their ids they are not
    assert across(["1"], ["7"], sources=(["north"], ["south"]))  # other names tell nothing


def test_pairs_inside_one_of_two_linked_tables_are_an_error():
    records = records_of(["1", "2", "1"], [0, 0, 1], ("a.csv", "b.csv"), is_link=True)
    columns = {"left_id": ["1"], "right_id": ["2"]}
    sources = {"left_source": ["a.csv"], "right_source": ["a.csv"]}
    with pytest.raises(RecordsError) as caught:
        look_up_pairs(read_pairs(pa.table(columns | sources)), records)
    assert str(caught.value) == (
        "pairs: 1 pairs are of two records of one table, first '1'. "
        "Only pairs across two tables are linked: remove those rows."
    )
