"""What happens to the guild around the app: channels, overwrites, roles, members and threads come, change and go."""

from typing import TYPE_CHECKING, cast

from .channel import Channel, Overwrite, Room
from .clock import Clock
from .guild import Guild, Member, Role, User
from .message import Kind, Message
from .permissions import May
from .posting import Draft, post
from .refused import Refused
from .world import World

if TYPE_CHECKING:
    from .events import News
    from .server import LocalDiscord


class Changes:
    """The verbs of administrators; every one is told to the gateway."""

    world: World
    clock: Clock
    news: "News"

    def _posts(self, draft: Draft) -> Message:
        return post(cast("LocalDiscord", self), draft)

    def channel(self, key: int | str | Channel) -> Channel:
        """A channel or thread by id, name or #name."""
        return self.world.channel(key)

    @property
    def guild(self) -> Guild:
        """The first guild, which is the only one of the ready town."""
        return next(iter(self.world.guilds.values()))

    def role(self, name: str) -> Role:
        return self.world.role(name, self.guild)

    def member(self, user: int | str) -> Member:
        return self.guild.members[self.world.user(user).id]

    def creates_channel(
        self, name: str, room: Room = Room.TEXT, overwrites: dict[int, Overwrite] | None = None
    ) -> Channel:
        channel = Channel(self.clock.snowflake(), name, room, overwrites=dict(overwrites or {}))
        self.world.add(self.guild, channel)
        self.news.place("CREATE", channel)
        return channel

    def renames_channel(self, key: int | str | Channel, name: str) -> None:
        """Another name for a channel or thread."""
        channel = self.channel(key)
        channel.name = name
        self.news.place("UPDATE", channel)

    def deletes_channel(self, key: int | str | Channel) -> None:
        """The channel goes, with its threads and all that was said."""
        channel = self.channel(key)
        for one in [thread for thread in self.world.channels.values() if thread.parent is channel]:
            del self.world.channels[one.id]
        del self.world.channels[channel.id]
        self.news.place("DELETE", channel)

    def allows(self, key: int | str | Channel, who: Role | User, allow: int = 0, deny: int = 0) -> None:
        """Write an overwrite of a channel; nothing allowed and nothing denied takes it away."""
        channel = self.channel(key)
        seen = self.world.sees(self.world.app.bot, channel)
        channel.overwrites.pop(who.id, None)
        if allow or deny:
            channel.overwrites[who.id] = Overwrite(who.id, int(allow), int(deny), isinstance(who, User))
        self.news.place("UPDATE", channel)
        if not seen and self.world.sees(self.world.app.bot, channel):
            self.news.synced(channel)

    def shuts_out_bot(self, key: int | str | Channel, what: int = May.VIEW_CHANNEL) -> None:
        """Take permissions from the bot in one channel (to see it, by default)."""
        self.allows(key, self.world.bot, deny=what)

    def lets_in_bot(self, key: int | str | Channel) -> None:
        """Give the bot what @everyone has in an ordinary channel."""
        self.allows(key, self.world.bot, allow=self.guild.roles[self.guild.id].permissions)

    def changes_role(self, name: str, **facts: object) -> Role:
        """Change permissions, mentionable, name … of a role."""
        role = self.role(name)
        for fact, value in facts.items():
            setattr(role, fact, value)
        self.news.role("UPDATE", self.guild, role)
        return role

    def adds_role(self, name: str, permissions: int = 0) -> Role:
        role = Role(self.clock.snowflake(), name, int(permissions))
        self.world.add(self.guild, role)
        self.news.role("CREATE", self.guild, role)
        return role

    def gives_role(self, user: int | str, name: str, *, takes: bool = False) -> None:
        """Give a role to a member, or take it."""
        member, role = self.member(user), self.role(name)
        member.roles = [id for id in member.roles if id != role.id] + ([] if takes else [role.id])
        self.news.member("UPDATE", self.guild, member)

    def renames(self, user: int | str, nick: str) -> None:
        """Another nickname."""
        member = self.member(user)
        member.nick = nick
        self.news.member("UPDATE", self.guild, member)

    def joins(self, name: str, shown_name: str = "", *, bot: bool = False, welcome: str = "") -> User:
        """Somebody comes to the guild, for the first time or again; a system message in `welcome` says so."""
        known = (user for user in self.world.users.values() if user.name == name)
        user = next(known, None) or User(self.clock.snowflake(), name, shown_name, bot)
        own = [role.id for role in self.guild.roles.values() if role.bot == user.id]
        member = Member(user, own, joined=self.clock.now())
        self.world.add(self.guild, member)
        self.news.member("ADD", self.guild, member)
        if welcome:
            self._posts(Draft(self.channel(welcome), user, {}, kind=Kind.JOIN, empty=True))
        return user

    def leaves(self, user: int | str) -> None:
        """Somebody leaves the guild or is thrown out; the account stays."""
        member = self.guild.members.pop(self.world.user(user).id)
        self.news.member("REMOVE", self.guild, member)

    def opens_thread(
        self, parent: Channel, name: str, owner: User, message: Message | None = None, *, private: bool = False
    ) -> Channel:
        """A thread, from a message or without; the system messages of either are posted."""
        if not 1 <= len(name) <= 100:
            raise Refused(400, 50035)
        room = Room.PRIVATE_THREAD if private else Room.THREAD
        thread = self.world.thread(parent, name, owner.id, message.id if message else 0, room)
        self.news.place("CREATE", thread, newly_created=True)
        if message is not None:
            message.thread = thread
            opening = Draft(thread, owner, {}, kind=Kind.THREAD_STARTER, reference=message, empty=True)
            self._posts(opening)
            self.news.changed(message)
        elif not private:
            self._posts(Draft(parent, owner, {"content": name}, kind=Kind.THREAD_CREATED, empty=True))
        return thread

    def archives(self, key: int | str | Channel, *, locked: bool = False, back: bool = False) -> None:
        """A thread is archived (and locked), or comes back."""
        thread = self.channel(key)
        thread.archived, thread.locked = not back, locked
        thread.archived_at = self.clock.now()
        self.news.place("UPDATE", thread)
