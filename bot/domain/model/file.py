"""A file that came with a message, as a platform tells of it and as it is kept for the record."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FileState(StrEnum):
    """How far the keeping of a file has come; only WANTED ever changes by itself."""

    WANTED = "wanted"
    """It is still to be fetched."""
    KEPT = "kept"
    TOO_LARGE = "too_large"
    TOO_MUCH = "too_much"
    """Small enough alone, but there was too much in its message, or from its sender within a day."""
    GONE = "gone"
    """The platform has it no more, or did not give it however often it was asked."""
    REFUSED = "refused"
    """The platform does not let us have it."""
    REDACTED = "redacted"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as a platform announces it; `id` is the platform's, `size` in bytes and no more than a claim."""

    id: str
    name: str
    media: str
    """Media type such as image/png, as the platform says; "" where it says nothing."""
    size: int


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be noted with the message (its first wording's row) that it came with."""

    message: int
    platform: str
    sender: str
    """The account as stored with the message."""
    file: Attachment
    state: FileState
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file that is still to be fetched, and where it hangs."""

    id: int
    """The row's number, which the fetched bytes come back under."""
    platform: str
    workspace: str
    channel: str
    thread: str
    message_id: str
    file_id: str
    """The platform's."""
    attempts: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What is known of a file without its bytes."""

    id: int
    message: int
    name: str | None
    """None once it is redacted."""
    media: str
    size: int
    """Bytes: as announced, once it is kept as they are."""
    state: FileState
    sha256: str
    """In hex; "" unless the bytes are, or were until they were redacted, kept."""
    sent_at: datetime
