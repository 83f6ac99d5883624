"""The gateway: held by one process at a time, by a lease in rows, and opened again whenever it falls."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Final
from uuid import uuid4

import discord

from adapters.discord.client import HOUR, Client, Spent
from bot.domain.errors import Refused
from bot.ports import Clock, UnitOfWork

LOG: Final = logging.getLogger("kasuhara.discord")
AGAIN: Final = (1.0, 300.0)
"""Seconds before a gateway that fell is opened again, at first and at most."""
STEADY: Final = 60.0
"""Seconds after which a connection counts as one that stood."""
BAD_TOKEN: Final = 4004
Write = Callable[[Callable[[UnitOfWork], bool]], Awaitable[bool]]


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
            except Spent:
                LOG.error("gateway.spent")
                wait = HOUR / 4
            except Exception as error:  # AttributeError: the first connection was refused (Rapptz/discord.py#10520)
                LOG.warning("gateway.lost error=%s", type(error).__name__)
            self._client.lost()
            if monotonic() - began > STEADY:
                wait = self._terms.again
            await asyncio.sleep(wait)
            wait = min(wait * 2, most)

    async def _shut(self) -> None:
        """Leave the connection as it is: closed by us, the session ends and Discord keeps nothing for it."""
        self._client.lost()
        for socket in self._client.sockets():
            with contextlib.suppress(Exception):
                async with asyncio.timeout(2.0):
                    await socket.close(code=1000)
