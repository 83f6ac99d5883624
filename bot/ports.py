"""What the core asks of the outside: a unit of work with its stores, and a clock."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.attribution import Directory, Owner
from bot.domain.model import (
    AuditEntry,
    Customer,
    CustomerRecord,
    Detection,
    Known,
    NewMessage,
    Outage,
    Spoken,
    Team,
    Trace,
)
from bot.domain.policy import Retention

Clock = Callable[[], datetime]


class Messages(Protocol):
    """Stored messages; times are aware, ids are the rows'."""

    def place(self, platform: str, workspace: str, channel: str) -> int:
        """The number of this channel, made on first sight."""

    def known(self, ids: Sequence[tuple[int, str]]) -> list[Known]:
        """Every stored wording of these (place, message id)."""

    def add(self, rows: Sequence[NewMessage]) -> list[int | None]:
        """Ids of the stored rows in order; None where somebody else stored the same wording first."""

    def recent(self, customer_id: int, start: datetime, end: datetime) -> list[Trace]:
        """A customer's counted wordings sent from `start` to `end`, ends included, oldest first."""

    def text(self, id: int) -> str | None:
        """The text of one wording; None once it is forgotten."""

    def spoken(self, ids: Iterable[int]) -> list[Spoken]:
        """Messages for people to read, by time; the newest wording of each."""

    def staff_between(self, start: datetime, end: datetime) -> list[Spoken]:
        """What our people said between two instants, oldest first, without texts."""

    def customers_before(self, place: Spoken, at: datetime) -> int | None:
        """Who of the customers wrote last in this channel before `at`."""

    def in_thread(self, place: Spoken, thread: str, customer_id: int) -> bool:
        """Whether the customer wrote in this thread, its first message included."""

    def alike(self, id: int, keys: bytes) -> None:
        """Set the near-same content keys found for one wording."""

    def delete(self, platform: str, workspace: str, channel: str, message_id: str, at: datetime) -> int:
        """Mark all wordings as deleted by their author; how many rows."""

    def redact(self, platform: str, workspace: str, channel: str, message_id: str) -> set[int | None]:
        """Empty the text of all wordings at once; the customers concerned."""

    def waiting(self, author: str) -> list[Spoken]:
        """Every wording of an author whose roles were unknown, with its own id, oldest first."""

    def settle(self, id: int, author: str, speaker: str, attributed: int | None, customer: int | None) -> None:
        """Say whose word one waiting wording is."""

    def authors(self, customer_id: int) -> frozenset[str]:
        """The accounts under which this customer wrote."""

    def count(self, id: int, key: bytes, raw_key: bytes, numbers_key: bytes, bitmap: bytes) -> None:
        """Set what is counted of one wording that was stored before its speaker was known."""

    def progress(self) -> tuple[datetime | None, int]:
        """Time of the newest stored message, and how many messages there are."""

    def forget(self, now: datetime, rules: Retention) -> "Forgotten":
        """Forget what is due and tied to nothing (rules.md 4)."""


class Forgotten(Protocol):
    """How much went in one run of forgetting."""

    @property
    def texts(self) -> int: ...
    @property
    def rows(self) -> int: ...
    @property
    def names(self) -> int: ...


class Saved(Protocol):
    """What writing an imported customer did."""

    @property
    def id(self) -> int: ...
    @property
    def new(self) -> bool: ...
    @property
    def changed(self) -> tuple[str, ...]:
        """Names of the columns that moved."""

    @property
    def moved(self) -> frozenset[int]:
        """Customers whose stored messages changed hands."""


class Customers(Protocol):
    """Customers, their contacts and rules; every change of attribution moves the epoch."""

    def epoch(self) -> int:
        """Grows with every change of who is who; a Directory is fresh only at this number."""

    def directory(self) -> Directory: ...

    def contacts(self, lookups: Sequence[str]) -> dict[str, Owner]:
        """Account → whose it is, for the accounts that are known."""

    def lookup(self, account: str) -> str:
        """The form under which an account or mail address is stored."""

    def unknown(self, account: str, name: str, now: datetime) -> int:
        """A customer made for one account that nobody matched."""

    def rename(self, customer_id: int, account: str, name: str) -> None:
        """Give an unknown customer the name that it writes under; one that a person entered keeps its own."""

    def hold(self, ids: Iterable[int]) -> dict[int, int]:
        """Keep these customers to this transaction, in id order; their versions."""

    def changed(self, ids: Iterable[int]) -> None:
        """Move the versions of these customers on."""

    def get(self, id: int) -> Customer:
        """One customer; NotFound if there is none."""

    def all(self) -> list[Customer]: ...

    def save(self, record: CustomerRecord, now: datetime) -> "Saved":
        """Write an imported customer, recognised by name."""

    def freeze(self) -> None:
        """Let nobody attribute a message until this transaction ends: the first step of every change of who is who."""

    def concerned(self, accounts: Iterable[str]) -> frozenset[int]:
        """Customers that have these accounts or their messages; hold them before moving anything."""

    def assign(self, account: str, customer_id: int, name: str, now: datetime) -> tuple[int | None, frozenset[int]]:
        """Give an account and its stored messages to a customer; (the customer it had, all whose counts change)."""

    def merge(self, customer_id: int, into: int) -> None: ...

    def part(self, customer_id: int) -> int:
        """Undo `merge`; the customer it had gone into."""


class Teams(Protocol):
    """Teams and staff; every change moves the same epoch as customers."""

    def all(self) -> tuple[Team, ...]: ...
    def apply(self, teams: Sequence[Team], source: str) -> None:
        """Make these the teams of `source`; teams of other sources stay."""


class Detections(Protocol):
    """Bursts found; marked, never deleted."""

    def get(self, id: int) -> Detection: ...
    def of(self, customer_id: int, since: datetime) -> list[Detection]:
        """Open detections of a customer whose last message is at or after `since`, oldest first."""

    def all(self) -> list[Detection]:
        """Every detection by time of its `at`."""

    def messages(self, id: int) -> tuple[int, ...]:
        """Ids of the messages of a burst, by time."""

    def save(self, detection: Detection, messages: Iterable[int]) -> Detection:
        """Store a new or changed detection and add messages to it."""

    def end(self, id: int, state: str, into: int | None = None) -> None:
        """Mark a detection lapsed, or merged into another that takes its messages."""

    def near(self, at: datetime, since: datetime) -> list[Detection]:
        """Open detections of all customers whose `at` lies between, for the outage rule."""

    def outages(self, *, active: bool = False) -> list[Outage]: ...
    def save_outage(self, outage: Outage, center: int, members: Iterable[int]) -> int: ...
    def outage_center(self, id: int) -> int: ...


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
    def audit(self) -> Audit: ...


class Storage(Protocol):
    """Where units of work come from; what goes wrong in one leaves no trace of it."""

    def begin(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that may write; committed at the end of the block, rolled back by any error."""

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that cannot write."""
