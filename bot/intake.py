"""The async door: `submit` returns after COMMIT, `ask` an answer; one writer thread takes what waits."""

import asyncio
import queue
import threading
from typing import Final

from bot.app import Bot
from bot.domain.errors import Refused
from bot.domain.events import Event
from bot.domain.notices import Notice
from bot.domain.questions import Answer, Question

BATCH: Final = 64
"""Events in one transaction at most; what waits is taken at once, nothing is waited for (performance.md A)."""

_Waiting = tuple[Event, "asyncio.Future[Notice]"]


class Intake:
    """Belongs to one event loop. Start it, submit from that loop only, stop it: what was submitted is finished."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = False

    def start(self) -> None:
        """Begin to take events, on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._write, args=(self._loop,), name="kasuhara-writer", daemon=True)
        self._thread.start()

    def submit(self, event: Event) -> "asyncio.Future[Notice]":
        """Awaited: the event's notice once its transaction is committed; the error that kept it out is raised.

        Order of submission is order of handling.
        """
        if self._loop is None or self._stopped:
            raise Refused("intake.stopped")
        future: asyncio.Future[Notice] = self._loop.create_future()
        self._queue.put((event, future))
        return future

    async def ask(self, question: Question) -> Answer:
        """The answer, read in the thread pool."""
        return await asyncio.to_thread(self._bot.answer, question)

    async def stop(self) -> None:
        """Finish what was submitted, then end the writer thread."""
        if self._thread is None or self._stopped:
            return
        self._stopped = True
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _write(self, loop: asyncio.AbstractEventLoop) -> None:
        going = True
        while going:
            batch, going = self._take()
            if batch:
                results = self._bot.handle([event for event, _ in batch])
                loop.call_soon_threadsafe(_settle, batch, results)

    def _take(self) -> tuple[list[_Waiting], bool]:
        """Everything that waits, up to one batch; blocks while nothing does."""
        first = self._queue.get()
        if first is None:
            return [], False
        batch = [first]
        while len(batch) < BATCH:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                return batch, False
            batch.append(more)
        return batch, True


def _settle(batch: list[_Waiting], results: list[Notice | BaseException]) -> None:
    """Resolve the futures of a committed batch, on the loop; a caller that went away is no error."""
    for (_, future), result in zip(batch, results, strict=True):
        if future.done():
            continue
        if isinstance(result, BaseException):
            future.set_exception(result)
        else:
            future.set_result(result)
