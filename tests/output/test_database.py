import json
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest

pytest.importorskip("sqlalchemy")

from matcher.errors import MissingExtraError, SettingsError
from matcher.output import check_place
from matcher.output import database as writing
from matcher.records import read_catalogue

TABLES = ("records", "pairs", "families", "run")


def read(url, name):
    return read_catalogue([f"{url}{'&' if '?' in url else '?'}table={name}"]).table.to_pandas()


def run_of(execute, url, name="run"):
    ((run,),) = execute(url, f'SELECT "run" FROM {name}')
    return json.loads(run) if isinstance(run, str) else run


def test_the_tables_hold_what_the_result_holds(database, build, shoes, execute):
    result = build(shoes)
    result.write(database)
    records = read(database, "records")
    pd.testing.assert_frame_equal(records, result.records, check_dtype=False)
    pd.testing.assert_frame_equal(read(database, "pairs"), result.pairs, check_dtype=False)
    pd.testing.assert_frame_equal(read(database, "families"), result.families, check_dtype=False)
    run = run_of(execute, database)
    assert list(run.pop("tables")) == ["records", "pairs", "families"]
    assert run == json.loads(json.dumps(result.run))


def test_an_older_result_is_replaced(database, build, shoes, execute):
    build(shoes).write(database)
    build(shoes[:2].drop(columns="color").assign(weight=1.5)).write(database)
    records = read(database, "records")
    assert len(records) == 2
    assert "weight" in records
    assert "color" not in records
    assert run_of(execute, database)["counts"]["rows"] == 2


def test_views_of_a_table_of_the_same_columns_stay(postgres, build, shoes, execute):
    build(shoes).write(postgres)
    execute(postgres, "CREATE VIEW mine AS SELECT * FROM records")
    build(shoes[:3]).write(postgres)
    assert execute(postgres, "SELECT count(*) FROM mine") == [(3,)]
    with pytest.raises(SettingsError, match="refused, got cannot drop table records because other"):
        build(shoes.assign(weight=1.5)).write(postgres)
    assert execute(postgres, "SELECT count(*) FROM mine") == [(3,)]


@pytest.mark.parametrize("failure", [RuntimeError("bug"), KeyboardInterrupt()])
@pytest.mark.parametrize("has_same_columns", [True, False])
def test_the_old_result_stays_when_writing_fails_half_way(
    database, build, shoes, execute, monkeypatch, failure, has_same_columns
):
    build(shoes).write(database)
    before = [execute(database, f"SELECT * FROM {name}") for name in TABLES]
    fill = writing._fill

    def fail(connection, sheet):
        if sheet.table.name == "families":
            raise failure
        fill(connection, sheet)

    monkeypatch.setattr(writing, "_fill", fail)
    new = shoes[:2] if has_same_columns else shoes.assign(weight=1.5)
    with pytest.raises(type(failure)):
        build(new).write(database)
    assert [execute(database, f"SELECT * FROM {name}") for name in TABLES] == before


