"""A channel, a thread or a direct conversation as Discord keeps it, and what the two pages of history look like."""

from dataclasses import dataclass, field
from enum import IntEnum

from .clock import stamp
from .guild import Guild, Json, User
from .message import Message


class Room(IntEnum):
    """The channel types that this town has."""

    TEXT = 0
    DIRECT = 1
    VOICE = 2
    CATEGORY = 4
    NEWS = 5
    NEWS_THREAD = 10
    THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


THREADS = {Room.THREAD, Room.PRIVATE_THREAD, Room.NEWS_THREAD}


@dataclass(frozen=True)
class Overwrite:
    """What a channel gives or takes from one role or, `member`, from one person."""

    id: int
    allow: int = 0
    deny: int = 0
    member: bool = False

    def shown(self) -> Json:
        return {"id": str(self.id), "type": int(self.member), "allow": str(self.allow), "deny": str(self.deny)}


@dataclass(eq=False)
class Channel:
    """`joined` are the members of a thread; `ephemerals` are seen by one person each."""

    id: int
    name: str = ""
    room: Room = Room.TEXT
    guild: Guild | None = None
    parent: "Channel | None" = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    topic: str = ""
    position: int = 0
    recipients: list[User] = field(default_factory=list)
    owner: int = 0
    joined: set[int] = field(default_factory=set)
    archived: bool = False
    locked: bool = False
    archived_at: float = 0.0
    born: float = 0.0
    tags: list[int] = field(default_factory=list)
    offered_tags: list[Json] = field(default_factory=list)
    messages: dict[int, Message] = field(default_factory=dict)
    ephemerals: list[Message] = field(default_factory=list)

    @property
    def is_thread(self) -> bool:
        return self.room in THREADS

    @property
    def is_private(self) -> bool:
        return self.room is Room.PRIVATE_THREAD

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"

    @property
    def ordered(self) -> list[Message]:
        """Every message that stands here, oldest first."""
        return [self.messages[id] for id in sorted(self.messages)]

    def page(self, limit: int, *, before: int = 0, after: int | None = None, around: int = 0) -> list[Message]:
        """One page of history, newest first inside; `after` gives the OLDEST page behind that id."""
        ids = sorted(self.messages)
        if around:
            older = [id for id in ids if id < around][-(limit // 2) :]
            newer = [id for id in ids if id >= around][: limit - limit // 2]
            ids = older + newer
        elif after is not None:
            ids = [id for id in ids if id > after][:limit]
        elif before:
            ids = [id for id in ids if id < before]
        return [self.messages[id] for id in reversed(ids[-limit:])]

    def shown(self) -> Json:
        last = max(self.messages, default=0)
        found: Json = {"id": str(self.id), "type": int(self.room), "last_message_id": str(last) if last else None}
        if self.room is Room.DIRECT:
            return found | {"recipients": [user.shown() for user in self.recipients], "flags": 0}
        assert self.guild is not None
        found |= {"name": self.name, "guild_id": str(self.guild.id), "flags": 0, "rate_limit_per_user": 0}
        found["parent_id"] = str(self.parent.id) if self.parent else None
        if self.is_thread:
            return found | self._thread()
        found |= {"position": self.position, "nsfw": False, "topic": self.topic or None}
        found["permission_overwrites"] = [overwrite.shown() for overwrite in self.overwrites.values()]
        if self.room is Room.FORUM:
            found |= {"available_tags": self.offered_tags, "default_reaction_emoji": None, "default_sort_order": None}
            found |= {"default_forum_layout": 0}
        if self.room is Room.VOICE:
            found |= {"bitrate": 64000, "user_limit": 0}
        return found

    def _thread(self) -> Json:
        counted = len([message for message in self.messages.values() if message.id != self.id])
        meta: Json = {"archived": self.archived, "auto_archive_duration": 1440, "locked": self.locked}
        meta |= {"archive_timestamp": stamp(self.archived_at or self.born), "create_timestamp": stamp(self.born)}
        found: Json = {"owner_id": str(self.owner), "thread_metadata": meta, "message_count": counted}
        found |= {"total_message_sent": counted, "member_count": len(self.joined)}
        return found | ({"applied_tags": [str(tag) for tag in self.tags]} if self.tags else {})

    def membership(self, user: int) -> Json:
        """A thread member object."""
        return {"id": str(self.id), "user_id": str(user), "join_timestamp": stamp(self.born), "flags": 0}
