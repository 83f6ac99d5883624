"""The forms of Slack: a report in ten seconds, more about it, a verdict, a second opinion; they come back as events."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from adapters.chat import filled
from adapters.chat.cutting import parts_of
from adapters.chat.filled import QUESTIONS, known, refused_at
from adapters.chat.offered import Offered, burdens, findings, groups, media, opinions, severities
from adapters.slack.markup import cost
from adapters.slack.views import INPUT, View, blocks_of, choice, field, modal, option, plain, text, words
from adapters.wording import Card, say
from adapters.wording.card import Button, Style
from bot.domain.events import Event, ReportFiled
from bot.domain.model import Customer, Finding, Opinion, ReportKind
from bot.domain.policy import Policy

REPORT: Final = "report"
DETAIL: Final = "detail"
REVIEW: Final = "review"
SECOND: Final = "second"
LOADING: Final = "loading"
FORM: Final = "form"
"""The action of a button that opens the report form; its value is what the form starts with."""
QUOTED: Final = 24_000
"""Characters of a message that a form shows: Slack takes 250 kB of a view, and every letter may cost six bytes."""
CUSTOMERS: Final = 100
"""Entries of one list; more customers are looked for by their name."""
VALUE: Final = 2_000
"""Characters of a button's value."""


def loading_view(language: str) -> View:
    """Opened at once, since a trigger lives for three seconds; the form follows (slack.md 22)."""
    return modal(LOADING, language, "slack.loading", [text(say(language, "slack.loading_text"))])


def kept_of(start: ReportFiled, *, whole: bool = False) -> str:
    """Where and what kind a report is; `whole`: with everything that a form can start with, as a button keeps it."""
    kept = filled.kept_of(start)
    bare = {key: kept[key] for key in ("kind", "place", "message") if key in kept}
    told = json.dumps(kept if whole else bare, ensure_ascii=False)
    return told if len(told) <= VALUE else kept_of(start)


def start_of(kept: str, actor: str) -> ReportFiled:
    """What `kept_of` kept; ValueError for what it cannot have written."""
    return filled.filed(_kept(kept), actor)


def form_button(start: ReportFiled, language: str) -> Button:
    """Opens the report form from anywhere, such as where words alone cannot open one."""
    key = "form.open_call" if start.kind is ReportKind.CALL else "form.open_form"
    return Button(FORM, kept_of(start, whole=True), say(language, key), Style.PRIMARY)


def report_view(
    language: str, policy: Policy, customers: Sequence[Customer], start: ReportFiled, preset: int | None = None
) -> View:
    """Nothing but the text is asked for, and not even that of a message; the rest is preset as far as it is known."""
    call = start.kind is ReportKind.CALL
    times = ("call_from", "call_to") if call else ("occurred",)
    at = {"occurred": start.occurred_at, "call_from": start.call_from, "call_to": start.call_to}
    blocks = [
        field("text", language, say(language, "form.text"), words(start.text),
              optional=bool(start.message_id or start.quote)),
        *_whom(language, customers, start.customer_id or preset),
        *_about(language, policy, start, call=call),
        *(field(key, language, say(language, f"form.{key}"), _time(at[key])) for key in times),
    ]  # fmt: skip
    title = "form.call" if call else "form.report"
    return modal(REPORT, language, title, blocks, kept_of(start), "slack.submit")


def detail_view(language: str, policy: Policy, customers: Sequence[Customer], report: int) -> View:
    """More about a report of one's own; what stays empty stays as it was."""
    blank = ReportFiled(actor="")
    blocks = [
        text(say(language, "form.detail_text")),
        field("text", language, say(language, "form.detail_more"), words()),
        *_whom(language, customers, None, hint=""),
        *_about(language, policy, blank),
        field("occurred", language, say(language, "form.detail_when"), _time(None)),
    ]
    return modal(DETAIL, language, "form.detail", blocks, json.dumps({"report": report}), "slack.submit")


def review_view(language: str, incident: int, finding: Finding) -> View:
    """The three questions and the reason (S1-6), in the order in which the card asks for them."""
    blocks = [
        _list("finding", language, findings(language), finding.value, optional=False),
        *(_list(key, language, opinions(language), Opinion.UNCLEAR.value, optional=False) for key in QUESTIONS),
        _list("severity", language, severities(language), label="form.severity_review"),
        field("reason", language, say(language, "form.reason"), words(), optional=False),
    ]
    return modal(REVIEW, language, "slack.review", blocks, json.dumps({"incident": incident}), "slack.submit")


