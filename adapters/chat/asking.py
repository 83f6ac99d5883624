"""What a platform said about somebody or something: asked once for all who wait, and believed for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, Generic, TypeVar

T = TypeVar("T")
KEPT: Final = 600.0
"""Seconds (issue: members cached at most ten minutes, and asked anew when somebody joins, leaves or shares)."""
PATIENCE: Final = 0.7
"""Seconds that an event or a command waits to learn who somebody is; the commit needs the rest of three."""
REST: Final = 5.0
"""Seconds in which events do not ask again about what could not be learned."""


class Asking(Generic[T]):
    """`ask` asks the platform by key; `unanswered` is what that ends with when it goes wrong."""

    def __init__(
        self, ask: Callable[[str], Awaitable[T]], unanswered: tuple[type[Exception], ...],
        clock: Callable[[], float] = monotonic,
    ) -> None:  # fmt: skip
        self._ask = ask
        self._unanswered: tuple[type[Exception], ...] = (*unanswered, TimeoutError)
        self._clock = clock
        self._known: dict[str, tuple[float, T]] = {}
        self._under_way: dict[str, asyncio.Task[T]] = {}
        self._running: set[asyncio.Task[T]] = set()
        self._resting: dict[str, float] = {}
        self._changes = 0
        """An answer that was under way while something changed is not remembered."""

    async def get(self, key: str, kept: float = KEPT) -> T:
        """What is known and no older than `kept` seconds, else what the platform says; raises what asking raises."""
        known = self._known.get(key)
        if known is not None and self._clock() - known[0] < kept:
            return known[1]
        asking = self._under_way.get(key)
        if asking is None:
            asking = self._under_way[key] = asyncio.create_task(self._asked(key))
            self._running.add(asking)
            asking.add_done_callback(lambda done: self._told(key, done))
        return await asyncio.shield(asking)

    async def soon(self, key: str) -> T | None:
        """The same for an event that cannot wait; None when it is not said at once."""
        if self._clock() < self._resting.get(key, 0.0):
            return None
        try:
            found = await asyncio.wait_for(self.get(key), PATIENCE)
        except self._unanswered:
            self._resting[key] = self._clock() + REST
            return None
        self._resting.pop(key, None)
        return found

    def learn(self, key: str, value: T) -> None:
        """An event brought it along: nobody has to be asked."""
        self._known[key] = (self._clock(), value)
        self._resting.pop(key, None)

    def forget(self, key: str) -> None:
        """Something changed: ask again."""
        self._changes += 1
        for kept in (self._known, self._under_way, self._resting):
            kept.pop(key, None)

    def forget_all(self) -> None:
        """Anything may have changed."""
        self._changes += 1
        self._known.clear()
        self._under_way.clear()

    async def close(self) -> None:
        """Break off what is still being asked."""
        asking = list(self._running)
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _asked(self, key: str) -> T:
        before = self._changes
        began = self._clock()
        found = await self._ask(key)
        if before == self._changes:
            self._known[key] = (began, found)
        return found

    def _told(self, key: str, done: "asyncio.Task[T]") -> None:
        self._running.discard(done)
        if self._under_way.get(key) is done:
            del self._under_way[key]
        if not done.cancelled():
            done.exception()  # looked at, so that nobody warns of it when its waiters have gone
