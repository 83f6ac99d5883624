"""Whether what people write comes to us, with its words (discord.md 17); the core tells people when that changes."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Final

import discord

from adapters.chat.owing import Owing
from bot.domain.events import Event, HearingSeen
from bot.domain.model import Hearing, Platform

LOG: Final = logging.getLogger("kasuhara.discord")
INTENT: Final = "discord.intent"
ENOUGH: Final = 3
"""Messages in a row without words after which people are told: one alone may be of a kind that nobody knows yet."""


class Ears:
    """`missed` is told from when on messages have to be read again, once their words come."""

    def __init__(
        self, submit: Callable[[Event], Awaitable[object]], owing: Owing, missed: Callable[[datetime], None]
    ) -> None:
        self._submit = submit
        self._owing = owing
        self._missed = missed
        self._said: dict[Hearing, str] = {}
        self._row = 0
        self.mute_since: datetime | None = None
        """When the first message was written that came without its words; None while they come."""

    def began(self) -> None:
        """A session stands: we are let in, and what people were told meanwhile another process may have told."""
        self._said.clear()
        self._found(Hearing.DOOR, "")

    def shut_out(self, why: str) -> None:
        """The platform does not let our connection in; `why` is a key of words for errors."""
        self._found(Hearing.DOOR, why)

    def wordless(self, message: discord.Message, me: str, *, live: bool) -> bool:
        """Whether its words were kept from us: it is not stored, so that history brings it once we may read it. What is
        not `live` but read from history tells nothing of now, and counts only while nothing else is known."""
        told = (
            message.content, message.attachments, message.embeds, message.stickers, message.components, message.poll,
            message.message_snapshots, message.activity,
        )  # fmt: skip
        if message.author.bot or message.webhook_id:
            return False
        if live or Hearing.WORDS not in self._said:
            self._words_came(message, me) if any(told) else self._words_lack(message)
        return not any(told)

    def _words_came(self, message: discord.Message, me: str) -> None:
        if any(str(person.id) == me for person in message.mentions):
            return  # those come with their words in any case
        since, self.mute_since, self._row = self.mute_since, None, 0
        if since is not None:
            self._missed(since)
        self._found(Hearing.WORDS, "")

    def _words_lack(self, message: discord.Message) -> None:
        if self.mute_since is None:
            LOG.error("discord.no_content channel=%s", message.channel.id)
        self.mute_since = min(message.created_at, self.mute_since or message.created_at)
        self._row += 1
        if self._row >= ENOUGH:
            self._found(Hearing.WORDS, INTENT)

    def _found(self, matter: Hearing, trouble: str) -> None:
        """Said once to the core, which knows what it told already."""
        if self._said.get(matter) != trouble:
            self._said[matter] = trouble
            self._owing.owes(partial(self._tell, matter))

    async def _tell(self, matter: Hearing) -> None:
        trouble = self._said.get(matter)
        if trouble is not None:
            await self._submit(HearingSeen(platform=Platform.DISCORD, matter=matter, trouble=trouble))
