import datetime as dt
import decimal

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from matcher.errors import RecordsError
from matcher.records.frames import table_of, text_of


def test_mixed_types_become_text_with_a_notice():
    frame = pd.DataFrame({"size": ["XL", 42, None, 4.5], "id": [1, 2, 3, 4]})
    table, notices = table_of(frame, "records")
    assert table["size"].to_pylist() == ["XL", "42", None, "4.5"]
    assert table["id"].to_pylist() == [1, 2, 3, 4]
    assert [notice.message for notice in notices] == [
        "records: column 'size' holds values of several types, first 'XL', '42', '4.5'. "
        "They were read as text."
    ]
    assert notices[0].count == 3


def test_the_frame_of_the_caller_is_not_changed():
    frame = pd.DataFrame({"size": ["XL", 42]})
    table_of(frame, "records")
    assert frame["size"].tolist() == ["XL", 42]


def test_rows_can_be_taken_of_whatever_polars_hands_over():
    values = {"a": ["x", None], "b": [["p", "q"], None], "c": [{"k": "v"}, None], "d": [b"x", None]}
    frame = pl.DataFrame(values).with_columns(e=pl.Series(["u", "v"], dtype=pl.Categorical))
    table, notices = table_of(frame, "records")
    assert notices == []
    assert table.take([1, 0]).to_pylist() == [
        {"a": None, "b": None, "c": None, "d": None, "e": "v"},
        {"a": "x", "b": ["p", "q"], "c": {"k": "v"}, "d": b"x", "e": "u"},
    ]


def test_what_is_no_table_is_refused():
    with pytest.raises(RecordsError) as error:
        table_of([{"id": 1}], "records")
    assert str(error.value) == (
        "records: cannot be read as a table, got list. Give a path, or a pandas, polars, pyarrow "
        "or DuckDB table."
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, None], ["1", None]),
        ([4006381333931.0, 0.5, float("nan")], ["4006381333931", "0.5", None]),
        ([True, False], ["true", "false"]),
        ([["a", "b"], None], ["a b", None]),
        ([{"x": 1}], ['{"x": 1}']),
        ([b"ab", b"\xff"], ["ab", "\ufffd"]),
        ([decimal.Decimal("1.50")], ["1.50"]),
        ([dt.date(2024, 1, 2)], ["2024-01-02"]),
        ([None, None], [None, None]),
    ],
)
def test_any_column_becomes_text(values, expected):
    assert text_of(pa.array(values)).to_pylist() == expected


def test_dictionaries_become_text():
    assert text_of(
        pa.chunked_array([pa.array(["a", "b", "a"]).dictionary_encode()])
    ).to_pylist() == [
        "a",
        "b",
        "a",
    ]
