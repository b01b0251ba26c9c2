"""Rows that are read one by one are those that a file read as a whole has."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from matcher.output.read import read_table
from matcher.output.rows import CsvRows, TableRows, are_among, hash_texts, open_rows
from matcher.output.write import write_table

HASHES = st.integers(0, 2**64 - 1)
TEXTS = st.one_of(st.none(), st.text(st.sampled_from('ab",\n\r;ü😀 '), max_size=6))


def table_of(rows):
    columns = [list(column) for column in zip(*rows, strict=True)]
    return pa.table(
        {name: pa.array(each, pa.string()) for name, each in zip("xyz", columns, strict=False)}
    )


def opened(tmp_path, table, n_tail=1):
    path = tmp_path / "records.csv"
    write_table(table, path, "csv")
    return open_rows(path, ["x", "z"], n_tail)


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=8), st.data())
def test_any_rows_and_hashes_are_those_of_the_whole_table(tmp_path_factory, rows, data):
    found = opened(tmp_path_factory.mktemp("rows"), table_of(rows))
    whole = read_table(found.path)
    assert isinstance(found, CsvRows)
    assert len(found) == len(rows)
    chosen = np.array(sorted(data.draw(st.sets(st.integers(0, len(rows) - 1)))), np.int64)
    assert found.take(chosen).to_pylist() == whole.take(pa.array(chosen)).to_pylist()
    for name in "xz":
        np.testing.assert_array_equal(found.hashes(name), hash_texts(whole[name]))


def test_bytes_of_a_row_begin_and_end_where_it_does(tmp_path):
    found = opened(tmp_path, table_of([("a", 'b"\n', "c"), ("d", None, "e,f")]), n_tail=2)
    ends = found.starts[1:].tolist()
    pieces = [found.data[one:two].tobytes() for one, two in zip(found.starts, ends, strict=False)]
    assert pieces == [b'"a","b""\n","c"\n', b'"d",,"e,f"\n']
    tails = [found.data[one:two].tobytes() for one, two in zip(found.tails, ends, strict=True)]
    assert tails == [b'"b""\n","c"\n', b',"e,f"\n']


@pytest.mark.parametrize(
    "text",
    [
        "x,y,z\n1,2\n",
        "x,y,z\n1,2,3,4\n",
        'x,y,z\n1,"2,3\n',
        "x,y,z\n1,2,3",
        "x,y\n1,2\n",
        "",
        "x,y,z\n1,2\n3,4,5,6\n",
    ],
)
def test_a_file_that_matcher_did_not_write_so_is_read_as_a_whole(tmp_path, text):
    path = tmp_path / "records.csv"
    path.write_text(text)
    assert isinstance(open_rows(path, ["x", "z"]), TableRows)


def test_rows_of_parquet_are_those_of_its_table(tmp_path):
    path = tmp_path / "records.parquet"
    table = table_of([("a", "b", "c"), ("d", "e", "f")])
    parquet.write_table(table, path)
    found = open_rows(path, ["x"])
    assert (len(found), found.names) == (2, ["x", "y", "z"])
    assert found.take(np.array([1])).to_pylist() == table.slice(1).to_pylist()
    assert found.read(["z"]).to_pylist() == [{"z": "c"}, {"z": "f"}]
    np.testing.assert_array_equal(found.hashes("x"), hash_texts(table["x"]))


@given(
    st.lists(st.integers(0, 2**64 - 1), max_size=20),
    st.lists(st.integers(0, 2**64 - 1), max_size=5),
)
def test_a_hash_is_among_others_or_not(some, others):
    hashes = np.array([*some, *others, *some[:2]], np.uint64)
    wanted = np.array([*others, *some[:1]], np.uint64)
    np.testing.assert_array_equal(are_among(hashes, wanted), np.isin(hashes, wanted))
