"""What happens in the workspace becomes events, as the Events API words them."""

import copy
import re
from typing import TYPE_CHECKING

from .channel import SCOPE, Channel, Room
from .delivery import EVENTS, Delivery
from .message import Json, Message
from .user import Kind

UNFURLS = ("unfurl_links", "unfurl_media")
LINK = re.compile(r"https?://[^\s|<>]+")

if TYPE_CHECKING:
    from .server import LocalSlack


class News:
    """Tells the app what it subscribed to and may know; every method changes the workspace first, then tells."""

    def __init__(self, slack: "LocalSlack") -> None:
        self.slack = slack

    def envelope(self, event: Json, channel: Channel | None = None) -> Json:
        """The outer payload of an event."""
        space, app = self.slack.workspace, self.slack.workspace.app
        bot = {"enterprise_id": None, "team_id": space.id, "user_id": app.bot_user, "is_bot": True}
        return {
            "token": "verification-token",
            "team_id": space.id,
            "context_team_id": space.id,
            "context_enterprise_id": None,
            "api_app_id": app.id,
            "event": copy.deepcopy(event),
            "type": "event_callback",
            "event_id": space.new_id("Ev"),
            "event_time": int(float(event.get("event_ts", space.clock.now()))),
            "authorizations": [bot | {"is_enterprise_install": False}],
            "is_ext_shared_channel": bool(channel and channel.shared_with),
            "event_context": f"4-{space.new_id('ctx')}",
        }

    def tell(
        self,
        event: Json,
        channel: Channel | None = None,
        message: Message | None = None,
        *,
        name: str = "",
        always: bool = False,
    ) -> Delivery:
        """Send it if `name` (the type by default) is subscribed and the bot is in the channel, or `always`."""
        app = self.slack.workspace.app
        delivery = Delivery(EVENTS, self.envelope(event, channel), message)
        inside = always or channel is None or app.bot_user in channel.members
        if inside and (name or event["type"]) in app.events:
            self.slack.courier.send(delivery)
        else:
            delivery.sent = False
            delivery.ended.set()
        return delivery

    def _message_event(self, channel: Channel, event: Json, message: Message) -> Delivery:
        event |= {"channel": channel.id, "channel_type": channel.room.value}
        return self.tell(event, channel, message, name=f"message.{SCOPE[channel.room]}")

    def crawl(self, message: Message, arguments: Json) -> None:
        """Slack fetches the links of the bot's own post unless both kinds of unfurling are forbidden."""
        if any(str(arguments.get(name, True)).lower() not in {"0", "false"} for name in UNFURLS):
            self.slack.crawled += LINK.findall(f"{message.text}\n{message.words}")

    def posted(self, message: Message, *, thin: list[Json] | None = None) -> Delivery:
        """A new message stands there; `thin` are its files as the event carries them."""
        channel = self.slack.workspace.channels[message.channel]
        shown = channel.shown_message(message)
        if thin is not None:
            shown["files"] = thin
        app = self.slack.workspace.app
        if f"<@{app.bot_user}" in message.text and message.user != app.bot_user:
            mention = shown | {"type": "app_mention", "channel": channel.id, "event_ts": message.ts}
            self.tell(mention, channel, message)
        return self._message_event(channel, shown | {"event_ts": message.ts}, message)

    def changed(self, message: Message, before: Json) -> Delivery:
        """message_changed; the same for edits, unfurls and tombstones."""
        channel = self.slack.workspace.channels[message.channel]
        ts = self.slack.clock.stamp()
        event: Json = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": ts, "event_ts": ts}
        event |= {"message": channel.shown_message(message), "previous_message": before}
        return self._message_event(channel, event, message)

    def removed(self, message: Message) -> Delivery:
        """Take it away: message_deleted, or message_changed to a tombstone where replies hang on it."""
        channel = self.slack.workspace.channels[message.channel]
        before = channel.shown_message(message)
        tombstone = channel.remove(message.ts)
        if tombstone is not None:
            return self.changed(tombstone, before)
        ts = self.slack.clock.stamp()
        event: Json = {"type": "message", "subtype": "message_deleted", "hidden": True, "ts": ts, "event_ts": ts}
        event |= {"deleted_ts": message.ts, "previous_message": before}
        return self._message_event(channel, event, message)

    def joined(self, channel: Channel, user: str, inviter: str = "") -> Delivery:
        """Somebody enters: member_joined_channel and the line in the channel."""
        if user not in channel.members:
            channel.members.append(user)
        line = self._line(channel, user, "channel_join", f"<@{user}> has joined the channel")
        self.posted(line)
        event = self._membership("member_joined_channel", channel, user)
        return self.tell(event | ({"inviter": inviter} if inviter else {}), channel)

    def left(self, channel: Channel, user: str) -> Delivery:
        """Somebody goes. The bot learns that of itself too (from memory)."""
        line = self._line(channel, user, "channel_leave", f"<@{user}> has left the channel")
        channel.members.remove(user)
        self.posted(line)
        return self.tell(self._membership("member_left_channel", channel, user), channel, always=True)

    def _line(self, channel: Channel, user: str, subtype: str, text: str) -> Message:
        return self.slack.workspace.post(Message(channel.id, self.slack.clock.stamp(), user, text, subtype))

    def _membership(self, kind: str, channel: Channel, user: str) -> Json:
        letter = "G" if channel.room is Room.PRIVATE else "C"
        team = self.slack.workspace.users[user].team_id
        stamp = self.slack.clock.stamp()
        base = {"type": kind, "user": user, "channel": channel.id, "channel_type": letter, "team": team}
        return base | {"event_ts": stamp}

    def shared(self, channel: Channel, team: str, *, on: bool = True) -> Delivery:
        """The channel becomes a Slack Connect channel with this workspace, or stops being one."""
        if on:
            channel.shared_with.append(team)
            event: Json = {"type": "channel_shared", "connected_team_id": team, "channel": channel.id}
        else:
            channel.shared_with.remove(team)
            event = {"type": "channel_unshared", "previously_connected_team_id": team, "channel": channel.id}
            event |= {"is_ext_shared": bool(channel.shared_with)}
            gone = [u.id for u in self.slack.workspace.users.values() if u.team_id == team and u.kind is Kind.STRANGER]
            channel.members = [member for member in channel.members if member not in gone]
        return self.tell(event | {"event_ts": self.slack.clock.stamp()}, channel, always=True)

    def renamed(self, channel: Channel, name: str) -> Delivery:
        channel.name = name
        shown = {"id": channel.id, "name": name, "created": channel.created, "is_channel": True}
        kind = "group_rename" if channel.room is Room.PRIVATE else "channel_rename"
        return self.tell({"type": kind, "channel": shown, "event_ts": self.slack.clock.stamp()}, channel, always=True)

    def archived(self, channel: Channel, by: str) -> Delivery:
        channel.archived = True
        kind = "group_archive" if channel.room is Room.PRIVATE else "channel_archive"
        event = {"type": kind, "channel": channel.id, "user": by, "event_ts": self.slack.clock.stamp()}
        return self.tell(event, channel, always=True)

    def user_changed(self, user: str) -> Delivery:
        """Write the new facts into workspace.users first."""
        now = self.slack.clock.now()
        shown = self.slack.workspace.users[user].shown(now, locale=True)
        return self.tell({"type": "user_change", "user": shown, "event_ts": self.slack.clock.stamp()})

    def group_changed(self, group: str) -> Delivery:
        """Write the new members into workspace.groups first."""
        space = self.slack.workspace
        shown = space.groups[group].shown(space.id) | {"users": list(space.groups[group].users)}
        return self.tell({"type": "subteam_updated", "subteam": shown, "event_ts": self.slack.clock.stamp()})

    def rate_limited(self) -> Delivery:
        """app_rate_limited (over 30,000 events an hour): a payload without an inner event."""
        space = self.slack.workspace
        payload = {"token": "verification-token", "type": "app_rate_limited", "team_id": space.id}
        minute = int(self.slack.clock.now()) // 60 * 60
        payload |= {"minute_rate_limited": str(minute), "api_app_id": space.app.id}
        return self.slack.courier.send(Delivery(EVENTS, payload))

    def tokens_revoked(self) -> Delivery:
        """The app is thrown out: every later call is refused."""
        app = self.slack.workspace.app
        app.broken = "token_revoked"
        tokens = {"oauth": [], "bot": [app.bot_user]}
        return self.tell({"type": "tokens_revoked", "tokens": tokens, "event_ts": self.slack.clock.stamp()})
