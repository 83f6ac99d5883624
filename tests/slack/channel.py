"""A conversation of the local Slack: its members, its messages and its threads."""

from dataclasses import dataclass, field
from enum import StrEnum

from .message import TOMBSTONE, Json, Message


class Room(StrEnum):
    """The kinds of conversation, by the channel_type of their events."""

    PUBLIC = "channel"
    PRIVATE = "group"
    IM = "im"
    MPIM = "mpim"


SCOPE = {Room.PUBLIC: "channels", Room.PRIVATE: "groups", Room.IM: "im", Room.MPIM: "mpim"}
"""The first half of a scope and of a subscription ("channels:history", "message.channels")."""


@dataclass
class Channel:
    """A conversation; `shared_with` are the other workspaces of a Slack Connect channel."""

    id: str
    name: str = ""
    room: Room = Room.PUBLIC
    members: list[str] = field(default_factory=list)
    archived: bool = False
    shared_with: list[str] = field(default_factory=list)
    topic: str = ""
    created: int = 1_700_000_000
    messages: dict[str, Message] = field(default_factory=dict)
    ephemerals: list[Message] = field(default_factory=list)

    @property
    def direct(self) -> bool:
        return self.room in {Room.IM, Room.MPIM}

    @property
    def ordered(self) -> list[Message]:
        """Every message, oldest first, replies among them."""
        return [self.messages[ts] for ts in sorted(self.messages)]

    @property
    def timeline(self) -> list[Message]:
        """What stands in the channel itself, oldest first."""
        return [message for message in self.ordered if message.in_channel]

    def thread(self, ts: str) -> list[Message]:
        """The parent and its replies, oldest first."""
        return [message for message in self.ordered if ts in (message.ts, message.thread_ts)]

    def shown_message(self, message: Message, *, all_metadata: bool = False) -> Json:
        """The message as history and events carry it, with the thread fields of its place."""
        shown: Json = {"type": "message", "text": message.text, "ts": message.ts}
        plain = {
            "user": message.user,
            "subtype": message.subtype,
            "team": message.team,
            "bot_id": message.bot_id,
            "app_id": message.app_id,
            "blocks": message.blocks,
            "attachments": message.attachments,
            "files": message.files,
            "edited": message.edited,
        }
        shown |= {name: value for name, value in plain.items() if value} | message.more
        if message.reactions:
            shown["reactions"] = [{"name": n, "users": u, "count": len(u)} for n, u in message.reactions.items()]
        if message.metadata:
            kept = message.metadata if all_metadata else {"event_type": message.metadata["event_type"]}
            shown["metadata"] = kept
        return shown | self._threading(message)

    def _threading(self, message: Message) -> Json:
        if message.is_reply:
            parent = self.messages.get(message.thread_ts)
            by = parent.user if parent else ""
            return {"thread_ts": message.thread_ts} | ({"parent_user_id": by} if by else {})
        replies = [reply for reply in self.thread(message.ts) if reply.is_reply]
        if not replies:
            return {}
        users = list(dict.fromkeys(reply.user or reply.bot_id for reply in replies))
        return {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len(users),
            "reply_users": users[:5],
            "latest_reply": replies[-1].ts,
            "is_locked": False,
            "subscribed": False,
        }

    def remove(self, ts: str) -> Message | None:
        """Take a message away; a parent with replies stays as a tombstone, which is then returned."""
        message = self.messages[ts]
        if message.is_reply or len(self.thread(ts)) == 1:
            del self.messages[ts]
            return None
        tombstone = Message(self.id, ts, "USLACKBOT", TOMBSTONE, "tombstone", message.team, more={"hidden": True})
        self.messages[ts] = tombstone
        return tombstone

    def shown(self, me: str, team_id: str, *, members: bool = False) -> Json:
        """The channel object as `me` gets it."""
        base: Json = {
            "id": self.id,
            "created": self.created,
            "is_archived": self.archived,
            "is_im": self.room is Room.IM,
        }
        base |= {"is_org_shared": False, "context_team_id": team_id, "updated": self.created * 1000}
        if self.room is Room.IM:
            user = next((member for member in self.members if member != me), me)
            return base | {"user": user, "is_user_deleted": False, "is_open": True, "priority": 0}
        base |= {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.room is Room.PUBLIC,
            "is_group": self.room is Room.PRIVATE,
            "is_mpim": self.room is Room.MPIM,
            "is_private": self.room is not Room.PUBLIC,
            "is_general": self.name == "general",
            "is_member": me in self.members,
            "is_shared": bool(self.shared_with),
            "is_ext_shared": bool(self.shared_with),
            "is_pending_ext_shared": False,
            "pending_shared": [],
            "shared_team_ids": [team_id, *self.shared_with],
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "previous_names": [],
        }
        return base | ({"num_members": len(self.members)} if members else {})
