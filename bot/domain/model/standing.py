"""Where a customer stands: points with their origin, level, habit, pace, and when the contract could end."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum

from bot.domain.model.severity import Severity


class Level(IntEnum):
    """rules.md 6; a level is left downwards only below 80 % of its bound."""

    CLEAR = 0
    WATCH = 1
    CONCERN = 2
    REVIEW = 3

    @property
    def key(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Points:
    """What one confirmed incident gave: weight of its worst confirmed category times the factor of its severity."""

    id: int
    """0 until it is stored."""
    incident_id: int
    at: datetime
    """The incident's last sign: decay begins here, so that a slow verdict costs the customer nothing."""
    confirmed_at: datetime
    """When the verdict became final: before it the points did not exist."""
    points: float
    category: str
    weight: float
    severity: Severity
    factor: float
    edition: str
    pack_hash: str
    taken_back_at: datetime | None = None
    """A later verdict took them back; their story stays."""


@dataclass(frozen=True, slots=True)
class Share:
    """What is left of some points at the moment asked about."""

    points: Points
    now: float


@dataclass(frozen=True, slots=True)
class HabitScore:
    """Distinct days and ISO weeks (customer's zone) on which confirmed signs happened (S0-34)."""

    days: int
    weeks: int
    window_days: int


@dataclass(frozen=True, slots=True)
class Pace:
    """Where the points go (rules.md 6); dates are days in the customer's zone."""

    per_day: float
    """Points confirmed in the last `window_days`, a day."""
    window_days: int
    crosses_on: date | None
    """The day on which the bound of review would be reached at this pace; None: not at this pace, or reached."""
    below_watch_on: date | None
    """The day on which the level falls back to clear if nothing new comes; None where it is clear."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One customer's standing at one moment; every number carries its parts."""

    at: datetime
    zone: str
    points: float
    level: Level
    shares: tuple[Share, ...]
    """What makes up `points`, largest first."""
    taken_back: tuple[Points, ...]
    habit: HabitScore
    critical: bool
    """A critical incident was confirmed within the habit's window."""
    threshold: bool
    """Review and habitual, or critical: article 16 may be looked at by people (rules.md 6)."""
    pace: Pace


class EndKnown(StrEnum):
    KNOWN = "known"
    NO_DATE = "no_date"
    """Nobody entered the last paid day."""
    STALE = "stale"
    """The last paid day was entered too long ago to be relied on (rules.md 6: 40 days)."""


@dataclass(frozen=True, slots=True)
class ContractEnd:
    """The earliest end of the contract that article 16 allows: with the last paid day (S0-43)."""

    known: EndKnown
    at: datetime | None
    """The first instant after the last paid day in the customer's zone, in UTC; None unless known."""
    last_day: date | None
    """Shown as this day 24:00."""
    zone: str
