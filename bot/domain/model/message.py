"""Where a message came from, whose word it is, and what is stored of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Platform(StrEnum):
    SLACK = "slack"
    DISCORD = "discord"
    EMAIL = "email"
    PLAYGROUND = "playground"


class Membership(StrEnum):
    """What the platform knows about an author, before the company's own lists are asked (rules.md 1)."""

    OUTSIDER = "outsider"
    MEMBER = "member"
    """A full member of our own workspace."""
    BOT = "bot"
    UNKNOWN = "unknown"
    """Roles are not in the event and could not be looked up."""


class Speaker(StrEnum):
    """Whose word a stored message is; only a customer's is ever counted (rules.md 1)."""

    CUSTOMER = "customer"
    STAFF = "staff"
    COLLEAGUE = "colleague"
    BOT = "bot"
    UNATTRIBUTED = "unattributed"


class Print(Protocol):
    """What stays of a content for comparing: keyed hashes and an n-gram bitmap, no text (rules.md 4)."""

    @property
    def key(self) -> bytes: ...
    @property
    def raw_key(self) -> bytes: ...
    @property
    def numbers_key(self) -> bytes: ...
    @property
    def bitmap(self) -> bytes: ...


class Hearing(StrEnum):
    """What it takes to hear what people write on a platform."""

    DOOR = "door"
    """Whether the platform lets our connection in."""
    WORDS = "words"
    """Whether messages come with their words."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """One wording to be stored; `print` is None unless a customer said something that counts."""

    root: int | None
    place_id: int
    message_id: str
    edit: str
    speaker: Speaker
    customer_id: int | None
    attributed_id: int | None
    author: str
    sent_at: datetime
    thread: str
    reply_to: str
    mentions: str
    direct: bool
    text: str | None
    raw_key: bytes | None
    """The keyed hash of the exact text, so that an edit which changes nothing is known as such."""
    print: Print | None
    alike: bytes | None


@dataclass(frozen=True, slots=True)
class Known:
    """A stored wording, as far as a second delivery or an edit of it needs to know."""

    id: int
    root: int | None
    place_id: int
    message_id: str
    edit: str
    speaker: str
    customer_id: int | None
    sent_at: datetime
    raw_key: bytes | None
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Trace:
    """A stored wording of a customer as the counter sees it."""

    id: int
    root: int
    """The message's first wording; what is counted is messages, not wordings."""
    at: datetime
    key: bytes
    raw_key: bytes
    numbers_key: bytes
    bitmap: bytes
    alike: bytes | None
    detection_id: int | None


@dataclass(frozen=True, slots=True)
class Spoken:
    """A stored message with its text, for people to read; `text` is None once forgotten or redacted."""

    id: int
    platform: str
    workspace: str
    channel: str
    message_id: str
    author: str
    sent_at: datetime
    text: str | None
    thread: str = ""
    reply_to: str = ""
    mentions: tuple[str, ...] = ()
    direct: bool = False
    customer_id: int | None = None
