"""The gateway: opened until it stands, resumed, begun anew, and held by one process at a time."""

import asyncio
import contextlib
import logging
import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random

import pytest
from discord_town import Break, LocalDiscord
from discord_wire import Wire

from adapters import settings, wiring
from adapters.chat import Door
from adapters.discord import gateway
from adapters.discord.client import IDENTIFIES, Client, Spent
from adapters.discord.connection import Discord
from adapters.wording import say
from bot.domain.errors import Refused


async def refused(wire: Wire, **changes: object) -> str:
    """Why the bot does not start, in one sentence."""
    with pytest.raises(Refused) as told:
        async with wire.up(**changes):  # type: ignore[arg-type]
            await asyncio.sleep(10)
    assert all(say(language, f"error.{told.value}") for language in ("ja", "en"))
    return str(told.value)


async def test_a_wrong_token_ends_with_one_sentence(wire: Wire) -> None:
    assert await refused(wire, bot_token="wrong") == "discord.token"
    assert not wire.discord.gateway.identifies


@pytest.mark.rule("discord-17")
async def test_a_missing_intent_ends_with_one_sentence(wire: Wire) -> None:
    wire.discord.app.privileged = 0
    assert await refused(wire, waits=False) == "discord.intent"
    assert len(wire.discord.gateway.identifies) == 1


async def test_nobody_but_discord_and_this_machine_is_spoken_to(wire: Wire) -> None:
    assert await refused(wire, api_url="https://example.com/api/v10") == "discord.elsewhere"
    assert await refused(wire, gateway_url="wss://example.com") == "discord.elsewhere"
    assert await refused(wire, api_url="http://127.0.0.1:9/api/v10") == "discord.unreachable"
    assert await refused(wire, api_url="http://other.invalid/api/v10", anywhere=True) == "discord.unreachable"


@pytest.mark.rule("discord-18", "discord-23")
async def test_the_intents_are_few_and_we_say_who_we_are(wire: Wire) -> None:
    async with wire.up() as bot:
        assert re.fullmatch(r"DiscordBot \(https?://\S+ \S+\).*", bot._client.http.user_agent)
        (began,) = wire.discord.gateway.identifies
        assert began.intents == 1 << 0 | 1 << 9 | 1 << 12 | 1 << 15


@pytest.mark.rule("discord-19")
async def test_the_first_connection_may_be_refused(wire: Wire) -> None:
    wire.discord.gateway.refusing = 1_000
    async with wire.up(waits=False):
        await asyncio.sleep(0.2)
        wire.discord.gateway.refusing = 0
        await wire.discord.until(lambda: wire.discord.gateway.open)
        wire.discord.user("tanaka").says("返事しろ")
        await wire.hears(1)


@pytest.mark.rule("discord-19")
async def test_sessions_are_not_begun_without_end(wire: Wire) -> None:
    client = Client(wire.house.clock, rest=0.0)
    for _ in range(IDENTIFIES):
        await client.before_identify_hook(None)
    with pytest.raises(Spent):
        await client.before_identify_hook(None)


@pytest.mark.rule("discord-19")
async def test_processes_that_die_again_and_again_do_not_spend_a_days_sessions(wire: Wire) -> None:
    """Each of them begins a session as soon as it may."""
    at, begun, name = 1_800_000_000.0, [], "discord:sessions:1"
    while at < 1_800_000_000.0 + 86_400:
        again = await wire.house.intake.write(partial(gateway._noted, name, at))
        begun += [at] if not again else []
        at += again or 3.0
    assert begun[IDENTIFIES - 1] - begun[0] == 3.0 * (IDENTIFIES - 1), "the first few are not kept waiting"
    assert 800 < len(begun) < 1_000


