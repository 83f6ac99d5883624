"""The forms of Slack: a report in ten seconds, more about it, a verdict, a second opinion; they come back as events."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from adapters.slack.markup import parts_of
from adapters.slack.views import INPUT, View, blocks_of, choice, field, modal, option, plain, text, words
from adapters.wording import Card, say
from adapters.wording.card import Button, Style
from bot.domain.events import Event, IncidentReviewed, ReportDetailed, ReportFiled, ReviewSeconded
from bot.domain.model import Customer, CustomerKind, Finding, Medium, Opinion, ReportKind, Severity
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
QUESTIONS: Final = ("demand_valid", "means_acceptable", "environment_harmed")
_AT: Final = {
    "report.group": "group", "report.burden": "burden", "report.future": "occurred", "report.call_order": "call_to",
    "review.category": "finding", "review.reason": "reason", "report.customer_known": "customer",
}  # fmt: skip
"""Where in a form a refusal of the core stands; all others stand at the first field."""


def loading_view(language: str) -> View:
    """Opened at once, since a trigger lives for three seconds; the form follows (slack.md 22)."""
    return modal(LOADING, language, "slack.loading", [text(say(language, "slack.loading_text"))])


def kept_of(start: ReportFiled, *, whole: bool = False) -> str:
    """Where and what kind a report is; `whole`: with everything that a form can start with, as a button keeps it."""
    kept: dict[str, object] = {"kind": start.kind.value, "place": start.place, "message": start.message_id}
    if whole:
        kept |= {
            "customer": start.customer_id, "group": start.group, "burden": start.burden,
            "severity": start.severity.key if start.severity else "", "quote": start.quote,
            "medium": start.medium.value if start.medium else "",
            "occurred": int(start.occurred_at.timestamp()) if start.occurred_at else 0,
        }  # fmt: skip
    told = json.dumps({key: value for key, value in kept.items() if value}, ensure_ascii=False)
    return told if len(told) <= VALUE else kept_of(start)


def start_of(kept: str, actor: str) -> ReportFiled:
    """What `kept_of` kept; ValueError for what it cannot have written."""
    found = json.loads(kept or "{}")
    if not isinstance(found, dict):
        raise ValueError(kept)
    return _report({key: str(value) for key, value in found.items()}, actor)


def form_button(start: ReportFiled, language: str) -> Button:
    """Opens the report form from anywhere, such as where words alone cannot open one."""
    key = "slack.open_call" if start.kind is ReportKind.CALL else "slack.open_form"
    return Button(FORM, kept_of(start, whole=True), say(language, key), Style.PRIMARY)


def known(customers: Sequence[Customer]) -> list[Customer]:
    """Those whom a person would look for: not merged, not somebody still to be named."""
    living = (c for c in customers if c.merged_into is None)
    return sorted((c for c in living if c.kind is not CustomerKind.UNKNOWN or c.name or c.contacts), key=_name)


def found(customers: Sequence[Customer], typed: str) -> list[View]:
    """The entries for what somebody types into the list of customers: by name, account or number."""
    wanted = typed.strip().casefold()
    fits = [c for c in known(customers) if wanted in f"{c.label} {' '.join(c.contacts)} #{c.id}".casefold()]
    return [_customer(c) for c in fits[:CUSTOMERS]]


def report_view(
    language: str, policy: Policy, customers: Sequence[Customer], start: ReportFiled, preset: int | None = None
) -> View:
    """Nothing but the text is asked for, and not even that of a message; the rest is preset as far as it is known."""
    call = start.kind is ReportKind.CALL
    times = ("call_from", "call_to") if call else ("occurred",)
    at = {"occurred": start.occurred_at, "call_from": start.call_from, "call_to": start.call_to}
    blocks = [
        field("text", language, say(language, "slack.text"), words(start.text),
              optional=bool(start.message_id or start.quote)),
        *_whom(language, customers, start.customer_id or preset),
        *_about(language, policy, start, call=call),
        *(field(key, language, say(language, f"slack.{key}"), _time(at[key])) for key in times),
    ]  # fmt: skip
    title = "slack.call" if call else "slack.report"
    return modal(REPORT, language, title, blocks, kept_of(start), "slack.submit")


def detail_view(language: str, policy: Policy, customers: Sequence[Customer], report: int) -> View:
    """More about a report of one's own; what stays empty stays as it was."""
    blank = ReportFiled(actor="")
    blocks = [
        text(say(language, "slack.detail_text")),
        field("text", language, say(language, "slack.detail_more"), words()),
        *_whom(language, customers, None, hint=""),
        *_about(language, policy, blank),
        field("occurred", language, say(language, "slack.detail_when"), _time(None)),
    ]
    return modal(DETAIL, language, "slack.detail", blocks, json.dumps({"report": report}), "slack.submit")


