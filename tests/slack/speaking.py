"""What people do with messages and channels: speak, answer, edit, delete, react, upload, come and go."""

from typing import TYPE_CHECKING

from .channel import Channel
from .delivery import Delivery
from .message import Json, Message, typed
from .user import Kind, User

if TYPE_CHECKING:
    from .server import LocalSlack

Said = Delivery | Message


def the_message(said: Said) -> Message:
    """The message itself, whether it is given as such or as the delivery of it."""
    message = said.message if isinstance(said, Delivery) else said
    assert message is not None
    return message


class Speaker:
    """An account and what it says; every act returns the delivery of its event, which may be awaited."""

    def __init__(self, slack: "LocalSlack", user: User) -> None:
        self.slack = slack
        self.user = user

    @property
    def id(self) -> str:
        return self.user.id

    def _channel(self, channel: str) -> Channel:
        found = self.slack.channel(channel)
        assert self.id in found.members, f"{self.id} is not in {found.name or found.id}"
        assert not found.archived, f"{found.id} is archived"
        return found

    def _new(self, channel: Channel, text: str, ago: float = 0.0) -> Message:
        space, user = self.slack.workspace, self.user
        message = Message(channel.id, self.slack.clock.stamp(ago), user.id, text, team=user.team_id)
        if user.bot_id:
            message.bot_id, message.app_id = user.bot_id, f"A{user.bot_id[1:]}"
            message.more = {"bot_profile": {"id": user.bot_id, "name": user.name, "team_id": user.team_id}}
        else:
            message.more = {"client_msg_id": space.new_id("c")}
            message.blocks = [_rich(text)] if text else []
        if user.classic:
            message.user, message.subtype, message.more = "", "bot_message", {"username": user.name}
        if user.kind is Kind.STRANGER:
            message.more |= {"user_team": user.team_id, "source_team": user.team_id}
            message.more |= {"user_profile": user.profile(email=False) | {"name": user.name, "team": user.team_id}}
        return message

    def says(
        self, text: str, channel: str, thread: Said | str = "", *, broadcast: bool = False, ago: float = 0.0,
        raw: bool = False, me: bool = False,
    ) -> Delivery:  # fmt: skip
        """Write a message; mentions as <@U1>, everything else is escaped as Slack does it.

        `thread` answers in it (`broadcast`: to the channel too), `ago` stamps it that many seconds in the past,
        `raw` leaves the text as it is, `me` is /me.
        """
        place = self._channel(channel)
        message = self._new(place, text if raw else typed(text), ago)
        if thread:
            parent = place.messages[thread if isinstance(thread, str) else the_message(thread).ts]
            message.thread_ts = parent.thread_ts or parent.ts
        if broadcast:
            message.subtype = "thread_broadcast"
        if me:
            message.subtype = "me_message"
        return self.slack.news.posted(self.slack.workspace.post(message))

    def replies(self, to: Said, text: str, *, broadcast: bool = False) -> Delivery:
        """Answer in the thread of a message."""
        return self.says(text, the_message(to).channel, to, broadcast=broadcast)

    def tells_bot(self, text: str) -> Delivery:
        """Write to the bot directly."""
        return self.says(text, self.slack.direct(self.id).id)

    def edits(self, said: Said, text: str) -> Delivery:
        """Change one's own message."""
        message = the_message(said)
        assert message.user == self.id, "only one's own"
        channel = self.slack.channel(message.channel)
        before = channel.shown_message(message)
        message.text = typed(text)
        message.blocks = [_rich(message.text)]
        message.edited = {"user": self.id, "ts": self.slack.clock.stamp()}
        return self.slack.news.changed(self.slack.workspace.post(message), before)

    def deletes(self, said: Said) -> Delivery:
        """Take a message away: one's own, or anybody's as an administrator."""
        message = the_message(said)
        assert message.user == self.id or self.user.admin, "only one's own"
        return self.slack.news.removed(message)

    def reacts(self, said: Said, name: str) -> Delivery:
        message = the_message(said)
        message.reactions.setdefault(name, []).append(self.id)
        item = {"type": "message", "channel": message.channel, "ts": message.ts}
        event = {"type": "reaction_added", "user": self.id, "reaction": name, "item": item, "item_user": message.user}
        return self.slack.news.tell(event | {"event_ts": self.slack.clock.stamp()}, self.slack.channel(message.channel))

    def uploads(self, name: str, body: bytes, channel: str, comment: str = "", thread: Said | None = None) -> Delivery:
        """Share a file, with or without words."""
        place = self._channel(channel)
        file = self.slack.files.kept(name, body, self.id)
        return self._shares(place, file, typed(comment), thread)

    def forwards_mail(self, mail: Json, channel: str, comment: str = "") -> Delivery:
        """Share an e-mail by hand: with one's own name and words (rule slack-25)."""
        return self._shares(self._channel(channel), mail, typed(comment))

    def _shares(self, place: Channel, file: Json, text: str, thread: Said | None = None) -> Delivery:
        message = self._new(place, text)
        message.files, message.subtype = [file], "file_share"
        message.more |= {"upload": True, "display_as_bot": False}
        if thread is not None:
            parent = the_message(thread)
            message.thread_ts = parent.thread_ts or parent.ts
        return self.slack.news.posted(self.slack.workspace.post(message))

    def joins(self, channel: str, inviter: str = "") -> Delivery:
        return self.slack.news.joined(self.slack.channel(channel), self.id, inviter)

    def leaves(self, channel: str) -> Delivery:
        return self.slack.news.left(self.slack.channel(channel), self.id)

    def invites(self, other: str, channel: str) -> Delivery:
        """Bring somebody (the bot, for example) into a channel."""
        return self.slack.news.joined(self.slack.channel(channel), other, self.id)

    def rests(self, seconds: float = 3600.0, *, begins_in: float = 0.0) -> None:
        """Do Not Disturb, as dnd.info tells it."""
        start = self.slack.clock.now() + begins_in
        self.user.rests = (start, start + seconds)


def _rich(text: str) -> Json:
    plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": plain}]}
    return {"type": "rich_text", "elements": [section]}
