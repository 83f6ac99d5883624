"""The workspace as data: who is there, which conversations, which files, and the app that is installed in it."""

import itertools
from dataclasses import dataclass, field

from .channel import Channel, Room
from .clock import Clock
from .message import Json, Message
from .user import Kind, User, UserGroup

SCOPES = (
    "app_mentions:read channels:history channels:join channels:read chat:write commands dnd:read files:read "
    "files:write groups:history groups:read im:history im:read im:write mpim:history mpim:read mpim:write "
    "reactions:read reactions:write team:read usergroups:read users:read users:read.email"
)
EVENTS = (
    "app_home_opened app_mention app_uninstalled channel_archive channel_rename channel_shared channel_unshared "
    "file_shared group_archive group_rename link_shared member_joined_channel member_left_channel message.channels "
    "message.groups message.im message.mpim reaction_added subteam_members_changed subteam_updated team_join "
    "tokens_revoked user_change"
)


@dataclass
class App:
    """The installed app: its names, its secrets, and what it was granted."""

    id: str = "A0KASUHARA"
    name: str = "kasuhara"
    bot_id: str = "B0KASUHARA"
    bot_user: str = "U0KASUHARA"
    bot_token: str = "xoxb-local-test"
    app_token: str = "xapp-local-test"
    signing_secret: str = "local-signing-secret"
    scopes: set[str] = field(default_factory=lambda: set(SCOPES.split()))
    app_scopes: set[str] = field(default_factory=lambda: {"connections:write"})
    events: set[str] = field(default_factory=lambda: set(EVENTS.split()))
    escapes: bool = True
    """should_escape of its commands: mentions arrive as <@U1|name>."""
    home: bool = True
    broken: str = ""
    """"token_revoked", "account_inactive", "invalid_auth": every call with the bot token is refused with this."""


@dataclass
class Workspace:
    """One Slack workspace with the app in it; ids are handed out in order, so runs repeat."""

    id: str = "TOWN"
    name: str = "Town"
    domain: str = "town"
    app: App = field(default_factory=App)
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, UserGroup] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, Json] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        me = User(self.app.bot_user, self.app.name, Kind.BOT, bot_id=self.app.bot_id)
        for user in (me, User("USLACKBOT", "slackbot", Kind.BOT)):
            self.add(user)

    def add(self, *things: User | UserGroup | Channel) -> "Workspace":
        """Put people, groups and conversations in; a user without a team belongs here."""
        for thing in things:
            match thing:
                case User():
                    thing.team_id = thing.team_id or self.id
                    thing.name = thing.name or thing.id.lower()
                    self.users[thing.id] = thing
                case UserGroup():
                    self.groups[thing.id] = thing
                case Channel():
                    self.channels[thing.id] = thing
        return self

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self.numbers):08X}"

    def channel(self, id_or_name: str) -> Channel | None:
        """By id, by name or by #name."""
        name = id_or_name.removeprefix("#")
        by_name = (c for c in self.channels.values() if c.name and c.name == name)
        return self.channels.get(id_or_name) or next(by_name, None)

    def direct(self, *users: str) -> Channel:
        """The direct conversation of the bot with these people, opened if need be."""
        members = sorted({self.app.bot_user, *users})
        room = Room.IM if len(members) <= 2 else Room.MPIM
        for channel in self.channels.values():
            if channel.room is room and sorted(channel.members) == members:
                return channel
        name = "" if room is Room.IM else f"mpdm-{'--'.join(members)}-1".lower()
        channel = Channel(self.new_id("D" if room is Room.IM else "G"), name, room, members)
        self.channels[channel.id] = channel
        return channel

    def post(self, message: Message) -> Message:
        """Write a message into its channel; blocks and elements without an id get one, as Slack gives them."""
        for block in message.blocks:
            block.setdefault("block_id", self.new_id("b"))
            inner = [block.get("accessory"), block.get("element"), *block.get("elements", [])]
            for part in inner if block.get("type") != "rich_text" else ():
                if isinstance(part, dict) and part.get("type") not in {"mrkdwn", "plain_text", "image"}:
                    part.setdefault("action_id", self.new_id("a"))
        channel = self.channels[message.channel]
        if message.seen_by:
            channel.ephemerals.append(message)
        else:
            channel.messages[message.ts] = message
        return message

    def permalink(self, message: Message) -> str:
        link = f"https://{self.domain}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
        return link + (f"?thread_ts={message.thread_ts}&cid={message.channel}" if message.is_reply else "")
