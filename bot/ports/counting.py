"""Stores of what counting stands on: messages and detections."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.model import Detection, Known, NewMessage, Outage, Spoken, Trace
from bot.domain.policy import Retention


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

    def last_customer(self, place: int, at: datetime) -> int | None:
        """Who of the customers wrote last in this channel up to `at`."""

    def newest(self, platform: str, workspace: str, channels: Sequence[str]) -> dict[str, datetime]:
        """The time of the newest stored message of each channel that has one."""

    def in_thread(self, place: Spoken, thread: str, customer_id: int) -> bool:
        """Whether the customer wrote in this thread, its first message included."""

    def alike(self, id: int, keys: bytes) -> None:
        """Set the near-same content keys found for one wording."""

    def delete(self, platform: str, workspace: str, channel: str, message_id: str, at: datetime) -> int:
        """Mark all wordings as deleted by their author; how many rows."""

    def redact(self, platform: str, workspace: str, channel: str, message_id: str) -> set[int | None]:
        """Empty the text of all wordings at once; the customers concerned."""

    def unattributed(self, platform: str) -> list[str]:
        """The authors on one platform whose roles were unknown and were not learned since."""

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
    @property
    def files(self) -> int: ...


class Detections(Protocol):
    """Bursts found; marked, never deleted."""

    def get(self, id: int) -> Detection: ...
    def of(self, customer_id: int, since: datetime) -> list[Detection]:
        """Open detections of a customer whose last message is at or after `since`, oldest first."""

    def all(self) -> list[Detection]:
        """Every detection by time of its `at`."""

    def messages(self, id: int, limit: int | None = None) -> tuple[int, ...]:
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
