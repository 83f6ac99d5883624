"""The unit of work with its stores, where it comes from, and the clock."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.model import AuditEntry
from bot.ports.chats import Outbox
from bot.ports.counting import Detections, Messages
from bot.ports.files import Files
from bot.ports.incidents import Drills, Duty, Incidents, Pings, Reviews
from bot.ports.people import Customers, Teams
from bot.ports.presence import Presence

Clock = Callable[[], datetime]


class Audit(Protocol):
    """The chain of entries: one for every change of state, in the same transaction (S2-16)."""

    def append(self, at: datetime, actor: str, action: str, subject: str, detail: Mapping[str, object]) -> None: ...
    def entries(self) -> list[AuditEntry]: ...


class UnitOfWork(Protocol):
    """One transaction and its stores."""

    @property
    def messages(self) -> Messages: ...
    @property
    def customers(self) -> Customers: ...
    @property
    def teams(self) -> Teams: ...
    @property
    def detections(self) -> Detections: ...
    @property
    def incidents(self) -> Incidents: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def pings(self) -> Pings: ...
    @property
    def duty(self) -> Duty: ...
    @property
    def drills(self) -> Drills: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def presence(self) -> Presence: ...
    @property
    def files(self) -> Files: ...


class Storage(Protocol):
    """Where units of work come from; what goes wrong in one leaves no trace of it."""

    def begin(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that may write; committed at the end of the block, rolled back by any error."""

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that cannot write."""
