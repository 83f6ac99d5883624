"""A house and a local Discord that the bot comes to and goes from within one story."""

import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from company import Company
from discord_town import LocalDiscord, town
from harness import Harness, opened, sqlite_url
from sqlalchemy import text

from adapters import wiring
from adapters.chat import Door
from adapters.discord.connection import Discord, DiscordSettings
from adapters.discord.gateway import Terms
from adapters.timer import Beat
from bot.domain.model import Role, Rota, Staff, Team

MONDAY = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
"""10:00 in Tokyo: the desk is open."""
BEAT = Beat(steps=timedelta(seconds=0.05), digests=timedelta(seconds=0.1), forgetting=timedelta(hours=1))
SUPPORT, SUPPORT_2, FORUM, ALERT, LEADS = (f"discord:1000:{id}" for id in (3001, 3002, 3003, 3004, 3005))
OUTSIDE = "このコマンドは、サポート担当の方のためのものです。担当の方は、管理者にチームへの登録を頼んでください。"
"""What is said to whoever no team lists."""
TERMS = Terms(lasts=60.0, renewed=0.5, looks=0.05, again=0.05)
"""Long, so that a busy machine holds it; handed over at once by whoever stops."""
PEOPLE = {
    4012: ("健", Role.SUPERVISOR),
    4013: ("結衣", Role.SUPERVISOR),
    4014: ("森", Role.LEAD),
    4011: ("花", Role.AGENT),
}


def account(user: int) -> str:
    return f"discord:1000:{user}"


def discord_team(**changes: object) -> Team:
    """The town's desk: Ken and Yui by turns, Mori leads, Hana answers; our roles are listed, too."""
    staff = tuple(Staff(account(id), name, (role,)) for id, (name, role) in PEOPLE.items())
    groups = tuple(
        Staff(f"discord:1000:group:{role}", name, (Role.AGENT,))
        for role, name in ((2001, "Staff"), (2003, "Supervisors"), (2004, "Leads"))
    )
    rota = Rota("Asia/Tokyo", (account(4012), account(4013)), date(2026, 11, 16))
    base = Team(
        "窓口", "Asia/Tokyo", (SUPPORT, SUPPORT_2, FORUM), staff, ("discord:1000",), ALERT, LEADS, "ja", rota, groups
    )
    return replace(base, **changes)  # type: ignore[arg-type]


@dataclass
class Now:
    """The local Discord's time is the house's, too: it goes on by itself, and `discord.clock.passes` moves both."""

    discord: LocalDiscord

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.discord.clock.now(), UTC)

    @property
    def now(self) -> datetime:
        return self()


@dataclass
class Wire:
    """The local Discord, the house, and how the bot is to connect."""

    discord: LocalDiscord
    house: Harness
    company: Company
    settings: DiscordSettings

    @contextlib.asynccontextmanager
    async def up(self, *, catches_up: bool = False, waits: bool = True, **changes: object) -> AsyncIterator[Discord]:
        """The bot is there while the block runs; `waits`: until it holds the gateway."""
        settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        bot = Discord(settings, self.house.intake, Door(self.house.intake, self.house.policy), self.house.clock)
        built = wiring.House(self.house.intake, self.house.policy, "", None)
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(bot.close)
            chat = await bot.connect()
            await stack.enter_async_context(wiring.alive(built, {"discord": chat}, self.house.clock, BEAT))
            await stack.enter_async_context(bot.listening())
            if waits:
                await self.discord.until(lambda: self.discord.gateway.open)
            if catches_up:
                await bot.caught_up()
            yield bot

    def counted(self) -> int:
        """How many messages of customers are stored, edits not counted again."""
        return self.house.one("SELECT count(DISTINCT place_id || message_id) FROM messages WHERE speaker = 'customer'")

    def stored(self) -> int:
        return self.house.one("SELECT count(*) FROM messages")

    def speakers(self) -> list[str]:
        """Whose word each stored wording is, in the order of arrival."""
        with self.house.database.connect() as connection:
            return [row[0] for row in connection.execute(text("SELECT speaker FROM messages ORDER BY id"))]

    async def hears(self, count: int) -> None:
        """Wait until so many wordings are stored."""
        await self.discord.until(lambda: self.stored() >= count)


@contextlib.asynccontextmanager
async def wired(folder: Path, **changes: object) -> AsyncIterator[Wire]:
    """A town whose team watches #support, #support-2 and the forum; nobody is connected yet."""
    async with LocalDiscord(town()) as discord, opened(sqlite_url(folder)) as house:
        discord.clock.ahead = MONDAY.timestamp() - time.time()
        house.clock = house.bot.clock = Now(discord)  # type: ignore[assignment]
        settings = DiscordSettings(
            discord.app.token, discord.api_url, discord.gateway_url, rest=0.05, guilds=0.05, history_gap=0.0,
            again=0.1, patience=0.3, terms=TERMS, **changes,  # type: ignore[arg-type]
        )  # fmt: skip
        company = await Company(house).opens(discord_team())
        yield Wire(discord, house, company, settings)
