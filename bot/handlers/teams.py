"""Teams of a file or of a chat become rows; user groups bring their members."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.access import DUTY
from bot.domain.audit import SYSTEM
from bot.domain.errors import Refused, Stale
from bot.domain.events import GroupSeen, MemberSeen, TeamsApplied, TeamSetUp
from bot.domain.model import Team
from bot.domain.notices import Applied
from bot.domain.policy import Policy
from bot.domain.roster import Roster, with_roles
from bot.handlers import rights
from bot.handlers.memory import Memory
from bot.ports import UnitOfWork


def _heir(ended: Team, teams: Sequence[Team], before: Mapping[str, Team]) -> Team | None:
    """Who goes on with the matters of a team that ended: the new name of the same team, else the nearest one."""

    def nearness(team: Team) -> tuple[int, int, bool]:
        people = {person.account for person in ended.staff} & {person.account for person in team.staff}
        return len(set(ended.channels) & set(team.channels)), len(people), team.name not in before

    return max(teams, key=nearness, default=None)


def apply(event: TeamsApplied, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """Make the file's teams the rows of its source; what other sources wrote stays."""
    uow.teams.alone()
    before, sources = {team.name: team for team in uow.teams.all()}, uow.teams.sources()
    uow.teams.apply(event.teams, event.source)
    after = uow.teams.all()
    for name in sorted(before.keys() - {team.name for team in after}):
        heir = _heir(before[name], after, before)
        if heir is not None:
            uow.duty.hand_over(name, heir.name, renamed=heir.name not in before)
        facts = {"source": event.source, "handed_over_to": heir.name if heir else None}
        uow.audit.append(now, event.actor, "team.ended", f"team:{name}", facts)
    for team in event.teams:
        detail = _facts(team, event.source, sources.get(team.name, ""))
        uow.audit.append(now, event.actor, "team.applied", f"team:{team.name}", detail)
    memory.clear()
    return Applied("teams", tuple(team.name for team in event.teams))


def _facts(team: Team, source: str, before: str) -> dict[str, object]:
    """What the record keeps of a team; `before` is the source that wrote it last."""
    people = [{"account": p.account, "roles": list(p.roles)} for p in team.listed]
    rota = [*team.rota.members, team.rota.starts_on.isoformat(), team.rota.days] if team.rota else None
    week = [[f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in day] for day in team.hours]
    return {
        "source": source, "zone": team.zone, "channels": list(team.channels), "staff": people,
        "alert_channel": team.alert_channel, "leads_channel": team.leads_channel, "language": team.language,
        "rota": rota, **({"hours": week} if week else {}),
        **({"replaced": before} if before not in ("", source) else {}),
    }  # fmt: skip


def set_up(event: TeamSetUp, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """Write one team as somebody filled it in; Refused where customers could read our own channel, where nobody could
    be called, and over what somebody else wrote meanwhile."""
    team, source = event.team, event.source
    uow.teams.alone()
    if rights.refused(event, uow, policy, now):  # somebody else was first, since that was asked
        raise Stale("teams")
    roster = Roster(uow.teams.all())
    known = roster.team(team.name)
    if event.over is not None and replace(event.over, staff=event.over.listed) != replace(known, staff=known.listed):
        raise Refused("setup.changed")
    _check(team, [other for other in roster.teams if other.name != team.name])
    before = uow.teams.sources().get(team.name, "")
    uow.teams.put(team, source)
    uow.audit.append(now, event.actor, "team.applied", f"team:{team.name}", _facts(team, source, before))
    memory.clear()
    return Applied("teams", (team.name,))


def _check(team: Team, others: Sequence[Team]) -> None:
    if not team.name.strip():
        raise Refused("setup.name")
    watched = {channel for other in others for channel in other.channels}
    if watched & set(team.channels):
        raise Refused("setup.channel_taken")
    ours = {channel for other in others for channel in (other.alert_channel, other.leads_channel)}
    own = {team.alert_channel, team.leads_channel} - {""}
    if own & (watched | set(team.channels)) or (ours - {""}) & set(team.channels):
        raise Refused("setup.own_channel")
    if not any(set(one.roles) & DUTY for one in team.listed):
        raise Refused("setup.nobody")
    if team.rota is not None and not set(team.rota.members) <= set(with_roles(team, *DUTY)):
        raise Refused("setup.rota")


def group_seen(event: GroupSeen, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """Whoever is in a user group holds what teams give to it, and nobody who left it does."""
    moved: list[str] = []
    for team, (joined, left) in uow.teams.fill(event.group, event.members).items():
        facts = {"group": event.group, "joined": list(joined), "left": list(left)}
        uow.audit.append(now, SYSTEM, "team.group", f"team:{team}", facts)
        moved += [*joined, *left]
    if moved:
        memory.clear()
    return Applied(event.group, tuple(dict.fromkeys(moved)))


def member_seen(event: MemberSeen, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """Somebody holds what teams give to the groups that they are in, and to no others."""
    changed = uow.teams.meet(event.account, event.name, event.groups)
    for team, (joined, left) in changed.items():
        facts = {"person": event.account, "joined": list(joined), "left": list(left)}
        uow.audit.append(now, SYSTEM, "team.member", f"team:{team}", facts)
    if changed:
        memory.clear()
    return Applied(event.account, tuple(changed))
