"""What happens in the world, told to the gateway as Discord's events: to the app only where it may look."""

from typing import TYPE_CHECKING

from .channel import Channel, Room
from .guild import Guild, Json, Member, Role
from .message import Message
from .permissions import May
from .world import CONTENT, DIRECT, GUILD_MEMBERS, GUILD_MESSAGES, GUILDS, REACTIONS, World

if TYPE_CHECKING:
    from .gateway import Gateway

BLANK: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


class News:
    """The town crier."""

    def __init__(self, world: World, gateway: "Gateway") -> None:
        self.world = world
        self.gateway = gateway
        self.tells_member = True
        """False, as a fault: events of messages come without the author's membership."""
        self.tells_content = True
        """False, as a fault: every text comes blank although the intent is there."""

    @property
    def _me(self) -> int:
        return self.world.app.bot

    # Messages

    def posted(self, message: Message) -> Message:
        """MESSAGE_CREATE; an ephemeral one comes as if it were a direct message (rule discord-4)."""
        self._message("MESSAGE_CREATE", message)
        return message

    def changed(self, message: Message) -> Message:
        """MESSAGE_UPDATE: edited, embeds resolved, pinned."""
        self._message("MESSAGE_UPDATE", message)
        return message

    def removed(self, *messages: Message) -> None:
        """MESSAGE_DELETE, or MESSAGE_DELETE_BULK for several of one channel."""
        channel = messages[0].channel
        place: Json = {"channel_id": str(channel.id)} | self._guild(channel)
        intent = GUILD_MESSAGES if channel.guild else DIRECT
        if not self.world.sees(self._me, channel):
            return
        if len(messages) == 1:
            self.gateway.dispatch("MESSAGE_DELETE", place | {"id": str(messages[0].id)}, intent)
        else:
            ids = [str(message.id) for message in messages]
            self.gateway.dispatch("MESSAGE_DELETE_BULK", place | {"ids": ids}, intent)

    def _message(self, event: str, message: Message) -> None:
        channel = message.channel
        data = message.shown() | {"channel_type": int(channel.room)}
        if message.viewer or channel.guild is None:
            self.gateway.dispatch(event, data, DIRECT)
            return
        if not self.world.sees(self._me, channel):
            return
        data |= self._guild(channel)
        member = self.world.member(channel, message.author.id)
        if member is not None and not message.webhook and self.tells_member:
            data["member"] = member.shown(user=False)
        blank = None if self._told_anyway(message) else _blanked(data)
        if blank is not None and not self.tells_content:
            data = blank
        self.gateway.dispatch(event, data, GUILD_MESSAGES, blank)

    def _told_anyway(self, message: Message) -> bool:
        """Own messages, direct ones and mentions of the bot are never blank (rule discord-17)."""
        own = message.author.id == self._me or message.channel.guild is None
        return own or f"@{self._me}" in message.mentions

    def read(self, message: Message) -> Json:
        """The message as the REST interface gives it to the app: blank where content is not switched on."""
        data = message.shown()
        content = self.world.app.privileged & CONTENT and self.tells_content
        return data if content or message.viewer or self._told_anyway(message) else _blanked(data)

    def reacted(self, message: Message, user: int, emoji: str) -> None:
        channel = message.channel
        data: Json = {"user_id": str(user), "channel_id": str(channel.id), "message_id": str(message.id), "type": 0}
        data |= {"emoji": {"id": None, "name": emoji}, "burst": False} | self._guild(channel)
        if self.world.sees(self._me, channel):
            self.gateway.dispatch("MESSAGE_REACTION_ADD", data, REACTIONS)

    # Places

    def _guild(self, channel: Channel) -> Json:
        return {"guild_id": str(channel.guild.id)} if channel.guild else {}

    def place(self, event: str, channel: Channel, **more: object) -> None:
        """CHANNEL_* or THREAD_* CREATE, UPDATE, DELETE."""
        if channel.is_thread and not self.world.sees(self._me, channel):
            return
        kind = "THREAD" if channel.is_thread else "CHANNEL"
        data = channel.shown() | more
        if channel.is_thread and event == "DELETE":
            data = {name: data[name] for name in ("id", "guild_id", "parent_id", "type")}
        self.gateway.dispatch(f"{kind}_{event}", data, GUILDS)

    def synced(self, parent: Channel) -> None:
        """THREAD_LIST_SYNC: the app can see a channel again."""
        assert parent.guild is not None
        threads = [one for one in self.world.threads(parent.guild) if one.parent is parent and not one.archived]
        data: Json = {"guild_id": str(parent.guild.id), "channel_ids": [str(parent.id)], "members": []}
        self.gateway.dispatch("THREAD_LIST_SYNC", data | {"threads": [one.shown() for one in threads]}, GUILDS)

    def joined_thread(self, thread: Channel, user: int, *, left: bool = False) -> None:
        """THREAD_MEMBERS_UPDATE."""
        assert thread.guild is not None
        data: Json = {"id": str(thread.id), "guild_id": str(thread.guild.id), "member_count": len(thread.joined)}
        data |= {"removed_member_ids": [str(user)]} if left else {"added_members": [thread.membership(user)]}
        if self.world.sees(self._me, thread) or user == self._me:
            self.gateway.dispatch("THREAD_MEMBERS_UPDATE", data, GUILDS)

    # People

    def member(self, event: str, guild: Guild, member: Member) -> None:
        """GUILD_MEMBER_ADD, UPDATE, REMOVE; for the bot itself GUILD_CREATE and GUILD_DELETE."""
        mine = member.user.id == self._me
        if mine and event in {"ADD", "REMOVE"}:
            came = event == "ADD"
            told = self.guild(guild) if came else {"id": str(guild.id)}
            self.gateway.dispatch("GUILD_CREATE" if came else "GUILD_DELETE", told, GUILDS)
            return
        data: Json = {"guild_id": str(guild.id)}
        data |= {"user": member.user.shown()} if event == "REMOVE" else member.shown()
        intent = GUILDS if mine else GUILD_MEMBERS
        self.gateway.dispatch(f"GUILD_MEMBER_{event}", data, intent)

    def role(self, event: str, guild: Guild, role: Role) -> None:
        """GUILD_ROLE_CREATE, UPDATE, DELETE."""
        what = {"role_id": str(role.id)} if event == "DELETE" else {"role": role.shown()}
        self.gateway.dispatch(f"GUILD_ROLE_{event}", {"guild_id": str(guild.id), **what}, GUILDS)

    def guild(self, guild: Guild) -> Json:
        """GUILD_CREATE: every channel, the threads the bot sees, and of the members only the bot."""
        channels = [one for one in self.world.channels.values() if one.guild is guild and not one.is_thread]
        threads = [one for one in self.world.threads(guild) if not one.archived and self.world.sees(self._me, one)]
        me = guild.members[self._me]
        found = guild.shown() | {"channels": [one.shown() for one in channels], "members": [me.shown()]}
        found |= {"threads": [self._own(one) for one in threads], "member_count": len(guild.members)}
        found |= {"joined_at": me.shown()["joined_at"], "large": False, "unavailable": False, "presences": []}
        return found | {
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def _own(self, thread: Channel) -> Json:
        return thread.shown() | ({"member": thread.membership(self._me)} if self._me in thread.joined else {})

    def interaction(self, data: Json) -> None:
        """INTERACTION_CREATE needs no intent."""
        self.gateway.dispatch("INTERACTION_CREATE", data)

    def reads(self, channel: Channel) -> bool:
        """Whether the app may read what was said here before."""
        return bool(self.world.may(self._me, channel) & May.READ_MESSAGE_HISTORY) or channel.room is Room.DIRECT


def _blanked(data: Json) -> Json:
    found = {name: value for name, value in data.items() if name != "message_snapshots"} | BLANK
    inner = found.get("referenced_message")
    return found | ({"referenced_message": inner | BLANK} if inner else {})
