"""The time of the local Discord: real time that a test may move forward, and ids that carry it."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

EPOCH = 1_420_070_400.0
"""Second zero of every snowflake: 2015-01-01 UTC."""


@dataclass
class Clock:
    """Seconds since 1970 as Discord counts them. `passes` moves it: what expires, expires; ids follow."""

    ahead: float = 0.0
    _last: int = 0
    _used: set[int] = field(default_factory=set)

    def now(self) -> float:
        return time.time() + self.ahead

    def passes(self, seconds: float) -> None:
        """Time goes by without waiting: later messages carry later ids, interactions and addresses expire."""
        self.ahead += seconds

    def snowflake(self, ago: float = 0.0) -> int:
        """A new id, higher than every other one; with `ago` a free one that many seconds in the past."""
        id = int((self.now() - ago - EPOCH) * 1000) << 22
        if not ago:
            id = self._last = max(id, self._last + 1)
        while id in self._used:
            id += 1
        self._used.add(id)
        return id


def seconds(snowflake: int) -> float:
    """When the id was handed out, in seconds since 1970."""
    return (snowflake >> 22) / 1000 + EPOCH


def stamp(at: float) -> str:
    """The time as Discord writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")
