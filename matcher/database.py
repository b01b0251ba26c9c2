"""Databases as places of tables: SQLAlchemy URLs, with the words of matcher taken out of them.

No message made here tells a password.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matcher.errors import MatcherError, nearest
from matcher.extras import require

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

EXTRA = "database"
DIALECTS = ("mariadb", "mssql", "mysql", "oracle", "postgresql", "sqlite")
"""What SQLAlchemy knows by itself; other packages bring more."""

OWN_WORDS = ("table", "schema", "prefix")
_URL = re.compile(r"[A-Za-z][\w.-]+(\+\w+)?://")  # a drive such as C:// has one letter
_SECRET = re.compile("pass|pwd|secret|token|odbc_connect", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where tables are.

    Attributes
    ----------
    url : URL
        The database, as SQLAlchemy takes it.
    words : dict[str, str]
        What the URL said in the words of matcher: ``table``, ``schema``, ``prefix``.
    wrong : type[MatcherError]
        How a mistake in this place is raised.
    shown : str
        The place without its password, for messages.
    """

    url: "URL"
    words: dict[str, str]
    wrong: type[MatcherError]
    shown: str

    @property
    def schema(self) -> str | None:
        """The schema of the tables; None is the usual one of the database."""
        return self.words.get("schema")

    def told(self, error: BaseException) -> str:
        """Return what an error of the database says, in one line and without secrets."""
        text = " ".join(str(getattr(error, "orig", None) or error).split()).rstrip(".?")
        secrets = [value for name, value in self.url.query.items() if _SECRET.search(name)]
        for secret in (self.url.password, *secrets):
            if secret:
                text = text.replace(str(secret), "***")
        return text[:300]


def is_url(value: object) -> bool:
    """Return whether this is the URL of a database, and not a path.

    Examples
    --------
    >>> is_url("postgresql://user@host/db?table=offers"), is_url("offers.csv")
    (True, False)
    """
    return isinstance(value, str) and _URL.match(value) is not None


def read_place(text: str, wrong: type[MatcherError]) -> Place:
    """Return the place that a URL names.

    Parameters
    ----------
    text : str
        A URL of SQLAlchemy with ``table``, ``schema`` or ``prefix`` among its parameters.
    wrong : type[MatcherError]
        What is raised where it is wrong: an error of records or of settings.

    Raises
    ------
    MatcherError
        SQLAlchemy is not installed, or the text is no URL.
    """
    require("sqlalchemy", EXTRA)
    url = _parse(text)
    if url is None:
        raise wrong(
            f"{text.partition('://')[0]}://...: is no URL of a database, got a part that cannot be "
            "read. Write dialect://user:password@host:port/database, and a special character such "
            "as @ as %40."
        )
    bare = url.set(query={}).render_as_string(hide_password=True)
    words: dict[str, str] = {}
    for name in OWN_WORDS:
        value = url.query.get(name, "")
        if not isinstance(value, str):
            raise wrong(
                f"{bare}: names a {name} {len(value)} times, got {value[0]!r} and {value[1]!r}. "
                "Give a URL for each."
            )
        if value:
            words[name] = value
    shown = url.set(query=words).render_as_string(hide_password=True)
    if url.drivername == "postgresql":  # SQLAlchemy 2.0 takes psycopg2, the extra brings psycopg
        url = url.set(drivername="postgresql+psycopg")
    return Place(url.difference_update_query(OWN_WORDS), words, wrong, shown)


def _parse(text: str) -> "URL | None":
    from sqlalchemy import exc, make_url

    try:
        url = make_url(text)
    except (exc.ArgumentError, ValueError):
        return None
    return None if "@" in (url.host or "") else url  # that holds a part of the password


@contextmanager
def connected(place: Place) -> Iterator["Connection"]:
    """Give a connection; what is not committed inside the ``with`` is taken back.

    Raises
    ------
    MatcherError
        There is no such dialect or driver, the database cannot be reached, or it refuses what is
        done inside the ``with``.
    """
    from sqlalchemy.exc import SQLAlchemyError

    engine = _engine(place)
    try:
        connection = engine.connect()
    except (SQLAlchemyError, TypeError, ValueError, OSError) as error:  # TypeError: a parameter
        raise place.wrong(
            f"{place.shown}: the database cannot be reached, got {place.told(error)}. Check host, "
            "port, user, password, the parameters of the URL, and that the server runs."
        ) from error
    with connection:
        try:
            yield connection
        except SQLAlchemyError as error:
            raise place.wrong(
                f"{place.shown}: the database refused, got {place.told(error)}. "
                "Check the rights of the user, and the table."
            ) from error


def _engine(place: Place) -> "Engine":
    from sqlalchemy import create_engine
    from sqlalchemy.exc import NoSuchModuleError
    from sqlalchemy.pool import NullPool

    dialect, _, driver = place.url.drivername.partition("+")
    if driver == "psycopg":
        require(driver, EXTRA)
    try:
        return create_engine(place.url, poolclass=NullPool)
    except NoSuchModuleError:
        kinds = ", ".join(DIALECTS)
        raise place.wrong(
            f"{place.shown}: unknown kind of database, got {place.url.drivername!r}. Use one of "
            f"{kinds}, or install the SQLAlchemy dialect of yours."
            f"{'' if dialect in DIALECTS else nearest(dialect, DIALECTS)}"
        ) from None
    except ImportError as error:
        raise place.wrong(
            f"{place.shown}: the driver of {dialect} is not installed, got {error}. Install it "
            f"with pip, or name another one, as in {dialect}+driver://."
        ) from error


def names_of(connection: "Connection", schema: str | None) -> list[str]:
    """Return the names of the tables and views of a schema."""
    from sqlalchemy import inspect

    found: Any = inspect(connection)
    return sorted({*found.get_table_names(schema), *found.get_view_names(schema)})
