"""Our own people: who somebody is, which team a channel has, and whom a step of a ping calls (rules.md 7)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.access import DUTY
from bot.domain.calendar import SupportCalendar
from bot.domain.model import Actor, Override, Role, Team
from bot.domain.oncall import on_call, second
from bot.domain.policy import StepTarget

OPERATOR: Final = "cli:"
NOBODY: Final = Team("", "", (), ())
_ROLES: Final = {
    StepTarget.SUPERVISORS: (Role.SUPERVISOR,),
    StepTarget.LEADS: (Role.LEAD,),
    StepTarget.DECISION_MAKERS: (Role.DECISION_MAKER,),
    StepTarget.LEGAL: (Role.LEGAL,),
}


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a step calls; `nobody_on_call`: others are called because nobody is on call."""

    people: tuple[str, ...]
    nobody_on_call: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    """The teams as the rows know them."""

    teams: tuple[Team, ...]

    def team(self, name: str) -> Team:
        """The team of this name; one without people where it was ended meanwhile."""
        return next((team for team in self.teams if team.name == name), NOBODY)

    def team_of(self, channel: str) -> Team | None:
        """The team that watches a channel."""
        return next((team for team in self.teams if channel in team.channels), None)

    def first(self, *channels: str) -> Team:
        """The team of the first of these channels that has one, else the first team."""
        found = next((team for channel in channels if (team := self.team_of(channel))), None)
        return found or (self.teams[0] if self.teams else NOBODY)

    def actor(self, account: str) -> Actor:
        """An account with its rights; an operator at the machine is `cli:name`."""
        if account.startswith(OPERATOR):
            return Actor(account, account.removeprefix(OPERATOR), operator=True)
        found = {t.name: frozenset(p.roles) for t in self.teams for p in t.staff if p.account == account}
        return Actor(account, self.name(account), found)

    def name(self, account: str) -> str:
        """The name that the teams give; the bare id where they give none."""
        named = (p.name for t in self.teams for p in t.staff if p.account == account and p.name)
        return next(named, account.rpartition(":")[2])

    def names(self, accounts: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.name(account) for account in accounts)

    def judges(self, team: str) -> tuple[str, ...]:
        """Accounts that may judge a team's incidents: supervisors, leads, decision makers; of all teams if it ended."""
        found = self.team(team)
        teams = self.teams if found is NOBODY else (found,)
        return tuple(dict.fromkeys(account for one in teams for account in with_roles(one, *DUTY)))


def calendar_of(team: Team, calendar: SupportCalendar, zone: str) -> SupportCalendar:
    """When the desk answers: the team's own hours where it has some, else the pack's (rules.md 6), read in `zone`."""
    return replace(calendar, zone=zone, week=team.hours or calendar.week)


def with_roles(team: Team, *roles: Role) -> tuple[str, ...]:
    """The accounts of a team that hold one of these roles."""
    return tuple(person.account for person in team.staff if set(person.roles) & set(roles))


def keepers(team: Team) -> tuple[str, ...]:
    """Who is told what is wrong with the bot itself."""
    return with_roles(team, Role.ADMIN) or with_roles(team, Role.LEAD) or with_roles(team, Role.SUPERVISOR)


def called(
    team: Team, target: StepTarget, overrides: Sequence[Override], at: datetime, asking: frozenset[str]
) -> Called:
    """Whom a step calls now. Nobody on call: all supervisors, else leads, else (nobody) the alert channel alone.

    `asking`: whoever asks for help is not called to help; the next in line is.
    """
    if target in (StepTarget.ON_CALL, StepTarget.SECOND):
        turns = _line(team, standing_in(team, overrides), at)
        line = _without(turns, asking)
        if target is StepTarget.SECOND:
            return Called(_second(team, line, asking) if turns else ())
        return Called(line[:1] or _instead(team, asking), nobody_on_call=not turns)
    return Called(_without(with_roles(team, *_ROLES[target]), asking))


def instead(team: Team) -> tuple[str, ...]:
    """Who is called while nobody is on call."""
    return _instead(team, frozenset())


def _instead(team: Team, asking: frozenset[str]) -> tuple[str, ...]:
    supervisors = _without(with_roles(team, Role.SUPERVISOR), asking)
    return supervisors or _without(with_roles(team, Role.LEAD, Role.DECISION_MAKER), asking)


def standing_in(team: Team, overrides: Sequence[Override]) -> tuple[Override, ...]:
    """The overrides that still hold: whoever lost the role or left the team stands in for nobody."""
    able = with_roles(team, *DUTY)
    return tuple(override for override in overrides if override.account in able)


def _line(team: Team, overrides: Sequence[Override], at: datetime) -> tuple[str, ...]:
    """Whoever is on call, then the rotation from the next one on; empty while nobody is on call."""
    turn = on_call(team.rota, overrides, at)
    if turn is None:
        return ()
    following = second(team.rota, overrides, at)
    members = team.rota.members if team.rota else ()
    place = members.index(following) if following is not None else 0
    return tuple(dict.fromkeys((turn.account, *members[place:], *members[:place])))


def _second(team: Team, line: tuple[str, ...], asking: frozenset[str]) -> tuple[str, ...]:
    """The next of the rotation, else the supervisors whom the first step did not call."""
    if line[1:]:
        return line[1:2]
    return _without(with_roles(team, Role.SUPERVISOR), asking | set(line)) if line else ()


def _without(accounts: tuple[str, ...], asking: frozenset[str]) -> tuple[str, ...]:
    return tuple(account for account in accounts if account not in asking)
