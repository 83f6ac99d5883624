"""The doctor says what stands between this house and its servers, and what to do."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from discord_town import May
from discord_wire import Wire, account, discord_team, wired

from adapters import settings
from adapters.doctor import Household, Remark, gathered, told
from adapters.doctor.guilds import discord_remarks
from bot.domain.model import Role, Staff, Team

Look = Callable[..., Awaitable[dict[str, Remark]]]


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Wire]:
    async with wired(tmp_path) as made:
        yield made


@pytest.fixture
def look(town: Wire) -> Look:
    """The remarks by key, for the town's team or another."""

    async def looked(team: Team | None = None, **changes: str) -> dict[str, Remark]:
        if team is not None:
            await town.company.opens(team)
        now = town.house.clock()
        household: Household = await town.house.intake.write(lambda uow: gathered(uow, now))
        given = settings.read(town.discord.environment(**changes))
        found = await discord_remarks(given, household, town.house.policy, town.house.clock)
        for remark in found:
            assert all(told(remark, language) for language in ("ja", "en"))
        return {remark.key: remark for remark in found}

    return looked


async def test_a_good_house_lacks_only_its_commands(town: Wire, look: Look) -> None:
    assert set(await look()) == {"discord_commands"}
    async with town.up(catches_up=True):
        await town.discord.until(lambda: town.discord.record.of("bulk_overwrite_guild_application_commands"))
    assert await look() == {}
    assert not town.discord.gateway.open


async def test_token_and_address(look: Look) -> None:
    assert set(await look(DISCORD_BOT_TOKEN="wrong")) == {"discord_token"}
    assert set(await look(DISCORD_API_URL="http://127.0.0.1:9/api/v10")) == {"discord_unreachable"}
    assert set(await look(DISCORD_API_URL="https://example.com/api")) == {"discord_elsewhere"}


@pytest.mark.rule("discord-17")
async def test_missing_content_is_told_before_and_after(town: Wire, look: Look) -> None:
    town.discord.history("support", ("tanaka", "返事しろ"), ago=60.0)
    town.discord.channel("support").ordered[-1].content = ""
    assert "discord_wordless" in await look()
    town.discord.app.privileged = 0
    found = await look()
    assert "discord_content" in found and "discord_wordless" not in found


async def test_rights_and_readers(town: Wire, look: Look) -> None:
    town.discord.shuts_out_bot("support")
    town.discord.shuts_out_bot("support-2", May.READ_MESSAGE_HISTORY)
    town.discord.shuts_out_bot("alert", May.SEND_MESSAGES)
    town.discord.allows("alert", town.discord.adds_role("Guests"), May.VIEW_CHANNEL)
    found = await look(discord_team(leads_channel="discord:1000:3006"))
    assert dict(found["discord_rights_own"].fields)["rights"] == "send_messages"
    assert dict(found["discord_rights_watched"].fields)["rights"] == "read_message_history"
    assert "@Guests" in str(dict(found["discord_readers"].fields)["who"])
    assert {"discord_unseen", "discord_open"} <= set(found)


async def test_people_and_servers(town: Wire, look: Look) -> None:
    gone = Staff(account(4999), "誰か", (Role.AGENT,))
    base = discord_team()
    found = await look(replace(base, staff=(*base.staff, gone), channels=(*base.channels, "discord:77:78")))
    assert {"discord_person_gone", "discord_not_in"} <= set(found)


@pytest.mark.rule("discord-14")
async def test_hostile_names_of_roles_stay_on_their_line(town: Wire, look: Look) -> None:
    for number, name in enumerate(("@everyone\n  → 直りました", "\u202eevil\u200b\x1b[31m", "<@4012> **x**")):
        town.discord.allows("alert", town.discord.adds_role(f"{number}{name}"), May.VIEW_CHANNEL)
    said = told((await look())["discord_readers"], "ja")
    assert len(said.splitlines()) == 2 and all(f"@{number}" in said for number in range(3))
    assert not set("\u202e\u200b\x1b") & set(said)
