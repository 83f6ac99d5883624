"""Rotation of the company's key: which keys seal what, and sealing everything anew (rules.md 4)."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, LargeBinary, Table, func, literal_column, select, type_coerce, update
from sqlmodel import SQLModel

from storage.columns import Sealed, SealedBytes
from storage.database import LOOKUP_PLACE, Database
from storage.keys import ID_BYTES
from storage.tables import KeyRow, table_of

STEP: Final = 500
"""Rows in one transaction, so that the bot goes on working between them."""
FEW: Final = 4
"""The same where a row may hold a whole file: they are in memory twice."""
_keyring: Final = table_of(KeyRow)
_FIRST: Final[Any] = literal_column("1")
_LENGTH: Final[Any] = literal_column(str(ID_BYTES))


@dataclass(frozen=True, slots=True)
class Seals:
    """The key in use (its id, in hex) and how many sealed values each key id has."""

    active: str
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Resealed:
    values: int


def _columns() -> list[tuple[Table, Any]]:
    tables = SQLModel.metadata.sorted_tables
    kinds = (Sealed, SealedBytes)
    return [(table, column) for table in tables for column in table.columns if isinstance(column.type, kinds)]


def seals_of(database: Database) -> Seals:
    """Count sealed values by key id."""
    found: Counter[str] = Counter()
    with database.connect() as connection:
        for _, column in _columns():
            id = func.substr(type_coerce(column, LargeBinary), _FIRST, _LENGTH, type_=LargeBinary)
            for value, count in connection.execute(select(id, func.count()).where(column.is_not(None)).group_by(id)):
                found[bytes(value).hex()] += count
        for value in connection.execute(select(_keyring.c.sealed)).scalars():
            found[bytes(value[:ID_BYTES]).hex()] += 1
    return Seals(database.keys.active.id.hex(), dict(found))


def reseal_all(database: Database, now: datetime, progress: Callable[[int], None]) -> Resealed:
    """Seal every value with the active key, in steps; what is sealed with it already is left alone."""
    done = 0
    with database.connect() as connection:
        _reseal_keyring(database, connection)
    for table, column in _columns():
        last = 0
        while True:
            with database.connect() as connection:
                moved, last, more = _step(database, connection, table, column, last)
            done += moved
            progress(done)
            if not more:
                break
    with database.begin() as uow:
        uow.audit.append(now, "kasuhara", "keys.resealed", "keyring", {"values": done})
    return Resealed(done)


def _reseal_keyring(database: Database, connection: Connection) -> None:
    for purpose, sealed in connection.execute(select(_keyring.c.purpose, _keyring.c.sealed)).all():
        fresh = database.keys.seal_bytes(database.keys.open_bytes(sealed, LOOKUP_PLACE), LOOKUP_PLACE)
        connection.execute(update(_keyring).where(_keyring.c.purpose == purpose).values(sealed=fresh))


def _step(database: Database, connection: Connection, table: Table, column: Any, after: int) -> tuple[int, int, bool]:
    """One step of one column: (values sealed anew, last row seen, whether there may be more)."""
    raw = type_coerce(column, LargeBinary)
    whole = isinstance(column.type, SealedBytes)
    step = min(STEP, FEW) if whole else STEP
    open_ = database.keys.open_bytes if whole else database.keys.open
    query = select(table.c.id, raw.label("sealed")).where(table.c.id > after).order_by(table.c.id).limit(step)
    rows = connection.execute(query).all()
    active, moved = database.keys.active.id, 0
    for id, sealed in rows:
        if sealed is not None and bytes(sealed[:ID_BYTES]) != active:
            plain = open_(sealed, column.type.place.encode())
            # Only what is still as it was read: a redaction in between must not be undone.
            fresh = update(table).where(table.c.id == id, raw == sealed).values({column: plain})
            moved += connection.execute(fresh).rowcount
    return moved, rows[-1][0] if rows else after, len(rows) == step