def review_view(language: str, incident: int, finding: Finding) -> View:
    """The three questions and the reason (S1-6)."""
    answers = [option(opinion.value, say(language, f"slack.opinion_{opinion.value}")) for opinion in Opinion]
    findings = [option(one.value, say(language, f"card.finding.{one.value}")) for one in Finding]
    severities = [option(s.key, say(language, f"card.severity.{s.key}")) for s in Severity]
    blocks = [
        field("finding", language, say(language, "slack.finding"), choice(findings, finding.value), optional=False),
        field("reason", language, say(language, "slack.reason"), words(), optional=False),
        *(field(key, language, say(language, f"slack.{key}"), choice(answers, Opinion.UNCLEAR.value))
          for key in QUESTIONS),
        field("severity", language, say(language, "slack.severity_review"), choice(severities)),
    ]  # fmt: skip
    return modal(REVIEW, language, "slack.review", blocks, json.dumps({"incident": incident}), "slack.submit")


def second_view(language: str, card: Card, incident: int, review: int, agrees: bool) -> View:
    """The verdict as it stands now above the answer to it, so that nobody answers another one (events.ReviewSeconded).

    Whoever disagrees says why.
    """
    key = "agree" if agrees else "disagree"
    blocks = [
        *blocks_of((card,), language, room=90),
        field("reason", language, say(language, f"slack.reason_{key}"), words(), optional=agrees),
    ]
    kept = json.dumps({"incident": incident, "review": review, "agrees": agrees})
    return modal(SECOND, language, f"slack.second_{key}", blocks, kept, f"slack.{key}")


def event_of(view: Mapping[str, Any], actor: str) -> Event:
    """What was filled in; ValueError, KeyError or TypeError for a form that this version did not make."""
    kept, said = json.loads(view.get("private_metadata") or "{}"), _said(view)
    if not isinstance(kept, dict):
        raise ValueError(view.get("callback_id"))
    match view.get("callback_id"):
        case "report":
            return _report({**{key: str(value) for key, value in kept.items()}, **said}, actor)
        case "detail":
            filed = _report(said, actor)
            return ReportDetailed(
                actor=actor, report_id=int(kept["report"]), text=filed.text, customer_id=filed.customer_id,
                group=filed.group, severity=filed.severity, burden=filed.burden, medium=filed.medium,
                occurred_at=filed.occurred_at, quote=filed.quote,
            )  # fmt: skip
        case "review":
            demand, means, environment = (Opinion(said.get(key) or "unclear") for key in QUESTIONS)
            return IncidentReviewed(
                actor=actor, incident_id=int(kept["incident"]), finding=Finding(said["finding"]),
                reason=said.get("reason", ""), demand_valid=demand, means_acceptable=means,
                environment_harmed=environment, severity=_severity(said),
            )  # fmt: skip
        case "second":
            return ReviewSeconded(
                actor=actor, incident_id=int(kept["incident"]), agrees=bool(kept["agrees"]),
                reason=said.get("reason", ""), review_id=int(kept["review"]),
            )  # fmt: skip
    raise ValueError(view.get("callback_id"))


def errors_of(view: Mapping[str, Any], key: str, sentence: str) -> dict[str, str]:
    """The refusal at the field that it is about; everything typed stays in the form."""
    blocks = [str(block.get("block_id")) for block in view.get("blocks") or () if block.get("type") == "input"]
    at = "call_from" if key == "report.future" and "call_from" in blocks else _AT.get(key, "")
    return {at if at in blocks else blocks[0]: sentence} if blocks else {}