def second_view(language: str, card: Card, incident: int, review: int, agrees: bool) -> View:
    """The verdict as it stands now above the answer to it, so that nobody answers another one (events.ReviewSeconded).

    Whoever disagrees says why.
    """
    key = "agree" if agrees else "disagree"
    blocks = [
        *blocks_of((card,), language, room=90),
        field("reason", language, say(language, f"form.reason_{key}"), words(), optional=agrees),
    ]
    kept = json.dumps({"incident": incident, "review": review, "agrees": agrees})
    return modal(SECOND, language, f"form.second_{key}", blocks, kept, f"slack.{key}")


def event_of(view: Mapping[str, Any], actor: str) -> Event:
    """What was filled in; one of STRANGE for a form that this version did not make."""
    kind = str(view.get("callback_id") or "")
    return filled.event_of(kind, _kept(str(view.get("private_metadata") or "")), _said(view), actor)


def errors_of(view: Mapping[str, Any], key: str, sentence: str) -> dict[str, str]:
    """The refusal at the field that it is about; everything typed stays in the form."""
    blocks = [str(block.get("block_id")) for block in view.get("blocks") or () if block.get("type") == "input"]
    return {refused_at(key, blocks): sentence} if blocks else {}


def _about(language: str, policy: Policy, start: ReportFiled, *, call: bool = False) -> list[View]:
    kinds = groups(language, policy)
    severity, medium = start.severity.key if start.severity else "", start.medium.value if start.medium else ""
    return [
        *([_list("group", language, kinds, start.group)] if kinds else []),
        *_quote(language, start.quote),
        _list("severity", language, severities(language), severity),
        _list("burden", language, burdens(language), str(start.burden or "")),
        *([] if call else [_list("medium", language, media(language), medium)]),
    ]


def _list(
    key: str, language: str, offered: Offered, chosen: str = "", *, label: str = "", optional: bool = True
) -> View:
    element = choice([option(value, told) for value, told in offered], chosen)
    return field(key, language, say(language, label or f"form.{key}"), element, optional=optional)


def _quote(language: str, quote: str) -> list[View]:
    """A long message stands in several fields; of one beyond all measure the form says that only its beginning does."""
    parts = [part for part in parts_of(quote[:QUOTED], INPUT, cost) if part.strip()] or [""]
    label, total = say(language, "form.quote"), len(parts)
    blocks = [text(say(language, "slack.quote_long"))] if len(quote) > QUOTED else []
    for n, part in enumerate(parts, 1):
        key, told = ("quote", label) if n == 1 else (f"quote_{n:02}", f"{label} ({n}/{total})")
        blocks.append(field(key, language, told, words(part)))
    return blocks


def _whom(
    language: str, customers: Sequence[Customer], chosen: int | None, hint: str = "slack.customer_hint"
) -> list[View]:
    living = known(customers)
    preset = next((named(c) for c in living if c.id == chosen), None)
    if not living:
        return []
    if len(living) <= CUSTOMERS:
        element = choice([named(c) for c in living], str(chosen or ""))
    else:
        element = {"type": "external_select", "min_query_length": 0, "placeholder": plain(say(language, "slack.find"))}
        element |= {"initial_option": preset} if preset else {}
    return [field("customer", language, say(language, "form.customer"), element, hint=hint)]


def named(customer: Customer) -> View:
    """With the number, since names may be alike; a long name gives way to it."""
    number = f" #{customer.id}"
    name = next(iter(parts_of(customer.label, 74 - len(number), cost)), "")
    return option(str(customer.id), (name if name == customer.label else f"{name}…") + number)


def _time(at: datetime | None) -> View:
    return {"type": "datetimepicker"} | ({"initial_date_time": int(at.timestamp())} if at else {})


def _kept(told: str) -> dict[str, str]:
    """What was kept as JSON; ValueError for anything else."""
    found = json.loads(told or "{}")
    if not isinstance(found, dict):
        raise ValueError(told)
    return {key: str(int(value) if isinstance(value, bool) else value) for key, value in found.items()}


def _said(view: Mapping[str, Any]) -> dict[str, str]:
    """Every field that was filled in."""
    said: dict[str, str] = {}
    for block in ((view.get("state") or {}).get("values") or {}).values():
        for key, element in block.items():
            option = element.get("selected_option") or {}
            value = element.get("value") or option.get("value") or element.get("selected_date_time")
            if value:
                said[key] = str(value)
    return said
