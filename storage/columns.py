"""Column types that keep instants whole and texts sealed, alike on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """An aware instant as whole microseconds since 1970 UTC; a naive one is an error."""
    return (at - EPOCH) // MICROSECOND


def instant(value: int) -> datetime:
    """The aware UTC instant of `micros`."""
    return EPOCH + timedelta(microseconds=value)


class Instant(TypeDecorator[datetime]):
    """An instant as a 64-bit integer: exact, zone-free and ordered alike on SQLite and PostgreSQL."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else instant(value)


class Sealer(Protocol):
    """What a Sealed column needs of the keys; `Database` hangs it on its engine's dialect."""

    def seal(self, text: str, place: bytes) -> bytes: ...
    def open(self, sealed: bytes, place: bytes) -> str: ...
    def seal_bytes(self, plain: bytes, place: bytes) -> bytes: ...
    def open_bytes(self, sealed: bytes, place: bytes) -> bytes: ...


class Sealed(TypeDecorator[str]):
    """Text that names or quotes people: AES-GCM with a key id, bound to its column (rules.md 4)."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _sealer(dialect).seal(value, self.place.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else _sealer(dialect).open(value, self.place.encode())


class SealedBytes(TypeDecorator[bytes]):
    """Bytes that people sent, sealed like texts."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _sealer(dialect).seal_bytes(value, self.place.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _sealer(dialect).open_bytes(value, self.place.encode())


def _sealer(dialect: Any) -> Sealer:
    sealer: Sealer = dialect.kasuhara_sealer
    return sealer
