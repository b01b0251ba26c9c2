"""URLs of databases are told from paths, and no message tells a password."""

import pytest

from matcher.database import connected, is_url, read_place
from matcher.errors import MatcherError, MissingExtraError, RecordsError, hide_passwords


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://u@h/db", True),
        ("mysql+pymysql://h/db", True),
        ("sqlite:///shop.db?table=t", True),
        ("offers.csv", False),
        ("C://offers.csv", False),
        ("a/b://c", False),
        (None, False),
    ],
)
def test_a_url_begins_with_the_name_of_a_dialect(text, expected):
    assert is_url(text) is expected


def test_the_words_of_matcher_are_taken_out_and_others_stay():
    pytest.importorskip("sqlalchemy")
    place = read_place(
        "postgresql://u:pw@h/db?table=a+b&sslmode=require&schema=s&password=pw2", RecordsError
    )
    assert place.words == {"table": "a b", "schema": "s"}
    assert dict(place.url.query) == {"sslmode": "require", "password": "pw2"}
    assert place.shown == "postgresql://u:***@h/db?schema=s&table=a+b"
    assert place.told(ValueError("no pw2,\nno pw?")) == "no ***2, no ***"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            "postgres://u:secret@h/db",
            "postgres://u:***@h/db: unknown kind of database, got 'postgres'. Use one of mariadb, "
            "mssql, mysql, oracle, postgresql, sqlite, or install the SQLAlchemy dialect of yours. "
            "Did you mean 'postgresql'?",
        ),
        (
            "postgresql+psycopq://u:secret@h/db",
            "postgresql+psycopq://u:***@h/db: unknown kind of database, got 'postgresql+psycopq'.",
        ),
        (
            "mysql+mysqlconnector://u:secret@h/db",
            "mysql+mysqlconnector://u:***@h/db: the driver of mysql is not installed, got No "
            "module named 'mysql'. Install it with pip, or name another one, as in mysql+driver://.",
        ),
        (
            "postgresql://u:secret@h:port/db",
            "postgresql://...: is no URL of a database, got a part",
        ),
        ("postgresql://u:12@secret@h/db", "postgresql://...: is no URL of a database, got a part"),
        (
            "postgresql://u:secret@127.0.0.1:1/db?connect_timeout=5",
            "postgresql://u:***@127.0.0.1:1/db: the database cannot be reached, got connection "
            'failed: connection to server at "127.0.0.1", port 1 failed: Connection refused',
        ),
        (
            "postgresql://u:secret@127.0.0.1:1/db?tabel=offers",
            "postgresql://u:***@127.0.0.1:1/db: the database cannot be reached, got invalid "
            'connection option "tabel"',
        ),
    ],
)
def test_mistakes_in_a_url_are_told(url, told):
    pytest.importorskip("sqlalchemy")
    with pytest.raises(RecordsError) as caught, connected(read_place(url, RecordsError)):
        pass
    assert str(caught.value).startswith(told)
    assert "secret" not in str(caught.value)


def test_a_wrong_password_is_told_and_not_shown(postgres):
    url = postgres.replace("s3cret", "wr0ng")
    with pytest.raises(RecordsError) as caught, connected(read_place(url, RecordsError)):
        pass
    assert 'password authentication failed for user "tester"' in str(caught.value)
    assert "wr0ng" not in str(caught.value)


def test_without_the_driver_of_postgresql_the_command_that_installs_it_is_told(monkeypatch):
    pytest.importorskip("sqlalchemy")
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    place = read_place("postgresql://u:secret@h/db", RecordsError)
    with pytest.raises(MissingExtraError) as caught, connected(place):
        pass
    assert "Install it with: pip install 'matcher[database]'" in str(caught.value)


@pytest.mark.parametrize("text", ["postgresql://u:pw@h/db: bad.", "x postgresql:/u:p@w@h/db"])
def test_no_error_tells_the_password_of_a_url(text):
    assert "***@h/db" in str(MatcherError(text))
    assert "w@" not in str(MatcherError(text))


def test_what_has_no_password_is_told_as_it_is():
    text = "https://host:80/path of a@b, C:/x: y@z, postgresql://user@host/db."
    assert hide_passwords(text) == text
