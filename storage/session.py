"""What every store works with: the transaction's connection, the driver's cursor, the keys."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from storage.keys import Keys, Lookup
from storage.statements import Statements


@dataclass(slots=True)
class Session:
    """One transaction; `places` and `pending_places` let a channel's number be cached only once it is committed."""

    connection: Connection
    keys: Keys
    lookup: Lookup
    statements: Statements
    places: dict[tuple[str, str, str], int]
    pending_places: dict[tuple[str, str, str], int] = field(default_factory=dict)

    @property
    def sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"

    def driver(self, statement: str, parameters: tuple[Any, ...]) -> Any:
        """Run a statement of the hot path on the driver's own cursor, inside this transaction."""
        cursor = self.connection.connection.cursor()
        cursor.execute(statement, parameters)
        return cursor

    def rows(self, statement: str, *parameters: Any) -> list[Any]:
        """All rows of a hot statement."""
        cursor = self.driver(statement, parameters)
        try:
            found: list[Any] = cursor.fetchall()
        finally:
            cursor.close()
        return found
