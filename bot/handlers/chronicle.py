"""Everything that happened, for replay: pings with their calls, standings, digests, and what is due."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain import digest as rules
from bot.domain.model import CustomerLine, Incident, IncidentState, Points, Severity
from bot.domain.policy import Policy
from bot.domain.questions import DueAsked, DueShown, OpenRound, PingStory, Reach, ReachAsked, ReachShown, RecordShown
from bot.domain.roster import Roster
from bot.domain.standing import earned, standing
from bot.handlers.answers import standing_shown
from bot.handlers.digests import WEEK, build, customer_line
from bot.handlers.standings import zone_of
from bot.handlers.views import incident_facts, ping_facts
from bot.ports import UnitOfWork

LATEST: Final = 500
"""Pings whose rounds are told at once."""


def due(question: DueAsked, uow: UnitOfWork) -> DueShown:
    """When the next step of any ping is due, and, if asked, the rounds that open pings are in."""
    rounds: list[OpenRound] = []
    if not question.rounds:
        return DueShown(uow.pings.next_due())
    for ping in uow.pings.open()[:LATEST]:
        calls = [call for call in uow.pings.calls(ping.id) if call.round == ping.round]
        people = tuple(dict.fromkeys(call.target for call in calls if call.target))
        rounds.append(OpenRound(ping, min((c.at for c in calls), default=ping.opened_at), people))
    return DueShown(uow.pings.next_due(), tuple(rounds))


def reach(question: ReachAsked, uow: UnitOfWork, roster: Roster) -> ReachShown:
    """What an adapter has to read again after it was away."""
    prefix = f"{question.platform}:{question.workspace}:"
    watched = [c for team in roster.teams for c in team.channels if c.startswith(prefix)]
    ids = [channel.removeprefix(prefix) for channel in dict.fromkeys(watched)]
    newest = uow.messages.newest(question.platform, question.workspace, ids)
    return ReachShown(tuple(Reach(id, newest.get(id)) for id in ids))


def record(uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> RecordShown:
    """Every incident and ping, every standing, the digests as of now, and a supposition."""
    pings = [
        PingStory(
            ping_facts(ping, uow, roster),
            tuple((roster.name(c.target) if c.target else "", c) for c in uow.pings.calls(ping.id)),
        )
        for ping in uow.pings.all()
    ]
    incidents = uow.incidents.all()
    known = list(dict.fromkeys(incident.customer_id for incident in incidents))
    return RecordShown(
        incidents=tuple(incident_facts(incident, uow) for incident in incidents), pings=tuple(pings),
        standings=tuple(standing_shown(uow.customers.get(id), uow, policy, roster, now) for id in known),
        digests=tuple(
            build(team, rules.as_of(policy.digest, team.zone or policy.calendar.zone, now), uow, policy, roster, now)
            for team in roster.teams
        ),
        supposed=rules.toward(_supposed(id, incidents, uow, policy, roster, now) for id in known),
    )  # fmt: skip


def _supposed(
    customer_id: int, incidents: list[Incident], uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime
) -> CustomerLine:
    """How this customer would stand if people confirmed what is suspected, each at its last sign."""
    suspected = [i for i in incidents if i.customer_id == customer_id and i.state is IncidentState.SUSPECTED]
    ledger = [points for incident in suspected if (points := _would_give(incident, policy)) is not None]
    customer = uow.customers.get(customer_id)
    zone = zone_of(customer, uow, policy, roster)
    times = uow.incidents.sign_times(incident.id for incident in suspected)
    signs = [at for found in times.values() for at in found]
    line = customer_line(customer_id, uow, policy, roster, now, zone)
    before = standing(ledger, signs, now - WEEK, zone, policy.standing)
    return replace(
        line, standing=standing(ledger, signs, now, zone, policy.standing), before=before.points,
        level_before=before.level, incidents=tuple(incident.id for incident in reversed(suspected)),
    )  # fmt: skip


def _would_give(incident: Incident, policy: Policy) -> Points | None:
    counted = [policy.category(key) for key in incident.categories if key not in policy.rights]
    worst = max((c for c in counted if c is not None), key=lambda c: c.weight, default=None)
    if worst is None:
        return None
    factor, points = earned(worst.weight, Severity(incident.severity), policy.standing)
    return Points(
        id=0, incident_id=incident.id, at=incident.last_sign_at, confirmed_at=incident.last_sign_at, points=points,
        category=worst.key, weight=worst.weight, severity=incident.severity, factor=factor, edition=policy.edition,
        pack_hash=policy.hash,
    )  # fmt: skip
