"""A house with the real Bolt app at its door, connected to the local Slack in either mode."""

import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from company import Company, team
from harness import Harness, opened, sqlite_url
from slack import LocalSlack, town

from adapters import wiring
from adapters.chat import Door, Pace
from adapters.slack.connection import Slack, SlackSettings
from adapters.timer import Beat

MONDAY = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
"""10:00 in Tokyo: the desk is open."""
BEAT = Beat(steps=timedelta(seconds=0.05), digests=timedelta(seconds=0.1), forgetting=timedelta(hours=1))
ALERT, LEADS, SUPPORT = "slack:TOWN:GALERT", "slack:TOWN:GLEADS", "slack:TOWN:CSUPPORT"


@dataclass
class Now:
    """The local Slack's time is the house's, too: it goes on by itself, and `slack.clock.passes` moves both."""

    slack: LocalSlack

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.slack.clock.now(), UTC)

    @property
    def now(self) -> datetime:
        return self()


@dataclass
class Town:
    """The local Slack, the house behind it, and our people."""

    slack: LocalSlack
    house: Harness
    company: Company


@contextlib.asynccontextmanager
async def living(mode: str, folder: Path) -> AsyncIterator[Town]:
    async with LocalSlack(town(), mode) as slack, opened(sqlite_url(folder)) as house:
        slack.clock.ahead = MONDAY.timestamp() - time.time()
        house.clock = house.bot.clock = Now(slack)  # type: ignore[assignment]
        settings = SlackSettings(
            slack.app.bot_token, slack.app.app_token, slack.app.signing_secret, slack.api_url, mode, port=0
        )
        bot = Slack(settings, house.intake, Door(house.intake, house.policy), house.clock)
        chat = await bot.connect()
        chat._pace = chat._edits = Pace(0)
        built = wiring.House(house.intake, house.policy, "", None)
        company = await Company(house).opens(team(channels=(SUPPORT,), alert=ALERT, leads=LEADS))
        async with wiring.alive(built, {"slack": chat}, house.clock, BEAT), bot.listening() as port:
            if port:
                slack.delivers_to(f"http://127.0.0.1:{port}/slack/events")
            yield Town(slack, house, company)


ON_SOCKETS = pytest.mark.parametrize("here", ["socket"], indirect=True)
"""For what the two ways of coming in cannot change: `here` is made once."""


@pytest.fixture(params=["socket", "http"])
async def here(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Town]:
    async with living(request.param, tmp_path) as made:
        yield made
