"""What changes on our servers: channels that are opened to us again, and commands that a server does not have yet."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from time import monotonic
from typing import Final

import discord

from adapters.chat.gaps import FIRST
from adapters.chat.roll import Roll
from adapters.discord.client import Client
from adapters.discord.register import registered, unregister
from bot.domain.policy import Policy
from bot.domain.questions import Reach
from bot.intake import Intake
from bot.ports import Clock

REFUSED: Final = 600.0
"""Seconds until a server that did not take the commands is asked again."""


class Servers:
    """`reached` tells how far each watched channel is stored; `missed` is told from when on messages were not heard."""

    def __init__(
        self, client: Client, intake: Intake, policy: Policy, roll: Roll, clock: Clock, *,
        reached: Callable[[], Awaitable[tuple[Reach, ...]]], missed: Callable[[datetime], None],
        refused: float = REFUSED,
    ) -> None:  # fmt: skip
        self._client = client
        self._intake = intake
        self._policy = policy
        self._roll = roll
        self._clock = clock
        self._reached = reached
        self._missed = missed
        self._refused = refused
        self._readable: frozenset[str] | None = None
        self._outages: dict[int, datetime] = {}
        self._again: dict[str, float] = {}
        """Servers that did not take the commands, and when they are asked again."""

    async def began(self) -> None:
        """A session began: every server has our commands, as far as it takes them."""
        self._readable = await self._read_by_us()
        for guild in self._client.guilds:
            await self._registers(str(guild.id))

    async def changed(self) -> None:
        """Rights may have changed: a channel that is opened to us again is read back to what is stored of it."""
        if self._readable is None:
            return
        before, self._readable = self._readable, await self._read_by_us()
        opened = self._readable - before
        if opened:
            stored = [one.newest for one in await self._reached() if one.channel in opened and one.newest]
            self._missed(min([*stored, self._clock() - FIRST]))

    async def out(self, guild: discord.Guild) -> None:
        """Discord has an outage: nothing comes of this server until it is back."""
        self._outages.setdefault(guild.id, self._clock())

    async def back(self, guild: discord.Guild) -> None:
        """Described again, after an outage or because we were asked back."""
        since = self._outages.pop(guild.id, None)
        if since is not None:
            self._missed(since)
        await self._registers(str(guild.id))

    async def left(self, guild: discord.Guild) -> None:
        """Thrown out, and our commands with us."""
        self._again.pop(str(guild.id), None)
        await unregister(str(guild.id), self._intake)

    async def joined(self, guild: discord.Guild) -> None:
        """Asked in, perhaps again: whatever it was told once, it does not have it now."""
        await self.left(guild)
        await self._registers(str(guild.id))

    async def mind(self, beat: float) -> None:
        """Ask those anew that did not take the commands, from time to time, until cancelled."""
        while True:
            await asyncio.sleep(beat)
            await self._asked_again()

    async def _asked_again(self) -> None:
        for guild in [guild for guild, at in self._again.items() if at <= monotonic()]:
            await self._registers(guild)

    async def _registers(self, guild: str) -> None:
        if await registered(self._client, guild, self._intake, self._policy):
            self._again.pop(guild, None)
        else:
            self._again[guild] = monotonic() + self._refused

    async def _read_by_us(self) -> frozenset[str]:
        """Watched channels (`guild:channel`) whose messages come to us."""
        found = set()
        for place in await self._roll.watched():
            platform, guild, id = place.split(":")
            channel = self._client.get_channel(int(id)) if platform == "discord" else None
            if isinstance(channel, discord.abc.GuildChannel):
                may = channel.permissions_for(channel.guild.me)
                if may.view_channel and may.read_message_history:
                    found.add(f"{guild}:{id}")
        return frozenset(found)
