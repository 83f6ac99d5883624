"""Why something is as it is: the rule, the window, the messages, the pack's edition, what would have changed it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.model import Customer, Detection, DetectionState, SignKind
from bot.domain.policy import Policy
from bot.domain.questions import WhyAsked, WhyShown
from bot.domain.roster import Roster
from bot.handlers.answers import effective, standing_shown
from bot.handlers.rights import subject
from bot.handlers.standings import zone_of
from bot.handlers.stories import stories
from bot.handlers.views import incident_facts
from bot.ports import UnitOfWork

HABIT: Final = timedelta(days=366)
"""No figure of habit reaches further back."""


def why(question: WhyAsked, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> WhyShown:
    """Everything that `detection:4`, `incident:9`, `ping:3` or `customer:5` rests on."""
    kind, number = subject(question.subject)
    match kind:
        case "detection":
            return _detection(number, uow, policy)
        case "incident":
            return _incident(number, uow, policy)
        case "ping":
            return _ping(number, uow, policy, roster)
    return _customer(effective(number, uow), uow, policy, roster, now)


def _detection(id: int, uow: UnitOfWork, policy: Policy) -> WhyShown:
    found = uow.detections.get(id)
    customer = uow.customers.get(found.customer_id)
    all_of = {d.id: d for d in [*uow.detections.of(customer.id, found.at - HABIT), found]}
    told = stories(all_of.values(), {customer.id: customer}, uow, policy)
    story = next(one for one in told if one.detection.id == id)
    needed, minutes = _rule(found, policy)
    zone = story.customer.zone or found.zone
    return WhyShown(
        subject=f"detection:{id}", at=found.at, zone=zone, edition=found.edition, pack_hash=found.pack_hash,
        current_edition=policy.edition, detection=story, needed=needed, minutes=minutes,
        lapsed=found.state is not DetectionState.OPEN, files=tuple(uow.files.of(m.id for m in story.messages)),
    )  # fmt: skip


def _rule(found: Detection, policy: Policy) -> tuple[int, int]:
    """How many messages its window asks for, and its minutes; (0, 0) of an earlier pack, whose numbers are not kept:
    today's would explain that decision wrongly."""
    ruled = policy.windows if found.pack_hash == policy.hash else ()
    window = next((w for w in ruled if w.name == found.window), None)
    return (window.count, int(window.length.total_seconds() // 60)) if window else (0, 0)


def _with_newest(shown: WhyShown, incident: int, uow: UnitOfWork, policy: Policy) -> WhyShown:
    """With the newest detection that the incident still rests on, so that the first look shows the words."""
    signs = uow.incidents.signs(incident)
    held = [sign.ref for sign in signs if sign.kind is SignKind.DETECTION and sign.live]
    if not held:
        return shown
    found = uow.detections.get(held[-1])
    customer = uow.customers.get(found.customer_id)
    (story,) = stories((found,), {customer.id: customer}, uow, policy)
    needed, minutes = _rule(found, policy)
    return replace(shown, detection=story, needed=needed, minutes=minutes)


def _incident(id: int, uow: UnitOfWork, policy: Policy) -> WhyShown:
    incident = uow.incidents.get(id)
    shown = WhyShown(
        subject=f"incident:{id}", at=incident.opened_at, zone=incident.zone, edition=incident.edition,
        pack_hash=incident.pack_hash, current_edition=policy.edition, incident=incident_facts(incident, uow),
        review=uow.reviews.standing(id),
        points=tuple(p for p in uow.reviews.ledger(incident.customer_id) if p.incident_id == id),
        files=tuple(uow.files.of(_messages(id, uow))), pings=tuple(uow.pings.of_incident(id)),
    )  # fmt: skip
    return _with_newest(shown, id, uow, policy)


def _messages(incident: int, uow: UnitOfWork) -> set[int]:
    """The messages that an incident's live signs rest on."""
    signs = [sign for sign in uow.incidents.signs(incident) if sign.live]
    found = {m for sign in signs if sign.kind is SignKind.DETECTION for m in uow.detections.messages(sign.ref)}
    live = {sign.ref for sign in signs if sign.kind is SignKind.REPORT}
    reports = [report for report in uow.incidents.reports(incident) if report.id in live]
    return found | {report.message_id for report in reports if report.message_id is not None}


def _ping(id: int, uow: UnitOfWork, policy: Policy, roster: Roster) -> WhyShown:
    ping = uow.pings.get(id)
    incident = uow.incidents.get(ping.incident_id)
    calls = tuple((roster.name(call.target) if call.target else "", call) for call in uow.pings.calls(id))
    shown = WhyShown(
        subject=f"ping:{id}", at=ping.opened_at, zone=incident.zone, edition=incident.edition,
        pack_hash=incident.pack_hash, current_edition=policy.edition, incident=incident_facts(incident, uow),
        ping=ping, calls=calls,
    )  # fmt: skip
    return _with_newest(shown, incident.id, uow, policy)


def _customer(customer: Customer, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> WhyShown:
    shown = standing_shown(customer, uow, policy, roster, now)
    return WhyShown(
        subject=f"customer:{customer.id}", at=now, zone=zone_of(customer, uow, policy, roster),
        edition=policy.edition, pack_hash=policy.hash, current_edition=policy.edition, customer=customer,
        standing=shown.standing, end=shown.end, points=tuple(uow.reviews.ledger(customer.id)),
    )  # fmt: skip
