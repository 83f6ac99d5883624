"""The REST interface of the local Discord, proved with a real discord.py client."""

import io
from collections.abc import Awaitable
from typing import Any

import discord
import pytest

from . import LocalDiscord, May, faults, limits
from .sdk import Listener


async def refusal(call: Awaitable[object]) -> tuple[int, int]:
    """Status and code with which a call was refused."""
    with pytest.raises(discord.HTTPException) as caught:
        await call
    return caught.value.status, caught.value.code


async def place(client: Listener, id: int) -> discord.TextChannel:
    found = await client.fetch_channel(id)
    assert isinstance(found, discord.TextChannel | discord.Thread)
    return found  # type: ignore[return-value]


async def raw(client: Listener, channel: int, **body: Any) -> Any:
    """A message as nobody's builder would let it out."""
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
    return await client.http.request(route, json=body)


async def test_history_comes_in_pages_oldest_first(discord_town: LocalDiscord, client: Listener) -> None:
    texts = [f"{number:03}" for number in range(250)]
    discord_town.history("support", *(("tanaka", text) for text in texts), ago=3600)
    channel = await place(client, 3001)
    assert [one.content async for one in channel.history(limit=None, oldest_first=True)] == texts
    assert [one.content async for one in channel.history(limit=None)] == texts[::-1]
    seen = [one async for one in channel.history(limit=120)][-1]
    after = [one.content async for one in channel.history(limit=None, after=seen, oldest_first=True)]
    assert after == texts[131:] and not hasattr(seen.author, "roles")
    around = [one.content async for one in channel.history(limit=5, around=seen)]
    assert sorted(around) == texts[128:133]
    assert abs(seen.created_at.timestamp() + 3600 - discord_town.clock.now()) < 2
    pages = discord_town.record.of("get_channel_messages")
    assert max(len(page.answer or []) for page in pages) == 100 and not client.heard


async def test_a_nonce_keeps_a_repeated_send_single(discord_town: LocalDiscord, client: Listener) -> None:
    channel = await place(client, 3004)
    discord_town.faults.on("create_message", faults.lost())
    sent = await channel.send("once", nonce="row:1")
    assert [one.id for one in discord_town.posts("alert")] == [sent.id]
    assert [call.done for call in discord_town.record.of("create_message")] == [200, 200]
    discord_town.faults.on("create_message", faults.reset())
    with pytest.raises(OSError, match="104"):
        await channel.send("twice", nonce="row:2")
    assert (await channel.send("twice", nonce="row:2")).content == "twice"
    assert len(discord_town.posts("alert")) == 2
    discord_town.clock.passes(600)
    await channel.send("twice", nonce="row:2")
    assert len(discord_town.posts("alert")) == 3, "after some minutes nobody remembers a nonce"


async def test_limits_are_told_in_headers(discord_town: LocalDiscord, client: Listener) -> None:
    channel = await place(client, 3004)
    discord_town.limits.rates["create_message"] = limits.Rate(2, 0.3)
    discord_town.faults.on("create_message", faults.busy(0.05), faults.busy(0.05, everywhere=True))
    for number in range(5):
        await channel.send(str(number))
    assert [one.content for one in discord_town.posts("alert")] == list("01234")
    assert [name for _, name in discord_town.faults.taken] == ["429", "429"] and discord_town.record.invalid == 2
    discord_town.limits.rates[limits.EVERYWHERE] = limits.Rate(1, 0.1)
    await client.fetch_user(4001)
    await client.fetch_user(4002)
    assert discord_town.record.calls[-2].limited == "global"
    discord_town.faults.on("get_user", faults.banned())
    assert (await refusal(client.fetch_user(4001)))[0] == 429


async def test_permissions_decide(discord_town: LocalDiscord, client: Listener) -> None:
    channel = await place(client, 3001)
    embed = discord.Embed(title="x")
    said = discord_town.user("tanaka").says("x")
    for what, body in (
        (May.SEND_MESSAGES, {"content": "x"}),
        (May.EMBED_LINKS, {"embed": embed}),
        (May.ATTACH_FILES, {"file": discord.File(io.BytesIO(b"x"), "x.txt")}),
    ):
        discord_town.shuts_out_bot("support", what)
        assert await refusal(channel.send(**body)) == (403, 50013)
    discord_town.shuts_out_bot("support", May.READ_MESSAGE_HISTORY)
    assert [one async for one in channel.history()] == []
    assert await refusal(channel.fetch_message(said.id)) == (403, 50001)
    discord_town.shuts_out_bot("support")
    assert await refusal(channel.send("x")) == (403, 50001)
    assert await refusal(client.fetch_channel(3001)) == (403, 50001)
    assert await refusal(client.fetch_channel(3099)) == (404, 10003)
    thread = await place(client, 3006)
    discord_town.deletes_channel("random")
    assert await refusal(thread.send("x")) == (404, 10003)
    sato = client.get_partial_messageable((await (await client.fetch_user(4002)).create_dm()).id)
    await sato.send("hello")
    assert [one.content for one in discord_town.user("sato").direct()] == ["hello"]
    discord_town.world.user("sato").closed = True
    assert await refusal(sato.send("again")) == (403, 50007)


