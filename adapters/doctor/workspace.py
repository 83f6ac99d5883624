"""What Slack says of a house that can be trusted: tokens, scopes, clocks, channels, people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from adapters.doctor.household import Household
from adapters.doctor.remark import Grade, Remark, error, hint, warning
from adapters.settings import Settings
from adapters.slack.checkup import Checkup, Place, Seen, Wanted
from adapters.slack.groups import GONE
from adapters.slack.manifest import SCOPES
from adapters.slack.people import Person
from bot.domain.errors import Refused
from bot.domain.model import Membership, Team
from bot.ports import Clock

SLACK: Final = "slack:"
GROUP: Final = "group:"
SKEW: Final = timedelta(seconds=60)
REFUSED: Final = timedelta(seconds=240)
"""Beyond five minutes every request of HTTP mode is refused as replayed (slack.md 5)."""
UNSEEN: Final = frozenset({"channel_not_found", "not_in_channel"})


@dataclass(frozen=True, slots=True)
class Ours:
    """The teams' places and people in one workspace, and where each is named."""

    wanted: Wanted
    channels: Mapping[str, tuple[str, str]]
    """Channel id → the team and what the channel is to it: a key of words."""
    names: Mapping[str, tuple[str, str]]
    """User id → the team and the name it gives."""
    rota: frozenset[str]
    groups: Mapping[str, tuple[str, str]]
    """User group id → the team and the name it gives."""


async def slack_remarks(given: Settings, household: Household, clock: Clock) -> list[Remark]:
    """Everything that stands between this house and its workspace; asks, and changes nothing."""
    found = list(_settings(given))
    checkup = Checkup(given.slack_bot_token, given.slack_api_url, clock)
    try:
        await checkup.connect()
    except Refused as refused:
        return [*found, error(str(refused).replace(".", "_"), address=given.slack_api_url)]
    if given.slack_mode == "socket" and given.slack_app_token:
        word = await checkup.socket(given.slack_app_token)
        found += [error("app_token", word=word)] if word else []
    found += _scopes(checkup)
    found += _clocks(checkup.skew)
    found += _elsewhere(household, checkup.team)
    ours = ours_of(household, checkup.team, clock())
    seen = await checkup.look(ours.wanted)
    found += _channels(ours, seen)
    found += _people(ours, seen)
    found += _groups(ours, seen)
    return found


