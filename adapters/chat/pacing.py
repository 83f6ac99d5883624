"""Posts a second: so many for each place, so that a platform never has to say no."""

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from time import monotonic
from typing import Final

from bot.domain.errors import DeliveryFailed

PLACES: Final = 1_000
"""Places that are remembered before those are forgotten that anybody may enter."""


class Pace:
    """Lets one caller a `gap` (seconds) pass for each key, in the order in which they came.

    After a quiet time `burst` callers pass at once. Whoever would wait longer than `patience` (seconds) is sent away
    and takes no place in the line: the Courier brings the post back, the most urgent first.
    """

    def __init__(
        self,
        gap: float,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        *,
        burst: int = 1,
        patience: float = inf,
    ) -> None:
        self._gap = gap
        self._clock = clock
        self._sleep = sleep
        self._ahead = (burst - 1) * gap
        self._patience = patience
        self._next: dict[str, float] = {}
        self._held: dict[str, float] = {}
        self._most = PLACES

    async def turn(self, key: str, patience: float | None = None) -> None:
        """Returns when it is this caller's turn; DeliveryFailed, with the seconds to wait, when that is too far off.

        `patience`: of this caller alone.
        """
        patience = self._patience if patience is None else patience
        now = self._clock()
        at = max(now, self._next.get(key, now) - self._ahead, self._held.get(key, now))
        _bear(at - now, patience)
        self._forgets(now)
        taken = self._next[key] = max(at, self._next.get(key, at)) + self._gap
        try:
            # Somebody before us may have been told to wait while we slept.
            while (left := max(at, self._held.get(key, at)) - self._clock()) > 0:
                _bear(left, patience)
                await self._sleep(left)
        except BaseException:
            if self._next.get(key) == taken:
                self._next[key] = taken - self._gap
            raise

    def hold(self, key: str, seconds: float) -> None:
        """Nobody passes for this key for so long: the platform asked for it."""
        now = self._clock()
        self._forgets(now)
        self._held[key] = max(self._held.get(key, 0.0), now + seconds)

    def _forgets(self, now: float) -> None:
        """Places that anybody may enter: nothing is to be remembered of them."""
        if len(self._next) + len(self._held) > self._most:
            self._next = {key: at for key, at in self._next.items() if at > now}
            self._held = {key: at for key, at in self._held.items() if at > now}
            self._most = max(PLACES, 2 * (len(self._next) + len(self._held)))


def _bear(seconds: float, patience: float) -> None:
    if seconds > patience:
        raise DeliveryFailed("busy", retry_after=seconds)
