"""Answers that are told after a platform was acknowledged; an answer that does not arrive is only logged."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, TypeVar

T = TypeVar("T")
LOG: Final = logging.getLogger("kasuhara.chat")
WAITS: Final = (0.3, 1.0, 3.0, 10.0)
"""Seconds between the tries to bring an answer."""


class Later:
    """Nothing here undoes what was done."""

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._running: set[asyncio.Task[None]] = set()

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it after the first answer, which platforms want within three seconds."""
        task = asyncio.get_running_loop().create_task(self._quietly(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def finished(self) -> None:
        """Everything that was begun has been told."""
        while self._running:
            await asyncio.gather(*self._running)

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            LOG.warning("%s.untold kind=%s", self._platform, type(error).__name__)


async def again(send: Callable[[], Awaitable[T]], pause: Callable[[Exception, float], float | None]) -> T:
    """The answer of a call that is tried again while a platform is busy, broken or away. Better twice than not at all.

    `pause`: the seconds to wait after this error, where we would wait so many; None: the platform's word is final.
    """
    for wait in WAITS:
        try:
            return await send()
        except Exception as error:
            seconds = pause(error, wait)
            if seconds is None:
                raise
            LOG.info("chat.again error=%s", type(error).__name__)
        await asyncio.sleep(seconds)
    return await send()
