"""Teams of a file become rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.events import TeamsApplied
from bot.domain.model import Team
from bot.domain.notices import Applied
from bot.domain.policy import Policy
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
    before = {team.name: team for team in uow.teams.all()}
    uow.teams.apply(event.teams, event.source)
    after = uow.teams.all()
    for name in sorted(before.keys() - {team.name for team in after}):
        heir = _heir(before[name], after, before)
        if heir is not None:
            uow.duty.hand_over(name, heir.name, renamed=heir.name not in before)
        facts = {"source": event.source, "handed_over_to": heir.name if heir else None}
        uow.audit.append(now, event.actor, "team.ended", f"team:{name}", facts)
    for team in event.teams:
        people = [{"account": p.account, "roles": list(p.roles)} for p in team.staff]
        rota = [*team.rota.members, team.rota.starts_on.isoformat(), team.rota.days] if team.rota else None
        detail = {
            "source": event.source, "zone": team.zone, "channels": list(team.channels), "staff": people,
            "alert_channel": team.alert_channel, "leads_channel": team.leads_channel, "language": team.language,
            "rota": rota,
        }  # fmt: skip
        uow.audit.append(now, event.actor, "team.applied", f"team:{team.name}", detail)
    memory.clear()
    return Applied("teams", tuple(team.name for team in event.teams))
