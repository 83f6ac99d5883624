"""Teams of a file become rows."""

from datetime import datetime

from bot.domain.events import TeamsApplied
from bot.domain.notices import Applied
from bot.domain.policy import Policy
from bot.handlers.memory import Memory
from bot.ports import UnitOfWork


def apply(event: TeamsApplied, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> Applied:
    """Make the file's teams the rows of its source; what other sources wrote stays."""
    before = {team.name for team in uow.teams.all()}
    uow.teams.apply(event.teams, event.source)
    for name in sorted(before - {team.name for team in uow.teams.all()}):
        uow.audit.append(now, event.actor, "team.ended", f"team:{name}", {"source": event.source})
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
