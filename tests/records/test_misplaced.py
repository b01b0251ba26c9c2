import numpy as np
import pyarrow as pa
import pytest

from matcher.records import infer_schema, parse_records, read_catalogue
from matcher.records.compare import comparison_table
from matcher.records.misplaced import move_back
from matcher.settings import Settings

N = 60


def tidy():
    """Return offers whose every value stands where it belongs."""
    brands, kinds = ("acme", "globex tools", "initech"), ("garden", "power tools")
    return [
        {
            "id": f"{number:03}",
            "title": f"{brands[number % 3]} drill series {number}",
            "category": kinds[number // 2 % 2],
            "brand": brands[number % 3],
            "modelno": f"dx{number}00",
            "price": f"{number + 10}.95",
        }
        for number in range(N)
    ]


def untidy(*names):
    """Return the same, where every second row holds these values at the end of its title."""
    rows = tidy()
    for row in rows[::2]:
        row["title"] = " ".join([row["title"], *(row[name] for name in names)])
        row.update(dict.fromkeys(names, ""))
    return rows


def moved(rows):
    catalogue = read_catalogue([pa.Table.from_pylist(rows)])
    schema, table = infer_schema(catalogue, Settings()), comparison_table(catalogue)
    result, notices = move_back(table, schema, np.arange(len(rows)))
    return result.to_pylist(), notices


@pytest.mark.parametrize(
    "names",
    [("price",), ("brand", "price"), ("category", "brand", "modelno", "price")],
)
def test_values_at_the_end_of_titles_go_back_to_their_columns(names):
    found, notices = moved(untidy(*names))
    assert found == tidy()
    assert [notice.count for notice in notices] == [N // 2] * len(names)


@pytest.mark.parametrize("names", [("brand",), ("category",), ("modelno",), ("brand", "modelno")])
def test_titles_that_end_with_anything_but_a_price_are_titles(names):
    rows = untidy(*names)
    assert moved(rows) == (rows, [])


def test_a_tidy_catalogue_stays_as_it_is():
    assert moved(tidy()) == (tidy(), [])


def test_a_few_titles_that_end_so_are_titles():
    rows = tidy()
    for row in rows:
        row["price"] = ""
    for row in rows[:5]:
        row["title"] += " 5.95"
    assert moved(rows) == (rows, [])


def test_a_title_is_never_emptied():
    rows = untidy("price")
    rows[0]["title"] = "12.95"
    assert moved(rows)[0][0]["title"] == "12.95"


def test_a_value_that_is_there_is_not_replaced():
    rows = untidy("brand", "price")
    rows[1]["title"] += " globex tools"
    assert moved(rows)[0][1] == rows[1]


def test_what_was_moved_is_counted_and_named():
    catalogue = read_catalogue([pa.Table.from_pylist(untidy("price"))])
    records = parse_records(catalogue, infer_schema(catalogue, Settings()), Settings())
    assert [notice.message for notice in records.notices if notice.kind == "misplaced_values"] == [
        "column 'price': 30 values stood at the end of 'title' in rows where 'price' is empty. "
        "They were compared as its values; the records are written as they came."
    ]