def test_nothing_is_left_of_a_first_result_that_fails(database, build, shoes, execute, monkeypatch):
    monkeypatch.setattr(writing, "_fill", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        build(shoes).write(database)
    execute(database, *(f"CREATE TABLE {name} (x integer)" for name in TABLES))  # none is there


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_the_user_is_refused(database, build, shoes, execute, name):
    execute(database, f"CREATE TABLE {name} (id integer)", f"INSERT INTO {name} VALUES (7)")
    told = (
        "holds tables that matcher did not write, or that were changed since, got 1, first "
        f"'{name}'. Choose another prefix= or schema="
    )
    with pytest.raises(SettingsError, match=told):
        check_place(database)
    with pytest.raises(SettingsError, match=told):
        build(shoes).write(database)
    assert execute(database, f"SELECT * FROM {name}") == [(7,)]


def test_a_table_of_the_user_beside_an_older_result_is_refused(database, build, shoes, execute):
    build(shoes).write(database)
    execute(database, "DROP TABLE families", "CREATE TABLE families (id integer)")
    with pytest.raises(SettingsError, match="got 1, first 'families'"):
        build(shoes).write(database)
    execute(database, "DROP TABLE families")
    build(shoes).write(database)


def test_checking_changes_nothing(database, build, shoes, execute):
    check_place(database)
    build(shoes).write(database)
    check_place(database)
    assert len(read(database, "records")) == 4
    with pytest.raises(Exception, match="matcher_probe"):
        execute(database, "SELECT * FROM matcher_probe")


def test_schema_and_prefix_name_the_tables(postgres, build, shoes, execute):
    execute(postgres, 'CREATE SCHEMA "Clean ""1"""')
    url = f"{postgres}?schema=Clean+%221%22&prefix=It's+%22x%22+"
    for _ in range(2):
        build(shoes).write(url)
    name = '"Clean ""1"""."It\'s ""x"" records"'
    assert execute(postgres, f"SELECT count(*) FROM {name}") == [(4,)]


def test_a_schema_that_is_not_there_is_told(postgres):
    with pytest.raises(
        SettingsError, match=r"no such schema, got 'clean'\. Create it, or choose one of"
    ):
        check_place(f"{postgres}?schema=clean")


def test_a_user_who_may_not_write_is_told_before_the_work(postgres, execute):
    execute(
        postgres,
        "CREATE ROLE reader LOGIN PASSWORD 'readme'",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    )
    url = "postgresql://reader:readme@" + postgres.rpartition("@")[2]
    with pytest.raises(SettingsError) as caught:
        check_place(url)
    told = "got permission denied for schema public"
    assert told in str(caught.value)
    assert "readme" not in str(caught.value)
    execute(postgres, "DROP ROLE reader")


def test_hostile_names_and_texts_go_out_as_they_are(database, build, shoes, execute):
    names = {
        "title": "title",
        'a"b:c(d)%s': "x'; DROP TABLE records; --",
        "Größe 👟": "ünï 日本 %s",
    }
    frame = shoes.assign(**{name: [text, None, "", text] for name, text in names.items()})
    frame["title"] = shoes["title"]
    result = build(frame)
    result.write(database)
    records = read(database, "records")
    assert records.columns.tolist() == result.records.columns.tolist()
    pd.testing.assert_frame_equal(records, result.records, check_dtype=False)


def write_table(build, shoes, url, table):
    """Write a result whose records are another table."""
    result = build(shoes)
    object.__setattr__(result, "_table", table)
    result.write(url)


def test_names_that_the_database_cannot_tell_apart_are_told(database, build, shoes, execute):
    long = "ä" * 40
    table = pa.table({"Color": ["a"], "color": ["b"], long + "1": ["c"], long + "2": ["d"]})
    write_table(build, shoes, database, table)
    records = read(database, "records")
    notices = run_of(execute, database)["notices"]
    if database.startswith("sqlite"):
        assert records.columns.tolist() == ["Color", "color_2", long + "1", long + "2"]
        assert "'color' to 'color_2'" in notices[-1]["message"]
    else:
        assert records.columns.tolist() == ["Color", "color", "ä" * 31, "ä" * 30 + "_2"]
        assert notices[-1]["count"] == 2
    assert records.iloc[0].tolist() == ["a", "b", "c", "d"]


def test_types_are_kept_in_postgresql(postgres, build, shoes, execute):
    at = datetime(2024, 1, 1, 10, 0, 0, 5)
    row = {
        "price": Decimal("1.10"),
        "n": 2**40,
        "is_new": True,
        "at": at,
        "zoned": at.replace(tzinfo=UTC),
        "day": at.date(),
        "hour": time(10, 30),
        "took": timedelta(days=1),
        "raw": b"\x00\xff",
        "tags": ["a", None],
        "share": 0.1,
        "nul": "a\x00b",
        "extra": {"b": 1},
    }
    table = pa.Table.from_pylist([row, dict.fromkeys(row)])
    big = pa.array([2**64 - 1, None], pa.uint64())
    table = table.append_column("big", big).append_column(
        "kind", pa.array(["x", None]).dictionary_encode()
    )
    write_table(build, shoes, postgres, table)
    first, second = execute(postgres, "SELECT * FROM records")
    expected = {
        **row,
        "nul": "a\ufffdb",
        "extra": '{"b": 1}',
        "big": Decimal(2**64 - 1),
        "kind": "x",
    }
    assert first == tuple(expected.values())
    assert set(second) == {None}
    assert run_of(execute, postgres)["notices"][-1] == {
        "kind": "nul_replaced",
        "message": "records: PostgreSQL holds no NUL characters. They were written as \ufffd.",
        "count": 1,
    }


def test_sqlite_holds_as_text_what_it_has_no_type_for(tmp_path, build, shoes, execute):
    url = f"sqlite:///{tmp_path / 'out.db'}"
    row = {"price": Decimal("1.10"), "zoned": datetime(2024, 1, 1, tzinfo=UTC), "hour": time(10)}
    write_table(build, shoes, url, pa.Table.from_pylist([row]))
    assert execute(url, "SELECT * FROM records") == [
        ("1.10", "2024-01-01 00:00:00.000000Z", "10:00:00.000000")
    ]


def test_what_goes_from_one_database_to_the_other_and_back_is_the_same(
    database, build, shoes, execute
):
    write_table(build, shoes, database, pa.Table.from_pandas(shoes))
    first = read_catalogue([f"{database}?table=records"]).table
    write_table(build, shoes, f"{database}?prefix=again_", first)
    assert read_catalogue([f"{database}?table=again_records"]).table.equals(first)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://u:secret@h/db", r"mysql://u:\*\*\*@h/db: a result is written to postgresql and"),
        ("postgres://h/db", "got 'postgres'. Write a folder.*Did you mean 'postgresql'"),
        (
            "postgresql://h/db?table=x",
            "a result is several tables, got table='x'. Give prefix= for",
        ),
    ],
)
def test_a_place_that_cannot_hold_a_result_is_told(url, told):
    with pytest.raises(SettingsError, match=told):
        check_place(url)


def test_without_sqlalchemy_the_command_that_installs_it_is_told(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sqlalchemy", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'matcher\[database\]'"):
        check_place("postgresql://u:secret@h/db")
