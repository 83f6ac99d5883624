"""A message as Discord keeps it, and the texts, mentions and buttons a person finds in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from .clock import seconds, stamp
from .files import File
from .guild import Json, User

if TYPE_CHECKING:
    from .channel import Channel

EPHEMERAL, LOADING = 1 << 6, 1 << 7
COMPONENTS_V2 = 1 << 15
PING = re.compile(r"<@!?(\d+)>|<@&(\d+)>|@(everyone|here)")


class Kind(IntEnum):
    """The message types that occur here."""

    DEFAULT = 0
    PIN = 6
    JOIN = 7
    BOOST = 8
    THREAD_CREATED = 18
    REPLY = 19
    COMMAND = 20
    THREAD_STARTER = 21
    MENU_COMMAND = 23


@dataclass(eq=False)
class Message:
    """One message. `mentions` is who the text as it stands mentions, `pings` who any version of it ever did.

    Written as "@4001" (a user), "@&2001" (a role), "@everyone", "@here". `viewer` is the only person who sees it.
    """

    channel: "Channel"
    id: int
    author: User
    content: str = ""
    kind: Kind = Kind.DEFAULT
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[File] = field(default_factory=list)
    mentions: set[str] = field(default_factory=set)
    pings: set[str] = field(default_factory=set)
    flags: int = 0
    edited: float = 0.0
    edits: int = 0
    nonce: str = ""
    webhook: int = 0
    application: int = 0
    interaction: Json | None = None
    reference: "Message | None" = None
    forwarded: "Message | None" = None
    """What this one forwards: its own text is then empty."""
    stickers: list[Json] = field(default_factory=list)
    viewer: int = 0
    pinned: bool = False
    deleted: bool = False
    reactions: dict[str, list[int]] = field(default_factory=dict)
    thread: "Channel | None" = None

    @property
    def at(self) -> float:
        """When it was written, in seconds since 1970."""
        return seconds(self.id)

    @property
    def url(self) -> str:
        guild = self.channel.guild.id if self.channel.guild else "@me"
        return f"https://discord.com/channels/{guild}/{self.channel.id}/{self.id}"

    @property
    def loading(self) -> bool:
        """It is still "… is thinking"."""
        return bool(self.flags & LOADING)

    @property
    def words(self) -> str:
        """Everything that a person can read in it, line by line: text, embeds, labels of buttons and menus."""
        lines = [self.content, *embedded(self.embeds)]
        for part in parts(self.components):
            lines += [str(part[name]) for name in ("label", "placeholder", "content") if part.get(name)]
        return "\n".join(line for line in lines if line)

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons that can be pressed, in order."""
        found = [part for part in parts(self.components) if part.get("type") == 2]
        return [str(part.get("label", "")) for part in found if not part.get("disabled")]

    def shown(self) -> Json:
        """As the REST interface gives it: the author without membership, as it is in history."""
        found: Json = {"id": str(self.id), "channel_id": str(self.channel.id), "author": self.author.shown()}
        found |= {"content": self.content, "timestamp": stamp(self.at), "type": int(self.kind), "flags": self.flags}
        found |= {"edited_timestamp": stamp(self.edited) if self.edited else None, "tts": False, "pinned": self.pinned}
        found |= {
            "embeds": self.embeds,
            "components": self.components,
            "attachments": [file.shown() for file in self.attachments],
        }
        found |= {"mention_everyone": bool({"@everyone", "@here"} & self.mentions), "mentions": self._mentioned()}
        found["mention_roles"] = [name[2:] for name in sorted(self.mentions) if name.startswith("@&")]
        if self.nonce:
            found["nonce"] = self.nonce
        if self.webhook:
            found["webhook_id"] = str(self.webhook)
        if self.application:
            found["application_id"] = str(self.application)
        if self.interaction:
            found["interaction_metadata"] = self.interaction
        if self.thread is not None:
            found["thread"] = self.thread.shown()
        if self.kind in {Kind.REPLY, Kind.THREAD_STARTER}:
            found |= self._referred()
        if self.stickers:
            found["sticker_items"] = self.stickers
        return found | self._snapshot()

    def _snapshot(self) -> Json:
        other = self.forwarded
        if other is None:
            return {}
        reference = {"type": 1, "message_id": str(other.id), "channel_id": str(other.channel.id)}
        names = "type content embeds attachments components timestamp edited_timestamp flags mentions mention_roles"
        copy = {name: value for name, value in other.shown().items() if name in names.split()}
        return {"message_reference": reference, "message_snapshots": [{"message": copy}]}

    def _mentioned(self) -> list[Json]:
        guild = self.channel.guild
        people = {id: member.user for id, member in guild.members.items()} if guild else {}
        people |= {user.id: user for user in self.channel.recipients}
        ids = [int(name[1:]) for name in sorted(self.mentions) if name[1:].isdigit()]
        return [people[id].shown() for id in ids if id in people]

    def _referred(self) -> Json:
        other = self.reference
        if other is None:
            return {"referenced_message": None, "message_reference": {"channel_id": str(self.channel.id)}}
        reference = {"type": 0, "message_id": str(other.id), "channel_id": str(other.channel.id)}
        if self.channel.guild:
            reference["guild_id"] = str(self.channel.guild.id)
        gone = other.deleted or self.kind is Kind.THREAD_STARTER
        return {"message_reference": reference, "referenced_message": None if gone else other.shown()}


def parts(components: list[Json]) -> Iterator[Json]:
    """Every component, the nested ones too, in reading order."""
    for component in components:
        yield component
        yield from parts(component.get("components", []))
        for name in ("component", "accessory"):
            if isinstance(component.get(name), dict):
                yield from parts([component[name]])


def embedded(embeds: list[Json]) -> Iterator[str]:
    """Every text of the embeds, in reading order."""
    for embed in embeds:
        yield from (embed[name] for name in ("title", "description") if embed.get(name))
        for entry in embed.get("fields", []):
            yield from (entry["name"], entry["value"])
        yield from (embed[part][name] for part, name in (("author", "name"), ("footer", "text")) if embed.get(part))
