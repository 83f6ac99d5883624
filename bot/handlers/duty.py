"""Who stands in, and whether detections may call people (rules.md 7)."""

from datetime import datetime

from bot.domain.errors import NotFound, Refused
from bot.domain.events import ModeSet, OverrideSet
from bot.domain.model import Mode, Override, Team
from bot.domain.notices import ModeChanged, OverrideRecorded
from bot.domain.policy import Policy
from bot.domain.roster import NOBODY, Roster, instead
from bot.ports import UnitOfWork


def stand_in(event: OverrideSet, uow: UnitOfWork, policy: Policy, now: datetime) -> OverrideRecorded:
    """Somebody takes the rota's place from `start` to `end`; the override made last wins."""
    roster = Roster(uow.teams.all())
    team = _team(event.team, roster)
    if event.end <= event.start or event.end <= now:
        raise Refused("override.times")
    stored = uow.duty.add_override(Override(0, team.name, event.account, event.start, event.end, event.actor, now))
    detail = {"account": event.account, "start": event.start.isoformat(), "end": event.end.isoformat()}
    uow.audit.append(now, event.actor, "override.set", f"team:{team.name}", {"override": stored.id, **detail})
    zone = team.rota.zone if team.rota else team.zone
    return OverrideRecorded(team.name, roster.name(event.account), event.start, event.end, zone)


def set_mode(event: ModeSet, uow: UnitOfWork, policy: Policy, now: datetime) -> ModeChanged:
    """Live only where a ping can reach somebody (S4-12)."""
    team = _team(event.team, Roster(uow.teams.all()))
    if event.mode is Mode.LIVE and not instead(team):
        raise Refused("mode.nobody")
    before = uow.duty.mode(team.name)
    if before is not event.mode:
        uow.duty.set_mode(team.name, event.mode, now, event.actor)
        detail = {"before": before.value, "after": event.mode.value}
        uow.audit.append(now, event.actor, "mode.set", f"team:{team.name}", detail)
    return ModeChanged(team.name, event.mode, before is not event.mode)


def _team(name: str, roster: Roster) -> Team:
    team = roster.team(name)
    if team is NOBODY:
        raise NotFound("team", name)
    return team
