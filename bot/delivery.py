"""The Courier: brings what the outbox holds to the chats, once as far as a chat can tell, and never silently not."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final, Protocol, TypeVar

from bot.courtesy import Courtesy as Courtesy
from bot.domain.errors import DeliveryFailed, KasuharaError
from bot.domain.events import Event, PersonUnheard, PostFailed
from bot.domain.model import MessageRef, Priority
from bot.domain.notices import Letter
from bot.ports import Attentive, Chat, Clock, UnitOfWork

T = TypeVar("T")
LOG: Final = logging.getLogger("kasuhara.delivery")


class Write(Protocol):
    """Intake.write: a closure in its own transaction on the writer thread."""

    def __call__(self, work: Callable[[UnitOfWork], T], /) -> Awaitable[T]: ...


class Courier:
    """Belongs to one event loop. `chats` by platform, the first part of a destination's channel or account.

    `write` runs a closure in a transaction of its own (Intake.write), `submit` takes PostFailed and PersonUnheard
    (Intake.submit). No transaction is open while a chat is spoken to. Several Couriers, here or in other processes,
    share one outbox.
    """

    def __init__(
        self,
        write: Write,
        chats: Mapping[str, Chat],
        clock: Clock,
        submit: Callable[[Event], Awaitable[object]],
        courtesy: Courtesy | None = None,
    ) -> None:
        self._write = write
        self._chats = chats
        self._clock = clock
        self._submit = submit
        self._rules = courtesy or Courtesy()
        self._woken = asyncio.Event()
        self._going: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        """Begin to bring what waits, on the running loop."""
        self._loop = asyncio.create_task(self._run(), name="kasuhara-courier")

    def wake(self) -> None:
        """Something was put: look at once. From the loop's own thread."""
        self._woken.set()

    async def stop(self) -> None:
        """Claim no more and let what is on its way arrive; what takes longer than its timeouts is left in doubt."""
        self._stopping = True
        self.wake()
        if self._loop is not None:
            await self._loop
            self._loop = None
        if self._going:
            _, late = await asyncio.wait(self._going, timeout=3 * self._rules.timeout)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def run_once(self) -> int:
        """Claim what can be claimed now and see it through; how many posts that were. For tests and replay."""
        letters, _ = await self._claim(self._rules.in_flight)
        await asyncio.gather(*(self._deliver(letter) for letter in letters))
        return len(letters)

    async def _run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            pause = self._rules.poll
            try:
                free = self._rules.in_flight - len(self._going)
                letters, pause = await self._claim(free) if free > 0 else ([], pause)
            except Exception as error:
                LOG.warning("delivery.claim_failed error=%s", type(error).__name__)
                letters = []
            for letter in letters:
                task = asyncio.create_task(self._deliver(letter), name=f"kasuhara-post-{letter.id}")
                self._going.add(task)
                task.add_done_callback(self._arrived)
            if not letters and not self._stopping:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._woken.wait()

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._going.discard(task)
        self.wake()

    async def _claim(self, limit: int) -> tuple[list[Letter], float]:
        """Claimed letters, and how many seconds to sleep if there are none."""
        now = self._clock()

        def claim(uow: UnitOfWork) -> tuple[list[Letter], float]:
            letters = uow.outbox.claim(now, self._rules.lease, limit)
            due = None if letters else uow.outbox.next_due()
            pause = self._rules.poll if due is None else (due - now).total_seconds()
            return letters, min(self._rules.poll, max(self._rules.shortest_sleep, pause))

        return await self._write(claim)

    async def _deliver(self, letter: Letter) -> None:
        """See one letter through; whatever goes wrong leaves a lease that runs out, and the letter is looked up."""
        try:
            await self._bring(letter)
        except Exception as error:
            LOG.error("delivery.unmarked id=%d error=%s", letter.id, type(error).__name__)

    async def _bring(self, letter: Letter) -> None:
        if letter.fault:
            await self._give_up(letter, letter.fault)
            return
        chat = self._chats.get(_platform(letter))
        if chat is None:
            await self._unconnected(letter)
            return
        if letter.doubtful:
            found, letter = await self._look(chat, letter)
            if found is not None:
                await self._mark_sent(letter, found)
                await self._heed(chat, letter, found)
                return
        if not await self._write(lambda uow: self._wanted(uow, letter)):
            return
        try:
            ref = await self._send(chat, letter)
        except DeliveryFailed as failure:
            await self._failed(letter, failure)
        except Exception as error:
            await self._broken(letter, error)
        else:
            await self._mark_sent(letter, ref)
            await self._heed(chat, letter, ref)

    async def _look(self, chat: Chat, letter: Letter) -> tuple[MessageRef | None, Letter]:
        """The message of an earlier try; without one the letter as it is to be sent, labelled only if nobody can tell.

        An edit leaves the same card however often it is made, so it is neither looked up nor labelled.
        """
        sure = replace(letter, doubtful=False)
        if letter.ref is not None:
            return None, sure
        try:
            async with asyncio.timeout(self._rules.timeout):
                return await chat.find(letter), sure
        except Exception as error:
            LOG.warning("delivery.cannot_tell id=%d error=%s", letter.id, type(error).__name__)
            return None, letter

    def _wanted(self, uow: UnitOfWork, letter: Letter) -> bool:
        """Whether it may be sent; if not, what was claimed is let go."""
        now = self._clock()
        if uow.outbox.holds(letter, now):
            return True
        uow.outbox.again(letter, now, "not_held", doubtful=letter.doubtful)
        return False

    async def _send(self, chat: Chat, letter: Letter) -> MessageRef:
        try:
            async with asyncio.timeout(self._rules.timeout):
                return await (chat.post(letter) if letter.ref is None else chat.edit(letter))
        except TimeoutError:
            raise DeliveryFailed("timeout", doubtful=True) from None
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            raise RuntimeError("the chat let a cancelled call of its own escape") from None

    async def _mark_sent(self, letter: Letter, ref: MessageRef) -> None:
        """The platform has it: say so as long as the lease lasts, for otherwise it would have to be looked up."""
        at, loop = self._clock(), asyncio.get_running_loop()
        until = loop.time() + self._rules.lease.total_seconds()
        while True:
            try:
                await self._write(lambda uow: uow.outbox.sent(letter, ref, at))
                return
            except KasuharaError as error:
                if not error.retry or loop.time() > until or self._stopping:
                    raise
                LOG.warning("delivery.mark_failed id=%d error=%s", letter.id, type(error).__name__)
                await asyncio.sleep(self._rules.poll)

    async def _heed(self, chat: Chat, letter: Letter, ref: MessageRef) -> None:
        """A call that was shown may ring for nobody: the core is told. Whatever goes wrong here, the call stands."""
        post = letter.post
        if not (isinstance(chat, Attentive) and post.round and post.to.people) or post.edits:
            return
        try:
            async with asyncio.timeout(self._rules.timeout):
                people = await chat.unheard(letter, ref)
            if people:
                await self._submit(PersonUnheard(key=post.key, people=people))
        except Exception as error:
            LOG.warning("delivery.unheard_unknown id=%d error=%s", letter.id, type(error).__name__)

    async def _failed(self, letter: Letter, failure: DeliveryFailed) -> None:
        rules = self._rules
        if failure.permanent:
            await self._give_up(letter, failure.reason)
        elif self._is_over(letter):
            await self._give_up(letter, "gave_up")
        else:
            wait = self._back_off(letter)
            if failure.retry_after is not None:
                asked = min(failure.retry_after, rules.longest_rate_limit.total_seconds())
                wait = timedelta(seconds=max(rules.shortest_sleep, asked))
            await self._again(letter, wait, failure.reason, doubtful=letter.doubtful or failure.doubtful)

    async def _broken(self, letter: Letter, error: Exception) -> None:
        """An error that no chat raises on purpose; it may have come after the post got through."""
        LOG.error("delivery.broken id=%d attempt=%d error=%s", letter.id, letter.attempt, type(error).__name__)
        if letter.attempt >= self._rules.broken_after:
            await self._give_up(letter, "broken")
        else:
            await self._again(letter, self._back_off(letter), "broken", doubtful=True)

    async def _unconnected(self, letter: Letter) -> None:
        """Nothing was tried, so an earlier doubt stays as it is."""
        if self._waited(letter) >= self._rules.unconnected_after:
            await self._give_up(letter, "not_connected")
        else:
            await self._again(letter, self._rules.unconnected_wait, "not_connected", doubtful=letter.doubtful)

    def _waited(self, letter: Letter) -> timedelta:
        return self._clock() - letter.since if letter.since is not None else timedelta(0)

    def _is_over(self, letter: Letter) -> bool:
        calls = letter.post.round != "" or letter.post.priority <= Priority.PING
        tried = letter.attempt >= self._rules.fewest_tries
        return not calls and tried and self._waited(letter) >= self._rules.give_up_after

    def _back_off(self, letter: Letter) -> timedelta:
        doubled = 1 << min(letter.attempt - 1, 30)
        return min(self._rules.longest_wait, self._rules.first_wait * doubled)

    async def _again(self, letter: Letter, wait: timedelta, reason: str, *, doubtful: bool) -> None:
        """Answered while it was on its way, it is not tried again; but its card, if there is one, has to show that."""
        now, chat = self._clock(), self._chats.get(_platform(letter))
        if doubtful and chat is not None and not await self._write(lambda uow: uow.outbox.holds(letter, now)):
            found, _ = await self._look(chat, letter)
            if found is not None:
                await self._mark_sent(letter, found)
                return
        LOG.warning("delivery.again id=%d attempt=%d reason=%s", letter.id, letter.attempt, reason)
        at = self._clock() + wait
        await self._write(lambda uow: uow.outbox.again(letter, at, reason, doubtful=doubtful))

    async def _give_up(self, letter: Letter, reason: str) -> None:
        """First it is told, then marked: a crash in between tells it twice, and never not at all.

        If telling fails for a reason that passes, the letter is tried again, and told again.
        """
        if not await self._write(lambda uow: self._wanted(uow, letter)):
            return
        LOG.error("delivery.given_up id=%d attempt=%d reason=%s", letter.id, letter.attempt, reason)
        try:
            await self._submit(PostFailed(key=letter.post.key, reason=reason))
        except Exception as error:
            LOG.error("delivery.untold id=%d error=%s", letter.id, type(error).__name__)
            if isinstance(error, KasuharaError) and error.retry:
                await self._again(letter, self._rules.longest_wait, reason, doubtful=letter.doubtful)
                return
        at = self._clock()
        await self._write(lambda uow: uow.outbox.dead(letter, at, reason))


def _platform(letter: Letter) -> str:
    to = letter.post.to
    address = to.channel or next(iter(to.people), "")
    return address.partition(":")[0]
