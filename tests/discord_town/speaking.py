"""What people do with messages: speak, answer, edit, delete, react, upload, open threads and forum posts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .channel import Channel, Room
from .guild import Json, User
from .message import Kind, Message
from .permissions import May
from .posting import Draft, post, remove, rewrite

if TYPE_CHECKING:
    from .server import LocalDiscord

Place = int | str | Channel


class NotPossible(AssertionError):
    """Discord's screen would not let this person do that."""


class Speaker:
    """An account and what it says; every act is told to the gateway at once."""

    def __init__(self, discord: "LocalDiscord", user: User) -> None:
        self.discord = discord
        self.user = user

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def mention(self) -> str:
        return self.user.mention

    @property
    def nick(self) -> str:
        """The name above this person's messages in the guild."""
        return self.discord.member(self.id).name

    def sees(self, channel: Place) -> list[Message]:
        """What stands on this person's screen in a channel, oldest first; nothing where they may not read."""
        found = self.discord.channel(channel)
        given = self.discord.world.may(self.id, found)
        if not given & May.VIEW_CHANNEL or not given & May.READ_MESSAGE_HISTORY:
            return []
        mine = [message for message in found.ephemerals if message.viewer == self.id]
        return sorted([*found.ordered, *mine], key=lambda message: message.id)

    def private(self, channel: Place = "") -> list[Message]:
        """The ephemerals shown to this person, in one channel or anywhere, oldest first."""
        places = [self.discord.channel(channel)] if channel else list(self.discord.world.channels.values())
        mine = [message for place in places for message in place.ephemerals if message.viewer == self.id]
        return sorted(mine, key=lambda message: message.id)

    def direct(self) -> list[Message]:
        """What stands in the direct conversation with the bot."""
        return self.discord.direct(self.id).ordered

    def _place(self, channel: Place, *needed: May) -> Channel:
        found = self.discord.channel(channel)
        given = self.discord.world.may(self.id, found)
        if any(not given & one for one in (May.VIEW_CHANNEL, *needed)):
            raise NotPossible(f"{self.user.name} may not do that in #{found.name}")
        return found

    def _writes_in(self, channel: Place) -> Channel:
        found = self.discord.channel(channel)
        if found.room is Room.DIRECT:
            return found
        return self._place(found, May.SEND_MESSAGES_IN_THREADS if found.is_thread else May.SEND_MESSAGES)

    def says(
        self, text: str, channel: Place = "support", *, to: Message | None = None, ago: float = 0.0,
        files: Sequence[tuple[str, bytes]] = (), silent: bool = False,
    ) -> Message:  # fmt: skip
        """Write a message; mentions as <@id>, <@&id>, @everyone.

        `to` answers a message (and pings its author), `ago` stamps it that many seconds in the past, `silent`: the
        gateway loses it, only history has it.
        """
        place = to.channel if to is not None else channel
        kind = Kind.REPLY if to is not None else Kind.DEFAULT
        draft = Draft(self._writes_in(place), self.user, {"content": text}, files, kind=kind, reference=to, ago=ago)
        return post(self.discord, draft, tell=not silent)

    def replies(self, to: Message, text: str) -> Message:
        """Answer a message."""
        return self.says(text, to=to)

    def forwards(self, message: Message, channel: Place = "support") -> Message:
        """Forward a message: the text of the new one is empty, a snapshot of the old one hangs on it."""
        draft = Draft(self._writes_in(channel), self.user, {}, forwarded=message, empty=True)
        return post(self.discord, draft)

    def sends_sticker(self, name: str = "wave", channel: Place = "support") -> Message:
        """Only a sticker, no text."""
        sticker = {"id": "6001", "name": name, "format_type": 1}
        return post(self.discord, Draft(self._writes_in(channel), self.user, {}, stickers=[sticker], empty=True))

    def tells_bot(self, text: str) -> Message:
        """Write to the bot directly."""
        return self.says(text, self.discord.direct(self.id))

    def uploads(self, name: str, data: bytes, channel: Place = "support", text: str = "") -> Message:
        """Share a file, with or without words."""
        return self.says(text, channel, files=[(name, data)])

    def edits(self, message: Message, text: str) -> Message:
        """Change one's own message."""
        if message.author is not self.user:
            raise NotPossible("only one's own")
        return rewrite(self.discord, message, {"content": text})

    def deletes(self, *messages: Message) -> None:
        """Take messages away: one's own, or anybody's with MANAGE_MESSAGES; several at once come as one event."""
        for message in messages:
            if message.author is not self.user:
                self._place(message.channel, May.MANAGE_MESSAGES)
        remove(self.discord, *messages)

    def dismisses(self, message: Message) -> None:
        """Close an ephemeral message; the app hears nothing of it."""
        message.channel.ephemerals.remove(message)
        message.deleted = True

    def reacts(self, message: Message, emoji: str = "👍") -> None:
        message.reactions.setdefault(emoji, []).append(self.id)
        self.discord.news.reacted(message, self.id, emoji)

    def pins(self, message: Message) -> None:
        """Pin it: the message is updated without being edited, and a system message says so."""
        message.pinned = True
        self.discord.news.changed(message)
        post(self.discord, Draft(message.channel, self.user, {}, kind=Kind.PIN, reference=message, empty=True))

    def opens_thread(
        self, name: str, channel: Place = "support", on: Message | None = None, *, private: bool = False
    ) -> Channel:
        """A thread of a channel, from a message or without."""
        needed = May.CREATE_PRIVATE_THREADS if private else May.CREATE_PUBLIC_THREADS
        place = self._place(on.channel if on else channel, needed)
        return self.discord.opens_thread(place, name, self.user, on, private=private)

    def posts_in_forum(self, title: str, text: str, channel: Place = "forum", ago: float = 0.0) -> Message:
        """A new post: a thread whose first message has the thread's id."""
        place = self._place(channel, May.SEND_MESSAGES)
        id = self.discord.clock.snowflake(ago)
        thread = self.discord.world.thread(place, title, self.id, id)
        self.discord.news.place("CREATE", thread, newly_created=True)
        return post(self.discord, Draft(thread, self.user, {"content": text}, id=id))

    def boosts(self, channel: Place = "random") -> Message:
        """A system message, as of boosting the server."""
        return post(self.discord, Draft(self.discord.channel(channel), self.user, {}, kind=Kind.BOOST, empty=True))


def unfurls(discord: "LocalDiscord", message: Message) -> Message:
    """A link of the message resolves: it is updated with an embed, without being edited (rule discord-25)."""
    card: Json = {"type": "link", "title": "A page", "url": "https://example.com/"}
    message.embeds = [*message.embeds, card]
    return discord.news.changed(message)
