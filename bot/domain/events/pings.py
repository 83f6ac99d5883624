"""What people answer to pings, and outages that end."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PingAcknowledged:
    """Somebody takes it: the round stops."""

    actor: str
    ping_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PingResolved:
    """Somebody says that it is dealt with."""

    actor: str
    ping_id: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillWanted:
    """Somebody wants to see who sees a call now, and how fast."""

    actor: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillSeen:
    """Somebody saw the practice call."""

    actor: str
    drill_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageEnded:
    """A person says that the outage is over (rules.md 3)."""

    actor: str
