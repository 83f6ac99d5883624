"""Incidents: signs join the customer's undecided one or open another, and their word goes out (rules.md 5 and 7)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.audit import SYSTEM
from bot.domain.calendar import is_open
from bot.domain.errors import Stale
from bot.domain.escalation import reach_of
from bot.domain.model import (
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
from bot.domain.roster import Roster, calendar_of
from bot.handlers import mornings, pings
from bot.handlers.mornings import places
from bot.handlers.views import incident_facts, quotes_of
from bot.ports import UnitOfWork

SOON: Final = timedelta(seconds=10)
"""Messages of a flood are noted this often; far less than the quiet minutes of a ping."""
REPEATED: Final = "repeated_messages"
"""The category of what the counter finds."""
_FURTHEST: Final = (Reach.LISTED, Reach.DIGEST, Reach.MORNING, Reach.CARD, Reach.PING)


@dataclass(frozen=True, slots=True)
class Taken:
    """A sign that found its incident, and how far its own word goes."""

    incident: Incident
    joined: bool
    reach: Reach


def detected(detection: Detection, uow: UnitOfWork, policy: Policy, now: datetime, *, recovered: bool = False) -> None:
    """A detection is a sign, unless the customer waited for us or an outage's notice stands for it (rules.md 3)."""
    if detection.waiting or detection.outage_id is not None or detection.state is not DetectionState.OPEN:
        return
    had = uow.incidents.with_sign(SignKind.DETECTION, detection.id)
    undecided = next((incident for incident in reversed(had) if incident.state is IncidentState.SUSPECTED), None)
    severity = _severity(detection, policy)
    if undecided is not None and _flood(undecided, detection, severity):
        return
    roster = Roster(uow.teams.all())
    team = roster.first(*_places(detection, uow))
    sign = Sign(
        SignKind.DETECTION, detection.id, detection.customer_id, team.name, detection.last_at, severity, REPEATED, "",
        recovered=recovered,
    )  # fmt: skip
    if undecided is not None:
        grow(undecided, sign, detection.count, uow, policy, roster, now)
    elif _says_more(sign, had, uow):
        taken = take_in(sign, uow, policy, roster, now, began=None if had else detection.at)
        spread(taken, sign, uow, policy, roster, now)


def _flood(incident: Incident, detection: Detection, severity: Severity) -> bool:
    """One more of many within seconds, no graver than known: the next one says the same a moment later."""
    soon = timedelta(0) <= detection.last_at - incident.last_sign_at < SOON
    return soon and severity <= incident.severity and not pings.round_number(detection.count)


def _says_more(sign: Sign, had: Iterable[Incident], uow: UnitOfWork) -> bool:
    """Whether there are messages that no verdict saw: what was judged and is only counted again is no new sign."""
    named = (sign.kind, sign.ref)
    seen = [s.at for incident in had for s in uow.incidents.signs(incident.id) if (s.kind, s.ref) == named]
    return sign.at > max(seen, default=datetime.min.replace(tzinfo=sign.at.tzinfo))


def _places(detection: Detection, uow: UnitOfWork) -> list[str]:
    said = uow.messages.spoken(uow.detections.messages(detection.id, 1))
    return [f"{message.platform}:{message.workspace}:{message.channel}" for message in said]


def _severity(detection: Detection, policy: Policy) -> Severity:
    """Medium, and high from twice its window's count (rules.md 5)."""
    needed = next((w.count for w in policy.windows if w.name == detection.window), detection.count)
    high = detection.count >= policy.report.detection_high * needed
    return max(policy.report.detection, Severity.HIGH) if high else policy.report.detection


def take_in(
    sign: Sign, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime, *, began: datetime | None = None
) -> Taken:
    """Let a sign join the customer's incident or open one; `spread` lets its word go out."""
    zone = _zone(sign, uow, policy, roster)
    reach = _reach(sign, zone, uow, policy, roster, now)
    undecided = _undecided(sign, uow, policy)
    if undecided is not None:
        incident, action = _joined(undecided, sign, reach, uow), "incident.joined"
    else:
        incident, action = _opened(sign, reach, zone, uow, policy, began or sign.at), "incident.opened"
    uow.incidents.add_sign(incident.id, sign)
    uow.audit.append(now, SYSTEM, action, f"incident:{incident.id}", _facts(incident, sign))
    return Taken(incident, undecided is not None, reach)


