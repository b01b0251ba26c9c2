"""What tests of several stages need."""

import os
import shutil
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

PASSWORD = "s3cret/%@:x"

_WORDS = ["acme", "drill", "saw", "kettle", "red", "18v", "lx43m", "##s"]


@pytest.fixture(scope="session")
def sentence_model(tmp_path_factory):
    """Return where a genuine SentenceTransformer is saved: BERT, WordPiece and mean pooling."""
    library = pytest.importorskip("sentence_transformers")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # moved in 6.0, still here for 3 to 5
        from sentence_transformers import models
    from transformers import BertConfig, BertModel, BertTokenizerFast, set_seed

    folder = tmp_path_factory.mktemp("bert")
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    (folder / "vocab.txt").write_text("\n".join(special + _WORDS))
    tokenizer = BertTokenizerFast(vocab=str(folder / "vocab.txt"))
    set_seed(0)
    config = BertConfig(
        vocab_size=len(special + _WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    transformer = models.Transformer(str(folder))
    pooling = models.Pooling(config.hidden_size)
    saved = tmp_path_factory.mktemp("saved") / "tiny"
    library.SentenceTransformer(modules=[transformer, pooling], device="cpu").save(str(saved))
    return str(saved)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL of its own; return the URL of its first database."""
    pytest.importorskip("sqlalchemy")
    pytest.importorskip("psycopg")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not found:
        pytest.skip("no PostgreSQL in /usr/lib/postgresql: apt-get install postgresql")
    folder, port = Path(tempfile.mkdtemp(prefix="matcher-postgres-")), _free_port()
    user = "nobody" if os.geteuid() == 0 else None  # PostgreSQL does not run as root
    if user:
        shutil.chown(folder, user)

    def call(program: str, *arguments: str) -> None:
        with (folder / "out").open("ab") as out:  # not a pipe: the server keeps it open
            done = subprocess.run(
                [found[-1].with_name(program), *arguments],
                user=user,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                check=False,
            )
        assert done.returncode == 0, (folder / "out").read_text()

    (folder / "password").write_text(PASSWORD)
    (folder / "password").chmod(0o644)
    data = str(folder / "data")
    login = ("--username=tester", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}")
    call("initdb", f"--pgdata={data}", "--encoding=UTF8", "--no-locale", "--no-sync", *login)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    call("pg_ctl", f"--pgdata={data}", "--wait", f"--options={options}", "start")
    try:
        yield f"postgresql://tester:s3cret%2F%25%40%3Ax@127.0.0.1:{port}/postgres"
    finally:
        call("pg_ctl", f"--pgdata={data}", "--mode=immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture
def postgres(postgres_server: str) -> str:
    """Return the URL of an empty database."""
    import sqlalchemy

    name = f"t{uuid4().hex}"
    engine = sqlalchemy.create_engine(
        postgres_server.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return postgres_server.rpartition("/")[0] + f"/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty database, once of each kind."""
    pytest.importorskip("sqlalchemy")
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shop.db'}"
    return request.getfixturevalue("postgres")


@pytest.fixture
def execute():
    """Return a function that executes SQL statements at a URL; it returns the rows of the last."""
    import sqlalchemy

    def run(url: str, *statements: str) -> list[tuple]:
        engine = sqlalchemy.create_engine(
            url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sqlalchemy.pool.NullPool
        )
        with engine.begin() as connection:
            cursor = connection.connection.cursor()  # it reads no % and : in a statement
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    return run
