"""Leases and marks on rows."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.session import Session
from storage.tables import LeaseRow, ToldRow, table_of

_leases: Final = table_of(LeaseRow)
_told: Final = table_of(ToldRow)


class Presence:
    """ports.Presence on rows."""

    def __init__(self, session: Session) -> None:
        self._s = session

    def take(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        free = (_leases.c.holder == holder) | (_leases.c.until <= now)
        query = self._insert(_leases).values(name=name, holder=holder, until=until)
        query = query.on_conflict_do_update(
            index_elements=["name"], set_={"holder": holder, "until": until}, where=free
        ).returning(_leases.c.holder)
        return self._s.connection.scalar(query) is not None

    def let_go(self, name: str, holder: str) -> bool:
        mine = (_leases.c.name == name, _leases.c.holder == holder)
        return bool(self._s.connection.execute(delete(_leases).where(*mine)).rowcount)

    def told(self, name: str) -> str:
        found: str | None = self._s.connection.scalar(select(_told.c.value).where(_told.c.name == name))
        return found or ""

    def tell(self, name: str, value: str) -> None:
        query = self._insert(_told).values(name=name, value=value)
        self._s.connection.execute(query.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    def _insert(self, table: Table) -> Any:
        """An insert that may name its conflict, in the words of this database."""
        return sqlite.insert(table) if self._s.sqlite else postgresql.insert(table)
