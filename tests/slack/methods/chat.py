"""chat.*: what the bot posts, edits and deletes."""

from typing import Any

from slack.blocks import refusals, too_long
from slack.channel import Channel, Room
from slack.message import Json, Message

from .ask import Ask, Method, Refused

LONGEST = 40_000
LONGEST_EDIT = 4_000
"""chat.update refuses a longer text (from memory)."""


def checked_blocks(value: Any) -> list[Json]:
    """Blocks that may be posted; invalid_blocks with its reasons otherwise."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(block, dict) for block in value):
        raise Refused("invalid_blocks_format")
    if found := refusals(value) if value else []:
        messages = [f"[ERROR] {one}" for one in found]
        raise Refused("invalid_blocks", errors=found, response_metadata={"messages": messages})
    if too_long(value):
        raise Refused("msg_blocks_too_long")
    return value


def _content(ask: Ask) -> tuple[str, list[Json], list[Json]]:
    text, blocks = ask.text("text"), checked_blocks(ask.structure("blocks", "invalid_blocks_format"))
    attachments: list[Json] = ask.structure("attachments", "invalid_attachments") or []
    if len(attachments) > 100:
        raise Refused("too_many_attachments")
    if not (text.strip() or blocks or attachments or ask.structure("file_ids")):
        raise Refused("no_text")
    return text[:LONGEST], blocks, attachments


def _metadata(ask: Ask) -> Json | None:
    metadata: Any = ask.structure("metadata", "invalid_metadata_format")
    if not metadata:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise Refused("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not metadata["event_type"]:
        raise Refused("invalid_metadata_format")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def _place(ask: Ask) -> Channel:
    """Where a post goes; a user's id means the direct conversation with them."""
    user = ask.workspace.users.get(ask.needed("channel"))
    if user is not None:
        if user.deleted or user.id == "USLACKBOT":
            raise Refused("channel_not_found")
        return ask.workspace.direct(user.id)
    channel = ask.channel()
    outside = ask.app.bot_user not in channel.members
    if outside and not (channel.room is Room.PUBLIC and "chat:write.public" in ask.app.scopes):
        raise Refused("not_in_channel")
    if channel.archived:
        raise Refused("is_archived")
    return channel


def _thread(ask: Ask, channel: Channel) -> tuple[str, str]:
    """The thread of a post and its subtype; an unknown thread is a post in the channel (from memory)."""
    parent = channel.messages.get(ask.text("thread_ts"))
    if parent is None:
        return "", ""
    if parent.subtype in {"channel_join", "channel_leave", "tombstone"}:
        raise Refused("cannot_reply_to_message")
    return parent.thread_ts or parent.ts, "thread_broadcast" if ask.flag("reply_broadcast") else ""


def own(ask: Ask, channel: Channel) -> Message:
    """An empty message of the bot."""
    message = Message(channel.id, ask.workspace.clock.stamp(), ask.app.bot_user, team=ask.workspace.id)
    message.bot_id, message.app_id = ask.app.bot_id, ask.app.id
    message.more = {"bot_profile": bot_profile(ask)}
    return message


def bot_profile(ask: Ask) -> Json:
    profile = {"id": ask.app.bot_id, "app_id": ask.app.id, "name": ask.app.name, "user_id": ask.app.bot_user}
    return profile | {"deleted": False, "updated": 0, "icons": {}, "team_id": ask.workspace.id}


def post_message(ask: Ask) -> Json:
    channel = _place(ask)
    text, blocks, attachments = _content(ask)
    metadata = _metadata(ask)
    thread_ts, subtype = _thread(ask, channel)
    message = own(ask, channel)
    message.text, message.blocks, message.attachments = text, blocks, attachments
    message.metadata, message.thread_ts, message.subtype = metadata, thread_ts, subtype
    ask.workspace.post(message)
    ask.slack.news.crawl(message, ask.arguments)
    ask.slack.news.posted(message)
    shown = channel.shown_message(message, all_metadata=True)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": shown}


def update(ask: Ask) -> Json:
    channel = ask.channel()
    message = ask.message(channel)
    if message.bot_id != ask.app.bot_id:
        raise Refused("cant_update_message")
    if channel.archived:
        raise Refused("is_archived")
    text, blocks, attachments = _content(ask)
    if len(text) > LONGEST_EDIT:
        raise Refused("msg_too_long")
    before = channel.shown_message(message)
    message.text = text
    # Without blocks Slack takes the old ones away when a text is given.
    message.blocks, message.attachments = blocks, attachments
    message.metadata = _metadata(ask) or message.metadata
    message.edited = {"user": ask.app.bot_user, "ts": ask.workspace.clock.stamp()}
    ask.workspace.post(message)
    ask.slack.news.changed(message, before)
    shown = channel.shown_message(message, all_metadata=True)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "text": text, "message": shown}


def delete(ask: Ask) -> Json:
    channel = ask.channel()
    message = ask.message(channel)
    if message.bot_id != ask.app.bot_id:
        raise Refused("cant_delete_message")
    ask.slack.news.removed(message)
    return {"ok": True, "channel": channel.id, "ts": message.ts}


def post_ephemeral(ask: Ask) -> Json:
    channel = ask.channel(inside=True)
    if channel.archived:
        raise Refused("is_archived")
    user = ask.needed("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    message = own(ask, channel)
    message.text, message.blocks, message.attachments = _content(ask)
    message.seen_by, message.thread_ts = user, ask.text("thread_ts")
    ask.workspace.post(message)
    return {"ok": True, "message_ts": message.ts}


def permalink(ask: Ask) -> Json:
    channel = ask.channel()
    message = ask.message(channel, "message_ts")
    return {"ok": True, "channel": channel.id, "permalink": ask.workspace.permalink(message)}


def _reaction(ask: Ask) -> tuple[Channel, Message, list[str]]:
    channel = ask.channel()
    name = ask.needed("name").strip(":")
    if not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise Refused("invalid_name")
    if ask.app.bot_user not in channel.members:
        raise Refused("not_in_channel")
    message = ask.message(channel, "timestamp")
    return channel, message, message.reactions.setdefault(name, [])


def react(ask: Ask) -> Json:
    _, _, users = _reaction(ask)
    if ask.app.bot_user in users:
        raise Refused("already_reacted")
    users.append(ask.app.bot_user)
    return {"ok": True}


def unreact(ask: Ask) -> Json:
    _, message, users = _reaction(ask)
    if ask.app.bot_user not in users:
        raise Refused("no_reaction")
    users.remove(ask.app.bot_user)
    message.reactions = {name: left for name, left in message.reactions.items() if left}
    return {"ok": True}


def reactions(ask: Ask) -> Json:
    channel = ask.channel()
    message = ask.message(channel, "timestamp")
    shown = channel.shown_message(message)
    return {"ok": True, "type": "message", "channel": channel.id, "message": shown}


METHODS = {
    "chat.postMessage": Method(post_message, "chat:write"),
    "chat.update": Method(update, "chat:write"),
    "chat.delete": Method(delete, "chat:write"),
    "chat.postEphemeral": Method(post_ephemeral, "chat:write"),
    "chat.getPermalink": Method(permalink),
    "reactions.add": Method(react, "reactions:write"),
    "reactions.remove": Method(unreact, "reactions:write"),
    "reactions.get": Method(reactions, "reactions:read"),
}
