"""Answers that are told after a platform was acknowledged; an answer that does not arrive is only logged."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

T = TypeVar("T")
Page = TypeVar("Page")
LOG: Final = logging.getLogger("kasuhara.chat")
WAITS: Final = (0.3, 1.0, 3.0, 10.0)
"""Seconds between the tries to bring an answer."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How a platform refused a call."""

    status: int
    """HTTP; 0: what it said cannot be read."""
    wait: float | None = None
    """Seconds that it asks for."""


class Later:
    """Nothing here undoes what was done."""

    def __init__(
        self, platform: str, untold: tuple[type[Exception], ...], answered: Callable[[Exception], Answered | None]
    ) -> None:
        """`untold`: what a call fails with; `answered`: how the platform did, None where it did not."""
        self._platform = platform
        self._untold = untold
        self._answered = answered
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

    async def again(self, send: Callable[[], Awaitable[T]]) -> T:
        """The answer of a call that is tried again while the platform is busy, broken or away."""
        return await again(send, self._pause)

    async def there_else_directly(
        self, pages: Sequence[Page], there: Callable[[Page], Awaitable[object]],
        directly: Callable[[Sequence[Page]], Awaitable[None]] | None,
    ) -> None:  # fmt: skip
        """Each page where the person is; what cannot be told there goes to them directly, if there is a way."""
        told = 0
        try:
            for page in pages:
                await there(page)
                told += 1
            return
        except self._untold as error:
            LOG.info("%s.not_there error=%s", self._platform, type(error).__name__)
        if directly is not None:
            await directly(pages[told:])

    def _pause(self, error: Exception, wait: float) -> float | None:
        answer = self._answered(error)
        if answer is None:
            return wait if isinstance(error, self._untold) else None
        passes = answer.status in (0, 429) or answer.status >= 500
        return (wait if answer.wait is None else answer.wait) if passes else None

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
