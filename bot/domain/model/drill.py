"""A drill: a practice call to whoever is on call, to see who sees it and how fast."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Drill:
    """It is no ping and counts nowhere: nothing but its own row and cards knows of it."""

    id: int
    """0 until it is stored."""
    team: str
    asked_by: str
    people: tuple[str, ...]
    """Accounts; empty where only the channel could be told."""
    at: datetime
    until: datetime
    """When it ends if nobody has seen it."""
    seen_by: str = ""
    ended_at: datetime | None = None
    """When somebody had seen it, or the time was over."""

    @property
    def seconds(self) -> int:
        """How long it took; 0 while it goes on."""
        return round(((self.ended_at or self.at) - self.at).total_seconds())
