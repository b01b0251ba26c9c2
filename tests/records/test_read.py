import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from matcher.errors import RecordsError
from matcher.records import read_catalogue


@pytest.fixture
def shops(tmp_path):
    (tmp_path / "a.csv").write_text("id,title\n1,tv\n2,radio\n")
    (tmp_path / "b.csv").write_text("id,title,color\n3,fan,red\n")
    pyarrow.parquet.write_table(pa.table({"id": [4], "price": [1.5]}), tmp_path / "c.parquet")
    return tmp_path


def test_a_folder_is_one_input_joined_by_column_name(shops):
    catalogue = read_catalogue([shops])
    assert catalogue.table.to_pydict() == {
        "id": ["1", "2", "3", "4"],
        "title": ["tv", "radio", "fan", None],
        "color": [None, None, "red", None],
        "price": [None, None, None, 1.5],
    }
    assert catalogue.parts.tolist() == [0, 0, 0, 0]
    assert catalogue.names == (str(shops),)


def test_a_glob_is_one_input(shops):
    assert read_catalogue([f"{shops}/*.csv"]).table["id"].to_pylist() == ["1", "2", "3"]


def test_hidden_and_underscored_files_are_not_read(shops):
    (shops / "_SUCCESS.csv").write_text("x\n")
    (shops / ".part.csv").write_text("x\n")
    assert read_catalogue([shops]).table.num_rows == 4


def test_several_inputs_are_parts(shops):
    catalogue = read_catalogue([shops / "a.csv", shops / "b.csv"])
    assert catalogue.parts.tolist() == [0, 0, 1]


def test_links_need_two_tables(shops):
    assert read_catalogue([shops / "a.csv", shops / "b.csv"], is_link=True).is_link
    with pytest.raises(RecordsError, match=r"^link: two tables are needed, got 1\. Give left and"):
        read_catalogue([shops / "a.csv"], is_link=True)


def test_frames_that_are_linked_are_called_left_and_right():
    frame = pd.DataFrame({"id": ["1"]})
    assert read_catalogue([frame, frame], is_link=True).names == ("left", "right")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("none.csv", "there is no such file or folder. Check the path."),
        ("*.csv", "no file matches. Check the pattern and the folder."),
        ("", "the folder holds no CSV or Parquet file. Give another."),
    ],
)
def test_what_cannot_be_found_is_an_error(tmp_path, name, text):
    with pytest.raises(RecordsError) as error:
        read_catalogue([str(tmp_path / name)])
    assert str(error.value) == f"{tmp_path / name}: {text}"


def test_nothing_to_read_is_an_error():
    with pytest.raises(RecordsError, match="nothing to read, got no input"):
        read_catalogue([])


def test_other_file_types_are_refused_with_advice(tmp_path):
    (tmp_path / "shop.xlsx").write_bytes(b"PK")
    with pytest.raises(RecordsError, match=r"\.xlsx files are not read\. Save it as CSV or Parq"):
        read_catalogue([tmp_path / "shop.xlsx"])


def test_a_damaged_parquet_is_an_error(tmp_path):
    (tmp_path / "shop.parquet").write_bytes(b"no parquet")
    with pytest.raises(RecordsError, match=r"shop\.parquet: is not a readable Parquet file, got"):
        read_catalogue([tmp_path / "shop.parquet"])


def test_a_table_without_columns_is_an_error():
    with pytest.raises(RecordsError) as error:
        read_catalogue([pd.DataFrame()])
    assert str(error.value) == ("records: has no columns. Give a table with a header and rows.")


def test_no_rows_are_allowed_and_said(tmp_path):
    (tmp_path / "shop.csv").write_text("id,title\n")
    catalogue = read_catalogue([tmp_path / "shop.csv"])
    assert catalogue.table.num_rows == 0
    assert [notice.kind for notice in catalogue.notices] == ["no_rows"]