async def test_who_is_really_mentioned(discord_town: LocalDiscord, client: Listener) -> None:
    channel = await place(client, 3004)
    text = "<@4012> <@&2003> <@&2001> @everyone"
    quiet = await channel.send(text)
    default = await channel.send(text, allowed_mentions=discord.AllowedMentions.all())
    chosen = await channel.send(text, allowed_mentions=discord.AllowedMentions(users=[discord.Object(4012)]))
    plain = await raw(client, 3004, content=text)
    mine = discord_town.channel("alert").messages
    assert discord_town.mentions(mine[quiet.id]) == set()
    assert (
        discord_town.mentions(mine[default.id]) == {"@4012", "@&2003"} == discord_town.mentions(mine[int(plain["id"])])
    )
    assert discord_town.mentions(mine[chosen.id]) == {"@4012"}
    discord_town.changes_role("kasuhara", permissions=discord_town.role("kasuhara").permissions | May.MENTION_EVERYONE)
    loud = await raw(client, 3004, content=text)
    assert discord_town.mentions(mine[int(loud["id"])]) == {"@4012", "@&2003", "@&2001", "@everyone"}
    route = discord.http.Route("PATCH", "/channels/{c}/messages/{m}", c=3004, m=quiet.id)
    await client.http.request(route, json={"content": "<@4013>"})
    assert discord_town.mentions(mine[quiet.id]) == {"@4013"}, "an edit is parsed with the defaults again"
    await quiet.edit(content="<@4014>")
    assert discord_town.mentions(mine[quiet.id]) == {"@4013"} and mine[quiet.id].mentions == set()
    answered = await raw(
        client, 3001, content="x", message_reference={"message_id": discord_town.user("sato").says("?").id}
    )
    assert discord_town.mentions(discord_town.channel("support").messages[int(answered["id"])]) == {"@4002"}


def button(id: str = "a", label: str = "x") -> dict[str, Any]:
    return {"type": 2, "style": 1, "custom_id": id, "label": label}


def row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(parts)}


