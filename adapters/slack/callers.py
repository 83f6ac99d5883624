"""Who acts on Slack, and where: a person with their language and clock, asked of Slack no longer than anybody waits."""

import contextlib
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from adapters.commands import Asker
from adapters.slack.people import People, Person
from bot.ports import Clock


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, and where."""

    user: str
    channel: str
    asker: Asker
    person: Person | None
    """None: Slack did not say in time; then only the teams' lists decide."""

    @property
    def outside(self) -> bool:
        return self.person is not None and (not self.person.inside or self.person.gone)

    @property
    def ours(self) -> bool:
        """Slack says that this is a full member of our workspace."""
        return self.person is not None and not self.outside

    @property
    def admin(self) -> bool:
        """Slack says that this member administers our workspace."""
        return self.person is not None and self.ours and self.person.admin

    @property
    def language(self) -> str:
        return self.asker.language


class Callers:
    """Tells who acts."""

    def __init__(self, people: People, clock: Clock) -> None:
        self._people = people
        self._clock = clock

    async def who(self, user: str, channel: str) -> Who:
        """Slack is not waited for longer than a person can wait."""
        person: Person | None = None
        with contextlib.suppress(Exception):
            _, person = await self._people.membership(user)
        team = (person.team if person else "") or self._people.me.team
        place = f"slack:{self._people.me.team}:{channel}" if channel and not channel.startswith("D") else ""
        asker = Asker(
            account=f"slack:{team}:{user}", language=person.language if person else "ja",
            zone=_known(person.zone) if person else "", now=self._clock(), place=place,
        )  # fmt: skip
        return Who(user, channel, asker, person)


def _known(zone: str) -> str:
    """A zone that can be reckoned in, else ""."""
    try:
        return ZoneInfo(zone).key if zone else ""
    except (ValueError, OSError, KeyError):
        return ""
