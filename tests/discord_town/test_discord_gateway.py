"""The gateway of the local Discord, proved with a real discord.py client: what a test of the adapter may rely on."""

import asyncio

import discord
import pytest
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket
from discord.http import Route

from . import Break, LocalDiscord, NotPossible, Plan, unfurls
from .pointing import pointed
from .sdk import Listener, connected


async def test_login_ready_and_a_message(discord_town: LocalDiscord, client: Listener) -> None:
    assert client.user is not None and client.user.id == discord_town.app.bot
    assert client.application_id == discord_town.app.id
    (guild,) = client.guilds
    assert {channel.name for channel in guild.channels} >= {"support", "forum", "alert"}
    assert [thread.name for thread in guild.threads] == ["returns"]
    said = discord_town.user("tanaka").says("もう三回目だ")
    await discord_town.until(lambda: client.heard)
    (message,) = client.heard
    assert (message.id, message.content, message.author.id) == (said.id, "もう三回目だ", said.author.id)
    assert isinstance(message.author, discord.Member) and not message.author.roles[1:]
    assert abs(message.created_at.timestamp() - discord_town.clock.now()) < 2
    assert discord_town.gateway.identifies[0].accepted and not discord_town.record.refusals


def test_discord_py_is_pointed_back() -> None:
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    with pointed(1234):
        assert Route.BASE == "http://127.0.0.1:1234/api/v10" and DiscordWebSocket.DEFAULT_GATEWAY.port == 1234
    assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


async def told(town: LocalDiscord, client: Listener, *texts: str) -> None:
    await town.until(lambda: len(client.texts) >= len(texts), 5)
    assert client.texts == list(texts)


@pytest.mark.parametrize("what", [Break.ABORT, Break.RECONNECT, Break.RESUMABLE, Break.CLOSED, Break.CLEAN])
async def test_a_resumed_session_gets_what_it_missed_exactly_once(
    discord_town: LocalDiscord, client: Listener, what: Break
) -> None:
    customer, gateway = discord_town.user("tanaka"), discord_town.gateway
    texts = [f"text {number}" for number in range(12)]
    gateway.breaks(what, after=5)
    for text in texts[:8]:
        customer.says(text)
    await discord_town.until(lambda: gateway.resumes)
    for text in texts[8:]:
        customer.says(text)
    await told(discord_town, client, *texts)
    await discord_town.until(lambda: client.resumed)
    assert gateway.resumes == [True] and len(gateway.identifies) == 1 and client.readies == 1
    assert gateway.connections[-1].path == "/gw/resume"


async def test_an_invalid_session_replays_nothing(discord_town: LocalDiscord, client: Listener) -> None:
    customer, gateway = discord_town.user("tanaka"), discord_town.gateway
    customer.says("before")
    await told(discord_town, client, "before")
    gateway.breaks(Break.INVALID)
    customer.says("lost to the gateway")
    await discord_town.until(lambda: client.readies == 2)
    customer.says("after")
    await told(discord_town, client, "before", "after")
    assert len(gateway.identifies) == 2 and not gateway.resumes
    gateway.forget()
    gateway.breaks(Break.ABORT)
    await discord_town.until(lambda: client.readies == 3)
    assert gateway.resumes == [False]


async def test_a_silent_heartbeat_is_noticed(discord_town: LocalDiscord) -> None:
    discord_town.gateway.heartbeat = 0.05
    async with connected(discord_town, Listener(heartbeat_timeout=0.3)) as client:
        discord_town.gateway.breaks(Break.SILENT)
        discord_town.user("tanaka").says("into the silence")
        await told(discord_town, client, "into the silence")
        assert discord_town.gateway.resumes == [True]


async def test_copies_order_delay_and_loss(discord_town: LocalDiscord, client: Listener) -> None:
    customer, gateway = discord_town.user("tanaka"), discord_town.gateway
    gateway.plan = lambda event, _: Plan(copies=2)
    customer.says("thrice")
    gateway.plan = lambda event, _: Plan(delay=0.05)
    customer.says("late")
    gateway.plan = lambda event, _: Plan()
    with gateway.holding(lambda held: held[::-1]):
        customer.says("second")
        customer.says("first")
    with gateway.losing():
        customer.says("never")
    await told(discord_town, client, "thrice", "thrice", "thrice", "first", "second", "late")


async def test_two_replicas_both_get_every_event(discord_town: LocalDiscord, client: Listener) -> None:
    async with connected(discord_town) as other:
        discord_town.user("tanaka").says("to both")
        await told(discord_town, client, "to both")
        await told(discord_town, other, "to both")
        assert len(discord_town.gateway.open) == 2
    await discord_town.until(lambda: len(discord_town.gateway.open) == 1)
    assert len(discord_town.gateway.sessions) == 2, "Client.close() of discord.py 2.7.1 says 4000, which can be resumed"