BODIES: list[tuple[dict[str, Any], int]] = [
    ({"content": "あ" * 2001}, 50035),
    ({"content": ""}, 50006),
    ({"content": "x", "nonce": "n" * 26}, 50035),
    ({"embeds": [{"title": "x"}] * 11}, 50035),
    ({"embeds": [{"title": "x" * 257}]}, 50035),
    ({"embeds": [{"description": "x" * 4097}]}, 50035),
    ({"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}, 50035),
    ({"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, 50035),
    ({"embeds": [{"fields": [{"name": "n", "value": ""}]}]}, 50035),
    ({"embeds": [{"fields": [{"name": "n", "value": "v" * 1025}]}]}, 50035),
    ({"embeds": [{"footer": {"text": "x" * 2049}}]}, 50035),
    ({"content": "x", "components": [row(button("a"), button("a"))]}, 50035),
    ({"content": "x", "components": [row(button("a" * 101))]}, 50035),
    ({"content": "x", "components": [row(button("a", "x" * 81))]}, 50035),
    ({"content": "x", "components": [row(*(button(str(n)) for n in range(6)))]}, 50035),
    ({"content": "x", "components": [row(button(str(n))) for n in range(6)]}, 50035),
    ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["4001"]}}, 50035),
]


async def test_what_cannot_be_sent(client: Listener) -> None:
    for body, code in BODIES:
        assert await refusal(raw(client, 3001, **body)) == (400, code), body


async def test_the_most_that_can_be_sent(discord_town: LocalDiscord, client: Listener) -> None:
    fields = [{"name": "n", "value": "v"}] * 25
    rows = [row(*(button(f"{x}{y}") for x in range(5))) for y in range(5)]
    embeds = [{"description": "あ" * 4096}, {"description": "x" * 1854, "fields": fields}]
    sent = await raw(client, 3001, content="あ" * 2000, embeds=embeds, components=rows)
    assert len(discord_town.channel("support").messages[int(sent["id"])].buttons) == 25


async def test_files_and_their_addresses(discord_town: LocalDiscord, client: Listener) -> None:
    said = discord_town.user("tanaka").uploads("証拠.txt", b"proof")
    await discord_town.until(lambda: client.heard)
    (attachment,) = client.heard[0].attachments
    assert (attachment.filename, await attachment.read()) == ("証拠.txt", b"proof")
    discord_town.clock.passes(25 * 3600)
    assert (await refusal(attachment.read()))[0] == 404
    again = await (await place(client, 3001)).fetch_message(said.id)
    assert await again.attachments[0].read() == b"proof"
    chart = discord.File(io.BytesIO(b"png"), "chart.png", description="a chart")
    posted = await (await place(client, 3004)).send("digest", file=chart)
    mine = discord_town.channel("alert").messages[posted.id]
    assert [(file.name, file.data, file.description) for file in mine.attachments] == [("chart.png", b"png", "a chart")]
    await posted.edit(content="text only", attachments=[])
    assert not mine.attachments


async def test_threads_and_forums(discord_town: LocalDiscord, client: Listener) -> None:
    guild = client.get_guild(1000)
    assert guild is not None
    posts = [discord_town.user("tanaka").posts_in_forum(f"title {number}", "first") for number in range(5)]
    for post in posts[:3]:
        discord_town.clock.passes(1)
        discord_town.archives(post.channel)
    active = [thread.name for thread in await guild.active_threads()]
    assert active == ["title 4", "title 3", "returns"]
    forum = await client.fetch_channel(3003)
    assert isinstance(forum, discord.ForumChannel)
    assert [one.name async for one in forum.archived_threads(limit=None)] == ["title 2", "title 1", "title 0"]
    route = discord.http.Route("GET", "/channels/{c}/threads/archived/public?limit=2", c=3003)
    page = await client.http.request(route)
    assert page["has_more"] and len(page["threads"]) == 2
    thread = await place(client, posts[0].channel.id)
    await thread.send("opens it again")
    assert not posts[0].channel.archived
    discord_town.archives(posts[0].channel, locked=True)
    assert await refusal(thread.send("locked")) == (403, 50083)
    opened, first = await forum.create_thread(name="ours", content="by the bot")
    assert opened.id == first.id and discord_town.channel("ours").parent is discord_town.channel("forum")


async def test_old_messages_are_edited_only_so_often(discord_town: LocalDiscord, client: Listener) -> None:
    card = await (await place(client, 3004)).send("card")
    discord_town.limits.most_old_edits = 2
    for number in range(4):
        await card.edit(content=f"young {number}")
    discord_town.clock.passes(3700)
    for number in range(2):
        await card.edit(content=f"old {number}")
    assert await refusal(card.edit(content="once too often")) == (429, 30046)
    assert discord_town.posts("alert")[0].content == "old 1"


async def test_people_and_roles(discord_town: LocalDiscord, client: Listener) -> None:
    guild = client.get_guild(1000)
    assert guild is not None and [role.name for role in guild.roles][0] == "@everyone"
    hana = await guild.fetch_member(4011)
    assert {role.name for role in hana.roles} == {"@everyone", "Staff", "Agents"}
    assert [one.id for one in await guild.query_members("tan", limit=5)] == [4001]
    route = discord.http.Route("GET", "/guilds/{g}/members/search", g=1000)
    assert [one["user"]["id"] for one in await client.http.request(route, params={"query": "han", "limit": 5})] == [
        "4011"
    ]
    discord_town.leaves("hana")
    assert await refusal(guild.fetch_member(4011)) == (404, 10007)
    assert await refusal(guild.fetch_member(4999)) == (404, 10013)
    assert [role.mentionable for role in await guild.fetch_roles() if role.name == "Supervisors"] == [True]
    discord_town.gives_role("sato", "Staff")
    assert [role.name for role in (await guild.fetch_member(4002)).roles] == ["@everyone", "Staff"]


COMMANDS: list[dict[str, Any]] = [
    {"name": "Kasuhara", "description": "x"},
    {"name": "a b", "description": "x"},
    {"name": "x", "description": ""},
    {"name": "x", "description": "x" * 101},
    {"name": "x", "description": "x", "name_localizations": {"jp": "報告"}},
    {
        "name": "x",
        "description": "x",
        "options": [{"type": 3, "name": f"o{n}", "description": "d"} for n in range(26)],
    },
    {
        "name": "x",
        "description": "x",
        "options": [
            {"type": 3, "name": "a", "description": "d"},
            {"type": 3, "name": "b", "description": "d", "required": True},
        ],
    },
    {
        "name": "x",
        "description": "x",
        "options": [
            {
                "type": 3,
                "name": f"o{n}",
                "description": "d" * 100,
                "choices": [{"name": f"{m}{'n' * 50}", "value": "v"} for m in range(9)],
            }
            for n in range(25)
        ],
    },
    {"name": "x", "description": "not for menus", "type": 3},
]


async def test_what_is_no_command(client: Listener) -> None:
    for command in COMMANDS:
        refused = await refusal(client.http.bulk_upsert_guild_commands(9001, 1000, [command]))
        assert refused == (400, 50035), command


async def test_commands_are_written_anew(discord_town: LocalDiscord, client: Listener) -> None:
    mine = {"name": "kasuhara", "description": "x", "name_localizations": {"ja": "カスハラ"}}
    menu = {"name": "カスハラ 報告", "type": 3}
    first = await client.http.bulk_upsert_guild_commands(9001, 1000, [mine, menu])
    second = await client.http.bulk_upsert_guild_commands(9001, 1000, [mine])
    assert second[0]["id"] == first[0]["id"] and discord_town.guild.overwritten == 2
    assert [one["name"] for one in await client.http.get_guild_commands(9001, 1000)] == ["kasuhara"]
