"""Channels and threads: one of them, the lists of threads, opening, closing, joining."""

from discord_town.channel import Channel, Room
from discord_town.checks import message as check_message
from discord_town.guild import Json
from discord_town.message import Kind
from discord_town.permissions import May
from discord_town.posting import Draft, post
from discord_town.refused import Form, Refused

from .ask import Ask, Reply, Route


def get_channel(ask: Ask) -> Json:
    return ask.channel().shown()


def modify_channel(ask: Ask) -> Json:
    """A thread's name, archive and lock; a channel's name and topic."""
    channel = ask.channel()
    if channel.is_thread:
        if "locked" in ask.body or channel.owner != ask.me.id:
            ask.must(channel, May.MANAGE_THREADS)
        channel.archived = bool(ask.body.get("archived", channel.archived))
        channel.locked = bool(ask.body.get("locked", channel.locked))
        channel.archived_at = ask.discord.clock.now()
    else:
        ask.must(channel, May.MANAGE_CHANNELS)
        channel.topic = ask.body.get("topic") or channel.topic
    channel.name = ask.body.get("name") or channel.name
    ask.discord.news.place("UPDATE", channel)
    return channel.shown()


def start_thread_from_message(ask: Ask) -> Reply:
    """The thread has the id of its message; a system message of type 21 opens it."""
    parent = ask.channel(May.CREATE_PUBLIC_THREADS)
    message = ask.message(parent)
    if message.thread is not None:
        raise Refused(400, 160004)
    thread = ask.discord.opens_thread(parent, _name(ask), ask.me, message)
    return Reply(201, thread.shown())


def start_thread(ask: Ask) -> Reply:
    """A thread without a message, or a post in a forum."""
    parent = ask.channel()
    name = _name(ask)
    if parent.room is Room.FORUM:
        ask.must(parent, May.SEND_MESSAGES)
        body = ask.body.get("message") or {}
        check_message(body, ask.files)
        thread = ask.world.thread(parent, name, ask.me.id)
        thread.tags = [int(tag) for tag in ask.body.get("applied_tags") or []]
        ask.discord.news.place("CREATE", thread, newly_created=True)
        first = post(ask.discord, Draft(thread, ask.me, body, ask.files, id=thread.id))
        return Reply(201, thread.shown() | {"message": first.shown()})
    private = int(ask.body.get("type") or 12) == 12
    ask.must(parent, May.CREATE_PRIVATE_THREADS if private else May.CREATE_PUBLIC_THREADS)
    thread = ask.world.thread(parent, name, ask.me.id, room=Room.PRIVATE_THREAD if private else Room.THREAD)
    ask.discord.news.place("CREATE", thread, newly_created=True)
    if not private:
        post(ask.discord, Draft(parent, ask.me, {"content": name}, kind=Kind.THREAD_CREATED, empty=True))
    return Reply(201, thread.shown())


def _name(ask: Ask) -> str:
    form = Form()
    form.length(ask.body.get("name"), "name", 1, 100)
    form.done()
    return str(ask.body["name"])


def _listed(ask: Ask, threads: list[Channel]) -> Json:
    me = ask.me.id
    mine = [thread.membership(me) for thread in threads if me in thread.joined]
    return {"threads": [thread.shown() for thread in threads], "members": mine}


def list_active_guild_threads(ask: Ask) -> Json:
    """Every thread of the guild that is not archived and that the bot sees, newest first."""
    found = [one for one in ask.world.threads(ask.guild()) if not one.archived and ask.world.sees(ask.me.id, one)]
    return _listed(ask, found)


def _archived(ask: Ask, rooms: set[Room]) -> Json:
    parent = ask.channel(May.READ_MESSAGE_HISTORY)
    if Room.PRIVATE_THREAD in rooms:
        ask.must(parent, May.MANAGE_THREADS)
    assert parent.guild is not None
    found = [one for one in ask.world.threads(parent.guild) if one.parent is parent and one.archived]
    found = sorted((one for one in found if one.room in rooms), key=lambda one: one.archived_at, reverse=True)
    before = ask.query.get("before")
    if before:
        found = [one for one in found if one.shown()["thread_metadata"]["archive_timestamp"] < before]
    limit = ask.number("limit", 50)
    return _listed(ask, found[:limit]) | {"has_more": len(found) > limit}


def list_public_archived_threads(ask: Ask) -> Json:
    return _archived(ask, {Room.THREAD, Room.NEWS_THREAD})


def list_private_archived_threads(ask: Ask) -> Json:
    return _archived(ask, {Room.PRIVATE_THREAD})


def list_joined_private_archived_threads(ask: Ask) -> Json:
    """Those that the bot was added to; for them it needs no MANAGE_THREADS."""
    parent = ask.channel(May.READ_MESSAGE_HISTORY)
    assert parent.guild is not None
    found = [one for one in ask.world.threads(parent.guild) if one.parent is parent and one.archived]
    mine = [one for one in found if one.is_private and ask.me.id in one.joined]
    return _listed(ask, mine) | {"has_more": False}


def join_thread(ask: Ask) -> None:
    thread = ask.channel()
    if thread.archived:
        raise Refused(400, 50083)
    thread.joined.add(ask.me.id)
    ask.discord.news.joined_thread(thread, ask.me.id)


def leave_thread(ask: Ask) -> None:
    thread = ask.channel()
    thread.joined.discard(ask.me.id)
    ask.discord.news.joined_thread(thread, ask.me.id, left=True)


def list_thread_members(ask: Ask) -> list[Json]:
    thread = ask.channel()
    return [thread.membership(user) for user in sorted(thread.joined)]


def get_channel_webhooks(ask: Ask) -> list[Json]:
    channel = ask.channel(May.MANAGE_WEBHOOKS)
    assert channel.guild is not None
    found = [hook for hook in ask.world.webhooks.values() if hook.channel == channel.id]
    return [hook.shown(channel.guild.id) for hook in found]


ONE = "/channels/{channel}"
ROUTES = [
    Route("GET", ONE, "get_channel", get_channel),
    Route("PATCH", ONE, "modify_channel", modify_channel),
    Route("POST", f"{ONE}/threads", "start_thread", start_thread),
    Route("POST", f"{ONE}/messages/{{message}}/threads", "start_thread_from_message", start_thread_from_message),
    Route("GET", "/guilds/{guild}/threads/active", "list_active_guild_threads", list_active_guild_threads),
    Route("GET", f"{ONE}/threads/archived/public", "list_public_archived_threads", list_public_archived_threads),
    Route("GET", f"{ONE}/threads/archived/private", "list_private_archived_threads", list_private_archived_threads),
    Route(
        "GET",
        f"{ONE}/users/@me/threads/archived/private",
        "list_joined_private_archived_threads",
        list_joined_private_archived_threads,
    ),
    Route("GET", f"{ONE}/thread-members", "list_thread_members", list_thread_members),
    Route("PUT", f"{ONE}/thread-members/@me", "join_thread", join_thread),
    Route("DELETE", f"{ONE}/thread-members/@me", "leave_thread", leave_thread),
    Route("GET", f"{ONE}/webhooks", "get_channel_webhooks", get_channel_webhooks),
]
