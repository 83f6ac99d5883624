"""Who acts on Slack, and where: a person with their language and clock, asked of Slack no longer than anybody waits."""

import asyncio
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from adapters.chat.roll import Roll, language_of
from adapters.commands import COMMAND, Asker
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
    listed: bool | None
    """Whether a team lists them; None: the rows did not say."""

    @property
    def unknown(self) -> bool:
        """Neither Slack nor a team's list says that this is one of our own people, or that it is not."""
        return self.person is None and not self.listed

    @property
    def outside(self) -> bool:
        """Slack says that this is a guest or somebody from elsewhere; no list makes them ours (slack.md 24)."""
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

    def __init__(self, people: People, roll: Roll, clock: Clock, command: str = COMMAND) -> None:
        """`command`: as the company has named it, until Slack says otherwise."""
        self._people = people
        self._roll = roll
        self._clock = clock
        self._command = command

    def named(self, command: str) -> None:
        """As Slack says that the command was typed."""
        self._command = command or self._command

    async def who(self, user: str, channel: str, until: float) -> Who:
        """Neither Slack nor the rows are waited for longer than a person can wait, who is to be answered at `until`."""
        (_, person), roster = await asyncio.gather(self._people.membership(user), self._roll.soon(until))
        here = self._people.me.team
        account = f"slack:{(person.team if person else '') or here}:{user}"
        place = f"slack:{here}:{channel}" if channel and not channel.startswith("D") else ""
        asker = Asker(
            account=account, language=(person.language if person else "") or language_of(roster, account, place),
            zone=_known(person.zone) if person else "", now=self._clock(), place=place, command=self._command,
        )  # fmt: skip
        return Who(user, channel, asker, person, roster.actor(account).inside if roster else None)


def _known(zone: str) -> str:
    """A zone that can be reckoned in, else ""."""
    try:
        return ZoneInfo(zone).key if zone else ""
    except (ValueError, OSError, KeyError):
        return ""
