"""Posts a second: so many for each place, so that a platform never has to say no."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic


class Pace:
    """Lets one caller a `gap` (seconds) pass for each key, in the order in which they came."""

    def __init__(
        self,
        gap: float,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gap = gap
        self._clock = clock
        self._sleep = sleep
        self._free: dict[str, float] = {}

    async def turn(self, key: str) -> None:
        """Returns when it is this caller's turn; the next one for the same key comes a gap later."""
        now = self._clock()
        at = max(now, self._free.get(key, now))
        self._free[key] = at + self._gap
        if at > now:
            await self._sleep(at - now)

    def hold(self, key: str, seconds: float) -> None:
        """Nobody passes for this key for so long: the platform asked for it."""
        self._free[key] = max(self._free.get(key, 0.0), self._clock() + seconds)
