"""Incidents: signs join the customer's undecided one or open another, and their word goes out (rules.md 5 and 7)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.audit import SYSTEM
from bot.domain.calendar import is_open
from bot.domain.escalation import reach_of
from bot.domain.model import (
    Destination,
    Detection,
    DetectionState,
    Incident,
    IncidentState,
    Outcome,
    Ping,
    Priority,
    Reach,
    Severity,
    Sign,
    SignKind,
    Team,
)
from bot.domain.notices import IncidentNoted, Post
from bot.domain.policy import Policy
from bot.domain.roster import Roster
from bot.handlers import pings
from bot.handlers.views import incident_facts, quotes_of
from bot.ports import UnitOfWork

REPEATED: Final = "repeated_messages"
"""The category of what the counter finds."""
_FURTHEST: Final = (Reach.LISTED, Reach.DIGEST, Reach.MORNING, Reach.CARD, Reach.PING)


@dataclass(frozen=True, slots=True)
class Taken:
    """A sign that found its incident, and how far its own word goes."""

    incident: Incident
    joined: bool
    reach: Reach


def detected(detection: Detection, uow: UnitOfWork, policy: Policy, now: datetime) -> None:
    """A detection is a sign, unless the customer waited for us or an outage's notice stands for it (rules.md 3)."""
    if detection.waiting or detection.outage_id is not None or detection.state is not DetectionState.OPEN:
        return
    roster = Roster(uow.teams.all())
    team = roster.first(*_places(detection, uow))
    sign = Sign(
        SignKind.DETECTION, detection.id, detection.customer_id, team.name, detection.last_at,
        _severity(detection, policy), REPEATED, "",
    )  # fmt: skip
    had = uow.incidents.with_sign(SignKind.DETECTION, detection.id)
    if had and had[-1].state is IncidentState.SUSPECTED:
        grow(had[-1], sign, detection.count, uow, policy, roster, now)
    else:
        fresh = not detection.found_later
        taken = take_in(sign, uow, policy, roster, now, fresh=fresh, began=detection.at)
        spread(taken, sign, uow, policy, roster, now)


def _places(detection: Detection, uow: UnitOfWork) -> list[str]:
    said = uow.messages.spoken(uow.detections.messages(detection.id)[:1])
    return [f"{message.platform}:{message.workspace}:{message.channel}" for message in said]


def _severity(detection: Detection, policy: Policy) -> Severity:
    """Medium, and high from twice its window's count (rules.md 5)."""
    needed = next((w.count for w in policy.windows if w.name == detection.window), detection.count)
    high = detection.count >= policy.report.detection_high * needed
    return max(policy.report.detection, Severity.HIGH) if high else policy.report.detection


def take_in(
    sign: Sign, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime, *, fresh: bool = True,
    began: datetime | None = None,
) -> Taken:  # fmt: skip
    """Let a sign join the customer's incident or open one; `spread` lets its word go out."""
    customer = uow.customers.get(sign.customer_id)
    team = roster.team(sign.team)
    zone = customer.zone or team.zone or policy.calendar.zone
    reach = reach_of(
        sign, uow.duty.mode(sign.team), desk_open=is_open(replace(policy.calendar, zone=zone), now), fresh=fresh,
        rights=policy.rights,
    )  # fmt: skip
    undecided = uow.incidents.open_of(sign.customer_id)
    joins = undecided is not None and abs(sign.at - undecided.last_sign_at) <= policy.report.join
    if undecided is not None and joins:
        incident = _joined(undecided, sign, reach, uow)
    else:
        incident = _opened(sign, reach, zone, uow, policy, began or sign.at)
        uow.audit.append(now, SYSTEM, "incident.opened", f"incident:{incident.id}", _facts(incident, sign))
    uow.incidents.add_sign(incident.id, sign)
    if joins:
        uow.audit.append(now, SYSTEM, "incident.joined", f"incident:{incident.id}", _facts(incident, sign))
        _tell_other_team(incident, sign, team, uow, now)
    return Taken(incident, joins, reach)


