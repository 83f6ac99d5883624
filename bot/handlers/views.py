"""Facts for cards, gathered from rows: an incident with its signs, a ping with whom it called."""

from collections.abc import Sequence
from typing import Final

from bot.domain.model import Incident, Ping, PingState, Report, ReviewState, Sign, SignKind, Spoken
from bot.domain.notices import IncidentFacts, PingFacts, SignFacts
from bot.domain.roster import Roster
from bot.ports import UnitOfWork

SIGNS: Final = 5
"""Signs on one card, the latest; the rest is counted."""
QUOTED: Final = 2
"""Messages quoted of one detection: the first and the last."""


def incident_facts(incident: Incident, uow: UnitOfWork) -> IncidentFacts:
    """An incident as a card shows it."""
    signs = uow.incidents.signs(incident.id)
    reports = {report.id: report for report in uow.incidents.reports(incident.id)}
    latest = signs[-SIGNS:]
    review = uow.reviews.standing(incident.id)
    holds = review is not None and review.state is not ReviewState.DISPUTED
    return IncidentFacts(
        incident_id=incident.id, customer_id=incident.customer_id,
        customer=uow.customers.get(incident.customer_id).label, team=incident.team, zone=incident.zone,
        severity=review.severity if review and holds else incident.severity, categories=incident.categories,
        dangers=incident.dangers,
        opened_at=incident.opened_at, last_sign_at=incident.last_sign_at,
        signs=tuple(_sign_facts(sign, reports.get(sign.ref), uow) for sign in latest), more=len(signs) - len(latest),
        reach=incident.reach, outage_id=incident.outage_id, finding=review.finding.value if review else "",
        state=incident.state.value,
    )  # fmt: skip


def _sign_facts(sign: Sign, report: Report | None, uow: UnitOfWork) -> SignFacts:
    if sign.kind is SignKind.DETECTION:
        return _detection_facts(sign, uow)
    assert report is not None  # noqa: S101  (a report's sign is written with it, in one transaction)
    quotes = [f"message:{report.message_id}"] if report.message_id else []
    quotes += [f"quote:{report.id}"] if report.quote else []
    quotes += [f"report:{report.id}"] if report.text else []
    return SignFacts(
        kind=sign.kind, ref=sign.ref, at=sign.at, severity=sign.severity, category=sign.category, group=report.group,
        danger=sign.danger, report_kind=report.kind, window="", count=0, place=report.place, quotes=tuple(quotes),
        live=sign.live, source=_source(uow.messages.spoken([report.message_id] if report.message_id else [])),
    )  # fmt: skip


def _detection_facts(sign: Sign, uow: UnitOfWork) -> SignFacts:
    detection = uow.detections.get(sign.ref)
    messages = uow.detections.messages(sign.ref)
    shown = messages[:1] + messages[-1:] if len(messages) >= QUOTED else messages
    said = uow.messages.spoken(shown[-1:])
    place = f"{said[0].platform}:{said[0].workspace}:{said[0].channel}" if said else ""
    return SignFacts(
        kind=sign.kind, ref=sign.ref, at=sign.at, severity=sign.severity, category=sign.category, group="",
        danger=sign.danger, report_kind=None, window=detection.window, count=detection.count, place=place,
        quotes=tuple(f"message:{message}" for message in shown), live=sign.live, source=_source(said),
    )  # fmt: skip


def _source(said: Sequence[Spoken]) -> str:
    return ":".join((said[-1].platform, said[-1].workspace, said[-1].channel, said[-1].message_id)) if said else ""


def ping_facts(ping: Ping, uow: UnitOfWork, roster: Roster) -> PingFacts:
    """A ping as a card shows it."""
    calls = [call for call in uow.pings.calls(ping.id) if call.round == ping.round]
    people = tuple(dict.fromkeys(call.target for call in calls if call.target))
    unheard = tuple(dict.fromkeys(call.target for call in calls if call.unheard))
    return PingFacts(
        ping_id=ping.id, incident=incident_facts(uow.incidents.get(ping.incident_id), uow), state=ping.state,
        round=ping.round, reason=ping.reason, opened_at=ping.opened_at, called=roster.names(people),
        next_at=ping.due_at if ping.state in (PingState.TRIGGERED, PingState.EXHAUSTED) else None,
        acked_by=roster.name(ping.acked_by) if ping.acked_by else "", acked_at=ping.acked_at,
        resolved_at=ping.resolved_at, outcome=ping.outcome, severity=ping.severity,
        recovered=ping.recovered, unheard=roster.names(unheard),
    )  # fmt: skip


def quotes_of(incident: IncidentFacts, most: int = 6) -> tuple[str, ...]:
    """The keys of the texts that a card quotes, the latest signs first."""
    keys = [key for sign in reversed(incident.signs) if sign.live for key in sign.quotes]
    return tuple(dict.fromkeys(keys))[:most]


def asking(incident: Incident, uow: UnitOfWork) -> tuple[str, ...]:
    """Who of ours asked for help in this incident; told to nobody but the one who helps."""
    filed = [r for r in uow.incidents.reports(incident.id) if r.withdrawn_at is None]
    return tuple(dict.fromkeys(report.reporter for report in filed))
