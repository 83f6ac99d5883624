"""A real discord.py client for the proofs of this server: it writes down what reaches it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands

from .pointing import pointed
from .server import LocalDiscord

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=True)


class Listener(discord.Client):
    """Remembers messages, edits and deletions in order, and how often it was ready or resumed."""

    def __init__(self, intents: discord.Intents = INTENTS, **settings: Any) -> None:
        super().__init__(
            intents=intents, allowed_mentions=discord.AllowedMentions.none(), guild_ready_timeout=0.01, **settings
        )
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.edited: list[discord.RawMessageUpdateEvent] = []
        self.deleted: list[int] = []
        self.readies = self.resumed = 0

    @property
    def texts(self) -> list[str]:
        return [message.content for message in self.heard if message.author.id != self.user.id]  # type: ignore[union-attr]

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """No five seconds between two IDENTIFYs here."""

    async def on_ready(self) -> None:
        self.readies += 1

    async def on_resumed(self) -> None:
        self.resumed += 1

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        self.edited.append(payload)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        self.deleted.append(payload.message_id)

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        self.deleted += sorted(payload.message_ids)


@asynccontextmanager
async def connected(town: LocalDiscord, client: Listener | None = None, token: str = "") -> AsyncIterator[Listener]:
    """The client, ready; closed with everything it started."""
    client = client or Listener()
    with pointed(town.port):
        task = asyncio.create_task(client.start(token or town.app.token))
        try:
            await town.until(lambda: client.readies or task.done(), 5)
            if task.done():
                task.result()
            yield client
        finally:
            await client.close()
            await asyncio.gather(task, return_exceptions=True)