def spread(taken: Taken, sign: Sign, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> Ping | None:
    """Call somebody, or let a card or a list say it (rules.md 7); the customer's open ping, if there is one then."""
    return pings.signed(taken.incident, sign, taken.reach, uow, policy, roster, now)


def _joined(incident: Incident, sign: Sign, reach: Reach, uow: UnitOfWork) -> Incident:
    grown = replace(
        incident, last_sign_at=max(incident.last_sign_at, sign.at), severity=max(incident.severity, sign.severity),
        opened_at=min(incident.opened_at, sign.at), categories=_with(incident.categories, sign.category),
        dangers=_with(incident.dangers, sign.danger), reach=max(incident.reach, reach, key=_FURTHEST.index),
    )  # fmt: skip
    return uow.incidents.save(grown)


def _opened(sign: Sign, reach: Reach, zone: str, uow: UnitOfWork, policy: Policy, began: datetime) -> Incident:
    return uow.incidents.save(
        Incident(
            id=0, customer_id=sign.customer_id, team=sign.team, opened_at=min(began, sign.at), last_sign_at=sign.at,
            severity=sign.severity, categories=(sign.category,), dangers=_with((), sign.danger),
            state=IncidentState.SUSPECTED, reach=reach, outage_id=None, edition=policy.edition, pack_hash=policy.hash,
            zone=zone,
        )
    )  # fmt: skip


def _facts(incident: Incident, sign: Sign) -> dict[str, object]:
    return {
        "sign": f"{sign.kind.value}:{sign.ref}", "customer": incident.customer_id, "team": incident.team,
        "severity": sign.severity.key, "category": sign.category, "reach": incident.reach.value,
        "edition": incident.edition, "pack": incident.pack_hash,
    }  # fmt: skip


def _with(known: tuple[str, ...], more: str) -> tuple[str, ...]:
    return known if not more or more in known else (*known, more)


def grow(
    incident: Incident, sign: Sign, count: int, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime
) -> None:
    """A burst goes on inside its incident: its card follows, and only a graver or a late sign calls anybody."""
    grown = replace(
        incident, last_sign_at=max(incident.last_sign_at, sign.at), severity=max(incident.severity, sign.severity)
    )
    uow.incidents.change_sign(incident.id, sign)
    if grown != incident:
        uow.incidents.save(grown)
    pings.grown(grown, sign, count, uow, policy, roster, now)


def _tell_other_team(incident: Incident, sign: Sign, team: Team, uow: UnitOfWork, now: datetime) -> None:
    """The incident belongs to the team of its first sign; the others get a card (rules.md 5)."""
    if sign.team == incident.team or not team.name or not (team.alert_channel or team.leads_channel):
        return
    facts = incident_facts(incident, uow)
    post = Post(
        key=f"incident:{incident.id}:team:{team.name}", lane=f"customer:{incident.customer_id}",
        priority=Priority.NORMAL, to=Destination(team.alert_channel or team.leads_channel),
        notice=IncidentNoted(facts, other_team=True), quotes=quotes_of(facts),
    )  # fmt: skip
    uow.outbox.put(post, now, team.language)


def voided(
    kind: SignKind, refs: Iterable[int], outcome: Outcome, uow: UnitOfWork, policy: Policy, roster: Roster,
    now: datetime,
) -> bool:  # fmt: skip
    """Signs that no longer hold; an incident without any lapses and its ping ends. Whether one lapsed."""
    lapsed = False
    for ref in refs:
        for id in uow.incidents.void(kind, ref):
            lapsed |= _weigh_again(id, outcome, uow, policy, roster, now)
    return lapsed


def _weigh_again(id: int, outcome: Outcome, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> bool:
    incident = uow.incidents.get(id)
    living = [sign for sign in uow.incidents.signs(id) if sign.live]
    if not living and incident.state is IncidentState.SUSPECTED:
        uow.incidents.end(id, IncidentState.LAPSED)
        uow.audit.append(now, SYSTEM, "incident.lapsed", f"incident:{id}", {"outcome": outcome.value})
        pings.ended(id, outcome, uow, roster, now)
        return True
    if living:
        weighed = replace(
            incident, severity=max(sign.severity for sign in living),
            categories=tuple(dict.fromkeys(sign.category for sign in living)),
            dangers=tuple(dict.fromkeys(sign.danger for sign in living if sign.danger)),
        )  # fmt: skip
        uow.incidents.save(weighed)
        pings.redrawn(id, uow, roster, now)
    return False


def outaged(outage_id: int, detections: Iterable[int], uow: UnitOfWork, policy: Policy, now: datetime) -> None:
    """An outage was declared: pings that only its detections opened end, their incidents point to it (rules.md 3)."""
    roster = Roster(uow.teams.all())
    for detection in detections:
        for incident in uow.incidents.with_sign(SignKind.DETECTION, detection):
            if incident.state is not IncidentState.SUSPECTED:
                continue
            uow.incidents.save(replace(incident, outage_id=outage_id))
            if all(sign.automatic for sign in uow.incidents.signs(incident.id) if sign.live):
                uow.incidents.end(incident.id, IncidentState.LAPSED)
                pings.ended(incident.id, Outcome.OUTAGE, uow, roster, now)
