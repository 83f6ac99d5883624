"""Facts for the one decision about rights, and what a refusal leaves in the record."""

from datetime import datetime

from bot.domain import access, events, questions
from bot.domain.access import DUTY, RIGHTS, Facts
from bot.domain.events import Event
from bot.domain.model import Actor, Incident, ReviewState
from bot.domain.notices import Denied
from bot.domain.policy import Policy
from bot.domain.questions import Question
from bot.domain.roster import Roster
from bot.handlers.views import asking
from bot.ports import UnitOfWork


def refused(deed: Event | Question, uow: UnitOfWork, policy: Policy, now: datetime) -> Denied | None:
    """Why this may not be done by its actor; None if it may, or if nobody in person does it."""
    if type(deed) not in RIGHTS:
        return None
    roster = Roster(uow.teams.all())
    actor = roster.actor(deed.actor)  # type: ignore[union-attr]
    reason = access.decide(actor, type(deed), _facts(deed, actor, uow, policy, roster, now))
    return Denied(reason, (("name", actor.name),)) if reason else None


def record(deed: Event, denied: Denied, uow: UnitOfWork, now: datetime) -> None:
    """A refusal is part of the record."""
    name = type(deed).__name__
    actor: str = deed.actor  # type: ignore[union-attr]
    uow.audit.append(now, actor, "access.refused", subject_of(deed), {"asked": name, "reason": denied.reason})


def subject_of(deed: Event | Question) -> str:
    """What a deed is about, as the audit names it."""
    for name, kind in (("incident_id", "incident"), ("ping_id", "ping"), ("report_id", "report")):
        if (id := getattr(deed, name, None)) is not None:
            return f"{kind}:{id}"
    if (id := getattr(deed, "customer_id", None)) is not None:
        return f"customer:{id}"
    return getattr(deed, "subject", "") or f"team:{getattr(deed, 'team', '')}"


def _facts(
    deed: Event | Question, actor: Actor, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime
) -> Facts:
    match deed:
        case events.IncidentReviewed() | events.ReviewSeconded():
            return _review_facts(uow.incidents.get(deed.incident_id), actor, uow, roster)
        case events.PingAcknowledged() | events.PingResolved():
            ping = uow.pings.get(deed.ping_id)
            called = any(call.target == actor.account for call in uow.pings.calls(ping.id))
            return Facts(team=ping.team, called=called)
        case events.ReportDetailed() | events.ReportWithdrawn():
            return _report_facts(deed, actor, uow, policy, now)
        case events.OverrideSet():
            stand_in = roster.actor(deed.account)
            eligible = stand_in.is_in(DUTY, deed.team)
            return Facts(team=deed.team, own=deed.account == actor.account, eligible=eligible)
        case events.ModeSet() | events.DigestWanted():
            return Facts(team=deed.team)
        case questions.DigestAsked() | questions.StatusAsked():
            return Facts(team=deed.team or actor.team)
        case questions.ReviewAsked() if deed.incident_id is not None:
            return Facts(team=uow.incidents.get(deed.incident_id).team)
        case questions.WhyAsked():
            return Facts(team=_team_of(deed.subject, uow))
    return Facts()


def _review_facts(incident: Incident, actor: Actor, uow: UnitOfWork, roster: Roster) -> Facts:
    standing = uow.reviews.standing(incident.id)
    state = standing.state if standing else None
    return Facts(
        team=incident.team, involved=actor.account in involved_in(incident, uow),
        alone=not uninvolved(incident, uow, roster),
        reviewer=standing is not None and standing.reviewer == actor.account,
        waiting=state in (ReviewState.AWAITING_SECOND, ReviewState.PROVISIONAL),
        provisional=state is ReviewState.PROVISIONAL,
    )  # fmt: skip


def _report_facts(
    deed: events.ReportDetailed | events.ReportWithdrawn, actor: Actor, uow: UnitOfWork, policy: Policy, now: datetime
) -> Facts:
    id = deed.report_id
    if id is None:
        found = uow.incidents.last_report(actor.account, datetime.min.replace(tzinfo=now.tzinfo))
        return Facts(reporter=True, late=found is not None and now - found.filed_at > policy.report.withdraw)
    report = uow.incidents.report(id)
    late = now - report.filed_at > policy.report.withdraw
    return Facts(team=report.team, reporter=report.reporter == actor.account, late=late)


def involved_in(incident: Incident, uow: UnitOfWork) -> frozenset[str]:
    """Who reported an incident or is named in it: they judge nothing about it."""
    named = (account for report in uow.incidents.reports(incident.id) for account in report.named)
    return frozenset(asking(incident, uow)) | frozenset(named)


def uninvolved(incident: Incident, uow: UnitOfWork, roster: Roster) -> frozenset[str]:
    """Who may judge an incident and has no part in it."""
    return frozenset(roster.judges(incident.team)) - involved_in(incident, uow)


def _team_of(subject: str, uow: UnitOfWork) -> str:
    """The team whose matter a subject is; "" for a customer, whom several teams may know."""
    kind, _, number = subject.partition(":")
    if not number.isdecimal():
        return ""
    if kind == "incident":
        return uow.incidents.get(int(number)).team
    if kind == "ping":
        return uow.pings.get(int(number)).team
    return ""
