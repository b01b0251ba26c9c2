import sqlite3
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

pytest.importorskip("sqlalchemy")

from matcher.errors import MissingExtraError, RecordsError
from matcher.records import database as reading
from matcher.records import read_catalogue

ROWS = [
    'CREATE TABLE "Offers ""5%""" ("Id" integer PRIMARY KEY, "say ""hi"":(x)%" text, "größe" text)',
    "INSERT INTO \"Offers \"\"5%\"\"\" VALUES (2, 'ünï 日本 👟', NULL), (1, 'O''Brien; --', 'N/A')",
]


def read(url, name):
    return read_catalogue([f"{url}?table={name}"]).table


def test_hostile_names_and_texts_come_as_they_are_in_the_order_of_the_key(database, execute):
    execute(database, *ROWS)
    table = read(database, "Offers+%225%25%22")
    assert table.to_pydict() == {
        "Id": [1, 2],
        'say "hi":(x)%': ["O'Brien; --", "ünï 日本 👟"],
        "größe": ["N/A", None],
    }


def test_a_view_is_read_too(database, execute):
    execute(database, "CREATE TABLE a (x text)", "CREATE VIEW b AS SELECT * FROM a")
    assert read(database, "b").to_pydict() == {"x": []}


def test_parts_of_other_types_are_joined(database, execute, monkeypatch):
    monkeypatch.setattr(reading, "ROWS", 2)
    values = "(1, NULL, 1.5), (2, NULL, 2), (3, 'c', 1000.25), (4, NULL, NULL), (5, 'e', 0)"
    execute(
        database,
        "CREATE TABLE t (id integer PRIMARY KEY, title text, price numeric(10, 2))",
        f"INSERT INTO t VALUES {values}",
    )
    table = read(database, "t")
    assert table["title"].to_pylist() == [None, None, "c", None, "e"]
    assert [value and float(value) for value in table["price"].to_pylist()] == [
        *(1.5, 2, 1000.25, None, 0)
    ]


def test_types_of_postgresql_are_kept(postgres, execute):
    execute(
        postgres,
        "CREATE TYPE mood AS ENUM ('new', 'used')",
        "CREATE DOMAIN euro AS numeric(8, 2)",
        """CREATE TABLE t (
            price numeric(10, 2), free numeric, euros euro, n integer, big bigint, share real,
            is_new boolean, day date, at timestamp, zoned timestamptz, took interval, kind mood,
            raw bytea, tags text[], extra jsonb, code uuid, odd numeric, host inet)""",
        r"""INSERT INTO t VALUES
            (1.10, 2.125, 3.50, 1, 9007199254740993, 0.1, true, '2024-02-29',
             '2024-01-01 10:00', '2024-01-01 10:00+02', '1 month', 'new', '\x00ff',
             '{a,NULL,"b c"}', '{"b": 1, "a": [1]}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
             'NaN', '10.0.0.1')""",
        "INSERT INTO t DEFAULT VALUES",
    )
    catalogue = read_catalogue([f"{postgres}?table=t"])
    first, second = catalogue.table.to_pylist()
    assert first == {
        "price": Decimal("1.10"),
        "free": Decimal("2.125"),
        "euros": Decimal("3.50"),
        "n": 1,
        "big": 9007199254740993,
        "share": 0.1,
        "is_new": True,
        "day": date(2024, 2, 29),
        "at": datetime(2024, 1, 1, 10),
        "zoned": datetime(2024, 1, 1, 8, tzinfo=UTC),
        "took": "1 mon",
        "kind": "new",
        "raw": b"\x00\xff",
        "tags": ["a", None, "b c"],
        "extra": '{"a": [1], "b": 1}',
        "code": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "odd": "NaN",
        "host": "10.0.0.1/32",
    }
    assert set(second.values()) == {None}
    assert str(catalogue.table.schema.field("price").type) == "decimal128(3, 2)"
    (notice,) = catalogue.notices
    assert notice.count == 1
    assert "column 'odd' holds values of several types, or beyond any, first 'NaN'. They were" in (
        notice.message
    )


def test_flags_and_times_of_sqlite_are_read_as_such_if_all_are(tmp_path):
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE t (a BOOLEAN, b BOOLEAN, c DATETIME, d DATETIME, e, f)")
        rows = [(1, 1, "2024-01-01 10:00:00.5", "soon", 1, 2**62), (None, 7, None, "x", "b", 0.5)]
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.close()
    table = read(url, "t")
    assert table["a"].to_pylist() == [True, None]
    assert table["b"].to_pylist() == [1, 7]
    assert table["c"].type == pa.timestamp("us")
    assert table["d"].to_pylist() == ["soon", "x"]
    assert table["e"].to_pylist() == ["1", "b"]


def test_a_table_in_a_schema_is_named_with_it(postgres, execute):
    execute(postgres, "CREATE SCHEMA raw", "CREATE TABLE raw.t AS SELECT 1 AS id")
    assert read(postgres, "t&schema=raw").to_pydict() == {"id": [1]}


def test_other_parameters_stay_for_the_database(postgres, execute):
    execute(postgres, "CREATE SCHEMA raw", "CREATE TABLE raw.t AS SELECT 1 AS id")
    assert read(postgres, "t&options=-csearch_path%3Draw").num_rows == 1


def test_a_database_is_called_by_its_url_without_the_password(postgres, execute):
    execute(postgres, "CREATE TABLE t AS SELECT 1 AS id WHERE false")
    catalogue = read_catalogue([f"{postgres}?table=t&sslpassword=hidden"])
    (name,) = catalogue.names
    assert name == f"{postgres.replace('s3cret%2F%25%40%3Ax', '***')}?table=t"
    assert catalogue.notices[0].message == f"{name}: has a header but no rows."


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", ": names no table, got no table=. Add ?table=NAME to the URL"),
        (
            "?table=ofers",
            "?table=ofers: there is no such table or view, got 'ofers'. The schema holds 2, first "
            "'offers', 'shops'; check the database, the schema and the name. "
            "Did you mean 'offers'?",
        ),
        ("?table=a&table=b", ": names a table 2 times, got 'a' and 'b'. Give a URL for each."),
    ],
)
def test_a_wrong_table_is_told(database, execute, query, told):
    execute(database, "CREATE TABLE offers (id integer)", "CREATE VIEW shops AS SELECT 1 AS id")
    with pytest.raises(RecordsError) as caught:
        read_catalogue([database + query])
    assert told in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(RecordsError, match=r"no such file, got .*typo\.db'\. Check the path"):
        read_catalogue([f"sqlite:///{tmp_path}/typo.db?table=t"])
    assert not (tmp_path / "typo.db").exists()


def test_a_column_that_python_cannot_hold_is_told(postgres, execute):
    execute(postgres, "CREATE TABLE t AS SELECT 'infinity'::date AS day")
    with pytest.raises(RecordsError, match=r"the database refused, got date too large .*\. Check"):
        read_catalogue([f"{postgres}?table=t"])


def test_without_sqlalchemy_the_command_that_installs_it_is_told(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sqlalchemy", None)
    with pytest.raises(
        MissingExtraError, match=r"Install it with: pip install 'matcher\[database\]'"
    ):
        read_catalogue(["postgresql://u:secret@h/db?table=t"])
