"""Roles of Discord that teams list: who holds one becomes a row, when they speak or act and every few minutes.

Nobody tells who holds a role without the members intent; each is looked at by itself (discord.md 18).
"""

import asyncio
import contextlib
import logging
from typing import Final

from adapters.chat.asking import KEPT
from adapters.chat.bounded import Bounded
from adapters.chat.roll import Roll
from adapters.discord.people import UNANSWERED, People, Person
from bot.domain.events import MemberSeen
from bot.domain.model import Membership
from bot.domain.roster import Roster
from bot.intake import Intake

LOG: Final = logging.getLogger("kasuhara.discord")
MARK: Final = ":group:"
MET: Final = 10_000
"""People of whom is remembered which roles the rows know."""


class Groups:
    """`meets` before anything that somebody said or did goes in, so that the rows know what they may."""

    def __init__(self, people: People, roll: Roll, intake: Intake) -> None:
        self._people = people
        self._roll = roll
        self._intake = intake
        self._met: Bounded[str, tuple[str, ...]] = Bounded(MET)

    async def meets(self, person: Person) -> None:
        """Let the rows know which listed roles somebody holds; committed when it returns, and asked once."""
        if person.membership is Membership.BOT:
            return
        account, here = f"discord:{person.guild}:{person.id}", f"discord:{person.guild}{MARK}"
        listed = await self._roll.listed()
        held = tuple(group for role in person.roles if (group := f"{here}{role}") in listed)
        if self._met.get(account) == held and _stands(await self._roll.now(), account, held):
            return
        if held or account in self._met or account in await self._by_role():
            await self._intake.submit(MemberSeen(account=account, name=person.name, groups=held))
            self._roll.forget()
        self._met[account] = held

    async def looks(self, user: str) -> None:
        """Somebody acts where no server is: they are looked up in every server of our teams."""
        for guild in sorted({one.split(":")[1] for one in await self._roll.listed() if one.startswith("discord:")}):
            _, person = await self._people.membership(guild, user)
            if person is not None:
                await self.meets(person)

    async def mind(self, beat: float = KEPT) -> None:
        """Look again at whoever holds something by a role, until cancelled: a role may be taken from them silently."""
        while True:
            await asyncio.sleep(beat)
            try:
                await self._look_again()
            except Exception as error:  # the rows could not be asked or written: at the next beat
                LOG.warning("discord.groups error=%s", type(error).__name__)

    async def _look_again(self) -> None:
        for account in await self._by_role():
            _, guild, user = account.split(":")
            with contextlib.suppress(*UNANSWERED):
                await self.meets(await self._people.person(guild, user, kept=0.0))

    async def _by_role(self) -> list[str]:
        """Accounts on Discord that hold something only by a role."""
        staff = (one for team in (await self._roll.now()).teams for one in team.staff)
        return sorted({one.account for one in staff if one.by_group and one.account.startswith("discord:")})


def _stands(roster: Roster, account: str, held: tuple[str, ...]) -> bool:
    """Whether the rows give this person what these groups give; a team may have been written anew."""
    for team in roster.teams if held else ():
        given = {role for group in team.groups if group.account in held for role in group.roles}
        has = {role for one in team.staff if one.account == account for role in one.roles}
        if not given <= has:
            return False
    return True
