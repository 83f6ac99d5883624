"""Who acts on Discord, and where: a person whom the teams' rows know or do not, with their language and clock."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any, Final

import discord

from adapters.chat import Door
from adapters.chat.roll import language_of
from adapters.commands import Asker
from adapters.discord.people import People
from bot.domain.roster import Roster
from bot.ports import Clock

ENOUGH: Final = 1.5
"""Seconds to learn who acts, all in all: the first answer has to be there within three."""
NOWHERE: Final = "0"
"""The server of whom no team lists."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, and where."""

    user: int
    asker: Asker
    ours: bool | None
    """Whether a team lists them; None: the rows did not say in time."""

    @property
    def unknown(self) -> bool:
        return self.ours is None

    @property
    def outside(self) -> bool:
        return self.ours is False

    @property
    def language(self) -> str:
        return self.asker.language


class Callers:
    """Tells who acts. A server has customers among its members, so that only the teams' lists say who is ours."""

    def __init__(self, people: People, door: Door, clock: Clock) -> None:
        self._people = people
        self._door = door
        self._clock = clock

    async def acting(self, interaction: "discord.Interaction[Any]", until: float) -> Who:
        """Who did this, and is to be answered at `until`; a thread counts as the channel it hangs on."""
        channel, place = interaction.channel, interaction.channel_id
        if isinstance(channel, discord.Thread):
            place = channel.parent_id
        language = "ja" if str(interaction.locale).startswith("ja") else "en"
        guild = str(interaction.guild_id) if interaction.guild_id else None
        return await self.who(interaction.user.id, until, guild, str(place or ""), language)

    async def who(
        self, user: int, until: float, guild: str | None = None, channel: str = "", language: str = ""
    ) -> Who:
        """In a direct conversation the server is the one whose team lists them, unless they left it. `language` where
        Discord tells theirs; else their team's."""
        enough = min(until, asyncio.get_running_loop().time() + ENOUGH)
        roster = await self._door.roll.soon(until)
        account = f"discord:{guild}:{user}" if guild else await self._known(roster, user, enough)
        actor = roster.actor(account) if roster else None
        team = roster.team(actor.team) if roster and actor else None
        place = f"discord:{guild}:{channel}" if guild and channel else ""
        asker = Asker(
            account=account, language=language or language_of(roster, account, place),
            zone=(team.zone if team else "") or self._door.policy.calendar.zone, now=self._clock(), place=place,
        )  # fmt: skip
        return Who(user, asker, actor.inside if actor else None)

    async def _known(self, roster: Roster | None, user: int, until: float) -> str:
        """The account of somebody who writes to the bot directly; whoever left the server is a stranger."""
        account = _listed(roster, user)
        _, guild, _ = account.split(":")
        if guild == NOWHERE:
            return account
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                _, person = await self._people.membership(guild, str(user))
                return _stranger(user) if person is not None and person.gone else account
        return account


def _listed(roster: Roster | None, user: int) -> str:
    """The account under which a team lists somebody, by their number alone."""
    accounts = [person.account for team in roster.teams for person in team.staff] if roster else []
    found = (one for one in accounts if one.startswith("discord:") and one.rpartition(":")[2] == str(user))
    return next(found, _stranger(user))


def _stranger(user: int) -> str:
    return f"discord:{NOWHERE}:{user}"
