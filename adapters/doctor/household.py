"""What the rows say of a house that can be trusted: teams with people to call, nothing undelivered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from adapters.doctor.remark import Remark, error, hint, warning
from bot.domain.access import DUTY
from bot.domain.model import Mode, Override, Role, Team
from bot.domain.oncall import on_call
from bot.domain.roster import instead, standing_in, with_roles
from bot.ports import UnitOfWork

LATE: Final = timedelta(minutes=10)
"""A post that could have gone out this long ago: nobody is sending."""
LATELY: Final = timedelta(days=7)
"""How far back posts are counted that were given up."""


@dataclass(frozen=True, slots=True)
class Household:
    """The rows that the doctor looks at."""

    teams: tuple[Team, ...] = ()
    overrides: tuple[Override, ...] = ()
    """Running and coming ones of all teams."""
    monitored: tuple[str, ...] = ()
    """Teams in monitor mode."""
    waiting: int = 0
    next_due: datetime | None = None
    lost: int = 0

    def turn(self, team: Team, now: datetime) -> str:
        """The account that is on call; "" for nobody."""
        own = [override for override in self.overrides if override.team == team.name]
        found = on_call(team.rota, standing_in(team, own), now)
        return found.account if found else ""


def gathered(uow: UnitOfWork, now: datetime, *, posts: bool = True) -> Household:
    """Read once; nothing is written. Without `posts` the record, which may be long, is not read."""
    teams = uow.teams.all()
    entries = uow.audit.entries() if posts else []
    given_up = [e for e in entries if e.action == "post.lost" and e.at >= now - LATELY]
    return Household(
        teams=teams, overrides=tuple(one for team in teams for one in uow.duty.overrides(team.name, now)),
        monitored=tuple(team.name for team in teams if uow.duty.mode(team.name) is Mode.MONITOR),
        waiting=len(uow.outbox.waiting()), next_due=uow.outbox.next_due(), lost=len(given_up),
    )  # fmt: skip


def household_remarks(household: Household, now: datetime) -> Iterator[Remark]:
    """What is missing before this house can be trusted, team by team."""
    if not household.teams:
        yield error("no_teams")
    for team in household.teams:
        yield from _people(household, team, now)
        yield from _places(team)
        if team.name in household.monitored:
            yield warning("monitor", team=team.name)
    yield from _shared_places(household.teams)
    yield from _overrides(household)
    yield from _posts(household, now)
    yield hint("audit")
    yield hint("notice")


def _people(household: Household, team: Team, now: datetime) -> Iterator[Remark]:
    if not instead(team):
        yield error("nobody_to_call", team=team.name)
    elif not household.turn(team, now):
        yield warning("nobody_on_call", team=team.name, count=len(instead(team)))
    for role, key in (
        (Role.SUPERVISOR, "no_supervisor"), (Role.LEAD, "no_lead"), (Role.ADMIN, "no_admin"), (Role.HR_CARE, "no_care"),
    ):  # fmt: skip
        if not with_roles(team, role):
            yield warning(key, team=team.name)
    able = with_roles(team, *DUTY)
    for member in team.rota.members if team.rota else ():
        if member not in able:
            yield warning("rota_without_role", team=team.name, who=_named(team, member))


def _places(team: Team) -> Iterator[Remark]:
    if not team.channels:
        yield warning("no_channels", team=team.name)
    if not team.alert_channel:
        yield warning("no_alert_channel", team=team.name)


def _shared_places(teams: Sequence[Team]) -> Iterator[Remark]:
    """A channel belongs to one team, and its own channels are watched by none."""
    for number, team in enumerate(teams):
        for channel in team.channels:
            other = next((one.name for one in teams[:number] if channel in one.channels), None)
            if other is not None:
                yield warning("watched_twice", team=other, other=team.name, channel=channel)
    watched = {channel for team in teams for channel in team.channels}
    for team in teams:
        for channel in dict.fromkeys((team.alert_channel, team.leads_channel)):
            if channel in watched:
                yield error("own_channel_watched", team=team.name, channel=channel)


def _overrides(household: Household) -> Iterator[Remark]:
    teams = {team.name: team for team in household.teams}
    for override in household.overrides:
        team = teams[override.team]
        if override.account not in with_roles(team, *DUTY):
            yield warning("override_gone", team=team.name, who=_named(team, override.account))


def _posts(household: Household, now: datetime) -> Iterator[Remark]:
    if household.next_due is not None and household.next_due < now - LATE:
        minutes = int((now - household.next_due).total_seconds() // 60)
        yield error("posts_late", count=household.waiting, minutes=minutes)
    if household.lost:
        yield warning("posts_lost", count=household.lost, days=LATELY.days)


def _named(team: Team, account: str) -> str:
    """The name that the team gives, with the account."""
    name = next((person.name for person in team.staff if person.account == account), "")
    return f"{name} ({account})" if name else account
