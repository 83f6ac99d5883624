"""One event of Discord becomes an event of the core, or nothing; the export's reader knows what a record means."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import Final

import discord

from adapters.chat.roll import Roll
from adapters.discord.attachments import attached
from adapters.discord.client import Client
from adapters.discord.groups import Groups
from adapters.discord.hearing import Ears
from adapters.discord.people import People, Person
from adapters.imports.discord_export import Heading, outcome_of
from bot.domain.events import AuthorLookedUp, MessageDeleted, MessagePosted
from bot.domain.model import Membership, Platform

LOG: Final = logging.getLogger("kasuhara.discord")
SPEECH: Final = frozenset({discord.MessageType.default, discord.MessageType.reply})
SHUT: Final = 600.0
"""Seconds in which a place that is closed to us is not looked up again (discord.md 22)."""
PLACES: Final = 10_000
"""Channels whose place is remembered."""
Author = tuple[str, str]
"""A server, and who writes there."""


@dataclass(frozen=True, slots=True)
class Where:
    """A watched channel, or a thread or post that hangs on one."""

    guild: str
    channel: str
    thread: str = ""


class Inbound:
    """Reads messages of watched channels, their threads and posts; what is typed to the bot directly is a command, not
    a message (`is_for_bot`).

    `unknown` is told of an author of whom Discord does not say who it is: their messages wait as unattributed until
    they are `looked_up`; `known` of every other.
    """

    def __init__(
        self, client: Client, people: People, groups: Groups, roll: Roll, ears: Ears, *,
        unknown: Callable[[Author], None], known: Callable[[Author], None],
    ) -> None:  # fmt: skip
        self._client = client
        self._people = people
        self._groups = groups
        self._roll = roll
        self._ears = ears
        self._unknown = unknown
        self._known = known
        self._parents: dict[int, tuple[int, float]] = {}
        """Channel → the one it hangs on, else itself, and until when that is believed."""
        self._looking = asyncio.Lock()

    def is_for_bot(self, message: discord.Message) -> bool:
        """A person wrote to the bot directly."""
        return message.guild is None and self._guild_of(message) is None and _speech(message) and not _bot(message)

    async def of(self, message: discord.Message, *, live: bool = True) -> MessagePosted | None:
        """What a message means; None for what is not speech, stands elsewhere, or is the bot's own. Raises where it
        cannot be told where it stands, so that it is read again."""
        guild = self._guild_of(message)
        if guild is None or str(message.author.id) == self._people.me.user or not _speech(message):
            return None
        where = await self._where(guild, message.channel)
        if where is None or self._ears.wordless(message, self._people.me.user, live=live):
            return None
        heading = Heading(where.guild, where.channel, "", where.thread, direct=False)
        found = outcome_of(_record(message), heading)
        if not isinstance(found, MessagePosted):
            return None
        mark = message.edited_at.isoformat() if message.edited_at else ""
        return await self._attributed(replace(found, edit=mark, files=attached(message)), message)

    async def edited(self, message: discord.Message) -> MessagePosted | None:
        """A new wording; None where only a preview or a pin came to the message (discord.md 25)."""
        return await self.of(message) if message.edited_at is not None else None

    async def deleted(
        self, guild: int | None, channel: int, messages: Iterable[int], now: datetime
    ) -> list[MessageDeleted]:
        """Messages that were taken back, by whomever."""
        where = await self._where(guild, self._client.get_channel(channel) or discord.Object(channel))
        if where is None:
            return []
        return [
            MessageDeleted(
                platform=Platform.DISCORD, workspace=where.guild, channel=where.channel, message_id=str(id),
                deleted_at=now,
            )
            for id in sorted(messages)
        ]  # fmt: skip

    async def recovered(self, message: discord.Message) -> MessagePosted | None:
        """What a message of the history means: it shows the last wording only."""
        said = await self.of(message, live=False)
        return replace(said, recovered=True) if said is not None else None

    async def looked_up(self, author: Author) -> AuthorLookedUp:
        """What Discord did not say at first of an author; raises while it does not."""
        person = await self._people.person(*author)
        await self._groups.meets(person)
        return AuthorLookedUp(
            platform=Platform.DISCORD, workspace=person.guild, author=person.id, membership=person.membership,
            author_name=person.name,
        )  # fmt: skip

    async def _attributed(self, said: MessagePosted, message: discord.Message) -> MessagePosted:
        if said.membership is Membership.BOT:
            return said
        if isinstance(message.author, discord.Member) and message.guild is not None:
            known: Person | None = self._people.seen(message.author)
        else:
            _, known = await self._people.membership(said.workspace, said.author)
        if known is None:
            self._unknown((said.workspace, said.author))
            return replace(said, membership=Membership.UNKNOWN)
        self._known((said.workspace, said.author))
        await self._groups.meets(known)
        return replace(said, membership=known.membership, author_name=known.name or said.author_name)

    def _guild_of(self, message: discord.Message) -> int | None:
        """The server of a message; also of one whose server has not been described yet."""
        if message.guild is not None:
            return message.guild.id
        channel = message.channel
        return channel.guild_id if isinstance(channel, discord.PartialMessageable) else None

    async def _where(self, guild: int | None, channel: object) -> Where | None:
        """The watched place of a channel or thread; None for everything else (discord.md 24)."""
        id = getattr(channel, "id", None)
        if guild is None or not isinstance(id, int):
            return None
        watched = await self._roll.watched()
        if f"discord:{guild}:{id}" in watched:
            return Where(str(guild), str(id))
        parent = await self._parent(id, channel)
        if parent == id or f"discord:{guild}:{parent}" not in watched:
            return None
        return Where(str(guild), str(parent), str(id))

    async def _parent(self, id: int, channel: object) -> int:
        """What a thread hangs on; any other channel stands for itself."""
        if isinstance(channel, discord.Thread):
            return channel.parent_id
        if isinstance(channel, discord.abc.GuildChannel):
            return id
        async with self._looking:  # asked once, however much is said there at that moment
            parent, until = self._parents.get(id, (id, 0.0))
            if monotonic() >= until:
                parent, until = await self._looked_up(id)
                if len(self._parents) >= PLACES:
                    self._parents.clear()
                self._parents[id] = parent, until
        return parent

    async def _looked_up(self, id: int) -> tuple[int, float]:
        """What a channel hangs on, and until when that is to be believed."""
        try:
            found = await self._client.fetch_channel(id)
        except (discord.NotFound, discord.Forbidden):
            return id, monotonic() + SHUT
        return found.parent_id if isinstance(found, discord.Thread) else id, float("inf")

    def reopen(self) -> None:
        """Rights changed: what was closed is looked up again."""
        self._parents.clear()


def place_of(message: discord.Message) -> str:
    """The channel to read again, `guild:channel`; "" where it is not known what a thread hangs on."""
    channel = message.channel
    if message.guild is None or not isinstance(channel, discord.Thread | discord.abc.GuildChannel):
        return ""
    return f"{message.guild.id}:{channel.parent_id if isinstance(channel, discord.Thread) else channel.id}"


def _speech(message: discord.Message) -> bool:
    return message.type in SPEECH


def _bot(message: discord.Message) -> bool:
    return bool(message.author.bot or message.webhook_id)


def _record(message: discord.Message) -> dict[str, object]:
    """A message as DiscordChatExporter writes it."""
    author, reference = message.author, message.reference
    forwards = reference is not None and reference.type is discord.MessageReferenceType.forward
    answers = str(reference.message_id or "") if reference is not None and not forwards else ""
    return {
        "id": str(message.id), "type": str(message.type.value), "timestamp": message.created_at.isoformat(),
        "content": message.content,
        "author": {"id": str(author.id), "name": author.display_name, "isBot": _bot(message)},
        "mentions": [{"id": str(person.id)} for person in message.mentions],
        "reference": {"messageId": answers},
    }  # fmt: skip
