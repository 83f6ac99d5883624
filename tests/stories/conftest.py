"""Stories are many: their databases are copies of one that was brought to this version once."""

import itertools

import psycopg
import pytest
from harness import KEY
from postgres import Server

from storage.database import Database

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def template(postgres: Server) -> str:
    """An empty database of this version under the stories' key."""
    with psycopg.connect(postgres.uri, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # nobody pulls a plug here
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    url = postgres.fresh()
    Database(url, KEY).close()
    return url


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """As for every test, only that PostgreSQL copies the template."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('story') / 'kasuhara.db'}"
    template: str = request.getfixturevalue("template")
    server: Server = request.getfixturevalue("postgres")
    name = f"copy_{next(NUMBERS)}"
    model = template.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(server.uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {model}")
    return template.replace(f"/{model}", f"/{name}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
