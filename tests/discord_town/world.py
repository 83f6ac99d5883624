"""The world as data: the app, people, guilds, channels, webhooks, and the clock of it all."""

from dataclasses import dataclass, field

from .channel import Channel, Overwrite, Room
from .clock import Clock
from .files import Files
from .guild import Guild, Json, Member, Role, User
from .permissions import May, of_channel, of_guild

GUILDS, GUILD_MEMBERS, GUILD_MESSAGES, REACTIONS, DIRECT, CONTENT = (1 << bit for bit in (0, 1, 9, 10, 12, 15))
PRESENCES = 1 << 8
PRIVILEGED = GUILD_MEMBERS | PRESENCES | CONTENT


@dataclass
class App:
    """The application and its bot. `privileged` are the intents switched on in the portal."""

    id: int = 9001
    bot: int = 9001
    name: str = "kasuhara"
    token: str = "local.discord.token"
    privileged: int = CONTENT
    public: bool = False

    @property
    def flags(self) -> int:
        """The limited (below 10 000 users) flags of what is switched on."""
        content = 1 << 19 if self.privileged & CONTENT else 0
        return content | (1 << 15 if self.privileged & GUILD_MEMBERS else 0)

    def shown(self) -> Json:
        found: Json = {"id": str(self.id), "name": self.name, "icon": None, "description": "", "flags": self.flags}
        found |= {"bot_public": self.public, "bot_require_code_grant": False, "verify_key": "0" * 64, "summary": ""}
        found |= {"owner": User(9000, "owner").shown(), "team": None, "rpc_origins": [], "redirect_uris": []}
        return found | {"interactions_endpoint_url": None, "role_connections_verification_url": None}


@dataclass(eq=False)
class Webhook:
    """An ordinary webhook of a channel."""

    id: int
    token: str
    channel: int
    name: str

    def shown(self, guild: int) -> Json:
        found = {"id": str(self.id), "type": 1, "channel_id": str(self.channel), "guild_id": str(guild)}
        return found | {"name": self.name, "avatar": None, "token": self.token, "application_id": None}


@dataclass
class World:
    """Everything that stands; ids of what happens come from the clock."""

    app: App = field(default_factory=App)
    users: dict[int, User] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    webhooks: dict[int, Webhook] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.files = Files(self.clock)
        self.users.setdefault(self.app.bot, User(self.app.bot, self.app.name, bot=True))

    @property
    def bot(self) -> User:
        return self.users[self.app.bot]

    def user(self, key: int | str) -> User:
        """By id, by user name or by the name shown."""
        for user in self.users.values():
            if key in {user.id, str(user.id), user.name, user.shown_name}:
                return user
        raise AssertionError(f"no user {key}")

    def channel(self, key: "int | str | Channel") -> Channel:
        """By id, by name or by #name."""
        if isinstance(key, Channel):
            return key
        for channel in self.channels.values():
            if key in {channel.id, str(channel.id)} or (channel.name and str(key).removeprefix("#") == channel.name):
                return channel
        raise AssertionError(f"no channel {key}")

    def role(self, name: str, guild: Guild) -> Role:
        return next(role for role in guild.roles.values() if role.name == name)

    def member(self, channel: Channel, user: int) -> Member | None:
        return channel.guild.members.get(user) if channel.guild else None

    def may(self, user: int, channel: Channel) -> int:
        """What somebody may do in a channel: nothing where they are no member; all in their own conversation."""
        if channel.guild is None:
            return -1 if user in {one.id for one in channel.recipients} | {self.app.bot} else 0
        member = channel.guild.members.get(user)
        return of_channel(channel, member) if member else 0

    def sees(self, user: int, channel: Channel) -> bool:
        return bool(self.may(user, channel) & May.VIEW_CHANNEL)

    def may_in_guild(self, user: int, guild: Guild) -> int:
        member = guild.members.get(user)
        return of_guild(guild, member) if member else 0

    def add(self, guild: Guild, *things: Role | Member | Channel) -> "World":
        """Put roles, members and channels into a guild."""
        self.guilds[guild.id] = guild
        for thing in things:
            match thing:
                case Role():
                    guild.roles[thing.id] = thing
                case Member():
                    self.users.setdefault(thing.user.id, thing.user)
                    guild.members[thing.user.id] = thing
                case Channel():
                    thing.guild = guild
                    thing.position = thing.position or len(self.channels)
                    self.channels[thing.id] = thing
        return self

    def direct(self, user: User) -> Channel:
        """The direct conversation of the bot with this person, opened if need be."""
        for channel in self.channels.values():
            if channel.room is Room.DIRECT and user in channel.recipients:
                return channel
        channel = Channel(self.clock.snowflake(), room=Room.DIRECT, recipients=[user])
        self.channels[channel.id] = channel
        return channel

    def thread(self, parent: Channel, name: str, owner: int, id: int = 0, room: Room = Room.THREAD) -> Channel:
        """Open a thread or a forum post under a channel; `id` is the message it starts from."""
        now = self.clock.now()
        found = Channel(id or self.clock.snowflake(), name, room, parent.guild, parent, owner=owner, joined={owner})
        found.born = found.archived_at = now
        self.channels[found.id] = found
        return found

    def threads(self, guild: Guild) -> list[Channel]:
        """The threads of a guild, newest first."""
        found = [channel for channel in self.channels.values() if channel.is_thread and channel.guild is guild]
        return sorted(found, key=lambda channel: channel.id, reverse=True)


def overwrite(role: Role | User, allow: int = 0, deny: int = 0) -> dict[int, Overwrite]:
    """One entry of a channel's overwrites, for `|`."""
    return {role.id: Overwrite(role.id, int(allow), int(deny), isinstance(role, User))}
