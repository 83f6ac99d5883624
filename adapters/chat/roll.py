"""Which channels are watched and who is listed, as the rows said a moment ago: asked again and again by an adapter."""

import asyncio
import logging
from collections.abc import Callable
from time import monotonic
from typing import Final

from bot.domain.questions import TeamsAsked, TeamsShown
from bot.domain.roster import NOBODY, Roster
from bot.intake import Intake

LOG: Final = logging.getLogger("kasuhara.chat")
KEPT: Final = 5.0
"""Seconds that a change of the teams may take until an adapter knows of it."""
KNOWN: Final = 1.2
"""Seconds that an act waits for the rows to say who acts; what is done needs the rest of three."""
OLD: Final = 600.0
"""Seconds for which the teams are believed that the rows do not say anew in time."""


class Roll:
    """The teams, read from rows once for all who wait, and at most every few seconds where that is enough."""

    def __init__(self, intake: Intake, clock: Callable[[], float] = monotonic) -> None:
        self._intake = intake
        self._clock = clock
        self._known: tuple[float, Roster] | None = None
        self._reading: tuple[float, asyncio.Task[Roster]] | None = None
        self._changed = float("-inf")
        """What was begun to be read before is not the teams of now."""

    async def now(self, kept: float = KEPT) -> Roster:
        """The teams as of no more than `kept` seconds ago; what reading them raises where they could not be read."""
        if self._known is not None and self._known[0] >= self._changed and self._clock() - self._known[0] < kept:
            return self._known[1]
        began, reading = self._reading or (float("-inf"), None)
        if reading is None or reading.done() or began < self._changed or self._clock() - began >= KEPT:
            began = self._clock()
            reading = asyncio.create_task(self._read(began))
            reading.add_done_callback(_looked_at)
            self._reading = began, reading
        return await asyncio.shield(reading)

    async def soon(self, until: float) -> Roster | None:
        """For an act that has to be answered at `until`, on the loop's clock: the teams as they are; where the rows do
        not say so in time, as they were a while ago, or None."""
        try:
            async with asyncio.timeout_at(min(until, asyncio.get_running_loop().time() + KNOWN)):
                return await self.now(kept=0.0)
        except Exception as error:
            LOG.info("teams.late error=%s", type(error).__name__)
        return self._known[1] if self._known is not None and self._clock() - self._known[0] < OLD else None

    def forget(self) -> None:
        """The teams have just been changed: they are read anew."""
        self._changed = self._clock()

    async def watched(self) -> frozenset[str]:
        """Every channel that a team watches, `platform:workspace:channel`."""
        return frozenset(channel for team in (await self.now()).teams for channel in team.channels)

    async def listed(self) -> frozenset[str]:
        """Everybody whom a team lists, people and groups of people."""
        return frozenset(one.account for team in (await self.now()).teams for one in (*team.staff, *team.groups))

    async def _read(self, began: float) -> Roster:
        shown = await self._intake.ask(TeamsAsked())
        if not isinstance(shown, TeamsShown):
            raise TypeError(shown)
        roster = Roster(shown.teams)
        if self._known is None or began >= self._known[0]:
            self._known = began, roster
        return roster


def language_of(roster: Roster | None, account: str, place: str = "") -> str:
    """Of the team that lists this account, else of the one that watches this channel, else of the first."""
    team = roster.team(roster.actor(account).team) if roster else NOBODY
    if roster and team is NOBODY:
        team = roster.first(place)
    return team.language if team is not NOBODY else "ja"


def _looked_at(reading: "asyncio.Task[Roster]") -> None:
    """Whoever waited may have gone: nobody has to be warned of its error."""
    if not reading.cancelled():
        reading.exception()
