"""What customers attach is fetched after its message is stored, a few at a time, and handed to the core as bytes.

The work lies in rows: whatever is still wanted after a restart is fetched then.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from bot.domain.events import FileFetched, FileLost
from bot.domain.model import FileState, WantedFile
from bot.domain.policy import FileRule
from bot.intake import Intake
from bot.ports import Clock

LOG: Final = logging.getLogger("kasuhara.chat")
AT_ONCE: Final = 3
"""Files in memory at a time."""
WAITS: Final = (10.0, 60.0, 600.0, 3600.0, 6 * 3600.0)
"""Seconds between the tries to fetch one file; after the last it is given up."""
PATIENCE: Final = 60.0
"""Seconds for one try."""
AGAIN: Final = 10.0
"""Seconds before the rows are asked again that could not be."""


class NotKept(Exception):
    """A file does not come, and why; `final`: asking again would not help."""

    def __init__(self, why: FileState, *, final: bool = True) -> None:
        super().__init__(why.value)
        self.why = why
        self.final = final


Fetch = Callable[[WantedFile, int], Awaitable[bytes]]
"""The bytes of a file, at most so many; NotKept, or any other error where it may be tried again."""


class Keeper:
    """Of one platform. `held`: it works only while this is set, so that of several processes one fetches."""

    def __init__(
        self, platform: str, intake: Intake, fetch: Fetch, rule: FileRule, clock: Clock,
        held: asyncio.Event | None = None,
    ) -> None:  # fmt: skip
        self._platform = platform
        self._intake = intake
        self._fetch = fetch
        self._rule = rule
        self._clock = clock
        self._held = held or _set()
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something is wanted."""
        self._wake.set()

    async def mind(self) -> None:
        """Fetch whatever is wanted, until cancelled; at first what an earlier process left."""
        while True:
            await self._held.wait()
            self._wake.clear()
            try:
                wait = await self._all_due()
            except Exception as error:
                LOG.warning("files.failed platform=%s error=%s", self._platform, type(error).__name__)
                wait = AGAIN
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._wake.wait()

    async def _all_due(self) -> float | None:
        """Seconds until the next try of any; None where nothing is wanted."""
        while self._held.is_set():
            now = self._clock()
            wanted = await self._intake.write(lambda uow: uow.files.wanted(self._platform, AT_ONCE))
            due = [one for one in wanted if one.due_at <= now]
            if not due:
                return max((wanted[0].due_at - now).total_seconds(), 0.0) if wanted else None
            async with asyncio.TaskGroup() as group:
                for one in due:
                    group.create_task(self._one(one))
        return AGAIN

    async def _one(self, wanted: WantedFile) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                data = await self._fetch(wanted, self._rule.each)
        except NotKept as error:
            await self._not_kept(wanted, error)
        except Exception as error:
            LOG.info("files.again file=%s error=%s", wanted.id, type(error).__name__)
            await self._not_kept(wanted, NotKept(FileState.GONE, final=False))
        else:
            await self._intake.submit(FileFetched(file_id=wanted.id, data=data))

    async def _not_kept(self, wanted: WantedFile, error: NotKept) -> None:
        if error.final or wanted.attempts >= len(WAITS):
            LOG.warning("files.not_kept file=%s message=%s why=%s", wanted.id, wanted.message_id, error.why.value)
            await self._intake.submit(FileLost(file_id=wanted.id, why=error.why))
            return
        at = self._clock() + timedelta(seconds=WAITS[wanted.attempts])
        await self._intake.write(lambda uow: uow.files.again(wanted.id, at))


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event
