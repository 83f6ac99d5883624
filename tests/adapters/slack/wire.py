"""A house and a local Slack that the bot comes to and goes from within one story."""

import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

from company import Company, team
from conftest import ALERT, BEAT, LEADS, MONDAY, SUPPORT, Now
from harness import Harness, opened, sqlite_url
from slack import LocalSlack, town
from sqlalchemy import text

from adapters import wiring
from adapters.chat import Door, Pace
from adapters.slack.connection import Slack, SlackSettings

RANDOM = "slack:TOWN:CRANDOM"


@dataclass
class Wire:
    """The local Slack, the house, and how the bot is to connect."""

    slack: LocalSlack
    house: Harness
    company: Company
    settings: SlackSettings

    @contextlib.asynccontextmanager
    async def up(self, *, catches_up: bool = False, sockets: int = 2, **changes: object) -> AsyncIterator[Slack]:
        """The bot is there while the block runs, with so many of its connections at least."""
        settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        bot = Slack(settings, self.house.intake, Door(self.house.intake, self.house.policy), self.house.clock)
        chat = await bot.connect()
        chat._pace = Pace(0)
        built = wiring.House(self.house.intake, self.house.policy, "", None)
        async with wiring.alive(built, {"slack": chat}, self.house.clock, BEAT), bot.listening() as port:
            if port:
                self.slack.delivers_to(f"http://127.0.0.1:{port}/slack/events")
            else:
                await self.slack.until(lambda: len(self.slack.sockets.open) >= sockets)
            if catches_up:
                await bot.caught_up()
            yield bot

    def counted(self) -> int:
        """How many messages of customers are stored, copies never."""
        return self.house.one("SELECT count(*) FROM messages WHERE speaker = 'customer' AND edit = ''")

    def stored(self) -> int:
        return self.house.one("SELECT count(*) FROM messages")

    def speakers(self) -> list[str]:
        """Whose word each stored wording is, in the order of arrival."""
        with self.house.database.connect() as connection:
            return [row[0] for row in connection.execute(text("SELECT speaker FROM messages ORDER BY id"))]


@contextlib.asynccontextmanager
async def wired(mode: str, folder: Path, **changes: object) -> AsyncIterator[Wire]:
    """A town whose teams watch #support and #random; nobody is connected yet."""
    async with LocalSlack(town(), mode) as slack, opened(sqlite_url(folder)) as house:
        slack.clock.ahead = MONDAY.timestamp() - time.time()
        slack.courier.tempo = 0.002
        house.clock = house.bot.clock = Now(slack)  # type: ignore[assignment]
        settings = SlackSettings(
            slack.app.bot_token, slack.app.app_token, slack.app.signing_secret, slack.api_url, mode, port=0,
            history_gap=0.0, again=0.1, **changes,  # type: ignore[arg-type]
        )  # fmt: skip
        company = await Company(house).opens(team(channels=(SUPPORT, RANDOM), alert=ALERT, leads=LEADS))
        yield Wire(slack, house, company, settings)
