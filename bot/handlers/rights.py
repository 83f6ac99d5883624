"""Facts for the one decision about rights, and what a refusal leaves in the record."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain import access, events, questions
from bot.domain.access import DUTY, RIGHTS, Facts
from bot.domain.errors import NotFound
from bot.domain.events import Event
from bot.domain.model import Actor, Incident, ReviewState, Role, SignKind, Team
from bot.domain.notices import Denied
from bot.domain.policy import Policy
from bot.domain.questions import Question
from bot.domain.roster import NOBODY, Roster
from bot.ports import UnitOfWork

SUBJECTS: Final = ("detection", "incident", "ping", "customer")
"""What can be asked why, by number."""
_DIGITS: Final = 18
"""More than any number of a row has, and fewer than a database refuses to read."""
_SAID: Final = 80
"""Characters of a name that the record takes over from somebody who had no right to say it."""


def refused(deed: Event | Question, uow: UnitOfWork, policy: Policy, now: datetime) -> Denied | None:
    """Why this may not be done by its actor; None if it may, or if nobody in person does it."""
    if type(deed) not in RIGHTS:
        return None
    roster = Roster(uow.teams.all())
    if access.founds(deed, len(roster.teams)):
        return None
    actor = roster.actor(deed.actor)  # type: ignore[union-attr]
    reason = access.barred(actor, type(deed))
    if not reason:
        _numbered(deed)
        facts = _facts(deed, actor, uow, policy, roster, now)
        if roster.team(facts.team) is NOBODY:  # ended meanwhile: its matters are everybody's with the role
            facts = replace(facts, team="")
        reason = access.decide(actor, type(deed), facts)
    return Denied(reason, (("name", actor.name),)) if reason else None


def _numbered(deed: Event | Question) -> None:
    """NotFound for a number that no row can have."""
    for name in ("incident_id", "ping_id", "report_id", "drill_id", "customer_id", "into"):
        if name == "into" and getattr(deed, "undo", False):
            continue
        if (id := getattr(deed, name, None)) is not None and not 0 < id < 10**_DIGITS:
            raise NotFound(name.removesuffix("_id"), str(id))


def subject(text: str) -> tuple[str, int]:
    """(kind, number) of `incident:9`; NotFound for everything that is nothing of the kind."""
    kind, _, number = text.partition(":")
    if kind not in SUBJECTS or not (number.isascii() and number.isdecimal() and len(number) <= _DIGITS):
        raise NotFound(kind if kind in SUBJECTS else "subject", said(text))
    return kind, int(number)


def record(deed: Event, denied: Denied, uow: UnitOfWork, now: datetime) -> None:
    """A refusal is part of the record."""
    name = type(deed).__name__
    actor: str = deed.actor  # type: ignore[union-attr]
    uow.audit.append(now, actor, "access.refused", subject_of(deed), {"asked": name, "reason": denied.reason})


def subject_of(deed: Event | Question) -> str:
    """What a deed is about, as the audit names it."""
    for kind in ("incident", "ping", "report", "drill", "customer"):
        if (id := getattr(deed, f"{kind}_id", None)) is not None:
            return f"{kind}:{id}"
    if isinstance(deed, questions.WhyAsked):
        return said(deed.subject)
    if isinstance(deed, events.TeamSetUp):
        return f"team:{said(deed.team.name)}"
    return f"team:{said(team)}" if isinstance(team := getattr(deed, "team", ""), str) and team else ""


def said(text: str) -> str:
    """What a stranger may have made up, short and in characters that every row can hold."""
    return "".join(letter for letter in text[:_SAID] if letter.isprintable())


def _facts(
    deed: Event | Question, actor: Actor, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime
) -> Facts:
    match deed:
        case events.IncidentReviewed() | events.ReviewSeconded():
            return review_facts(uow.incidents.get(deed.incident_id), actor, uow, roster)
        case events.PingAcknowledged() | events.PingResolved():
            ping = uow.pings.get(deed.ping_id)
            called = any(call.target == actor.account for call in uow.pings.calls(ping.id))
            return Facts(team=ping.team, called=called)
        case events.ReportDetailed() | events.ReportWithdrawn():
            return _report_facts(deed, actor, uow, policy, now)
        case events.OverrideSet():
            eligible = roster.actor(deed.account).is_in(DUTY, deed.team) or roster.team(deed.team) is NOBODY
            return Facts(team=deed.team, own=deed.account == actor.account, eligible=eligible)
        case events.DrillSeen():
            drill = uow.drills.get(deed.drill_id)
            return Facts(team=drill.team, called=actor.account in drill.people)
        case events.ModeSet() | events.DigestWanted() | events.DrillWanted():
            return Facts(team=deed.team)
        case events.TeamSetUp():
            appoints = _admins(deed.team) != _admins(roster.team(deed.team.name))
            return Facts(team=deed.team.name, appoints=appoints)
        case questions.DigestAsked() | questions.StatusAsked():
            return Facts(team=deed.team or actor.team)
        case questions.ReviewAsked() if deed.incident_id is not None:
            return Facts(team=uow.incidents.get(deed.incident_id).team)
        case questions.WhyAsked():
            kind, number = subject(deed.subject)
            return Facts(team=_team_of(kind, number, uow, roster), standing=kind == "customer")
    return Facts()


def _admins(team: Team) -> frozenset[str]:
    return frozenset(one.account for one in team.listed if Role.ADMIN in one.roles)


def review_facts(incident: Incident, actor: Actor, uow: UnitOfWork, roster: Roster) -> Facts:
    """What decides whether the actor may judge an incident or second its verdict."""
    standing = uow.reviews.standing(incident.id)
    state = standing.state if standing else None
    others = uninvolved(incident, uow, roster) - {standing.reviewer if standing else ""}
    return Facts(
        team=incident.team, involved=actor.account in involved_in(incident, uow),
        alone=not uninvolved(incident, uow, roster),
        reviewer=standing is not None and standing.reviewer == actor.account,
        waiting=state in (ReviewState.AWAITING_SECOND, ReviewState.PROVISIONAL),
        provisional=state is ReviewState.PROVISIONAL or (state is ReviewState.AWAITING_SECOND and not others),
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
    """Who ever reported an incident, even if they took it back, or is named in it: they judge nothing about it."""
    reports = uow.incidents.reports(incident.id)
    named = frozenset(account for report in reports for account in report.named)
    return named | {report.reporter for report in reports}


def uninvolved(incident: Incident, uow: UnitOfWork, roster: Roster) -> frozenset[str]:
    """Who may judge an incident and has no part in it."""
    return frozenset(roster.judges(incident.team)) - involved_in(incident, uow)


def _team_of(kind: str, number: int, uow: UnitOfWork, roster: Roster) -> str:
    """The team whose matter a subject is; "" for a customer, whom several teams may know."""
    match kind:
        case "incident":
            return uow.incidents.get(number).team
        case "ping":
            return uow.pings.get(number).team
        case "detection":
            return _watching(uow.detections.get(number).id, uow, roster)
    return ""


def _watching(detection: int, uow: UnitOfWork, roster: Roster) -> str:
    """The team of a detection's incident, else of the channel in which it began."""
    if found := uow.incidents.with_sign(SignKind.DETECTION, detection):
        return found[-1].team
    began = uow.messages.spoken(uow.detections.messages(detection)[:1])
    return roster.first(*(f"{m.platform}:{m.workspace}:{m.channel}" for m in began)).name
