"""Which channels are watched and who is listed, as the rows said a moment ago: asked again and again by an adapter."""

from collections.abc import Callable
from time import monotonic
from typing import Final

from bot.domain.questions import TeamsAsked, TeamsShown
from bot.domain.roster import Roster
from bot.intake import Intake

KEPT: Final = 5.0
"""Seconds that a change of the teams may take until an adapter knows of it."""


class Roll:
    """The teams, read from rows at most every few seconds."""

    def __init__(self, intake: Intake, clock: Callable[[], float] = monotonic) -> None:
        self._intake = intake
        self._clock = clock
        self._known: tuple[float, Roster] | None = None

    async def now(self) -> Roster:
        """The teams; what reading them raises where they could not be read."""
        if self._known is None or self._clock() - self._known[0] >= KEPT:
            began = self._clock()
            shown = await self._intake.ask(TeamsAsked())
            self._known = (began, Roster(shown.teams if isinstance(shown, TeamsShown) else ()))
        return self._known[1]

    def forget(self) -> None:
        """The teams have just been changed: they are read anew."""
        self._known = None

    async def watched(self) -> frozenset[str]:
        """Every channel that a team watches, `platform:workspace:channel`."""
        return frozenset(channel for team in (await self.now()).teams for channel in team.channels)

    async def listed(self) -> frozenset[str]:
        """Everybody whom a team lists, people and groups of people."""
        return frozenset(one.account for team in (await self.now()).teams for one in (*team.staff, *team.groups))
