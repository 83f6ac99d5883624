"""Who is on call: a rotation on the wall clock of a zone, and overrides."""

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class Rota:
    """`members` take turns of `days` days, the first from `starts_on` at `handover`, on the wall clock of `zone`."""

    zone: str
    members: tuple[str, ...]
    """Accounts (`platform:workspace:id`), each once."""
    starts_on: date
    handover: time = time(9, 0)
    days: int = 7


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody stands in from `start` up to, not including, `end` (UTC instants); the one made last wins."""

    id: int
    """0 until it is stored."""
    team: str
    account: str
    start: datetime
    end: datetime
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is on call from `start` up to, not including, `end` (UTC instants)."""

    account: str
    start: datetime
    end: datetime
    override: bool = False
