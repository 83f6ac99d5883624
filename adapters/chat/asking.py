"""What a platform said about somebody or something: asked once for all who wait, and believed for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, Generic, TypeVar

from adapters.chat.bounded import Bounded

T = TypeVar("T")
V = TypeVar("V")
MOST: Final = 50_000
"""People or places of whom something is remembered."""
KEPT: Final = 600.0
"""Seconds (issue: members cached at most ten minutes, and asked anew when somebody joins, leaves or shares)."""
PATIENCE: Final = 0.7
"""Seconds that an event or a command waits to learn who somebody is; the commit needs the rest of three."""
REST: Final = 5.0
"""Seconds in which events do not ask again about what could not be learned."""

MANY: Final = 10_000
"""Keys of which anything is remembered; who was heard of first is forgotten first."""


class Asking(Generic[T]):
    """`ask` asks the platform by key; `unanswered` is what that ends with when it goes wrong."""

    def __init__(
        self, ask: Callable[[str], Awaitable[T]], unanswered: tuple[type[Exception], ...],
        clock: Callable[[], float] = monotonic,
    ) -> None:  # fmt: skip
        self._ask = ask
        self._unanswered: tuple[type[Exception], ...] = (*unanswered, TimeoutError)
        self._clock = clock
        self._known: Bounded[str, tuple[float, T]] = Bounded(MOST)
        self._under_way: dict[str, tuple[float, asyncio.Task[T]]] = {}
        self._running: set[asyncio.Task[T]] = set()
        self._resting: Bounded[str, float] = Bounded(MOST)
        self._changes = 0
        self._changed: dict[str, int] = {}
        self._all_changed = 0
        """An answer that was under way while its key changed is not remembered: with which change that was last."""

    async def get(self, key: str, kept: float = KEPT) -> T:
        """What is known and no older than `kept` seconds, else what the platform says; raises what asking raises."""
        found = self.known(key, kept)
        if found is not None:
            return found
        began, asking = self._under_way.get(key, (0.0, None))
        if asking is None or self._clock() - began >= kept:
            asking = asyncio.create_task(self._asked(key))
            self._under_way[key] = (self._clock(), asking)
            self._running.add(asking)
            asking.add_done_callback(lambda done: self._told(key, done))
        return await asyncio.shield(asking)

    def known(self, key: str, kept: float = KEPT) -> T | None:
        """What was said no longer than `kept` seconds ago; nobody is asked."""
        known = self._known.get(key)
        return known[1] if known is not None and self._clock() - known[0] < kept else None

    async def soon(self, key: str) -> T | None:
        """The same for an event that cannot wait; None when it is not said at once."""
        if (known := self.known(key)) is not None:  # it came later than somebody could wait
            return known
        if self._clock() < self._resting.get(key, 0.0):
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self.get(key)
        except self._unanswered:
            _put(self._resting, key, self._clock() + REST)
            return None
        self._resting.pop(key, None)
        return found

    def learn(self, key: str, value: T, since: int | None = None) -> None:
        """An event, or a list that was asked for at the change `since`, brought it along: nobody has to be asked."""
        if since is None or self._unchanged(key, since):
            _put(self._known, key, (self._clock(), value))
            self._resting.pop(key, None)

    @property
    def changes(self) -> int:
        """How many changes were heard of: what is asked for now can be learned as of this one."""
        return self._changes

    def forget(self, key: str) -> None:
        """Something changed: ask again."""
        self._changes += 1
        self._changed[key] = self._changes
        if len(self._changed) > MANY:
            self._all_changed = self._changes
            self._changed.clear()
        if len(self._changed) > MOST:  # nothing that is under way is remembered then
            self._all_changed = self._changes
            self._changed.clear()
        for kept in (self._known, self._under_way, self._resting):
            kept.pop(key, None)

    def forget_all(self) -> None:
        """Anything may have changed."""
        self._changes += 1
        self._all_changed = self._changes
        self._changed.clear()
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
        if self._unchanged(key, before):
            _put(self._known, key, (began, found))
        return found

    def _unchanged(self, key: str, since: int) -> bool:
        return max(self._all_changed, self._changed.get(key, 0)) <= since

    def _told(self, key: str, done: "asyncio.Task[T]") -> None:
        self._running.discard(done)
        if self._under_way.get(key, (0.0, None))[1] is done:
            del self._under_way[key]
        if not done.cancelled():
            done.exception()  # looked at, so that nobody warns of it when its waiters have gone


def _put(kept: dict[str, V], key: str, value: V) -> None:
    kept.pop(key, None)
    kept[key] = value
    if len(kept) > MANY:
        del kept[next(iter(kept))]