async def test_wrong_tokens_and_intents_are_refused(discord_town: LocalDiscord) -> None:
    with pytest.raises(discord.LoginFailure):
        async with connected(discord_town, token="another"):
            pass
    discord_town.app.privileged = 0
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with connected(discord_town):
            pass
    assert discord_town.gateway.closes == [4014]
    bare = discord.Intents(guilds=True, guild_messages=True)
    async with connected(discord_town, Listener(bare)) as client:
        discord_town.user("tanaka").says("unseen")
        discord_town.user("tanaka").says(f"{discord_town.bot.mention} seen")
        await told(discord_town, client, "", f"{discord_town.bot.mention} seen")
        channel = await client.fetch_channel(3001)
        assert isinstance(channel, discord.TextChannel)
        assert [message.content async for message in channel.history(oldest_first=True)] == client.texts


async def test_edits_deletions_and_noise(discord_town: LocalDiscord, client: Listener) -> None:
    tanaka, hana = discord_town.user("tanaka"), discord_town.user("hana")
    said = tanaka.says("look https://example.com")
    unfurls(discord_town, said)
    hana.pins(said)
    tanaka.edits(said, "changed")
    await discord_town.until(lambda: len(client.edited) == 3)
    texts = [(event.data["content"], bool(event.data["edited_timestamp"])) for event in client.edited]
    assert texts == [("look https://example.com", False)] * 2 + [("changed", True)]
    discord_town.hooks("from a webhook")
    discord_town.user("helperbot").says("from a bot")
    thread = tanaka.opens_thread("a thread", "support")
    tanaka.says("inside", thread)
    post = tanaka.posts_in_forum("a title", "the post")
    await discord_town.until(lambda: len(client.heard) == 7)
    kinds = [(message.type.name, bool(message.webhook_id), message.author.bot) for message in client.heard]
    plain, hook, bot = ("default", False, False), ("default", True, True), ("default", False, True)
    assert kinds == [plain, ("pins_add", False, False), hook, bot, ("thread_created", False, False), plain, plain]
    assert isinstance(client.heard[-1].channel, discord.Thread) and client.heard[-1].channel.parent_id == 3003
    assert post.id == post.channel.id
    tanaka.deletes(said)
    hana_says = [hana.says("one"), hana.says("two")]
    discord_town.user("admin").deletes(*hana_says)
    await discord_town.until(lambda: len(client.deleted) == 3)
    assert client.deleted == [said.id, *(one.id for one in hana_says)]


async def test_messages_without_text_of_their_own(discord_town: LocalDiscord, client: Listener) -> None:
    tanaka = discord_town.user("tanaka")
    tanaka.forwards(tanaka.says("早く"))
    tanaka.sends_sticker()
    await discord_town.until(lambda: len(client.heard) == 3)
    forward, sticker = client.heard[1:]
    assert forward.content == sticker.content == "" and sticker.stickers[0].name == "wave"
    assert [one.content for one in forward.message_snapshots] == ["早く"]


async def test_direct_messages_and_hidden_channels(discord_town: LocalDiscord, client: Listener) -> None:
    discord_town.user("ken").tells_bot("いますぐ")
    discord_town.shuts_out_bot("support-2")
    discord_town.user("tanaka").says("unheard", "support-2")
    discord_town.lets_in_bot("support-2")
    discord_town.user("tanaka").says("heard", "support-2")
    await told(discord_town, client, "いますぐ", "heard")
    assert client.heard[0].guild is None and isinstance(client.heard[0].channel, discord.DMChannel)
    with pytest.raises(NotPossible):
        discord_town.user("tanaka").says("x", "alert")
    assert discord_town.user("tanaka").sees("alert") == [] and discord_town.user("sato").sees("support-2")


async def test_the_identify_budget_and_the_pace(discord_town: LocalDiscord) -> None:
    gateway = discord_town.gateway
    gateway.pace, gateway.budget = 5.0, 3
    async with connected(discord_town):
        hurried = asyncio.create_task(back_again(discord_town))
        await discord_town.until(lambda: len(gateway.identifies) == 2)
        discord_town.clock.passes(6)
        assert await hurried == 1
    assert [one.accepted for one in gateway.identifies] == [True, False, True]
    with pytest.raises(discord.ConnectionClosed):
        async with connected(discord_town):
            pass
    assert gateway.closes == [4004] and discord_town.app.token.startswith("reset")


async def back_again(town: LocalDiscord) -> int:
    """A second client, told by op 9 to come later."""
    async with connected(town, Patient()) as client:
        return client.readies


class Patient(Listener):
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        await asyncio.sleep(0 if initial else 0.1)


async def test_an_outage_ends(discord_town: LocalDiscord, client: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExponentialBackoff, "delay", lambda _: 0.02)
    await discord_town.goes_down()
    discord_town.user("tanaka").says("during the outage")
    with pytest.raises(OSError):
        await client.fetch_user(4001)
    await discord_town.comes_back()
    await told(discord_town, client, "during the outage")


async def test_the_app_leaves_and_comes_back(discord_town: LocalDiscord, client: Listener) -> None:
    discord_town.leaves("kasuhara")
    await discord_town.until(lambda: not client.guilds)
    with pytest.raises(discord.NotFound):
        await client.fetch_guild(1000)
    discord_town.joins("kasuhara")
    await discord_town.until(lambda: client.guilds)
