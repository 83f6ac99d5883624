"""What was said while the bot was away: which channels have to be read again from when on, until they were read."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

from adapters.chat.bounded import Bounded
from bot.domain.questions import Reach
from bot.ports import Clock

LOG: Final = logging.getLogger("kasuhara.history")
FIRST: Final = timedelta(hours=24)
"""How far every start reads back at least: the longest window of the standard pack. The newest stored message does not
tell how far a catch-up got that was broken off, for new messages come in meanwhile."""
OVERLAP: Final = timedelta(minutes=10)
"""Read again before a gap: events of an outage may have come out of order."""
AGAIN: Final = (5.0, 300.0)
"""Seconds before what could not be read is tried again, at first and at most."""
SOON: Final = 1.0
"""Seconds until what could not be committed is read."""
SHUT: Final = 1_000
"""Channels of which is remembered when they were shut to us."""
TOGETHER: Final = 64
"""Records handed on at once: one batch of the intake."""

T = TypeVar("T")
Reaches = Callable[[], Awaitable[tuple[Reach, ...]]]


async def hand_on(records: Sequence[T], take: Callable[[T], Awaitable[None]]) -> int:
    """Give these records over, in their order as far as batches go; how many."""
    for at in range(0, len(records), TOGETHER):
        await asyncio.gather(*(take(record) for record in records[at : at + TOGETHER]))
    return len(records)


class Gaps:
    """`read(channel, since, now)` reads one channel and says how many records it handed on; `closed` tells of its
    errors which waiting does not mend."""

    def __init__(
        self, read: Callable[[str, datetime, datetime], Awaitable[int]], closed: Callable[[Exception], bool]
    ) -> None:
        self._one = read
        self._closed = closed
        self._since: datetime | None = None
        self._owed: dict[str, datetime] = {}
        self._shut: Bounded[str, datetime] = Bounded(SHUT)
        self._wake = asyncio.Event()

    def missed(self, since: datetime, place: str = "") -> None:
        """Events may have been lost since then in this channel, "" = in any watched one; `mind` reads it."""
        self._note(since, place)
        self._wake.set()

    @contextlib.contextmanager
    def owed(self, said: datetime, clock: Clock, place: str = "") -> Iterator[None]:
        """What was said then and cannot be committed in the block is read again a little later, for the rows may just
        be busy; the error is raised all the same."""
        try:
            yield
        except Exception:
            self._note(min(said, clock()), place)
            asyncio.get_running_loop().call_later(SOON, self._wake.set)
            raise

    def shut(self, place: str, now: datetime) -> None:
        """From now on nothing comes of this channel, for we may not read it."""
        self._shut[place] = self._shut.get(place, now)

    def opened(self, place: str, now: datetime) -> None:
        """We may read it again: what was said since it was shut is read, a day back at least."""
        self.missed(min(self._shut.pop(place, now), now - FIRST), place)

    async def catch_up(self, reaches: tuple[Reach, ...], now: datetime) -> int:
        """After a start, read what is missing of these channels; how many records were handed on. What cannot be read
        now is read by `mind`."""
        start = now - FIRST
        return await self._read(
            {r.channel: min(r.newest - OVERLAP, start) if r.newest else start for r in reaches}, now
        )

    async def mind(self, reaches: Reaches, clock: Clock) -> None:
        """Read every gap that is told of, until cancelled; what cannot be read is tried again, ever more seldom."""
        wait, most = AGAIN
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                read = await self._read(await self._due(reaches), clock())
                LOG.info("history.read records=%s", read)
            except Exception as error:  # which channels there are could not be read: the gap stays owed
                LOG.warning("history.failed error=%s", type(error).__name__)
            if not self._owed and self._since is None:
                wait = AGAIN[0]
                continue
            await asyncio.sleep(wait)
            wait = min(wait * 2, most)
            self._wake.set()

    async def _due(self, reaches: Reaches) -> dict[str, datetime]:
        """From when each channel has to be read; nothing is owed any more after it."""
        channels = [reach.channel for reach in await reaches()]
        due, self._owed = {channel: at for channel, at in self._owed.items() if channel in channels}, {}
        since, self._since = self._since, None
        if since is not None:
            start = since - OVERLAP
            due |= {channel: min(due.get(channel, start), start) for channel in channels}
        return due

    async def _read(self, starts: dict[str, datetime], now: datetime) -> int:
        read = 0
        for channel, since in sorted(starts.items(), key=lambda start: start[1], reverse=True):  # short ones first
            try:
                read += await self._one(channel, since, now)
            except Exception as error:
                LOG.warning("history.unread channel=%s error=%s", channel, type(error).__name__)
                if not self._closed(error):
                    self._owes(channel, since)
                    self._wake.set()
        return read

    def _note(self, since: datetime, place: str) -> None:
        if place:
            self._owes(place, since - OVERLAP)
        else:
            self._since = min(since, self._since or since)

    def _owes(self, channel: str, since: datetime) -> None:
        self._owed[channel] = min(since, self._owed.get(channel, since))