@pytest.mark.rule("discord-19")
async def test_a_process_after_many_that_died_waits_and_says_so(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    now = f"{int(wire.house.clock().timestamp())}"
    await wire.house.intake.write(lambda uow: uow.presence.tell("discord:sessions:9001", f"{now} " * IDENTIFIES))
    with caplog.at_level(logging.ERROR, "kasuhara.discord"):
        async with wire.up(waits=False):
            await wire.discord.until(lambda: any("gateway.spent again=" in one for one in caplog.messages))
            assert not wire.discord.gateway.identifies


@pytest.mark.rule("discord-20")
@pytest.mark.parametrize("how", [Break.ABORT, Break.RECONNECT, Break.RESUMABLE, Break.CLOSED])
async def test_a_cut_is_resumed_once(wire: Wire, how: Break) -> None:
    discord = wire.discord
    async with wire.up(catches_up=True):
        discord.user("tanaka").says("1 回目だ")
        await wire.hears(1)
        discord.gateway.breaks(how)
        discord.user("tanaka").says("2 回目だ")
        await wire.hears(2)
        assert wire.counted() == 2
        assert (discord.gateway.resumes, len(discord.gateway.identifies)) == ([True], 1)


async def test_a_silent_connection_is_not_believed(wire: Wire) -> None:
    wire.discord.gateway.heartbeat = 0.2
    async with wire.up(catches_up=True, silence=1.0):
        wire.discord.gateway.breaks(Break.SILENT)
        wire.discord.user("tanaka").says("返事しろ")
        await wire.hears(1)
        assert wire.discord.gateway.ever >= 2


async def test_two_replicas_count_once_and_hand_over(wire: Wire) -> None:
    discord = wire.discord
    async with contextlib.AsyncExitStack() as first:
        await first.enter_async_context(wire.up(catches_up=True))
        second = await first.enter_async_context(contextlib.AsyncExitStack())
        await second.enter_async_context(wire.up(waits=False))
        discord.user("tanaka").says("1 回目だ")
        await wire.hears(1)
        assert len(discord.gateway.open) == 1
        kept, left = second.pop_all(), first.pop_all()
        await left.aclose()
        discord.history("support", ("tanaka", "2 回目だ"))
        await discord.until(lambda: discord.gateway.open)
        discord.user("tanaka").says("3 回目だ")
        await wire.hears(3)
        assert (wire.counted(), len(discord.gateway.open)) == (3, 1)
        await kept.aclose()


async def test_whoever_loses_the_lease_lets_the_gateway_go(wire: Wire) -> None:
    async with wire.up(catches_up=True) as bot:
        name, house = bot._gateway._name, wire.house
        now = house.clock()
        await house.intake.write(lambda uow: uow.presence.let_go(name, bot._gateway._me))
        assert await house.intake.write(lambda uow: uow.presence.take(name, "other", now, now + timedelta(seconds=9)))
        await wire.discord.until(lambda: not wire.discord.gateway.open)
        assert not bot._gateway.held.is_set()
        wire.discord.history("support", ("tanaka", "返事しろ"))
        assert await house.intake.write(lambda uow: uow.presence.let_go(name, "other"))
        await wire.hears(1)


async def test_a_lease_that_is_not_renewed_passes_on(wire: Wire) -> None:
    """As after kill -9: nobody lets go of it, its time runs out."""
    now, name = wire.house.clock(), "discord:gateway:9001"
    await wire.house.intake.write(lambda uow: uow.presence.take(name, "killed", now, now + timedelta(seconds=24)))
    async with wire.up(waits=False):
        await asyncio.sleep(0.2)
        assert not wire.discord.gateway.identifies
        wire.discord.clock.passes(24)
        await wire.discord.until(lambda: wire.discord.gateway.open)


def test_a_lease_passes_on_in_thirty_seconds() -> None:
    terms = gateway.Terms()
    assert terms.lasts + terms.looks <= 30.0
    assert terms.renewed * 2 < terms.lasts


async def test_a_platform_that_is_shut_out_later_does_not_stop_the_others(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    """Once it has stood, the house goes on: what is still to be sent elsewhere is sent."""
    async with wire.up(catches_up=True) as bot:
        wire.discord.app.privileged = 0
        with caplog.at_level(logging.ERROR, "kasuhara.discord"):
            wire.discord.gateway.breaks(Break.INVALID)
            await wire.discord.until(lambda: "discord.shut_out why=discord.intent" in caplog.messages)
        assert (await bot._people.person("1000", "4001")).name == "田中"


@pytest.mark.rule("discord-8", "discord-28")
async def test_commands_are_registered_once_however_often_a_session_begins(wire: Wire) -> None:
    for _ in range(2):
        async with wire.up(catches_up=True):
            wire.discord.gateway.breaks(Break.INVALID)
            await wire.discord.until(lambda: len(wire.discord.gateway.open) == 1)
            wire.discord.user("tanaka").says("返事しろ")
            await wire.hears(1)
    assert len(wire.discord.record.of("bulk_overwrite_guild_application_commands")) == 1


async def test_one_house_for_whatever_has_a_token(wire: Wire) -> None:
    discord: LocalDiscord = wire.discord
    given = replace(
        settings.read(discord.environment()), database_url=wire.house.database.url.render_as_string(False),
    )  # fmt: skip
    from harness import KEY

    given = replace(given, key=KEY)
    async with wiring.on_chats(given, wire.house.clock) as ports:
        assert ports == {"discord": 0}
        await discord.until(lambda: discord.gateway.open)
        discord.user("tanaka").says("返事しろ")
        await wire.hears(1)
    with pytest.raises(Refused, match="slack.socket"):
        async with wiring.on_chats(replace(given, slack_bot_token="xoxb-1"), wire.house.clock):
            pass


async def seeded(wire: Wire, seed: int, cuts: int) -> None:
    """Messages come while the gateway breaks at seeded moments; every one is counted once."""
    discord, random = wire.discord, Random(seed)
    tanaka = discord.user("tanaka")
    said, discord.gateway.heartbeat = 0, 0.2
    async with wire.up(catches_up=True, silence=1.0):
        for _ in range(cuts):
            for _ in range(random.randint(1, 3)):
                tanaka.says(f"{said} 回目だ", random.choice(("support", "support-2", "returns")))
                said += 1
            await asyncio.sleep(random.random() * 0.02)
            if discord.gateway.open:
                discord.gateway.breaks(random.choice(tuple(Break)))
            await asyncio.sleep(random.random() * 0.05)
        await wire.hears(said)
        assert wire.counted() == wire.stored() == said


@pytest.mark.rule("discord-20")
async def test_cut_at_some_seeded_moments(wire: Wire) -> None:
    await seeded(wire, 1, 6)


@pytest.mark.soak
@pytest.mark.rule("discord-20")
@pytest.mark.parametrize("seed", range(2, 7))
async def test_cut_at_fifty_seeded_moments(wire: Wire, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.discord.client.IDENTIFIES", 1000)
    await seeded(wire, seed, 10)


async def test_a_start_that_fails_leaves_nothing_open(wire: Wire) -> None:
    bot = Discord(
        replace(wire.settings, bot_token="wrong"), wire.house.intake, Door(wire.house.intake, wire.house.policy),
        wire.house.clock,
    )  # fmt: skip
    with pytest.raises(Refused):
        await bot.connect()
    await bot.close()
    assert bot._client.is_closed()
