"""Our own messages on Discord: each bears a short mark of its post, and is found again by it."""

import hashlib
from base64 import b32encode
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import discord

from adapters.chat.bounded import Bounded
from adapters.discord.calls import Calls
from adapters.discord.layout import Message
from bot.domain.errors import DeliveryFailed

SKEW: Final = timedelta(minutes=5)
"""Discord's clock and ours differ by less."""
PAGE: Final = 100
PAGES: Final = 50
"""Pages of history that are read back before saying that one cannot tell."""
MOST: Final = 30
"""More pages than any card has."""
BELOW: Final = 1_000
"""Messages after the first page among which its further pages are looked for, a call for each 100 that came. A page
that an edit added later than that is known to the process alone that added it."""
KEPT: Final = 10_000
"""Further pages that are remembered."""
_BETWEEN: Final = " · "


def mark(key: str) -> str:
    """12 characters made of the key of a post: its nonce (discord.md 15), and what its footer ends with."""
    return b32encode(hashlib.blake2s(key.encode(), digest_size=8).digest()).decode().rstrip("=").lower()[:12]


def marked(page: Message, key: str) -> Message:
    """The message with its mark, which stands where a reader sees a reference."""
    *boxes, last = page.boxes
    footer = _BETWEEN.join(filter(None, (last.footer, mark(key))))
    return replace(page, boxes=(*boxes, replace(last, footer=footer)))


def mark_of(message: discord.Message) -> str:
    """The mark of an own message, "" for every other."""
    footer = (message.embeds[-1].footer.text or "") if message.embeds else ""
    return footer.rpartition(_BETWEEN)[2]


class Marks:
    """Looks for own messages; DeliveryFailed where a channel cannot be read far enough."""

    def __init__(self, calls: Calls, me: str) -> None:
        self._calls = calls
        self._me = int(me)
        self._said: Bounded[tuple[int, str], int] = Bounded(KEPT)
        """Further pages by their channel and mark."""

    def said(self, channel: int, key: str, id: int) -> None:
        """A further page stands there now."""
        self._said[channel, mark(key)] = id

    def gone(self, channel: int, id: int) -> None:
        """One was taken away."""
        for place in [place for place, known in self._said.items() if place[0] == channel and known == id]:
            del self._said[place]

    async def found(
        self, channel: discord.PartialMessageable, key: str, since: datetime | None
    ) -> discord.Message | None:
        """The message of this key, read back to the moment when it could first have been sent."""
        wanted = mark(key)
        async for message in self._own(channel, since):
            if mark_of(message) == wanted:
                return message
        return None

    async def pages(self, channel: discord.PartialMessageable, first: int, key: str) -> dict[int, int]:
        """The further pages of a message that stand below it: number → id."""
        wanted = {mark(f"{key}/{number}"): number for number in range(2, MOST)}

        async def after() -> list[discord.Message]:
            return [message async for message in channel.history(limit=BELOW, after=discord.Object(first))]

        found: dict[int, int] = {}
        read = await self._calls(after, place=f"read:{channel.id}")
        for message in read:
            number = wanted.get(mark_of(message))
            if number is not None and message.author.id == self._me:
                found.setdefault(number, message.id)
        for known, number in wanted.items() if len(read) == BELOW else ():
            id = self._said.get((channel.id, known), 0)
            if id > read[-1].id:  # what was read and is not there, somebody took away
                found.setdefault(number, id)
        return found

    async def _own(self, channel: discord.PartialMessageable, since: datetime | None) -> AsyncIterator[discord.Message]:
        oldest = since - SKEW if since is not None else None
        before: discord.Object | None = None
        for _ in range(PAGES):
            page = await self._calls(partial(self._page, channel, before), place=f"read:{channel.id}")
            for message in page:
                if oldest is not None and message.created_at < oldest:
                    return
                if message.author.id == self._me:
                    yield message
            if len(page) < PAGE:
                return
            before = discord.Object(page[-1].id)
        raise DeliveryFailed("refused")

    @staticmethod
    async def _page(channel: discord.PartialMessageable, before: discord.Object | None) -> list[discord.Message]:
        return [message async for message in channel.history(limit=PAGE, before=before)]
