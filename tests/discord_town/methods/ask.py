"""One call of the REST interface as an endpoint sees it, with the questions every endpoint asks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from discord_town.channel import Channel, Room
from discord_town.guild import Guild, Json, User
from discord_town.message import Message
from discord_town.permissions import May
from discord_town.refused import Refused
from discord_town.world import World

if TYPE_CHECKING:
    from discord_town.server import LocalDiscord


@dataclass(frozen=True)
class Reply:
    """An answer with a status of its own; None as the body means none at all."""

    status: int
    body: Any = None


@dataclass
class Ask:
    """`body` is the JSON object (or, for commands, list) that came; `files` by name, in order."""

    discord: "LocalDiscord"
    method: str
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    files: list[tuple[str, bytes]]

    @property
    def world(self) -> World:
        return self.discord.world

    @property
    def me(self) -> User:
        return self.world.bot

    def number(self, name: str, default: int = 0) -> int:
        """A number of the query."""
        text = self.query.get(name, "")
        return int(text) if text.isdigit() else default

    def guild(self) -> Guild:
        guild = self.world.guilds.get(_id(self.path["guild"]))
        if guild is None or self.me.id not in guild.members:
            raise Refused(404, 10004)
        return guild

    def channel(self, *needed: May) -> Channel:
        """The channel of the path, if the bot sees it and has these permissions there."""
        channel = self.world.channels.get(_id(self.path["channel"]))
        if channel is None:
            raise Refused(404, 10003)
        self.must(channel, *needed)
        return channel

    def must(self, channel: Channel, *needed: May) -> None:
        given = self.world.may(self.me.id, channel)
        if not given & May.VIEW_CHANNEL:
            raise Refused(403, 50001)
        if any(not given & one for one in needed):
            raise Refused(403, 50013)

    def message(self, channel: Channel) -> Message:
        message = channel.messages.get(_id(self.path["message"]))
        if message is None:
            raise Refused(404, 10008)
        return message

    def may_send(self, channel: Channel, body: Json) -> None:
        """Refuse a message that the bot may not send here."""
        if channel.room is Room.DIRECT:
            person = channel.recipients[0]
            shared = any(person.id in guild.members for guild in self.world.guilds.values())
            if person.closed or person.bot or not shared:
                raise Refused(403, 50007)
            return
        if channel.room in {Room.FORUM, Room.CATEGORY}:
            raise Refused(400, 50008)
        needed = [May.SEND_MESSAGES_IN_THREADS if channel.is_thread else May.SEND_MESSAGES]
        needed += [May.EMBED_LINKS] if body.get("embeds") else []
        needed += [May.ATTACH_FILES] if self.files else []
        self.must(channel, *needed)
        if self.shut(channel):
            raise Refused(403, 50083)

    def shut(self, channel: Channel) -> bool:
        """Whether a locked thread keeps the bot from writing; it is told "Thread is archived" either way."""
        return channel.locked and not self.world.may(self.me.id, channel) & May.MANAGE_THREADS


def _id(text: str) -> int:
    if not text.isdigit():
        raise Refused(
            400, 50035, errors={"id": {"_errors": [{"code": "NUMBER_TYPE_COERCE", "message": "no snowflake"}]}}
        )
    return int(text)


@dataclass(frozen=True)
class Route:
    """An endpoint: verb, path with {channel}, {message} …, its name, and who answers. `open`: no bot token needed."""

    verb: str
    path: str
    name: str
    answer: Callable[[Ask], Any]
    open: bool = False
