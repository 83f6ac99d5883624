"""What a platform did not say at first, such as who an author is: asked for again, ever more seldom, until it is
committed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Iterable
from itertools import islice
from time import monotonic
from typing import Final, Generic, TypeVar

from bot.domain.events import Event

Key = TypeVar("Key", bound=Hashable)
LOG: Final = logging.getLogger("kasuhara.chat")
MOST: Final = 600.0
"""Seconds between two questions about the same at most: after a long outage nothing waits longer than that."""
AT_ONCE: Final = 8
"""Questions in one beat: with a beat of ten seconds half of what Slack lets be asked of people in a minute."""
KEPT: Final = 10_000
"""Questions that are kept; what is beyond that is told by the rows again."""
LOOKS: Final = 3600.0
"""Seconds between two looks at what the rows say is still wanted; the first is at the start."""


class Learning(Generic[Key]):
    """`look_up` says which event comes of a key, None for none, and raises while the platform does not say; `submit`
    commits it; `rests` tells how many seconds the platform asked us to keep quiet; `rows` says what an earlier process
    left open."""

    def __init__(
        self, name: str, look_up: Callable[[Key], Awaitable[Event | None]],
        submit: Callable[[Event], Awaitable[object]], beat: float,
        rests: Callable[[Exception], float] = lambda _: 0.0,
        rows: Callable[[], Awaitable[Iterable[Key]]] | None = None,
    ) -> None:  # fmt: skip
        self._name = name
        self._look_up = look_up
        self._submit = submit
        self._beat = beat
        self._rests = rests
        self._rows = rows
        self._looked = float("-inf")
        self._wanted: dict[Key, tuple[float, float]] = {}
        """What is still to be asked: when next, and how long is waited after that."""
        self._anew: set[Key] = set()
        """What was wanted again while it was asked: it may have come too late for that answer."""
        self._quiet = 0.0

    def wanted(self, key: Key) -> None:
        """The platform did not say; it is asked at one of the next beats."""
        self._wanted.setdefault(key, (monotonic(), self._beat))
        self._anew.add(key)
        while len(self._wanted) > KEPT:
            oldest = next(iter(self._wanted))
            del self._wanted[oldest]
            self._anew.discard(oldest)

    def known(self, key: Key) -> None:
        """The platform has just said it to somebody else: what waits for it need not wait longer."""
        if key in self._wanted:
            self._wanted[key] = (monotonic(), self._beat)

    async def mind(self) -> None:
        """Ask at every beat, until cancelled."""
        while True:
            await asyncio.sleep(self._beat)
            await self._looks()
            await self._asks()

    async def _looks(self) -> None:
        if self._rows is None or monotonic() - self._looked < LOOKS:
            return
        try:
            for key in islice(await self._rows(), KEPT - min(len(self._wanted), KEPT)):
                self._wanted.setdefault(key, (monotonic(), self._beat))
        except Exception as error:  # at the next beat
            LOG.warning("learning.rows of=%s error=%s", self._name, type(error).__name__)
        else:
            self._looked = monotonic()

    async def _asks(self) -> None:
        now = monotonic()
        due = sorted((at, place) for place, (at, _) in enumerate(self._wanted.values()) if at <= now)
        keys = list(self._wanted)
        for key in [keys[place] for _, place in due[:AT_ONCE]] if now >= self._quiet else ():
            _, wait = self._wanted.get(key, (now, self._beat))
            self._wanted[key] = (monotonic() + wait, min(wait * 2, MOST))
            try:
                await self._learns(key)
            except Exception as error:  # it stays wanted
                LOG.warning("learning.not_yet of=%s error=%s", self._name, type(error).__name__)
                if rest := self._rests(error):
                    self._quiet = monotonic() + rest
                    return

    async def _learns(self, key: Key) -> None:
        """Whoever could not commit it does not come back by itself: it is wanted until then."""
        self._anew.discard(key)
        found = await self._look_up(key)
        if found is not None:
            await self._submit(found)
        if key not in self._anew:
            self._wanted.pop(key, None)
