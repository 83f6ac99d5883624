"""The number that moves with every change of who is who; caches of people are fresh only at this number."""

from typing import Final

from sqlalchemy import select, update

from storage.session import Session
from storage.tables import EpochRow, table_of

_epochs: Final = table_of(EpochRow)
PEOPLE: Final = "people"
_MOVED: Final = update(_epochs).where(_epochs.c.name == PEOPLE).values(value=_epochs.c.value + 1)


def move(session: Session) -> None:
    """Make every cache of people stale, in this transaction; the first call, on a new database, writes the row."""
    if session.connection.execute(_MOVED).rowcount == 0:
        session.connection.execute(_epochs.insert(), {"name": PEOPLE, "value": 1})


def mark(session: Session, name: str, value: int) -> None:
    """Note a number under `name`, once."""
    session.connection.execute(_epochs.insert().values(name=name, value=value))


def marked(session: Session, name: str) -> int | None:
    """The number noted under `name`."""
    found: int | None = session.connection.scalar(select(_epochs.c.value).where(_epochs.c.name == name))
    return found


def read(session: Session) -> int:
    """The number now; 0 before the first change."""
    rows = session.rows(session.statements.epoch)
    return int(rows[0][0]) if rows else 0
