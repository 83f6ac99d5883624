"""The time of the local Slack: real time that a test may move forward, and message stamps that are unique."""

import time
from dataclasses import dataclass, field


@dataclass
class Clock:
    """Seconds since 1970 as Slack counts them. `passes` moves it: what expires, expires; stamps follow."""

    ahead: float = 0.0
    _last: int = 0
    _used: set[int] = field(default_factory=set)

    def now(self) -> float:
        return time.time() + self.ahead

    def passes(self, seconds: float) -> None:
        """Time goes by without waiting: later messages carry later stamps, triggers and response_urls expire."""
        self.ahead += seconds

    def stamp(self, ago: float = 0.0) -> str:
        """A new ts, later than every other one; with `ago` a free one that many seconds in the past."""
        micros = int((self.now() - ago) * 1_000_000)
        if not ago:
            micros = self._last = max(micros, self._last + 1)
        while micros in self._used:
            micros += 1
        self._used.add(micros)
        return f"{micros // 1_000_000}.{micros % 1_000_000:06}"
