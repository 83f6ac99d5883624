"""The forms of the page: a report, more about it, a verdict with its three questions, a second opinion; as in Slack."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from adapters.wording import Card, say
from bot.domain.events import Event, IncidentReviewed, ReportDetailed, ReportFiled, ReviewSeconded
from bot.domain.model import Customer, CustomerKind, Finding, Medium, Opinion, ReportKind, Severity
from bot.domain.policy import Policy

FORM: Final = "form"
"""The action of a button that opens the report form; its subject is what the form starts with."""
LONG: Final = 3_000
QUOTED: Final = 24_000
"""Characters of a message that a form shows."""
QUESTIONS: Final = ("demand_valid", "means_acceptable", "environment_harmed")
MANY: Final = 20
"""Customers beyond which a list wants to be searched."""
_AT: Final = {
    "report.group": "group", "report.burden": "burden", "report.future": "occurred", "report.call_order": "call_to",
    "review.category": "finding", "review.reason": "reason", "report.customer_known": "customer",
}  # fmt: skip
"""Where in a form a refusal of the core stands; all others stand at the first field."""

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Field:
    """One question; `kind`: text, long, choice, search, time (on the team's wall clock). `options`: value, label."""

    key: str
    label: str
    kind: str = "long"
    options: Options = ()
    value: str = ""
    hint: str = ""
    required: bool = False
    most: int = LONG


@dataclass(frozen=True, slots=True)
class Form:
    """`kept` is what the form is about; it never leaves the server."""

    kind: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    kept: ReportFiled = field(default_factory=lambda: ReportFiled(actor=""))
    subject: int = 0
    """The report or the incident."""
    agrees: bool = False
    review: int = 0
    intro: tuple[str, ...] = ()
    card: Card | None = None


def report_form(
    language: str, zone: str, policy: Policy, customers: Sequence[Customer], start: ReportFiled,
    preset: int | None = None,
) -> Form:  # fmt: skip
    """Nothing but the text is asked for, and not even that of a message; the rest is preset as far as it is known."""
    call = start.kind is ReportKind.CALL
    at = {"occurred": start.occurred_at, "call_from": start.call_from, "call_to": start.call_to}
    times = ("call_from", "call_to") if call else ("occurred",)
    needed = not (start.message_id or start.quote)
    return Form(
        "report", say(language, "slack.call" if call else "slack.report"), say(language, "slack.submit"),
        (
            Field("text", say(language, "slack.text"), value=start.text, required=needed),
            *_whom(language, customers, start.customer_id or preset, say(language, "slack.customer_hint")),
            *_about(language, policy, start, call=call),
            *(Field(key, say(language, f"slack.{key}"), "time", value=_wall(at[key], zone)) for key in times),
        ),
        kept=start,
    )  # fmt: skip


def detail_form(language: str, policy: Policy, customers: Sequence[Customer], report: int) -> Form:
    """More about a report of one's own; what stays empty stays as it was."""
    return Form(
        "detail", say(language, "slack.detail"), say(language, "slack.submit"),
        (
            Field("text", say(language, "slack.detail_more")),
            *_whom(language, customers, None, ""),
            *_about(language, policy, ReportFiled(actor="")),
            Field("occurred", say(language, "slack.detail_when"), "time"),
        ),
        subject=report, intro=(say(language, "slack.detail_text"),),
    )  # fmt: skip


def review_form(language: str, incident: int, finding: Finding) -> Form:
    """The three questions and the reason (S1-6)."""
    answers = [(opinion.value, say(language, f"slack.opinion_{opinion.value}")) for opinion in Opinion]
    findings = [(one.value, say(language, f"card.finding.{one.value}")) for one in Finding]
    unclear = Opinion.UNCLEAR.value
    return Form(
        "review", say(language, "slack.review"), say(language, "slack.submit"),
        (
            Field("finding", say(language, "slack.finding"), "choice", findings, finding.value, required=True),
            Field("reason", say(language, "slack.reason"), required=True),
            *(Field(key, say(language, f"slack.{key}"), "choice", answers, unclear) for key in QUESTIONS),
            Field("severity", say(language, "slack.severity_review"), "choice", _severities(language)),
        ),
        subject=incident,
    )  # fmt: skip


def second_form(language: str, card: Card, incident: int, review: int, agrees: bool) -> Form:
    """The verdict as it stands now above the answer to it, so that nobody answers another one. Whoever disagrees says
    why."""
    key = "agree" if agrees else "disagree"
    reason = Field("reason", say(language, f"slack.reason_{key}"), required=not agrees)
    return Form(
        "second", say(language, f"slack.second_{key}"), say(language, f"slack.{key}"), (reason,), subject=incident,
        agrees=agrees, review=review, card=card,
    )  # fmt: skip


def event_of(form: Form, values: Mapping[str, str], actor: str, zone: str) -> Event:
    """What was filled in; ValueError for an answer that this form did not offer."""
    said = {one.key: _answer(one, values) for one in form.fields}
    if form.kind == "report":
        return _report(form.kept, said, actor, zone)
    if form.kind == "detail":
        filed = _report(ReportFiled(actor=actor), said, actor, zone)
        return ReportDetailed(
            actor=actor, report_id=form.subject, text=filed.text, customer_id=filed.customer_id, group=filed.group,
            severity=filed.severity, burden=filed.burden, medium=filed.medium, occurred_at=filed.occurred_at,
            quote=filed.quote,
        )  # fmt: skip
    if form.kind == "review":
        demand, means, environment = (Opinion(said[key] or "unclear") for key in QUESTIONS)
        return IncidentReviewed(
            actor=actor, incident_id=form.subject, finding=Finding(said["finding"]), reason=said["reason"],
            demand_valid=demand, means_acceptable=means, environment_harmed=environment,
            severity=_severity(said["severity"]),
        )  # fmt: skip
    return ReviewSeconded(
        actor=actor, incident_id=form.subject, agrees=form.agrees, reason=said["reason"], review_id=form.review
    )


def errors_of(form: Form, key: str, sentence: str) -> dict[str, str]:
    """The refusal at the field that it is about; "" for a form without fields."""
    names = [one.key for one in form.fields]
    at = "call_from" if key == "report.future" and "call_from" in names else _AT.get(key, "")
    return {at if at in names else next(iter(names), ""): sentence}


def kept_of(start: ReportFiled) -> str:
    """What a button keeps that opens the report form."""
    return json.dumps({"kind": start.kind.value, "place": start.place, "message": start.message_id})


def start_of(kept: str) -> ReportFiled:
    """What `kept_of` kept; ValueError for what it cannot have written."""
    found = json.loads(kept or "{}")
    if not isinstance(found, dict):
        raise ValueError(kept)
    said = {key: str(found.get(key) or "") for key in ("kind", "place", "message")}
    kind = ReportKind(said["kind"] or "report")
    return ReportFiled(actor="", kind=kind, place=said["place"], message_id=said["message"])


def _report(kept: ReportFiled, said: Mapping[str, str], actor: str, zone: str) -> ReportFiled:
    call = kept.kind is ReportKind.CALL
    medium = said.get("medium") or ("phone" if call else "")
    return replace(
        kept, actor=actor, text=said.get("text", ""), group=said.get("group", ""),
        customer_id=int(said["customer"]) if said.get("customer") else None, severity=_severity(said.get("severity")),
        burden=int(said.get("burden") or 0), medium=Medium(medium) if medium else None, quote=said.get("quote", ""),
        occurred_at=_instant(said.get("occurred"), zone), call_from=_instant(said.get("call_from"), zone),
        call_to=_instant(said.get("call_to"), zone),
    )  # fmt: skip


def _answer(one: Field, values: Mapping[str, str]) -> str:
    value = values.get(one.key, "")
    if one.kind in ("choice", "search") and value and value not in {offered for offered, _ in one.options}:
        raise ValueError(one.key)
    if len(value) > one.most:
        raise ValueError(one.key)
    return value


def _about(language: str, policy: Policy, start: ReportFiled, *, call: bool = False) -> list[Field]:
    groups: list[tuple[str, str]] = []
    for group in policy.groups:
        name = group.ja if language == "ja" else group.en
        groups.append((group.key, name))
        groups += [
            (f"{group.key}.{one.key}", f"{name}: {one.ja if language == 'ja' else one.en}") for one in group.asks
        ]
    burdens = [(str(n), say(language, f"slack.burden_{n}")) for n in range(1, 6)]
    media = [(m.value, say(language, f"slack.medium_{m.value}")) for m in Medium]
    severity, medium = start.severity.key if start.severity else "", start.medium.value if start.medium else ""
    return [
        *([Field("group", say(language, "slack.group"), "choice", groups, start.group)] if groups else []),
        Field("quote", say(language, "slack.quote"), value=start.quote[:QUOTED], most=QUOTED),
        Field("severity", say(language, "slack.severity"), "choice", _severities(language), severity),
        Field("burden", say(language, "slack.burden"), "choice", burdens, str(start.burden or "")),
        *([] if call else [Field("medium", say(language, "slack.medium"), "choice", media, medium)]),
    ]  # fmt: skip


def _severities(language: str) -> list[tuple[str, str]]:
    return [(severity.key, say(language, f"card.severity.{severity.key}")) for severity in Severity]


def _whom(language: str, customers: Sequence[Customer], chosen: int | None, hint: str) -> list[Field]:
    """Those whom a person would look for, with their numbers, since names may be alike."""
    living = [c for c in customers if c.merged_into is None]
    known = [c for c in living if c.kind is not CustomerKind.UNKNOWN or c.name or c.contacts]
    known.sort(key=lambda c: (c.label.casefold(), c.id))
    if not known:
        return []
    options = [(str(c.id), f"{c.label} #{c.id}") for c in known]
    value = str(chosen) if chosen in {c.id for c in known} else ""
    kind = "search" if len(known) > MANY else "choice"
    return [Field("customer", say(language, "slack.customer"), kind, options, value, hint)]


def _severity(key: str | None) -> Severity | None:
    return Severity.named(key) if key else None


def _wall(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}" if at else ""


def _instant(wall: str | None, zone: str) -> datetime | None:
    if not wall:
        return None
    return datetime.strptime(wall[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
