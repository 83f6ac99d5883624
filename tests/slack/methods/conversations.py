"""conversations.*: which there are, who is in them, and what was said."""

from slack.channel import SCOPE, Channel, Room
from slack.message import Json, Message

from .ask import Ask, Method, Refused, paged

ROOMS = {"public_channel": Room.PUBLIC, "private_channel": Room.PRIVATE, "im": Room.IM, "mpim": Room.MPIM}


def _visible(ask: Ask, *, mine: bool) -> list[Channel]:
    """The conversations of the asked kinds that the bot may know of."""
    kinds = (ask.text("types") or "public_channel").replace(" ", "").split(",")
    if not set(kinds) <= ROOMS.keys():
        raise Refused("invalid_types")
    rooms = [ROOMS[kind] for kind in kinds]
    for room in rooms:
        ask.need(f"{SCOPE[room]}:read")
    found = [c for c in ask.workspace.channels.values() if c.room in rooms]
    found = [c for c in found if ask.app.bot_user in c.members or (c.room is Room.PUBLIC and not mine)]
    return [c for c in found if not (c.archived and ask.flag("exclude_archived"))]


def _listed(ask: Ask, *, mine: bool) -> Json:
    page, cursor = ask.page(_visible(ask, mine=mine), 100)
    shown = [c.shown(ask.app.bot_user, ask.workspace.id, members=True) for c in page]
    return paged("channels", shown, cursor)


def list_all(ask: Ask) -> Json:
    return _listed(ask, mine=False)


def list_mine(ask: Ask) -> Json:
    """users.conversations: only where the bot is a member."""
    return _listed(ask, mine=True)


def info(ask: Ask) -> Json:
    channel = ask.channel("read")
    shown = channel.shown(ask.app.bot_user, ask.workspace.id, members=ask.flag("include_num_members"))
    return {"ok": True, "channel": shown | ({"locale": "ja-JP"} if ask.flag("include_locale") else {})}


def members(ask: Ask) -> Json:
    channel = ask.channel("read")
    page, cursor = ask.page(channel.members, 100)
    return {"ok": True, "members": page, "response_metadata": {"next_cursor": cursor}}


def open_direct(ask: Ask) -> Json:
    if ask.text("channel"):
        channel = ask.channel("write")
    else:
        ids = [user for user in ask.text("users").split(",") if user]
        if not ids:
            raise Refused("users_list_not_supplied")
        users = [ask.workspace.users.get(id) for id in ids]
        if any(user is None for user in users):
            raise Refused("user_not_found")
        if any(user and user.deleted for user in users):
            raise Refused("user_disabled")
        if any(user and user.bot_id for user in users):
            raise Refused("cannot_dm_bot")
        if len(users) > 8:
            raise Refused("too_many_users")
        ask.need("im:write" if len(users) == 1 else "mpim:write")
        channel = ask.workspace.direct(*ids)
    full = channel.shown(ask.app.bot_user, ask.workspace.id)
    return {"ok": True, "channel": full if ask.flag("return_im") else {"id": channel.id}}


def join(ask: Ask) -> Json:
    channel = ask.workspace.channel(ask.needed("channel"))
    if channel is None or channel.room is Room.PRIVATE:
        raise Refused("channel_not_found")
    if channel.direct:
        raise Refused("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refused("is_archived")
    shown = {"ok": True, "channel": channel.shown(ask.app.bot_user, ask.workspace.id)}
    if ask.app.bot_user in channel.members:
        return shown | {"warning": "already_in_channel"}
    ask.slack.news.joined(channel, ask.app.bot_user)
    return shown | {"channel": channel.shown(ask.app.bot_user, ask.workspace.id)}


def _window(ask: Ask, messages: list[Message]) -> list[Message]:
    oldest, latest, inclusive = ask.text("oldest", "0"), ask.text("latest"), ask.flag("inclusive")
    try:
        first, last = float(oldest or 0), float(latest) if latest else float("inf")
    except ValueError:
        raise Refused("invalid_ts_latest" if latest else "invalid_ts_oldest") from None
    if inclusive:
        return [m for m in messages if first <= float(m.ts) <= last]
    return [m for m in messages if first < float(m.ts) < last]


def history(ask: Ask) -> Json:
    """Newest first, without replies. `oldest` alone may page from the oldest: see LocalSlack.pages_forward."""
    channel = ask.channel("history", inside=True)
    found = _window(ask, channel.timeline)
    forward = ask.slack.pages_forward and ask.text("oldest") not in {"", "0"} and not ask.text("latest")
    page, cursor = ask.page(found if forward else found[::-1], 100, ask.slack.limits.page)
    if forward:
        page = page[::-1]
    shown = [channel.shown_message(m, all_metadata=ask.flag("include_all_metadata")) for m in page]
    answer = {"ok": True, "messages": shown, "has_more": bool(cursor), "pin_count": 0, "is_limited": False}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def replies(ask: Ask) -> Json:
    """The parent on every page, then the replies, oldest first (the repetition is from memory)."""
    channel = ask.channel("history", inside=True)
    asked = channel.messages.get(ask.needed("ts"))
    if asked is None:
        raise Refused("thread_not_found")
    # A reply's own ts gives that message alone.
    thread = [asked] if asked.is_reply else channel.thread(asked.ts)
    page, cursor = ask.page(_window(ask, thread[1:]), 1000, ask.slack.limits.page)
    shown = [channel.shown_message(m, all_metadata=ask.flag("include_all_metadata")) for m in [thread[0], *page]]
    answer = {"ok": True, "messages": shown, "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


METHODS = {
    "conversations.list": Method(list_all),
    "users.conversations": Method(list_mine),
    "conversations.info": Method(info),
    "conversations.members": Method(members),
    "conversations.open": Method(open_direct),
    "conversations.join": Method(join, "channels:join"),
    "conversations.history": Method(history),
    "conversations.replies": Method(replies),
}
