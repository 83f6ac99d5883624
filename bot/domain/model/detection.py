"""A detection: the machine's hint that one customer repeats itself; never a finding."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    EXACT = "exact"
    NEAR = "near"


class DetectionState(StrEnum):
    OPEN = "open"
    MERGED = "merged"
    """Its burst grew together with an older one, which goes on."""
    LAPSED = "lapsed"
    """A recount no longer finds it; marked, never deleted (rules.md 3)."""


@dataclass(frozen=True, slots=True)
class Detection:
    """One burst of same content (rules.md 2): `at` is the event time at which a window first filled."""

    id: int
    """0 until it is stored."""
    customer_id: int
    at: datetime
    last_at: datetime
    window: str
    count: int
    kind: Kind
    waiting: bool | None
    """True: the customer waited for us (no incident); None: nobody is known as staff, so not judged (rules.md 3)."""
    center: int
    """The message with which the others have the same content."""
    raw_key: bytes | None
    """The hash of the exact wording while all are exact."""
    found_at: datetime
    found_later: bool
    left_out: int
    """Distinct contents that the work bound left out of the comparison (rules.md 2)."""
    outage_id: int | None
    state: DetectionState
    edition: str
    pack_hash: str
    zone: str


@dataclass(frozen=True, slots=True)
class Outage:
    """Many customers write the same: one notice stands for all (rules.md 3)."""

    id: int
    at: datetime
    last_at: datetime
    ended_at: datetime | None
    customers: int
