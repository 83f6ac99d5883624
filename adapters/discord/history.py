"""What a channel holds: its own messages and those of threads and posts that moved, oldest first."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any, Final

import discord

from adapters.chat.gaps import hand_on
from adapters.chat.pacing import Pace
from adapters.discord.client import Client

GAP: Final = 0.2
"""Seconds between two channels or threads that are read; within one discord.py keeps to the limits it is told."""
SPOKEN: Final = frozenset({0, 2, 5, 13})
"""Kinds of channels that hold messages of their own; forums hold threads only (discord.md 24)."""
PARENTS: Final = frozenset({0, 5, 15, 16})
"""Kinds of channels that threads hang on."""
CLOSED: Final = (discord.Forbidden, discord.NotFound)
Take = Callable[[discord.Message], Awaitable[None]]


class History:
    """Reads channels; `take` gets every message, and drops what is known."""

    def __init__(self, client: Client, take: Take, pace: Pace | None = None) -> None:
        self._client = client
        self._http = client.http
        self._take = take
        self._pace = pace or Pace(GAP)

    async def read(self, place: str, since: datetime, now: datetime) -> int:
        """Hand on what one channel (`guild:channel`), its threads and posts hold since then; how many messages."""
        guild, channel = (int(id) for id in place.split(":"))
        kind = int((await self._http.get_channel(channel))["type"])
        read = await self._messages(guild, channel, since) if kind in SPOKEN else 0
        if kind in PARENTS:
            for thread in sorted(set([id async for id in self._threads(guild, channel, since)])):
                read += await self._messages(guild, thread, since)
        return read

    async def _messages(self, guild: int, channel: int, since: datetime) -> int:
        """Those of one channel or thread; one that went away meanwhile has none."""
        await self._pace.turn("history")
        known = self._client.get_channel(channel)
        place: discord.abc.Messageable = self._client.get_partial_messageable(channel, guild_id=guild)
        if isinstance(known, discord.abc.Messageable):
            place = known
        try:
            found = [m async for m in place.history(limit=None, after=_before(since), oldest_first=True)]
        except discord.NotFound:
            return 0
        return await hand_on(found, self._take)

    async def _threads(self, guild: int, channel: int, since: datetime) -> AsyncIterator[int]:
        """Open ones, and archived ones as far back as one may have been written in."""
        for thread in (await self._http.get_active_threads(guild))["threads"]:
            if int(thread["parent_id"] or 0) == channel and _moved(thread, since):
                yield int(thread["id"])
        before = None
        while True:
            await self._pace.turn("history")
            page: Any = await self._http.get_public_archived_threads(channel, before=before, limit=100)
            threads = page["threads"]
            for thread in threads:
                if _moved(thread, since):
                    yield int(thread["id"])
            before = threads[-1]["thread_metadata"]["archive_timestamp"] if threads else None
            if before is None or not page.get("has_more") or datetime.fromisoformat(before) < since:
                break
        async for id in self._private(channel, since):
            yield id

    async def _private(self, channel: int, since: datetime) -> AsyncIterator[int]:
        """Archived private ones that we were added to; those which we were not were never heard either."""
        before = None
        while True:
            await self._pace.turn("history")
            page: Any = await self._http.get_joined_private_archived_threads(channel, before=before, limit=100)
            for thread in page["threads"]:
                if _moved(thread, since):
                    yield int(thread["id"])
            before = page["threads"][-1]["id"] if page["threads"] else None
            if before is None or not page.get("has_more"):
                return


def is_closed(error: Exception) -> bool:
    """Whether waiting does not open what could not be read."""
    return isinstance(error, CLOSED)


def _before(since: datetime) -> discord.Object:
    return discord.Object(discord.utils.time_snowflake(since) - 1)


def _moved(thread: Any, since: datetime) -> bool:
    """Whether anything can have been said in it since then; its first message may stand in the channel above."""
    newest = max(int(thread.get("last_message_id") or 0), int(thread["id"]))
    return newest >= discord.utils.time_snowflake(since)