def _report(said: Mapping[str, str], actor: str) -> ReportFiled:
    kind = ReportKind(said.get("kind") or "report")
    medium = said.get("medium") or ("phone" if kind is ReportKind.CALL else "")
    return ReportFiled(
        actor=actor, kind=kind, text=said.get("text", ""), place=said.get("place", ""),
        message_id=said.get("message", ""), group=said.get("group", ""), burden=int(said.get("burden") or 0),
        customer_id=int(said["customer"]) if said.get("customer") else None, severity=_severity(said),
        medium=Medium(medium) if medium else None, quote=_whole(said, "quote"), occurred_at=_moment(said, "occurred"),
        call_from=_moment(said, "call_from"), call_to=_moment(said, "call_to"),
    )  # fmt: skip


def _about(language: str, policy: Policy, start: ReportFiled, *, call: bool = False) -> list[View]:
    groups = []
    for group in policy.groups:
        name = group.ja if language == "ja" else group.en
        groups.append(option(group.key, name))
        groups += [option(f"{group.key}.{one.key}", f"{name}: {one.ja if language == 'ja' else one.en}")
                   for one in group.asks]  # fmt: skip
    severities = [option(s.key, say(language, f"card.severity.{s.key}")) for s in Severity]
    burdens = [option(str(n), say(language, f"slack.burden_{n}")) for n in range(1, 6)]
    media = [option(m.value, say(language, f"slack.medium_{m.value}")) for m in Medium]
    severity, medium = start.severity.key if start.severity else "", start.medium.value if start.medium else ""
    blocks = [field("group", language, say(language, "slack.group"), choice(groups, start.group))] if groups else []
    return [
        *blocks,
        *_quote(language, start.quote),
        field("severity", language, say(language, "slack.severity"), choice(severities, severity)),
        field("burden", language, say(language, "slack.burden"), choice(burdens, str(start.burden or ""))),
        *([] if call else [field("medium", language, say(language, "slack.medium"), choice(media, medium))]),
    ]


def _quote(language: str, quote: str) -> list[View]:
    """A long message stands in several fields; of one beyond all measure the form says that only its beginning does."""
    parts = [part for part in parts_of(quote[:QUOTED], INPUT) if part.strip()] or [""]
    label, total = say(language, "slack.quote"), len(parts)
    blocks = [text(say(language, "slack.quote_long"))] if len(quote) > QUOTED else []
    for n, part in enumerate(parts, 1):
        key, told = ("quote", label) if n == 1 else (f"quote_{n:02}", f"{label} ({n}/{total})")
        blocks.append(field(key, language, told, words(part)))
    return blocks


def _whom(
    language: str, customers: Sequence[Customer], chosen: int | None, hint: str = "slack.customer_hint"
) -> list[View]:
    living = known(customers)
    preset = next((_customer(c) for c in living if c.id == chosen), None)
    if not living:
        return []
    if len(living) <= CUSTOMERS:
        element = choice([_customer(c) for c in living], str(chosen or ""))
    else:
        element = {"type": "external_select", "min_query_length": 0, "placeholder": plain(say(language, "slack.find"))}
        element |= {"initial_option": preset} if preset else {}
    return [field("customer", language, say(language, "slack.customer"), element, hint=hint)]


def _customer(customer: Customer) -> View:
    """With the number, since names may be alike; a long name gives way to it."""
    number = f" #{customer.id}"
    name = next(iter(parts_of(customer.label, 74 - len(number))), "")
    return option(str(customer.id), (name if name == customer.label else f"{name}…") + number)


def _name(customer: Customer) -> tuple[str, int]:
    return customer.label.casefold(), customer.id


def _time(at: datetime | None) -> View:
    return {"type": "datetimepicker"} | ({"initial_date_time": int(at.timestamp())} if at else {})


def _severity(said: Mapping[str, str]) -> Severity | None:
    return Severity.named(said["severity"]) if said.get("severity") else None


def _moment(said: Mapping[str, str], key: str) -> datetime | None:
    return datetime.fromtimestamp(int(said[key]), UTC) if said.get(key) else None


def _whole(said: Mapping[str, str], key: str) -> str:
    return "".join(said[one] for one in sorted(said) if one == key or one.startswith(f"{key}_"))


def _said(view: Mapping[str, Any]) -> dict[str, str]:
    """Every field that was filled in."""
    filled: dict[str, str] = {}
    for block in ((view.get("state") or {}).get("values") or {}).values():
        for key, element in block.items():
            option = element.get("selected_option") or {}
            value = element.get("value") or option.get("value") or element.get("selected_date_time")
            if value:
                filled[key] = str(value)
    return filled
