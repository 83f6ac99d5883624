"""The forms of Discord: a report in ten seconds, more about it, a verdict, a second opinion; back come events."""

from collections.abc import Mapping, Sequence
from typing import Final

import discord

from adapters.chat import filled
from adapters.chat.cutting import parts_of
from adapters.chat.filled import QUESTIONS, Said, known
from adapters.chat.offered import burdens, groups, opinions, severities
from adapters.discord.boxes import ID, id_of
from adapters.discord.fields import NAMED, OPTIONS, Item, asked, choice, modal, named, words
from adapters.discord.markup import cost, escaped
from adapters.wording import Card, say, text_of
from adapters.wording.card import Button, Style
from bot.domain.events import Event, ReportFiled
from bot.domain.model import Customer, Finding, Medium, Opinion, ReportKind
from bot.domain.policy import Policy

REPORT: Final = "report"
DETAIL: Final = "detail"
REVIEW: Final = "review"
SECOND: Final = "second"
FORM: Final = "form"
"""The action of a button that opens the report form; its subject is what the form starts with."""
WHEN: Final = "when"
SHOWN: Final = 3_000
"""Characters of a verdict that a form shows above the answer to it."""
_KINDS: Final = {ReportKind.REPORT: "r", ReportKind.CALL: "c", ReportKind.NOW: "n"}
_MEDIA: Final = {medium: str(number) for number, medium in enumerate(Medium, 1)}
_KEPT: Final[Mapping[str, Sequence[str]]] = {
    REPORT: ("kind", "place", "message", "customer", "group", "severity", "burden", "medium", "occurred"),
    DETAIL: ("report",), REVIEW: ("incident", "finding"), SECOND: ("incident", "review", "agrees"),
}  # fmt: skip
"""Form → what its id keeps, in this order."""
Modal = discord.ui.Modal
NOTHING: Final[Said] = {}


def kept_of(start: ReportFiled) -> str:
    """Where and what kind a report is, as an id keeps it: numbers and keys, no word of anybody (discord.md 11).

    What there is no room for is what the form asks anyway.
    """
    kept = filled.kept_of(start) | {"kind": _KINDS[start.kind], "place": start.place.rpartition(":")[2]}
    kept |= {"medium": _MEDIA[start.medium]} if start.medium else {}
    narrow, bare = kept | {"group": ""}, {key: kept.get(key, "") for key in _KEPT[REPORT][:3]}
    told = ("/".join(some.get(key, "") for key in _KEPT[REPORT]).rstrip("/") for some in (kept, narrow, bare))
    return next(one for one in told if len(id_of(REPORT, one)) <= ID)


def start_of(kept: str, actor: str) -> ReportFiled:
    """What `kept_of` kept; ValueError for what it cannot have written."""
    return filled.filed(_kept(REPORT, kept, actor), actor)


def form_button(start: ReportFiled, language: str) -> Button:
    """Opens the report form from anywhere, such as where words alone cannot open one."""
    key = "form.open_call" if start.kind is ReportKind.CALL else "form.open_form"
    return Button(FORM, kept_of(start), say(language, key), Style.PRIMARY)


def report_form(
    language: str, policy: Policy, customers: Sequence[Customer] | None, start: ReportFiled,
    preset: int | None = None, typed: Said = NOTHING,
) -> Modal:  # fmt: skip
    """Nothing but the text is asked for, and not even that of a message. `customers` None: not known in time.

    `typed`: what stood in it when it was refused.
    """
    call = start.kind is ReportKind.CALL
    needed = not (start.message_id or start.quote)
    grave = typed.get("severity") or (start.severity.key if start.severity else "")
    items = [
        asked("form.text", language, words("text", typed.get("text") or start.text, needed=needed)),
        *_whom(language, customers, start.customer_id or preset, typed),
        *_group(language, policy, typed.get("group") or start.group),
        _when(language, typed) if call else _severity(language, grave),
        asked("form.burden", language, choice("burden", burdens(language), typed.get("burden") or str(start.burden))),
    ]  # fmt: skip
    return modal(id_of(REPORT, kept_of(start)), say(language, "form.call" if call else "form.report"), items)


def detail_form(
    language: str, policy: Policy, customers: Sequence[Customer] | None, report: int, typed: Said = NOTHING
) -> Modal:
    """More about a report of one's own; what stays empty stays as it was."""
    items = [
        asked("form.detail_more", language, words("text", typed.get("text", "")), "form.detail_text"),
        *_whom(language, customers, None, typed),
        *_group(language, policy, typed.get("group", "")),
        _severity(language, typed.get("severity", "")),
        _when(language, typed),
    ]
    return modal(id_of(DETAIL, str(report)), say(language, "form.detail"), items)


