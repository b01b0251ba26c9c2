import pandas as pd
import pyarrow as pa
import pytest

from matcher.errors import LabelsError
from matcher.labelling.tables import lower_names, read_table


def test_columns_that_have_no_text_are_left_out():
    table = pa.table({"a": [1], "b": [{"c": 2}], "d": [b"\xff"]})
    assert read_table(table, "pairs")[0].column_names == ["a"]


def test_whole_floats_have_the_digits_of_their_number():
    column = read_table(pa.table({"a": [7.0, 4012345678901.0, 0.5, None]}), "pairs")[0]["a"]
    assert column.to_pylist() == ["7", "4012345678901", "0.5", None]


def test_a_column_with_holes_in_a_pandas_frame_keeps_its_ids():
    frame = pd.DataFrame({"a": [4012345678901, None]})
    assert read_table(frame, "pairs")[0]["a"].to_pylist() == ["4012345678901", None]


def test_names_are_lowered_and_trimmed():
    assert lower_names(pa.table({" Left_ID ": [1]})).column_names == ["left_id"]


def test_what_is_no_table_is_an_error():
    with pytest.raises(LabelsError) as caught:
        read_table(7, "pairs")
    assert str(caught.value).startswith("pairs: cannot be read as a table, got int: ")
    assert str(caught.value).endswith(
        ". Give a path, or a pandas, polars, pyarrow or DuckDB table."
    )
    with pytest.raises(LabelsError, match=r"^labels: cannot be read as a table, got DataFrame: "):
        read_table(pd.DataFrame({"left_id": [1, "a"]}), "labels")
