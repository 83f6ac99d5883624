"""Slack and Discord at the door of one house: one customer who writes on both has one count."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from discord_town import LocalDiscord
from discord_town import town as discord_town
from harness import KEY, opened, sqlite_url
from slack import LocalSlack
from slack import town as slack_town

from adapters import settings, wiring
from bot.domain.errors import Refused
from bot.domain.events import ModeSet, TeamsApplied
from bot.domain.model import Mode, Role, Rota, Staff, Team

MONDAY = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
SUPPORT = ("slack:TOWN:CSUPPORT", "discord:1000:3001")
KEN, LEAD = "discord:1000:4012", "slack:TOWN:ULEAD"


def one_team(alert: str) -> Team:
    """One desk on both platforms, with its alerts in one place."""
    staff = (Staff(KEN, "健", (Role.SUPERVISOR,)), Staff(LEAD, "伊藤", (Role.LEAD,)))
    group = Staff("discord:1000:group:2001", "Staff", (Role.AGENT,))
    rota = Rota("Asia/Tokyo", (KEN,), date(2026, 11, 16))
    ours = ("slack:TOWN", "discord:1000")
    return Team("窓口", "Asia/Tokyo", SUPPORT, staff, ours, alert, "", "ja", rota, (group,))


async def prepared(folder: Path, alert: str = "discord:1000:3004") -> None:
    async with opened(sqlite_url(folder)) as house:
        await house.submit(TeamsApplied(teams=(one_team(alert),), source="story", actor="cli:test"))
        await house.submit(ModeSet(actor="cli:test", team="窓口", mode=Mode.LIVE))
        await house.known("あおば商事", "slack:TCUST:UCUST", "discord:1000:4001")


def given(slack: LocalSlack, discord: LocalDiscord, folder: Path) -> settings.Settings:
    environment = {
        **discord.environment(), "SLACK_BOT_TOKEN": slack.app.bot_token, "SLACK_APP_TOKEN": slack.app.app_token,
        "SLACK_API_URL": slack.api_url, "KASUHARA_DATABASE_URL": sqlite_url(folder), "KASUHARA_KEY": KEY,
    }  # fmt: skip
    return settings.read(environment)


async def test_one_customer_on_both_has_one_count_and_one_ping(tmp_path: Path) -> None:
    await prepared(tmp_path)
    async with LocalSlack(slack_town(), "socket") as slack, LocalDiscord(discord_town()) as discord:
        slack.clock.ahead = discord.clock.ahead = MONDAY.timestamp() - time.time()

        def now() -> datetime:
            return datetime.fromtimestamp(discord.clock.now(), UTC)

        async with wiring.on_chats(given(slack, discord, tmp_path), now) as ports:
            assert ports == {"slack": 0, "discord": 0}
            await slack.until(lambda: slack.sockets.open)
            await slack.user("UCUST").says("早く返事をしてください", "support")
            for _ in range(2):
                discord.user("tanaka").says("早く返事をしてください")
            await discord.until(lambda: discord.cards("alert"))
            assert len(discord.cards("alert")) == 1
    async with opened(sqlite_url(tmp_path)) as house:
        assert list((await house.counts()).values()) == [3]


async def test_who_answers_on_discord_changes_the_card_on_slack(tmp_path: Path) -> None:
    await prepared(tmp_path, "slack:TOWN:GALERT")
    async with LocalSlack(slack_town(), "socket") as slack, LocalDiscord(discord_town()) as discord:
        slack.clock.ahead = discord.clock.ahead = MONDAY.timestamp() - time.time()

        def now() -> datetime:
            return datetime.fromtimestamp(discord.clock.now(), UTC)

        async with wiring.on_chats(given(slack, discord, tmp_path), now):
            await slack.until(lambda: slack.sockets.open)
            await slack.user("UCUST").says("早く返事をしてください", "support")
            for _ in range(2):
                discord.user("tanaka").says("早く返事をしてください")
            await slack.until(lambda: slack.cards("alert"))
            assert "ack" in slack.cards("alert")[0].buttons
            discord.user("ken").tells_bot("対応します")
            await slack.until(lambda: "resolve" in slack.cards("alert")[0].buttons)
            assert len(slack.cards("alert")) == 1 and "ack" not in slack.cards("alert")[0].buttons


async def test_a_wrong_token_of_one_keeps_the_other_from_starting_by_halves(tmp_path: Path) -> None:
    await prepared(tmp_path)
    async with LocalSlack(slack_town(), "socket") as slack, LocalDiscord(discord_town()) as discord:
        both = given(slack, discord, tmp_path)
        for wrong, why in (
            (replace(both, discord_bot_token="wrong"), "discord.token"),
            (replace(both, slack_bot_token="xoxb-wrong"), "slack.token"),
        ):
            with pytest.raises(Refused, match=why):
                async with wiring.on_chats(wrong):
                    pass
        assert not discord.gateway.ever
