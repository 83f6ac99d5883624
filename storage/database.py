"""The database: opened with its keys, brought to this version under a lock, and the source of units of work."""

import contextlib
import functools
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError

from bot.domain.errors import KeyMissing, NewerDatabase, Refused, Stale, StorageGone
from storage import epochs, keys
from storage.audit import Audit
from storage.keys import Keys, Lookup
from storage.session import Session
from storage.statements import POSTGRESQL, SQLITE
from storage.tables import KeyRow, table_of
from storage.unit_of_work import UnitOfWork

LOCK: Final = 7301
"""Advisory lock of migrations on PostgreSQL; any number, the same in every replica."""
LOOKUP_PLACE: Final = b"keyring.lookup"
PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=10000",
    "temp_store=MEMORY",
    "cache_size=-32768",  # KiB: the newest page of every customer's and channel's index; the default holds a quarter
    "wal_autocheckpoint=8000",  # pages: a full batch writes some 250, and each checkpoint waits for the disk again
)
PATIENCE: Final = "-c idle_in_transaction_session_timeout=15000 -c lock_timeout=10000 -c tcp_keepalives_idle=15"
"""Milliseconds, seconds: a replica that sleeps inside a transaction lets go of its locks, and nobody waits for ever."""
REPLAY: Final = "replay"
"""The epoch under which a replay's database notes what it belongs to."""
RETRY_STATES: Final = frozenset({"40001", "40P01", "55P03"})
_keyring: Final = table_of(KeyRow)


class Database:
    """Storage for bot: `begin` and `read` give units of work; every driver error leaves as one of ours."""

    def __init__(self, url: str, written_keys: str = "", *, durable: bool = True) -> None:
        """`url` as SQLAlchemy writes it; `written_keys` as KASUHARA_KEY, "" = the key file beside a SQLite file.

        `durable` False, for what can be made again: SQLite does not wait for the disk. A killed process loses nothing
        by it, a power cut may.

        `migrated` is the revision before and after; `made_key` names the key file if this start made it, for somebody
        has to be told to back it up.
        """
        self.url = _address(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if not self.sqlite:
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.made_key: Path | None = None
        self._pragmas = PRAGMAS if durable else (*PRAGMAS, "synchronous=OFF")
        with _translated():
            self.keys = Keys(written_keys or self._key_file())
            self._engine = self._make(write=True)
            self._reader = self._make(write=False) if self.sqlite else self._engine
        self._places: dict[tuple[str, str, str], int] = {}
        try:
            with _translated():
                self.migrated = self._migrate()
                self.lookup = self._lookup()
        except BaseException:
            self.close()
            raise

    def _key_file(self) -> str:
        if not self.sqlite:
            raise KeyMissing("key.postgresql")
        if not self.url.database:
            return keys.new_key()
        file = Path(self.url.database).with_suffix(".key")
        self.made_key = None if file.exists() else file
        return keys.key_file(file)

    def _make(self, *, write: bool) -> Engine:
        if not self.sqlite:
            engine = create_engine(self.url, pool_pre_ping=True, connect_args={"options": PATIENCE})
        else:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(self.url, connect_args={"check_same_thread": False, "timeout": 10})
            event.listen(engine, "connect", _pragmas(self._pragmas))
            event.listen(engine, "begin", _begin_immediate if write else _begin_read)
        engine.dialect.kasuhara_sealer = self.keys  # type: ignore[attr-defined]
        return engine

    @contextlib.contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """A transaction that may write; see ports.Storage."""
        with _translated(), self._engine.begin() as connection:
            session = self._session(connection)
            yield UnitOfWork(session)
        self._places.update(session.pending_places)

    @contextlib.contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A transaction that cannot write; see ports.Storage."""
        with _translated(), self._reader.begin() as connection:
            if not self.sqlite:
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            yield UnitOfWork(self._session(connection))

    @contextlib.contextmanager
    def connect(self) -> Iterator[Connection]:
        """A bare transaction that may write, for work on the schema's own columns (rotation of keys)."""
        with _translated(), self._engine.begin() as connection:
            yield connection

    def belongs(self, identity: int) -> bool:
        """Whether the rows are those of `identity`; only an untouched database takes it on, so never a live one."""
        with _translated(), self._engine.begin() as connection:
            session = self._session(connection)
            known = epochs.marked(session, REPLAY)
            if known is None and Audit(session).head()[0] == 0:
                epochs.mark(session, REPLAY, identity)
                known = identity
        return known == identity

    def _session(self, connection: Connection) -> Session:
        statements = SQLITE if self.sqlite else POSTGRESQL
        return Session(connection, self.keys, self.lookup, statements, self._places)

    def _migrate(self) -> tuple[str | None, str]:
        """Bring the schema to this version under a lock; (revision before, revision now)."""
        head, known = _revisions()
        with self._engine.begin() as connection:
            if not self.sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            before = MigrationContext.configure(connection).get_current_revision()
            if before is not None and before not in known:
                raise NewerDatabase(before)
            if before != head:
                config = _alembic()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        return before, head

    def _lookup(self) -> Lookup:
        with self._engine.begin() as connection:
            if not self.sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            sealed = connection.scalar(select(_keyring.c.sealed).where(_keyring.c.purpose == "lookup"))
            if sealed is None:
                sealed = self.keys.seal_bytes(os.urandom(keys.KEY_BYTES), LOOKUP_PLACE)
                connection.execute(_keyring.insert().values(purpose="lookup", sealed=sealed))
                lookup = Lookup(self.keys.open_bytes(sealed, LOOKUP_PLACE))
                statements = SQLITE if self.sqlite else POSTGRESQL
                session = Session(connection, self.keys, lookup, statements, {})
                Audit(session).begin()
                epochs.move(session)
            return Lookup(self.keys.open_bytes(sealed, LOOKUP_PLACE))

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()
        self._reader.dispose()


def _address(url: str) -> URL:
    """The address, if it is one of the two databases that this house knows."""
    try:
        address = make_url(url.replace("postgres://", "postgresql://", 1))
    except ArgumentError:
        raise Refused("database.address") from None
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise Refused("database.address")
    return address


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config


@functools.cache
def _revisions() -> tuple[str, frozenset[str]]:
    """The newest revision and every one there is, read from the scripts once in a process."""
    script = ScriptDirectory.from_config(_alembic())
    return script.get_current_head() or "", frozenset(step.revision for step in script.walk_revisions())


def _pragmas(pragmas: tuple[str, ...]) -> Callable[[Any, Any], None]:
    def set_all(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return set_all


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_read(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA query_only=ON")
    connection.exec_driver_sql("BEGIN")


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Driver errors as ours: a lost race is Stale, a full disk or a lost server is StorageGone."""
    try:
        yield
    except OSError as error:
        raise StorageGone(str(error)) from error
    except (DBAPIError, sqlite3.Error, psycopg.Error) as error:
        origin = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        if isinstance(error, IntegrityError) or isinstance(origin, sqlite3.IntegrityError | psycopg.IntegrityError):
            raise Stale("row") from error
        if getattr(origin, "sqlstate", None) == "25006":
            raise Refused("database.read_only") from error
        if getattr(origin, "sqlstate", None) in RETRY_STATES:
            raise Stale("lock") from error
        if isinstance(origin, sqlite3.ProgrammingError | sqlite3.InterfaceError):
            raise
        if isinstance(error, OperationalError) or isinstance(origin, sqlite3.Error | psycopg.OperationalError):
            if "readonly" in str(origin):
                raise Refused("database.read_only") from error
            raise StorageGone(str(origin)) from error
        raise
