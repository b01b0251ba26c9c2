import pyarrow as pa
import pytest

from matcher.errors import LabelsError
from matcher.labelling import read_labels, write_labels

HEAD = "left_id,right_id,relation,stratum,stratum_pairs\n"


def read(tmp_path, rows: str):
    path = tmp_path / "labels.csv"
    path.write_text(HEAD + rows)
    return read_labels(path)


def test_labels_bring_their_stratum(tmp_path):
    table = read(tmp_path, "a,b,exact,low,90\nc,d,different,,\ne,f,unsure,high,7\n")
    assert table.stratum.to_pylist() == ["low", ""]
    assert table.strata == {"low": 90, "high": 7}


def test_labels_without_the_columns_have_no_stratum():
    table = read_labels(pa.table({"left_id": ["a"], "right_id": ["b"], "relation": ["exact"]}))
    assert table.stratum is None
    assert table.strata == {}


def test_strata_are_written_as_they_were_read(tmp_path):
    table = read(tmp_path, "a,b,exact,low,90\nc,d,different,,\n")
    write_labels(table, tmp_path / "again.csv")
    again = read_labels(tmp_path / "again.csv")
    assert again.stratum.to_pylist() == ["low", ""]
    assert again.strata == {"low": 90}


@pytest.mark.parametrize("size", ["", "many", "-3", "1e9", "9" * 40])
def test_a_size_that_is_no_number_is_an_error(tmp_path, size):
    with pytest.raises(LabelsError, match="row 2: stratum_pairs is no number of pairs, got"):
        read(tmp_path, f"a,b,exact,low,90\nc,d,exact,low,{size}\n")


def test_a_stratum_of_two_sizes_is_an_error(tmp_path):
    with pytest.raises(LabelsError, match="stratum 'low' has 2 rows of '8', '90' pairs"):
        read(tmp_path, "a,b,exact,low,90\nc,d,exact,low,8\n")


def test_a_stratum_of_fewer_pairs_than_rows_is_an_error(tmp_path):
    with pytest.raises(LabelsError, match="2 rows of '1' pairs"):
        read(tmp_path, "a,b,exact,low,1\nc,d,exact,low,1\n")
