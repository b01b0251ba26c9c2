"""From a table to tables, as an ETL job does it."""

import json

import pytest

import matcher
from matcher.cli import run_command

sqlalchemy = pytest.importorskip("sqlalchemy")


@pytest.fixture
def shop(database, demo):
    """Return the URL of a database with the offers of `demo`."""
    engine = sqlalchemy.create_engine(database.replace("postgresql:", "postgresql+psycopg:"))
    demo.to_sql("offers", engine, index=False)
    engine.dispose()
    return database


def test_the_command_reads_a_table_and_writes_tables(shop, demo, capfd):
    arguments = ("dedupe", f"{shop}?table=offers", "--out", f"{shop}?prefix=matcher_")
    for _ in range(2):  # the second replaces the first
        assert run_command(arguments) == 0
    written = matcher.inspect(f"{shop}?table=matcher_records")
    assert written.n_records == len(demo)
    out, err = capfd.readouterr()
    assert "prefix=matcher_" in out
    assert "report" not in out
    assert "s3cret" not in out + err


def test_the_library_gives_what_it_gives_for_a_frame(shop, demo, execute):
    expected = matcher.dedupe(demo)
    result = matcher.dedupe(f"{shop}?table=offers")
    assert result.records.to_csv(index=False) == expected.records.to_csv(index=False)
    assert "s3cret" not in json.dumps(result.run)
    result.write(shop)
    assert execute(shop, "SELECT count(DISTINCT match_id) FROM records") == [
        (expected.records["match_id"].nunique(),)
    ]


def test_a_table_and_a_file_are_one_catalogue(shop, demo, tmp_path):
    more = demo[:5].assign(id=[f"more-{number}" for number in range(5)])
    more.to_csv(tmp_path / "more.csv", index=False)
    result = matcher.dedupe([f"{shop}?table=offers", tmp_path / "more.csv"])
    assert len(result.records) == len(demo) + 5


def test_the_table_that_is_read_is_not_overwritten(shop, execute, capfd):
    execute(shop, "ALTER TABLE offers RENAME TO records")
    before = execute(shop, "SELECT * FROM records")
    assert run_command(("dedupe", f"{shop}?table=records", "--out", shop)) == 2
    assert "holds tables that matcher did not write" in capfd.readouterr().err
    assert execute(shop, "SELECT * FROM records") == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("dedupe", "postgresql://u:secret@127.0.0.1:1/db?table=t", "--out", "x"),
        ("dedupe", "postgresql://u:secret@127.0.0.1:1/db", "--out", "x"),
        ("dedupe", "a.csv", "--out", "postgresql://u:secret@127.0.0.1:1/db"),
        ("evaluate", "postgresql://u:secret@127.0.0.1:1/db", "--truth", "t.csv"),
        ("export", "postgresql://u:secret@h/db", "--to", "google", "--out", "f.csv"),
        ("dedupe", "a.csv", "--labels", "postgresql://u:secret@h/db", "--out", "x"),
        ("link", "a.csv", "b.csv", "postgresql://u:secret@h/db", "--out", "x"),
    ],
)
def test_no_command_tells_a_password(arguments, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("id,title\n1,tv\n2,radio\n")
    (tmp_path / "t.csv").write_text("id,product_id\n1,a\n")
    assert run_command(arguments) == 2
    out, err = capfd.readouterr()
    assert "error: " in err
    assert "secret" not in out + err
