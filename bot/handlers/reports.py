"""Reports: filed in ten seconds, said in more detail later, taken back within minutes (rules.md 5)."""

from dataclasses import replace
from datetime import datetime

from bot.domain.errors import NotFound, Refused
from bot.domain.events import ReportDetailed, ReportFiled, ReportWithdrawn
from bot.domain.model import (
    IncidentState,
    Outcome,
    Ping,
    Reach,
    Report,
    ReportKind,
    Severity,
    Sign,
    SignKind,
    Team,
    Turn,
)
from bot.domain.notices import ReportRecorded, ReportTakenBack
from bot.domain.oncall import on_call
from bot.domain.policy import GroupChoice, PlainGroup, Policy
from bot.domain.roster import Roster, standing_in
from bot.handlers import incidents, naming, pings, seconds
from bot.handlers.memory import Memory
from bot.ports import UnitOfWork

OTHER = "other"
"""The category of what was not said more exactly."""
BURDENS = range(6)


def file(event: ReportFiled, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> ReportRecorded:
    """Record a report and call somebody, in one transaction; the same words a moment later are the same report."""
    _check(event, policy, now)
    roster = Roster(uow.teams.all())
    recent = uow.incidents.recent_reports(event.actor, now - policy.report.again)
    message = naming.pointed(event, uow)[0] if recent else None
    before = next((r for r in recent if _same(r, event, message) and not _over(r, uow)), None)
    if before is not None:
        return _recorded(before, uow, policy, roster, now, joined=True, again=True)
    customer, message = naming.whom(event, uow, now, memory)
    group = policy.group(event.group)
    team = roster.team_of(event.place) or roster.team(roster.actor(event.actor).team)
    report = Report(
        id=0, incident_id=0, customer_id=customer, team=team.name, reporter=event.actor, kind=event.kind, filed_at=now,
        occurred_at=event.occurred_at, text=event.text or None, quote=event.quote or None, group=event.group,
        category=group.category if group else OTHER, severity=event.severity or _severity(event.kind, policy),
        burden=event.burden, medium=event.medium, call_from=event.call_from, call_to=event.call_to, place=event.place,
        message_id=message, named=event.named,
    )  # fmt: skip
    stored = uow.incidents.file(report)
    sign = _sign(stored, group)
    taken = incidents.take_in(sign, uow, policy, roster, now)
    stored = replace(stored, incident_id=taken.incident.id)
    uow.incidents.change_report(stored)
    incidents.spread(taken, replace(sign, at=now), uow, policy, roster, now)  # it is heard now, whenever it happened
    uow.audit.append(now, event.actor, "report.filed", f"report:{stored.id}", _facts(stored, policy))
    return _recorded(stored, uow, policy, roster, now, joined=taken.joined, again=False)


def _check(event: ReportFiled | ReportDetailed, policy: Policy, now: datetime) -> None:
    """What cannot be true is said at once, and nothing is stored of it."""
    if event.group and policy.group(event.group) is None:
        raise Refused("report.group")
    if event.burden not in BURDENS:
        raise Refused("report.burden")
    times = [event.occurred_at, *([event.call_from, event.call_to] if isinstance(event, ReportFiled) else [])]
    if any(at is not None and at > now for at in times):
        raise Refused("report.future")
    if isinstance(event, ReportFiled):
        if event.call_from and event.call_to and event.call_to < event.call_from:
            raise Refused("report.call_order")
        said = event.text.strip() or event.quote.strip() or event.message_id or event.group
        if event.kind is not ReportKind.NOW and not said:
            raise Refused("report.empty")


def _severity(kind: ReportKind, policy: Policy) -> Severity:
    rule = policy.report
    return {ReportKind.REPORT: rule.report, ReportKind.NOW: rule.now, ReportKind.CALL: rule.call}[kind]


def _over(before: Report, uow: UnitOfWork) -> bool:
    """A cry whose ping is over is no longer the same cry: whoever calls again needs somebody again."""
    return before.kind is ReportKind.NOW and uow.pings.open_of(before.customer_id) is None


def _same(before: Report, event: ReportFiled, message: int | None) -> bool:
    """Whether all of it was filed a moment ago: about somebody else, or said more exactly, it is another report."""
    known = (
        before.kind, before.text or "", before.quote or "", before.place, before.group, before.burden, before.medium,
        before.occurred_at, before.call_from, before.call_to, before.named, before.message_id,
    )  # fmt: skip
    said = (
        event.kind, event.text, event.quote, event.place, event.group, event.burden, event.medium,
        event.occurred_at, event.call_from, event.call_to, event.named, message,
    )  # fmt: skip
    return (
        known == said and event.severity in (None, before.severity) and event.customer_id in (None, before.customer_id)
    )


def _sign(report: Report, group: PlainGroup | GroupChoice | None) -> Sign:
    danger = group.danger if group else ""
    return Sign(
        SignKind.REPORT, report.id, report.customer_id, report.team, report.call_from or report.at, report.severity,
        report.category, danger,
    )  # fmt: skip


def _facts(report: Report, policy: Policy) -> dict[str, object]:
    return {
        "incident": report.incident_id, "customer": report.customer_id, "kind": report.kind.value,
        "severity": report.severity.key, "category": report.category, "burden": report.burden,
        "edition": policy.edition, "pack": policy.hash,
    }  # fmt: skip


def detail(event: ReportDetailed, uow: UnitOfWork, policy: Policy, now: datetime, memory: Memory) -> ReportRecorded:
    """The reporter says more; a graver or more dangerous sign may start a new round."""
    _check(event, policy, now)
    roster = Roster(uow.teams.all())
    report = uow.incidents.report(event.report_id)
    if report.withdrawn_at is not None:
        raise Refused("report.withdrawn")
    if event.customer_id is not None:
        naming.named(report, event.customer_id, event.actor, uow, policy, now, memory)
        report = uow.incidents.report(event.report_id)
    group = policy.group(event.group) or policy.group(report.group)
    said = replace(
        report, text=_more(report.text, event.text), quote=_more(report.quote, event.quote),
        group=event.group or report.group, category=group.category if group else report.category,
        severity=event.severity or report.severity, burden=event.burden or report.burden,
        medium=event.medium or report.medium, occurred_at=event.occurred_at or report.occurred_at,
        named=tuple(dict.fromkeys((*report.named, *event.named))),
    )  # fmt: skip
    uow.incidents.change_report(said)
    if event.named:
        seconds.recuse(uow.incidents.get(said.incident_id), uow, roster, now)
    uow.audit.append(now, event.actor, "report.detailed", f"report:{said.id}", _facts(said, policy))
    ping = _weigh(said, _sign(said, group), uow, policy, roster, now)
    return replace(_recorded(said, uow, policy, roster, now, joined=False, again=False, ping=ping), detailed=True)


def _more(before: str | None, added: str) -> str | None:
    """Nothing that was said is lost: what comes later stands below, once."""
    if before and added in before:
        return before
    return "\n".join(part for part in (before, added) if part) or None


def _weigh(report: Report, sign: Sign, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime) -> Ping | None:
    """Weigh the incident anew; somebody is called if it is graver than anybody knew, though its ping has ended."""
    incident = uow.incidents.get(report.incident_id)
    uow.incidents.change_sign(incident.id, sign)
    living = [s for s in uow.incidents.signs(incident.id) if s.live]
    weighed = replace(
        incident, severity=max(s.severity for s in living),
        categories=tuple(dict.fromkeys(s.category for s in living)),
        dangers=tuple(dict.fromkeys(s.danger for s in living if s.danger)),
    )  # fmt: skip
    uow.incidents.save(weighed)
    graver = sign.severity > incident.severity or sign.danger not in ("", *incident.dangers)
    if graver and uow.pings.open_of(incident.customer_id) is None:
        return pings.signed(weighed, replace(sign, at=now), Reach.PING, uow, policy, roster, now)
    if graver or incident.state is IncidentState.SUSPECTED:
        return pings.weighed(weighed, sign, uow, policy, roster, now)
    return None


def withdraw(event: ReportWithdrawn, uow: UnitOfWork, policy: Policy, now: datetime) -> ReportTakenBack:
    """The record keeps that it was filed and taken back; a ping that rested on nothing else ends."""
    roster = Roster(uow.teams.all())
    report = last_of(event, uow, policy, now)
    if report.withdrawn_at is None:
        uow.incidents.change_report(replace(report, withdrawn_at=now))
        detail = {"incident": report.incident_id, "seconds": (now - report.filed_at).total_seconds()}
        uow.audit.append(now, event.actor, "report.withdrawn", f"report:{report.id}", detail)
        lapsed = incidents.voided(SignKind.REPORT, [report.id], Outcome.WITHDRAWN, uow, policy, roster, now)
        return ReportTakenBack(report.id, report.incident_id, lapsed)
    return ReportTakenBack(report.id, report.incident_id, False)


def last_of(event: ReportWithdrawn, uow: UnitOfWork, policy: Policy, now: datetime) -> Report:
    """The report that is meant: the one named, else the actor's last."""
    if event.report_id is not None:
        return uow.incidents.report(event.report_id)
    found = uow.incidents.last_report(event.actor, datetime.min.replace(tzinfo=now.tzinfo))
    if found is None:
        raise NotFound("report", "")
    return found


def _recorded(
    report: Report, uow: UnitOfWork, policy: Policy, roster: Roster, now: datetime, *, joined: bool, again: bool,
    ping: Ping | None = None,
) -> ReportRecorded:  # fmt: skip
    open = ping or uow.pings.open_of(report.customer_id)
    calls = [c for c in uow.pings.calls(open.id) if c.round == open.round and c.target] if open else []
    customer = uow.customers.get(report.customer_id)
    team = roster.team(open.team) if open else None
    missing = [] if customer.name or customer.contacts else ["customer"]
    missing += [name for name in ("group", "burden", "quote") if not getattr(report, name)]
    return ReportRecorded(
        report_id=report.id, incident_id=report.incident_id, customer_id=report.customer_id, customer=customer.label,
        kind=report.kind, severity=report.severity, group=report.group, medium=report.medium, joined=joined,
        again=again, ping_id=open.id if open else None,
        called=roster.names(tuple(dict.fromkeys(call.target for call in calls))),
        nobody_on_call=team is not None and _on_call(team, uow, now) is None,
        reached=team is None or bool(calls) or bool(team.alert_channel),
        withdraw_until=report.filed_at + policy.report.withdraw, missing=tuple(missing),
    )  # fmt: skip


def _on_call(team: Team, uow: UnitOfWork, now: datetime) -> Turn | None:
    return on_call(team.rota, standing_in(team, uow.duty.overrides(team.name, now)), now)