def review_form(language: str, incident: int, finding: Finding, typed: Said = NOTHING) -> Modal:
    """The three questions and the reason (S1-6), in the card's order; the finding is the button that was pressed."""
    questions = [
        asked(f"form.{key}", language, choice(key, opinions(language), typed.get(key) or Opinion.UNCLEAR.value))
        for key in QUESTIONS
    ]
    items = [
        *questions,
        _severity(language, typed.get("severity", ""), "form.severity_review"),
        asked("form.reason", language, words("reason", typed.get("reason", ""), needed=True)),
    ]
    title = say(language, "form.review", finding=say(language, f"card.finding.{finding.value}"))
    return modal(id_of(REVIEW, f"{incident}/{finding.value}"), title, items)


def second_form(language: str, card: Card, incident: int, review: int, agrees: bool, typed: Said = NOTHING) -> Modal:
    """The verdict as it stands now above the answer to it, so that nobody answers another one (events.ReviewSeconded).

    Whoever disagrees says why.
    """
    key = "agree" if agrees else "disagree"
    shown, *more = list(parts_of(text_of(card, 500), SHOWN, cost)) or [""]
    told = escaped(shown) + (f"\n{say(language, 'form.more')}" if more else "")
    items = [
        discord.ui.TextDisplay(told),
        asked(f"form.reason_{key}", language, words("reason", typed.get("reason", ""), needed=not agrees)),
    ]
    return modal(id_of(SECOND, f"{incident}/{review}/{int(agrees)}"), say(language, f"form.second_{key}"), items)


def event_of(id: str, said: Said, actor: str) -> Event:
    """What was filled in; one of STRANGE for a form that this version did not make."""
    kind, _, kept = id.partition(":")
    return filled.event_of(kind, _kept(kind, kept, actor), said, actor)


def again_of(id: str, language: str) -> Button | None:
    """The button that opens the same form once more."""
    kind, _, kept = id.partition(":")
    label = say(language, "form.again")
    match kind, kept.split("/"):
        case "report", [*_]:
            return Button(FORM, kept, label, Style.PRIMARY)
        case "detail", [report]:
            return Button("detail", f"report:{report}", label, Style.PRIMARY)
        case "review", [incident, finding]:
            return Button(finding, f"incident:{incident}", label, Style.PRIMARY)
        case "second", [incident, _, agrees]:
            return Button("agree" if agrees == "1" else "disagree", f"incident:{incident}", label, Style.PRIMARY)
    return None


def labels(language: str) -> Mapping[str, str]:
    """Field → what it is called, for showing back what was typed."""
    keys = ("text", "customer", "group", "severity", "burden", "when", "reason", *QUESTIONS)
    return {key: say(language, f"form.{key}") for key in keys} | {NAMED: say(language, "form.customer")}


def _kept(kind: str, kept: str, actor: str) -> dict[str, str]:
    """By name, as `filled.event_of` takes it."""
    found = dict(zip(_KEPT[kind], kept.split("/"), strict=kind != REPORT))
    if kind != REPORT:
        return found
    kinds = {letter: kind.value for kind, letter in _KINDS.items()}
    media = {number: medium.value for medium, number in _MEDIA.items()}
    guild = actor.split(":")[1]
    found["kind"] = kinds[found["kind"]]
    found["place"] = f"discord:{guild}:{int(found['place'])}" if found.get("place") else ""
    found["medium"] = media[found["medium"]] if found.get("medium") else ""
    return found


def _whom(language: str, customers: Sequence[Customer] | None, chosen: int | None, typed: Said) -> list[Item]:
    """A list where it has room for everybody; else a name, which is looked up when it comes back."""
    living = known(customers or ())
    if customers is not None and not living:
        return []
    if living and len(living) <= OPTIONS:
        options = [(str(one.id), named(one)) for one in living]
        element = choice("customer", options, typed.get("customer") or str(chosen or ""))
        return [asked("form.customer", language, element, "form.customer_hint")]
    preset = next((named(one) for one in living if one.id == chosen), "")
    element = words(NAMED, typed.get(NAMED) or preset, short=True)
    return [asked("form.customer", language, element, "form.customer_name_hint")]


def _group(language: str, policy: Policy, chosen: str) -> list[Item]:
    """The plain groups with what they are asked more exactly, as far as a list has room."""
    finer = groups(language, policy)
    options = finer if len(finer) <= OPTIONS else groups(language, policy, finer=False)
    return [asked("form.group", language, choice("group", options, chosen))] if options else []


def _when(language: str, typed: Said) -> Item:
    return asked("form.when", language, words(WHEN, typed.get(WHEN, ""), short=True), "form.when_hint")


def _severity(language: str, chosen: str, label: str = "form.severity") -> Item:
    return asked(label, language, choice("severity", severities(language), chosen))
