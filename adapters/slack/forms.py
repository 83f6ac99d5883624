"""The forms of Slack: a report in ten seconds, a verdict with its reason; what was typed comes back as an event."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from adapters.wording import say
from bot.domain.events import IncidentReviewed, ReportFiled
from bot.domain.model import Customer, Finding, Medium, Opinion, ReportKind, Severity
from bot.domain.policy import Policy

REPORT: Final = "report"
REVIEW: Final = "review"
LOADING: Final = "loading"
TITLE: Final = 24
OPTION: Final = 75
CUSTOMERS: Final = 100
"""Options of one list; a customer beyond them is typed as a tag in the text."""

View = dict[str, Any]


def loading_view(language: str) -> View:
    """Opened at once, since a trigger lives for three seconds; the form follows (slack.md 22)."""
    return _view(LOADING, language, "slack.loading", [_text(say(language, "slack.loading_text"))], submit=False)


def report_view(
    language: str, policy: Policy, customers: Iterable[Customer], place: str, message: str = "", quote: str = "",
    customer: int | None = None, filled: ReportFiled | None = None,
) -> View:  # fmt: skip
    """Nothing but the text is asked for; everything else is optional and preset as far as it is known."""
    ja = language == "ja"
    groups = [(group.key, group.ja if ja else group.en) for group in policy.groups]
    for group in policy.groups:
        groups += [(f"{group.key}.{asked.key}", f"{group.ja if ja else group.en}: {asked.ja if ja else asked.en}")
                   for asked in group.asks]  # fmt: skip
    known = [(str(c.id), c.label) for c in customers if c.merged_into is None][:CUSTOMERS]
    severities = [(s.key, say(language, f"card.severity.{s.key}")) for s in Severity]
    burdens = [(str(n), say(language, f"slack.burden_{n}")) for n in range(1, 6)]
    media = [(m.value, say(language, f"slack.medium_{m.value}")) for m in Medium]
    start = filled or ReportFiled(actor="")
    blocks = [
        _input("text", language, "slack.text", _words(start.text), optional=bool(message)),
        _choice("customer", language, "slack.customer", known, str(start.customer_id or customer or "")),
        _choice("group", language, "slack.group", groups, start.group),
        _input("quote", language, "slack.quote", _words(start.quote or quote), optional=True),
        _choice("severity", language, "slack.severity", severities, start.severity.key if start.severity else ""),
        _choice("burden", language, "slack.burden", burdens, str(start.burden or "")),
        _choice("medium", language, "slack.medium", media, start.medium.value if start.medium else ""),
    ]
    kept = {"place": place, "message": message, "kind": start.kind.value}
    return _view(REPORT, language, "slack.report", [b for b in blocks if b], kept)


def report_of(view: Mapping[str, Any], actor: str) -> ReportFiled:
    """What was filled in; the place is where the form was opened."""
    kept, said = json.loads(view.get("private_metadata") or "{}"), _said(view)
    return ReportFiled(
        actor=actor, kind=ReportKind(kept.get("kind") or "report"), text=said.get("text", ""),
        quote=said.get("quote", ""), group=said.get("group", ""), place=str(kept.get("place") or ""),
        message_id=str(kept.get("message") or ""), burden=int(said.get("burden") or 0),
        customer_id=int(said["customer"]) if said.get("customer") else None,
        severity=Severity.named(said["severity"]) if said.get("severity") else None,
        medium=Medium(said["medium"]) if said.get("medium") else None,
    )  # fmt: skip


def review_view(language: str, incident: int, finding: Finding) -> View:
    """The three questions and the reason (S1-6)."""
    answers = [(opinion.value, say(language, f"slack.opinion_{opinion.value}")) for opinion in Opinion]
    findings = [(one.value, say(language, f"card.finding.{one.value}")) for one in Finding]
    severities = [(s.key, say(language, f"card.severity.{s.key}")) for s in Severity]
    asked = ("demand_valid", "means_acceptable", "environment_harmed")
    blocks = [
        _choice("finding", language, "slack.finding", findings, finding.value, optional=False),
        _input("reason", language, "slack.reason", {}, optional=False),
        *(_choice(key, language, f"slack.{key}", answers, Opinion.UNCLEAR.value) for key in asked),
        _choice("severity", language, "slack.severity", severities, ""),
    ]
    return _view(REVIEW, language, "slack.review", [b for b in blocks if b], {"incident": incident})


def review_of(view: Mapping[str, Any], actor: str) -> IncidentReviewed:
    kept, said = json.loads(view.get("private_metadata") or "{}"), _said(view)
    return IncidentReviewed(
        actor=actor, incident_id=int(kept["incident"]), finding=Finding(said["finding"]), reason=said.get("reason", ""),
        demand_valid=Opinion(said.get("demand_valid") or "unclear"),
        means_acceptable=Opinion(said.get("means_acceptable") or "unclear"),
        environment_harmed=Opinion(said.get("environment_harmed") or "unclear"),
        severity=Severity.named(said["severity"]) if said.get("severity") else None,
    )  # fmt: skip


def _view(kind: str, language: str, title: str, blocks: list[View], kept: object = None, submit: bool = True) -> View:
    made: View = {
        "type": "modal", "callback_id": kind, "title": _plain(say(language, title)[:TITLE]),
        "close": _plain(say(language, "slack.close")), "private_metadata": json.dumps(kept or {}), "blocks": blocks,
    }  # fmt: skip
    return {**made, "submit": _plain(say(language, "slack.submit"))} if submit else made


def _plain(text: str) -> View:
    return {"type": "plain_text", "text": text, "emoji": False}


def _text(text: str) -> View:
    return {"type": "section", "text": _plain(text)}


def _words(text: str) -> View:
    return {"initial_value": text[:3000]} if text else {}


def _input(key: str, language: str, label: str, more: View, *, optional: bool) -> View:
    element = {"type": "plain_text_input", "action_id": key, "multiline": True, **more}
    return {"type": "input", "block_id": key, "optional": optional, "label": _plain(say(language, label)),
            "element": element}  # fmt: skip


def _choice(
    key: str, language: str, label: str, options: list[tuple[str, str]], chosen: str, *, optional: bool = True
) -> View:
    """A list; {} where there is nothing to choose from."""
    if not options:
        return {}
    made = [{"text": _plain(words[:OPTION]), "value": value} for value, words in options]
    preset = next((option for option in made if option["value"] == chosen), None)
    element: View = {"type": "static_select", "action_id": key, "options": made}
    if preset is not None:
        element["initial_option"] = preset
    return {"type": "input", "block_id": key, "optional": optional, "label": _plain(say(language, label)),
            "element": element}  # fmt: skip


def _said(view: Mapping[str, Any]) -> dict[str, str]:
    """Every field that was filled in."""
    found: dict[str, str] = {}
    for block in ((view.get("state") or {}).get("values") or {}).values():
        for key, element in block.items():
            option = element.get("selected_option") or {}
            value = element.get("value") or option.get("value")
            if value:
                found[key] = str(value)
    return found