def ours_of(household: Household, workspace: str, now: datetime) -> Ours:
    """What of the teams stands in this workspace."""
    here = f"{SLACK}{workspace}:"

    def ids(accounts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(account.removeprefix(here) for account in accounts if account.startswith(here))

    channels: dict[str, tuple[str, str]] = {}
    names: dict[str, tuple[str, str]] = {}
    watched: list[str] = []
    inside: list[str] = []
    on_call: list[str] = []
    rota: set[str] = set()
    for team in household.teams:
        for kind, places in (
            ("watched", team.channels), ("alert", (team.alert_channel,)), ("leads", (team.leads_channel,)),
        ):  # fmt: skip
            for id in ids(places):
                channels.setdefault(id, (team.name, kind))
                (watched if kind == "watched" else inside).append(id)
        for person in team.staff:
            names |= {id: (team.name, person.name) for id in ids((person.account,))}
        members = ids(team.rota.members if team.rota else ())
        rota.update(members)
        for id in members:
            names.setdefault(id, (team.name, ""))
        on_call += ids((household.turn(team, now),))
    groups = {
        one.account.removeprefix(f"{here}{GROUP}"): (team.name, one.name)
        for team in household.teams for one in team.groups if one.account.startswith(f"{here}{GROUP}")
    }  # fmt: skip
    wanted = Wanted(tuple(watched), tuple(inside), tuple(names), tuple(on_call), tuple(groups))
    return Ours(wanted, channels, names, frozenset(rota), groups)


def _settings(given: Settings) -> Iterator[Remark]:
    if given.slack_mode not in ("socket", "http"):
        yield error("slack_mode", mode=given.slack_mode)
    if given.slack_mode == "socket" and not given.slack_app_token:
        yield error("app_token_missing")
    if given.slack_mode == "http" and not given.slack_signing_secret:
        yield error("secret_missing")


def _scopes(checkup: Checkup) -> Iterator[Remark]:
    missing = sorted(set(SCOPES) - checkup.scopes) if checkup.scopes is not None else []
    if missing:
        yield error("scopes", scopes=", ".join(missing))


def _clocks(skew: timedelta) -> Iterator[Remark]:
    if abs(skew) >= SKEW:
        grade = Grade.ERROR if abs(skew) >= REFUSED else Grade.WARNING
        key = "clock_ahead" if skew > timedelta() else "clock_behind"
        yield Remark(grade, key, (("seconds", int(abs(skew).total_seconds())),))


def _elsewhere(household: Household, workspace: str) -> Iterator[Remark]:
    """The token is for one workspace; what teams name of others is not reached with it."""
    here = f"{SLACK}{workspace}"
    for team in household.teams:
        named = _slack_places(team)
        far = [place for place in named if not place.startswith(f"{here}:")]
        if far:
            yield warning("other_workspace", team=team.name, channels=", ".join(far), workspace=workspace)
        if len(far) < len(named) and here not in team.workspaces:
            yield warning("workspace_not_ours", team=team.name, workspace=here)


def _slack_places(team: Team) -> list[str]:
    places = (*team.channels, team.alert_channel, team.leads_channel)
    return [place for place in dict.fromkeys(places) if place.startswith(SLACK)]


def _channels(ours: Ours, seen: Seen) -> Iterator[Remark]:
    for id, place in seen.places.items():
        team, kind = ours.channels[id]
        where = {"team": team, "channel": f"#{place.name}" if place.name else id}
        fault = _fault(place, kind)
        if fault is not None:
            yield error(fault, **where)
        elif place.fault and place.fault != "missing_scope":
            yield warning("unasked_channel", word=place.fault, **where)
        if not place.inside:
            yield error("outsiders" if place.outsiders else "shared", count=place.outsiders, **where)


def _fault(place: Place, kind: str) -> str | None:
    """Why the bot can do nothing in this channel; None: it can, or Slack did not say."""
    if place.archived:
        return "archived"
    if place.fault in UNSEEN or not (place.fault or place.member):
        return "not_in_watched" if kind == "watched" else "not_in_own"
    return None


def _people(ours: Ours, seen: Seen) -> Iterator[Remark]:
    for id, found in seen.people.items():
        team, name = ours.names[id]
        where = {"team": team, "who": f"{name} ({id})" if name else id}
        grade = Grade.ERROR if id in ours.rota else Grade.WARNING
        on_rota = "_on_rota" if id in ours.rota else ""
        if isinstance(found, Person):
            if found.membership is Membership.UNKNOWN:
                yield Remark(grade, f"person_unknown{on_rota}", tuple(where.items()))
            elif found.gone:
                yield Remark(grade, f"person_gone{on_rota}", tuple(where.items()))
            elif not found.inside:
                yield Remark(grade, "person_outside", tuple(where.items()))
        elif found != "missing_scope":
            yield warning("unasked_person", word=found, **where)
    for id in seen.resting:
        yield hint("resting", team=ours.names[id][0], who=ours.names[id][1] or id)


def _groups(ours: Ours, seen: Seen) -> Iterator[Remark]:
    """A group that nobody is in gives nobody a role."""
    for id, found in seen.groups.items():
        team, name = ours.groups[id]
        where = {"team": team, "group": f"{name} ({id})" if name else id}
        if found in GONE:
            yield warning("group_gone", **where)
        elif found == 0:
            yield warning("group_empty", **where)
        elif isinstance(found, str) and found != "missing_scope":
            yield warning("unasked_group", word=found, **where)
