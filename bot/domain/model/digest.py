"""The weekly digest of a team as facts: what waits, who nears the threshold, who recovers, what was our fault."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.model.ping import PingState
from bot.domain.model.severity import Severity
from bot.domain.model.standing import ContractEnd, Level, Standing


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer toward the threshold, or recovering; `before` is a week earlier by the ledger of today."""

    customer_id: int
    name: str
    standing: Standing
    before: float
    level_before: Level
    end: ContractEnd
    clause: str
    """The contract's clause; "" = none on record, so it cannot be ended by it (S0-2)."""
    paid_through: date | None
    renewal_on: date | None
    incidents: tuple[int, ...]
    """The confirmed incidents that make up the points, latest first."""


@dataclass(frozen=True, slots=True)
class PingLine:
    """A ping that nobody answered yet, or that was answered only after more than one step."""

    ping_id: int
    customer_id: int
    name: str
    severity: Severity
    state: PingState
    opened_at: datetime
    acked_at: datetime | None
    steps: int


@dataclass(frozen=True, slots=True)
class WaitLine:
    """A customer who repeated themselves because they waited for us."""

    customer_id: int
    name: str
    at: datetime
    count: int
    detection_id: int


@dataclass(frozen=True, slots=True)
class CountLine:
    """A customer and a number, such as legitimate complaints."""

    customer_id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Digest:
    """One team, one week; lists in the order of requirements.md's roll-up. No reporters, no counts of our people."""

    team: str
    week: str
    """ISO week of the day it was due, such as 2026-W47."""
    since: datetime
    at: datetime
    zone: str
    due_at: datetime
    late: bool
    """It was due earlier and was caught up."""
    pings: tuple[PingLine, ...]
    to_judge: tuple[CountLine, ...]
    """Incidents that nobody has judged yet, by customer."""
    to_second: int
    """Verdicts that wait for a second person or a confirmation."""
    toward: tuple[CustomerLine, ...]
    improving: tuple[CustomerLine, ...]
    complaints: tuple[CountLine, ...]
    """Legitimate complaints of the week: the customers' own voice, never points (S1-1, S1-39)."""
    waited: tuple[WaitLine, ...]
    incidents: int
    confirmed: int
    detections: int
    outages: int
    listed: tuple[CountLine, ...]
    """Detections that pinged nobody (monitor mode, found later, low at night), by customer."""
    pack_due: date | None
    """The pack was last compared with its sources on this day, too long ago (S1-44)."""
    edition: str
    pack_hash: str
