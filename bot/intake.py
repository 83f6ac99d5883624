"""The async door: `submit` returns after COMMIT, `ask` an answer; one writer thread takes what waits."""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from bot.app import TRIES, Bot
from bot.domain.errors import Refused, Stale
from bot.domain.events import Event
from bot.domain.notices import Notice
from bot.domain.questions import Answer, Question
from bot.ports import UnitOfWork

T = TypeVar("T")
BATCH: Final = 64
"""Events in one transaction at most; what waits is taken at once, nothing is waited for (performance.md A)."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A short closure for the writer thread."""

    work: Callable[[UnitOfWork], Any]


@dataclass(slots=True)
class _Ticket:
    """Something that waits; it can be withdrawn until the writer takes it."""

    todo: Event | _Step
    future: "asyncio.Future[Any]"
    begun: bool = False
    withdrawn: bool = False


_Waiting = tuple[Event | _Step, "asyncio.Future[Any]"]


class Intake:
    """Belongs to one event loop. Start it, submit from that loop only, stop it: what was submitted is finished.

    `on_commit` is called on the loop after every batch of events, for whoever sends what they put into the outbox.
    """

    def __init__(self, bot: Bot, *, on_commit: Callable[[], None] = lambda: None) -> None:
        self._bot = bot
        self.on_commit = on_commit
        self._queue: queue.SimpleQueue[_Ticket | None] = queue.SimpleQueue()
        self._tickets: WeakKeyDictionary[asyncio.Future[Any], _Ticket] = WeakKeyDictionary()
        self._taking = threading.Lock()
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
        return self._queued(event)

    def write(self, work: Callable[[UnitOfWork], T]) -> "asyncio.Future[T]":
        """Awaited: what `work` returned, once its own transaction is committed; its error is raised.

        For the Courier's short claims and marks. Done on the writer thread, in order with the events; done again when
        others changed what it was based on, so it must change nothing but rows.
        """
        return self._queued(_Step(work))

    def _queued(self, todo: Event | _Step) -> "asyncio.Future[Any]":
        if self._loop is None or self._stopped:
            raise Refused("intake.stopped")
        future: asyncio.Future[Any] = self._loop.create_future()
        ticket = self._tickets[future] = _Ticket(todo, future)
        self._queue.put(ticket)
        return future

    def withdraw(self, future: "asyncio.Future[Any]") -> bool:
        """Take back what `submit` returned: True if it will surely not be done, False if its batch has begun already
        and it may be."""
        ticket = self._tickets.get(future)
        if ticket is None:
            return False
        with self._taking:
            ticket.withdrawn = not ticket.begun
            return ticket.withdrawn

    async def ask(self, question: Question) -> Answer:
        """The answer, read in the thread pool."""
        answer = await asyncio.to_thread(self._bot.answer, question)
        look = self._bot.look(question, answer)
        if look is not None:
            await self.submit(look)
        return answer

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
            for run in _runs(batch):
                self._do(run, loop)

    def _do(self, run: list[_Waiting], loop: asyncio.AbstractEventLoop) -> None:
        first = run[0][0]
        if isinstance(first, _Step):
            loop.call_soon_threadsafe(_settle, run, [self._step(first.work)])
            return
        results = self._bot.handle([event for event, _ in run if not isinstance(event, _Step)])
        loop.call_soon_threadsafe(_settle, run, results)
        loop.call_soon_threadsafe(self.on_commit)

    def _step(self, work: Callable[[UnitOfWork], object]) -> object:
        """What it returned, or the error that kept it out."""
        found: object = None
        for _ in range(TRIES):
            try:
                with self._bot.storage.begin() as uow:
                    found = work(uow)
            except Stale as error:
                found = error
            except Exception as error:
                return error
            else:
                return found
        return found

    def _take(self) -> tuple[list[_Waiting], bool]:
        """Everything that waits, up to one batch; blocks while nothing does."""
        first = self._queue.get()
        tickets, going = [first], True
        while tickets[-1] is not None and len(tickets) < BATCH:
            try:
                tickets.append(self._queue.get_nowait())
            except queue.Empty:
                break
        if tickets[-1] is None:
            tickets, going = tickets[:-1], False
        return [taken for ticket in tickets if (taken := self._begin(ticket))], going

    def _begin(self, ticket: _Ticket | None) -> _Waiting | None:
        if ticket is None:
            return None
        with self._taking:
            ticket.begun = not ticket.withdrawn
            return (ticket.todo, ticket.future) if ticket.begun else None


def _runs(batch: list[_Waiting]) -> Iterator[list[_Waiting]]:
    """Neighbouring events together, every closure alone."""
    for is_step, group in groupby(batch, key=lambda waiting: isinstance(waiting[0], _Step)):
        if is_step:
            yield from ([waiting] for waiting in group)
        else:
            yield list(group)


def _settle(batch: list[_Waiting], results: Sequence[object]) -> None:
    """Resolve the futures of a committed batch, on the loop; a caller that went away is no error."""
    for (_, future), result in zip(batch, results, strict=True):
        if future.done():
            continue
        if isinstance(result, BaseException):
            future.set_exception(result)
        else:
            future.set_result(result)
