"""The forms of the page: a report, more about it, a verdict with its three questions, a second opinion; as in Slack."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from adapters.chat.filled import QUESTIONS, detailed, filed, known, refused_at, reviewed, seconded
from adapters.chat.offered import burdens, findings, groups, media, opinions, severities
from adapters.wording import Card, say
from bot.domain.events import Event, ReportFiled
from bot.domain.model import Customer, Finding, Opinion, ReportKind
from bot.domain.policy import Policy

FORM: Final = "form"
"""The action of a button that opens the report form; its subject is what the form starts with."""
LONG: Final = 3_000
QUOTED: Final = 24_000
"""Characters of a message that a form shows."""
MANY: Final = 20
"""Customers beyond which a list wants to be searched."""

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
        "report", say(language, "form.call" if call else "form.report"), say(language, "slack.submit"),
        (
            Field("text", say(language, "form.text"), value=start.text, required=needed),
            *_whom(language, customers, start.customer_id or preset, say(language, "slack.customer_hint")),
            *_about(language, policy, start, call=call),
            *(Field(key, say(language, f"form.{key}"), "time", value=_wall(at[key], zone)) for key in times),
        ),
        kept=start,
    )  # fmt: skip


def detail_form(language: str, policy: Policy, customers: Sequence[Customer], report: int) -> Form:
    """More about a report of one's own; what stays empty stays as it was."""
    return Form(
        "detail", say(language, "form.detail"), say(language, "slack.submit"),
        (
            Field("text", say(language, "form.detail_more")),
            *_whom(language, customers, None, ""),
            *_about(language, policy, ReportFiled(actor="")),
            Field("occurred", say(language, "form.detail_when"), "time"),
        ),
        subject=report, intro=(say(language, "form.detail_text"),),
    )  # fmt: skip


def review_form(language: str, incident: int, finding: Finding) -> Form:
    """The three questions and the reason (S1-6), in the order in which the card asks for them."""
    answers, unclear = opinions(language), Opinion.UNCLEAR.value
    return Form(
        "review", say(language, "slack.review"), say(language, "slack.submit"),
        (
            Field("finding", say(language, "form.finding"), "choice", findings(language), finding.value, required=True),
            *(Field(key, say(language, f"form.{key}"), "choice", answers, unclear, required=True) for key in QUESTIONS),
            Field("severity", say(language, "form.severity_review"), "choice", severities(language)),
            Field("reason", say(language, "form.reason"), required=True),
        ),
        subject=incident,
    )  # fmt: skip


def second_form(language: str, card: Card, incident: int, review: int, agrees: bool) -> Form:
    """The verdict as it stands now above the answer to it, so that nobody answers another one. Whoever disagrees says
    why."""
    key = "agree" if agrees else "disagree"
    reason = Field("reason", say(language, f"form.reason_{key}"), required=not agrees)
    return Form(
        "second", say(language, f"form.second_{key}"), say(language, f"slack.{key}"), (reason,), subject=incident,
        agrees=agrees, review=review, card=card,
    )  # fmt: skip


def event_of(form: Form, values: Mapping[str, str], actor: str, zone: str) -> Event:
    """What was filled in; ValueError for an answer that this form did not offer."""
    said = {one.key: _answer(one, values, zone) for one in form.fields}
    match form.kind:
        case "report":
            kept = {"kind": form.kept.kind.value, "place": form.kept.place, "message": form.kept.message_id}
            return filed({**kept, **said}, actor)
        case "detail":
            return detailed(form.subject, said, actor)
        case "review":
            return reviewed(form.subject, said, actor)
    return seconded(form.subject, form.review, form.agrees, said, actor)


def errors_of(form: Form, key: str, sentence: str) -> dict[str, str]:
    """The refusal at the field that it is about; "" for a form without fields."""
    names = [one.key for one in form.fields]
    return {refused_at(key, names): sentence}


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


def _answer(one: Field, values: Mapping[str, str], zone: str) -> str:
    """What this field says, a time as the seconds since 1970."""
    value = values.get(one.key, "")
    if one.kind in ("choice", "search") and value and value not in {offered for offered, _ in one.options}:
        raise ValueError(one.key)
    if len(value) > one.most:
        raise ValueError(one.key)
    return _instant(value, zone) if one.kind == "time" else value


def _about(language: str, policy: Policy, start: ReportFiled, *, call: bool = False) -> list[Field]:
    kinds = groups(language, policy)
    severity, medium = start.severity.key if start.severity else "", start.medium.value if start.medium else ""
    return [
        *([Field("group", say(language, "form.group"), "choice", kinds, start.group)] if kinds else []),
        Field("quote", say(language, "form.quote"), value=start.quote[:QUOTED], most=QUOTED),
        Field("severity", say(language, "form.severity"), "choice", severities(language), severity),
        Field("burden", say(language, "form.burden"), "choice", burdens(language), str(start.burden or "")),
        *([] if call else [Field("medium", say(language, "form.medium"), "choice", media(language), medium)]),
    ]  # fmt: skip


def _whom(language: str, customers: Sequence[Customer], chosen: int | None, hint: str) -> list[Field]:
    """Those whom a person would look for, with their numbers, since names may be alike."""
    living = known(customers)
    if not living:
        return []
    options = [(str(c.id), f"{c.label} #{c.id}") for c in living]
    value = str(chosen) if chosen in {c.id for c in living} else ""
    kind = "search" if len(living) > MANY else "choice"
    return [Field("customer", say(language, "form.customer"), kind, options, value, hint)]


def _wall(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}" if at else ""


def _instant(wall: str, zone: str) -> str:
    if not wall:
        return ""
    return str(int(datetime.strptime(wall[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=ZoneInfo(zone)).timestamp()))
