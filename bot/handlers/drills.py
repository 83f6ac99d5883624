"""Practice calls: they go the way of a real one, and whoever asked for one learns who saw it and how fast (issue 4)."""

from dataclasses import replace
from datetime import datetime

from bot.domain.audit import SYSTEM
from bot.domain.errors import NotFound, Refused
from bot.domain.events import DrillSeen, DrillWanted
from bot.domain.model import Destination, Drill, Priority, Team
from bot.domain.notices import DrillAnswered, DrillBegun, DrillCalled, DrillEnded, Post, Posted
from bot.domain.policy import Policy
from bot.domain.roster import NOBODY, Roster, called
from bot.ports import UnitOfWork


def begin(event: DrillWanted, uow: UnitOfWork, policy: Policy, now: datetime) -> DrillBegun:
    """Call whom the first step of a ping would call now, for as long as that step waits."""
    roster = Roster(uow.teams.all())
    team = roster.team(event.team)
    if team is NOBODY:
        raise NotFound("team", event.team)
    step = policy.ping.steps[0]
    answer = called(team, step.to, uow.duty.overrides(team.name, now), now, frozenset())
    if not answer.people and not team.alert_channel:
        raise Refused("drill.nobody")
    drill = uow.drills.add(Drill(0, team.name, event.actor, answer.people, now, now + step.wait))
    uow.audit.append(now, event.actor, "drill.begun", f"drill:{drill.id}", {"team": team.name, **_who(drill)})
    names, zone = roster.names(drill.people), _zone(team, policy)
    notice = DrillCalled(drill.id, team.name, zone, now, drill.until, names)
    for key, to in _cards(drill, team):
        post = Post(key, f"drill:{drill.id}", Priority.PING, to, notice, round=f"drill:{drill.id}")
        uow.outbox.put(post, now, team.language)
    return DrillBegun(drill.id, team.name, zone, names, answer.nobody_on_call, drill.until)


def see(event: DrillSeen, uow: UnitOfWork, policy: Policy, now: datetime) -> DrillAnswered:
    """The first who presses has seen it; everybody after them learns that."""
    roster, drill = Roster(uow.teams.all()), uow.drills.get(event.drill_id)
    seen = replace(drill, seen_by=event.actor, ended_at=now)
    first = uow.drills.end(seen)
    if first:
        _close(seen, uow, policy, roster, now, event.actor)
    known = seen if first else uow.drills.get(drill.id)
    return DrillAnswered(drill.id, first, roster.name(known.seen_by) if known.seen_by else "", known.seconds)


def expire(uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> int:
    """End those that nobody has seen in time; how many."""
    due = [replace(drill, ended_at=now) for drill in uow.drills.due(now)]
    ended = [drill for drill in due if uow.drills.end(drill)]
    for drill in ended:
        _close(drill, uow, policy, roster, now, SYSTEM)
    return len(ended)


def _close(drill: Drill, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime, actor: str) -> None:
    """Its cards say how it ended, and whoever asked for it is told directly."""
    team, round = roster.team(drill.team), f"drill:{drill.id}"
    uow.outbox.cancel_round(round)
    action = "drill.seen" if drill.seen_by else "drill.unseen"
    uow.audit.append(now, actor, action, round, {"seconds": drill.seconds, **_who(drill)})
    by = roster.name(drill.seen_by) if drill.seen_by else ""
    notice: Posted = DrillEnded(
        drill.id, drill.team, _zone(team, policy), drill.at, roster.names(drill.people), by, drill.seconds
    )
    cards = dict(_cards(drill, team))
    for key in uow.outbox.keys(cards):
        post = Post(f"{key}@1", round, Priority.NORMAL, cards[key], notice, edits=key)
        uow.outbox.put(post, now, team.language)
    if drill.asked_by != drill.seen_by:
        to = Destination("", (drill.asked_by,))
        uow.outbox.put(Post(f"{round}:told", f"{round}:told", Priority.NORMAL, to, notice), now, team.language)


def _cards(drill: Drill, team: Team) -> list[tuple[str, Destination]]:
    """Where a real call would stand: in the channel, mentioning everybody, or with each person."""
    if team.alert_channel:
        return [(f"drill:{drill.id}:0", Destination(team.alert_channel, drill.people))]
    return [(f"drill:{drill.id}:{n}", Destination("", (person,))) for n, person in enumerate(drill.people)]


def _who(drill: Drill) -> dict[str, object]:
    return {"people": list(drill.people)}


def _zone(team: Team, policy: Policy) -> str:
    return team.zone or policy.calendar.zone