def _reach(sign: Sign, zone: str, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> Reach:
    """How far a sign's word goes now; of what is older than the policy's minutes it is only listed (rules.md 3)."""
    calendar = calendar_of(roster.team(sign.team), policy.calendar, zone)
    return reach_of(
        sign, uow.duty.mode(sign.team), desk_open=is_open(calendar, now), fresh=now - sign.at <= policy.fresh,
        rights=policy.rights,
    )  # fmt: skip


def _zone(sign: Sign, uow: UnitOfWork, policy: Policy, roster: Roster) -> str:
    return uow.customers.get(sign.customer_id).zone or roster.team(sign.team).zone or policy.calendar.zone


def _undecided(sign: Sign, uow: UnitOfWork, policy: Policy) -> Incident | None:
    """The customer's latest incident without a verdict whose signs are at most a day from this one (rules.md 5)."""
    join = policy.report.join
    near = [
        incident
        for incident in uow.incidents.of(sign.customer_id)
        if incident.state is IncidentState.SUSPECTED
        and incident.opened_at - join <= sign.at <= incident.last_sign_at + join
    ]
    return max(near, key=lambda incident: (incident.last_sign_at, incident.id), default=None)


def spread(taken: Taken, sign: Sign, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> Ping | None:
    """Call somebody, or let a card or a list say it (rules.md 7); the customer's open ping, if there is one then."""
    if taken.joined and taken.reach is not Reach.LISTED:
        _tell_other_team(taken.incident, sign, roster.team(sign.team), uow, now)
    _hold(taken.incident, taken.reach, uow, policy, roster, now)
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
    """A burst goes on inside its incident: its card follows, and only a graver or a late sign calls anybody; how far
    its word goes is asked anew, for a night ends and what was medium gets high."""
    reach = _reach(sign, incident.zone, uow, policy, roster, now)
    grown = replace(
        incident, last_sign_at=max(incident.last_sign_at, sign.at), severity=max(incident.severity, sign.severity),
        reach=max(incident.reach, reach, key=_FURTHEST.index),
    )  # fmt: skip
    uow.incidents.change_sign(incident.id, sign)
    if grown != incident:
        uow.incidents.save(grown)
    _hold(grown, reach, uow, policy, roster, now)
    pings.grown(replace(grown, reach=reach), sign, count, uow, policy, roster, now)


def _hold(incident: Incident, reach: Reach, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> None:
    """A sign that waits for the morning comes onto its card even if its incident was told before."""
    held = reach is not Reach.MORNING or incident.id in {one.id for one in uow.incidents.held_back(incident.team)}
    if not held and uow.pings.open_of(incident.customer_id) is None:
        mornings.remind(incident, uow, policy, roster.team(incident.team), now)


def _tell_other_team(incident: Incident, sign: Sign, team: Team, uow: UnitOfWork, now: datetime) -> None:
    """The incident belongs to the team of its first sign; the others get a card (rules.md 5)."""
    if sign.team == incident.team or not team.name:
        return
    facts = incident_facts(incident, uow)
    for key, to in places(f"incident:{incident.id}:team:{team.name}", team):
        post = Post(
            key=key, lane=f"customer:{incident.customer_id}", priority=Priority.NORMAL, to=to,
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
    if not living and incident.state is not IncidentState.LAPSED:
        _take_back(incident, uow, now)
        _lapse(incident, outcome, uow, roster, now)
        return True
    if living:
        weighed = replace(
            incident, severity=max(sign.severity for sign in living),
            categories=tuple(dict.fromkeys(sign.category for sign in living)),
            dangers=tuple(dict.fromkeys(sign.danger for sign in living if sign.danger)),
        )  # fmt: skip
        uow.incidents.save(weighed)
        if any(_may_call(sign, uow, policy) for sign in living):
            pings.redrawn(id, uow, roster, now)
        else:
            _let_go(incident, outcome, uow, roster, now)
    return False


def _take_back(incident: Incident, uow: UnitOfWork, now: datetime) -> None:
    """Points of an incident that nothing holds any more are taken back; the verdict stays as history."""
    review = uow.reviews.standing(incident.id)
    back = uow.reviews.take_back(incident.id, now, review.id) if review is not None else 0
    if back:
        facts = {"incident": incident.id, "taken_back": back}
        uow.audit.append(now, SYSTEM, "standing.moved", f"customer:{incident.customer_id}", facts)


def _may_call(sign: Sign, uow: UnitOfWork, policy: Policy) -> bool:
    """Whether such a sign calls anybody at any hour; a ping does not outlive the last that does."""
    mode = uow.duty.mode(sign.team)
    return reach_of(sign, mode, desk_open=True, fresh=True, rights=policy.rights) is Reach.PING


def _lapse(incident: Incident, outcome: Outcome, uow: UnitOfWork, roster: Roster, now: datetime) -> None:
    """Nothing holds it any more."""
    uow.incidents.end(incident.id, IncidentState.LAPSED)
    uow.audit.append(now, SYSTEM, "incident.lapsed", f"incident:{incident.id}", {"outcome": outcome.value})
    _let_go(incident, outcome, uow, roster, now)


def _let_go(incident: Incident, outcome: Outcome, uow: UnitOfWork, roster: Roster, now: datetime) -> None:
    """Its ping ends, or goes on for the other undecided incident that it called for as well."""
    other, ping = uow.incidents.open_of(incident.customer_id), uow.pings.open_of(incident.customer_id)
    shared = other is not None and other.id != incident.id and _unanswered(other, uow)
    if other is not None and ping is not None and ping.incident_id == incident.id and shared:
        if not uow.pings.move(replace(ping, incident_id=other.id, version=ping.version + 1)):
            raise Stale("ping")
        pings.redrawn(other.id, uow, roster, now)
    else:
        pings.ended(incident.id, outcome, uow, roster, now)


def _unanswered(incident: Incident, uow: UnitOfWork) -> bool:
    """Whether its word went out and no ping of its own was dealt with."""
    own = uow.pings.of_incident(incident.id)
    return incident.reach is Reach.PING and all(ping.outcome is Outcome.MERGED for ping in own)


def outaged(outage_id: int, detections: Iterable[int], uow: UnitOfWork, policy: Policy, now: datetime) -> None:
    """An outage was declared: pings that only its detections opened end, their incidents point to it (rules.md 3)."""
    roster, ours = Roster(uow.teams.all()), set(detections)
    for detection in sorted(ours):
        for incident in uow.incidents.with_sign(SignKind.DETECTION, detection):
            if incident.state is not IncidentState.SUSPECTED:
                continue
            pointing = uow.incidents.save(replace(incident, outage_id=outage_id))
            if all(sign.automatic and sign.ref in ours for sign in uow.incidents.signs(incident.id) if sign.live):
                _lapse(pointing, Outcome.OUTAGE, uow, roster, now)
            else:
                pings.redrawn(incident.id, uow, roster, now)
