"""What changes on a server while the bot runs: shut out and let in again, thrown out and asked back."""

import asyncio
from dataclasses import replace

import pytest
from discord_chatting import OPENED, Chatting
from discord_town import Break, faults
from discord_wire import Wire, discord_team

from adapters.discord.outbound import posting
from bot.domain.model import Destination

UPSERT = "bulk_overwrite_guild_application_commands"


@pytest.mark.rule("discord-22")
async def test_what_was_said_while_shut_out_is_read_once_let_in_again(wire: Wire) -> None:
    discord = wire.discord
    async with wire.up(catches_up=True):
        discord.user("tanaka").says("1 回目だ")
        await wire.hears(1)
        discord.shuts_out_bot("support")
        discord.user("tanaka").says("2 回目だ")
        discord.clock.passes(3 * 86_400)
        discord.user("tanaka").says("3 回目だ", "support-2")
        await wire.hears(2)
        discord.lets_in_bot("support")
        await wire.hears(3)
        assert wire.counted() == 3


@pytest.mark.rule("discord-22")
async def test_a_channel_that_is_opened_again_is_written_to_at_once(wire: Wire) -> None:
    async with wire.up(catches_up=True) as bot:
        wire.discord.shuts_out_bot("alert")
        await asyncio.sleep(0.05)
        chatting = Chatting(wire.discord, posting(bot._voice, wire.house.policy), bot._voice, bot._people)
        assert (await chatting.fails(chatting.chat.post(chatting.letter()))).permanent
        wire.discord.lets_in_bot("alert")
        wire.discord.allows("alert", wire.discord.guild.roles[1000], deny=1 << 10)
        await asyncio.sleep(0.2)
        await chatting.chat.post(chatting.letter())
        assert len(wire.discord.cards("alert")) == 1


@pytest.mark.rule("discord-8")
async def test_refused_commands_are_told_and_asked_for_again(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    discord = wire.discord
    discord.faults.on(UPSERT, faults.refused(400, 30034))
    async with wire.up(catches_up=True, commands=0.1):
        await discord.until(lambda: "discord.unregistered guild=1000 code=30034" in caplog.messages)
        discord.user("tanaka").says("返事しろ")
        await wire.hears(1)
        await discord.until(lambda: discord.guild.commands)
        assert discord.gateway.ever == 1, "the connection stood all the time"


@pytest.mark.rule("discord-8")
async def test_whoever_is_asked_back_is_told_the_commands_anew(wire: Wire) -> None:
    discord = wire.discord
    async with wire.up(catches_up=True):
        await discord.until(lambda: discord.guild.commands)
        discord.leaves("kasuhara")
        discord.guild.commands.clear()
        discord.joins("kasuhara")
        await discord.until(lambda: discord.guild.commands)
        discord.user("tanaka").says("返事しろ")
        await wire.hears(1)


async def test_a_token_that_is_refused_for_a_while_is_tried_again(wire: Wire) -> None:
    """A night of Discord's own: afterwards everything goes on by itself."""
    discord, token = wire.discord, wire.discord.app.token
    async with wire.up(catches_up=True, shut_out=0.1) as bot:
        discord.app.token = "other"
        discord.gateway.breaks(Break.INVALID)
        await discord.until(lambda: bot._client.is_closed())
        discord.history("support", ("tanaka", "1 回目だ"))
        await asyncio.sleep(0.3)
        discord.app.token = token
        await discord.until(lambda: discord.gateway.open)
        discord.user("tanaka").says("2 回目だ")
        await wire.hears(2)
        chatting = Chatting(discord, posting(bot._voice, wire.house.policy), bot._voice, bot._people)
        await chatting.chat.post(chatting.letter())
        assert wire.counted() == 2 and len(discord.cards("alert")) == 1


async def test_a_server_without_a_watched_channel_is_no_fault(wire: Wire) -> None:
    await wire.company.opens(discord_team(channels=()))
    async with wire.up(catches_up=True):
        wire.discord.user("tanaka").says("返事しろ")
        await wire.discord.until(lambda: wire.discord.guild.commands)
    assert wire.stored() == 0


@pytest.mark.rule("discord-24")
async def test_a_private_thread_that_was_closed_meanwhile_is_read(wire: Wire) -> None:
    """As tools for tickets make them."""
    discord = wire.discord
    thread = discord.user("tanaka").opens_thread("返品", "support", private=True)
    thread.joined.add(discord.bot.id)
    discord.user("tanaka").says("返事しろ", thread.id)
    discord.archives(thread.id)
    async with wire.up(catches_up=True):
        assert wire.counted() == 1


@pytest.mark.rule("discord-22")
async def test_a_busy_channel_silences_nothing_else(talk: Chatting) -> None:
    """Five times 429 of Discord's own is no ban."""
    talk.discord.faults.on("create_message", *[faults.busy(0.01)] * 5)
    failed = await talk.fails(talk.chat.post(talk.letter()))
    assert failed.reason == "busy"
    await talk.chat.post(talk.letter(key="ping:9:0", to=Destination("discord:1000:3005")))


async def test_an_edit_asks_who_reads_the_channel_that_it_changes(talk: Chatting) -> None:
    """The team's alert channel was moved meanwhile; the old one is open to everybody now."""
    ref = await talk.chat.post(talk.letter())
    talk.discord.allows("alert", talk.discord.guild.roles[1000], allow=1 << 10)
    talk.people.forget()
    moved = talk.letter(OPENED, to=Destination("discord:1000:3005"), ref=ref, edits="ping:7:0", key="ping:7:0@1")
    failed = await talk.fails(talk.chat.edit(replace(moved, attempt=2)))
    assert (failed.reason, failed.permanent) == ("outsiders", True)


async def test_a_channel_of_another_server_or_a_direct_one_is_no_inside(talk: Chatting) -> None:
    """A wrong id in the team's file must open nothing."""
    discord = talk.discord
    direct = discord.direct("tanaka")
    assert not await talk.people.inside(f"discord:1000:{direct.id}")
    assert not await talk.people.inside("discord:1001:3004")
