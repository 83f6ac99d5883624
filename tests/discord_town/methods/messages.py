"""Messages of channels: send with nonce, history in pages, edit, delete, react, pin."""

from discord_town.guild import Json
from discord_town.message import Kind, Message
from discord_town.permissions import May
from discord_town.posting import Draft, post, remove, rewrite
from discord_town.refused import Refused

from .ask import Ask, Route

NONCE_LASTS = 300.0
"""The past few minutes in which a nonce is recognised (rule discord-15; the figure is ours)."""


def create_message(ask: Ask) -> Json:
    """The same nonce of the same author within a few minutes gives the message that stands already."""
    channel = ask.channel()
    ask.may_send(channel, ask.body)
    nonce = ask.body.get("nonce")
    if nonce is not None and ask.body.get("enforce_nonce"):
        for message in reversed(channel.ordered):
            fresh = ask.discord.clock.now() - message.at < NONCE_LASTS
            if message.author is ask.me and message.nonce == str(nonce) and fresh:
                return message.shown()
    reference = _reference(ask)
    kind = Kind.REPLY if reference else Kind.DEFAULT
    return post(ask.discord, Draft(channel, ask.me, ask.body, ask.files, kind=kind, reference=reference)).shown()


def _reference(ask: Ask) -> Message | None:
    told = ask.body.get("message_reference")
    if not told:
        return None
    channel = ask.channel()
    if channel.guild and not ask.world.may(ask.me.id, channel) & May.READ_MESSAGE_HISTORY:
        raise Refused(400, 160002, "Cannot reply without permission to read message history")
    found = channel.messages.get(int(told["message_id"]))
    if found is None and told.get("fail_if_not_exists", True):
        wrong = {"_errors": [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}]}
        raise Refused(400, 50035, errors={"message_reference": wrong})
    return found


def get_channel_messages(ask: Ask) -> list[Json]:
    """History; no messages and no refusal without READ_MESSAGE_HISTORY, and where none can stand.

    The latter of a channel without text: discord/discord-api-docs#2831.
    """
    channel = ask.channel()
    limit = ask.number("limit", 50)
    if not 1 <= limit <= 100:
        wrong = {"_errors": [{"code": "NUMBER_TYPE_MAX", "message": "int value should be between 1 and 100."}]}
        raise Refused(400, 50035, errors={"limit": wrong})
    if not ask.discord.news.reads(channel):
        return []
    after = ask.number("after") if "after" in ask.query else None
    page = channel.page(limit, before=ask.number("before"), after=after, around=ask.number("around"))
    return [ask.discord.news.read(message) for message in page]


def get_channel_message(ask: Ask) -> Json:
    channel = ask.channel()
    if not ask.discord.news.reads(channel):
        raise Refused(403, 50001)
    return ask.discord.news.read(ask.message(channel))


def edit_message(ask: Ask) -> Json:
    """Only one's own; not in an archived thread."""
    channel = ask.channel()
    message = ask.message(channel)
    if message.author is not ask.me:
        raise Refused(403, 50005)
    if channel.archived:
        raise Refused(400, 50083)
    limits = ask.discord.limits
    limits.old_edits[message.id] += ask.discord.clock.now() - message.at > 3600
    if limits.old_edits[message.id] > limits.most_old_edits:
        # 429 with a code of its own, seen in aikaterna/aikaterna-cogs#302; discord.py waits and tries again.
        more: Json = {"retry_after": limits.old_edit_wait, "global": False}
        raise Refused(429, 30046, **more)
    return rewrite(ask.discord, message, ask.body, ask.files).shown()


def delete_message(ask: Ask) -> None:
    channel = ask.channel()
    message = ask.message(channel)
    if message.author is not ask.me:
        ask.must(channel, May.MANAGE_MESSAGES)
    if channel.archived:
        raise Refused(400, 50083)
    remove(ask.discord, message)


def bulk_delete_messages(ask: Ask) -> None:
    channel = ask.channel(May.MANAGE_MESSAGES)
    found = [channel.messages[int(id)] for id in ask.body["messages"] if int(id) in channel.messages]
    if found:
        remove(ask.discord, *found)


def create_reaction(ask: Ask) -> None:
    channel = ask.channel(May.READ_MESSAGE_HISTORY, May.ADD_REACTIONS)
    message = ask.message(channel)
    people = message.reactions.setdefault(ask.path["emoji"], [])
    if ask.me.id not in people:
        people.append(ask.me.id)
        ask.discord.news.reacted(message, ask.me.id, ask.path["emoji"])


def delete_own_reaction(ask: Ask) -> None:
    people = ask.message(ask.channel()).reactions.get(ask.path["emoji"], [])
    if ask.me.id in people:
        people.remove(ask.me.id)


def trigger_typing_indicator(ask: Ask) -> None:
    ask.may_send(ask.channel(), {})


MANY = "/channels/{channel}/messages"
ONE = "/channels/{channel}/messages/{message}"
ROUTES = [
    Route("POST", MANY, "create_message", create_message),
    Route("GET", MANY, "get_channel_messages", get_channel_messages),
    Route("POST", f"{MANY}/bulk-delete", "bulk_delete_messages", bulk_delete_messages),
    Route("GET", ONE, "get_channel_message", get_channel_message),
    Route("PATCH", ONE, "edit_message", edit_message),
    Route("DELETE", ONE, "delete_message", delete_message),
    Route("PUT", f"{ONE}/reactions/{{emoji}}/@me", "create_reaction", create_reaction),
    Route("DELETE", f"{ONE}/reactions/{{emoji}}/@me", "delete_own_reaction", delete_own_reaction),
    Route("POST", "/channels/{channel}/typing", "trigger_typing_indicator", trigger_typing_indicator),
]
