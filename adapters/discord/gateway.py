"""The gateway: held by one process at a time, by a lease in rows, and opened again whenever it falls."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any, Final, Protocol, TypeVar
from uuid import uuid4

import discord

from adapters.discord.client import HOUR, IDENTIFIES, Client, Spent
from bot.domain.errors import Refused
from bot.ports import Clock, UnitOfWork

T = TypeVar("T")
LOG: Final = logging.getLogger("kasuhara.discord")
AGAIN: Final = (1.0, 300.0)
"""Seconds before a gateway that fell is opened again, at first and at most."""
STEADY: Final = 60.0
"""Seconds after which a connection counts as one that stood."""
BAD_TOKEN: Final = 4004
SPACED: Final = 100.0
"""Seconds between sessions that begin after the first few of an hour: with those, fewer than 900 in a day."""


class Write(Protocol):
    """Intake.write: a closure in its own transaction on the writer thread."""

    def __call__(self, work: Callable[[UnitOfWork], T], /) -> Awaitable[T]: ...


@dataclass(frozen=True, slots=True)
class Terms:
    """Of the lease, in seconds: another process takes over at most `lasts + looks` after this one fell silent."""

    lasts: float = 24.0
    renewed: float = 8.0
    looks: float = 3.0
    again: float = AGAIN[0]


class Gateway:
    """`kept` holds the gateway whenever it is this process's turn. `opening` is awaited before it is opened."""

    def __init__(
        self, client: Client, write: Write, clock: Clock, terms: Terms, opening: Callable[[], Awaitable[None]]
    ) -> None:
        self._client = client
        self._write = write
        self._clock = clock
        self._terms = terms
        self._opening = opening
        self._me = uuid4().hex
        self._name = f"discord:gateway:{client.application_id}"
        self._begun = f"discord:sessions:{client.application_id}"
        client.begins = self._begins
        self.held = asyncio.Event()
        """Set while it is this process's turn."""
        self.settled = asyncio.Event()
        """Set once it is known that it is another's turn, or, from outside, that ours began well."""

    async def kept(self) -> None:
        """Until cancelled; Refused where Discord does not let this bot in at all."""
        while True:
            taken = await self._taken()
            if taken:
                await self._hold()
            elif taken is False:
                self.settled.set()
            await asyncio.sleep(self._terms.looks)

    async def _hold(self) -> None:
        LOG.info("gateway.taken")
        self.held.set()
        opened, renewed = asyncio.create_task(self._open()), asyncio.create_task(self._renewed())
        try:
            await asyncio.wait({opened, renewed}, return_when=asyncio.FIRST_COMPLETED)
            if opened.done():
                opened.result()
        finally:
            self.held.clear()
            for task in (opened, renewed):
                task.cancel()
            await asyncio.gather(opened, renewed, return_exceptions=True)
            await self._shut()
            with contextlib.suppress(Exception):
                await self._write(lambda uow: uow.presence.let_go(self._name, self._me))
            LOG.info("gateway.left")

    async def _taken(self) -> bool | None:
        """Take the lease, or renew it; False where another process has it, None where the rows could not be asked."""
        now, lasts = self._clock(), timedelta(seconds=self._terms.lasts)
        try:
            async with asyncio.timeout(self._terms.lasts / 3):
                return await self._write(lambda uow: uow.presence.take(self._name, self._me, now, now + lasts))
        except Exception as error:
            LOG.warning("gateway.lease error=%s", type(error).__name__)
            return None

    async def _renewed(self) -> None:
        """Returns when the lease is lost, or could not be renewed in time: then another process may have it."""
        until = monotonic() + self._terms.lasts
        while monotonic() + self._terms.lasts / 3 < until:
            await asyncio.sleep(self._terms.renewed)
            began, taken = monotonic(), await self._taken()
            if taken is False:
                return
            until = began + self._terms.lasts if taken else until

    async def _open(self) -> None:
        """Open it again and again, ever more seldom while it does not stand (discord.md 19 and section 2)."""
        wait, most, ready = self._terms.again, AGAIN[1], False
        while True:
            began = monotonic()
            try:
                if not ready:
                    await self._opening()
                ready = True
                await self._client.connect()
            except discord.PrivilegedIntentsRequired as error:
                raise Refused("discord.intent") from error
            except discord.ConnectionClosed as error:  # discord.py has closed everything of this client
                raise Refused("discord.token" if error.code == BAD_TOKEN else "discord.closed") from error
            except Spent as spent:
                LOG.error("gateway.spent again=%.0f", spent.again)
                await asyncio.sleep(spent.again)
            except AttributeError:  # the first connection was refused (Rapptz/discord.py#10520)
                LOG.warning("gateway.lost error=refused")
            except Exception as error:
                LOG.warning("gateway.lost error=%s", type(error).__name__)
            self._client.lost()
            if monotonic() - began > STEADY:
                wait = self._terms.again
            await asyncio.sleep(wait)
            wait = min(wait * 2, most)

    async def _begins(self) -> float:
        """Every process counts, also those that died: a loop of crashes would spend a day's sessions in an hour."""
        now = self._clock().timestamp()
        with contextlib.suppress(Exception):  # without rows each process keeps to its own count
            async with asyncio.timeout(self._terms.lasts / 3):
                return await self._write(lambda uow: _noted(self._begun, now, uow))
        return 0.0

    async def _shut(self) -> None:
        """Leave the connection as it is: closed by us, the session ends and Discord keeps nothing for it."""
        self._client.lost()
        for socket in self._client.sockets():
            with contextlib.suppress(Exception):
                async with asyncio.timeout(2.0):
                    await socket.close(code=1000)


def _noted(name: str, now: float, uow: UnitOfWork) -> float:
    """Note a session that begins now, 0; else the seconds until one may begin, after the first few of an hour: never a
    thousand in a day, however often somebody tries (discord.md 19)."""
    begun = [at for at in map(float, uow.presence.told(name).split()) if now - HOUR < at <= now]
    if len(begun) >= IDENTIFIES and now - begun[-1] < SPACED:
        return begun[-1] + SPACED - now
    uow.presence.tell(name, " ".join(f"{int(at)}" for at in [*begun, now][-IDENTIFIES:]))
    return 0.0


@contextlib.asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """`work` goes on while the block runs; its error ends the block and is raised in its place."""
    task, block = asyncio.create_task(work), asyncio.current_task()

    def ended(done: "asyncio.Task[None]") -> None:
        if block is not None and not done.cancelled() and done.exception() is not None:
            block.cancel()

    task.add_done_callback(ended)
    try:
        yield
    except asyncio.CancelledError:
        error = task.exception() if task.done() and not task.cancelled() else None
        if error is None or block is None:
            raise
        block.uncancel()
        raise error from None
    finally:
        task.remove_done_callback(ended)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
