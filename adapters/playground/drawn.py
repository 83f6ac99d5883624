"""A card, a form and a message as JSON for the page; texts go over as they are and are never made into markup."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from adapters.playground.board import Said
from adapters.playground.forms import Form
from adapters.playground.town import BOT, CHANNELS, PERSONAS, Persona
from adapters.wording import Card, Quote, Section, say

NOBODY: Final = ""


def card_json(card: Card, mention: str = NOBODY) -> dict[str, Any]:
    """`mention` names whom the card calls; `moved`: some of its buttons are gone, since its matter has moved on."""
    return {
        "title": card.title,
        "tone": card.tone.value,
        "sections": [_section(section) for section in card.sections],
        "buttons": [
            {"action": b.action, "subject": b.subject, "label": b.label, "style": b.style.value} for b in card.buttons
        ],
        "footer": card.footer,
        "chart": None,
        "alt": "",
        "mention": mention or None,
        "moved": False,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "lines": list(section.lines),
        "fields": [{"label": field.label, "value": field.value} for field in section.fields],
        "quotes": [_quote(quote) for quote in section.quotes],
    }


def _quote(quote: Quote) -> dict[str, Any]:
    marks = [[_units(quote.text[:place]) for place in span] for span in quote.marks]
    return {"text": quote.text, "source": quote.source, "gone": quote.gone, "marks": marks}


def _units(text: str) -> int:
    """How long a browser takes it to be: it counts in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def form_json(form: Form, id: str) -> dict[str, Any]:
    """A form to fill in; `id` comes back with what was filled in."""
    fields = [
        {
            "key": one.key, "label": one.label, "kind": one.kind, "value": one.value, "hint": one.hint,
            "required": one.required, "max": one.most,
            "options": [{"value": value, "label": label} for value, label in one.options],
        }
        for one in form.fields
    ]  # fmt: skip
    card = card_json(replace(form.card, buttons=())) if form.card else None  # the form itself is the answer to it
    return {"t": "form", "id": id, "title": form.title, "intro": list(form.intro), "card": card,
            "fields": fields, "submit": form.submit}  # fmt: skip


def message_json(said: Said, viewer: Persona, language: str, zone: str) -> dict[str, Any]:
    """A message as this viewer sees it, at the hour of the town's own clock."""
    by = PERSONAS.get(said.by)
    kind = BOT if by is None else "staff" if by.inside else "customer"
    return {
        "id": said.id,
        "channel": said.channel,
        "at": said.at.isoformat(),
        "shown": f"{said.at.astimezone(ZoneInfo(zone)):%H:%M}",
        "day": day_words(said.at, language, zone),
        "by": {"id": said.by, "name": by.name(language) if by else say(language, "playground.bot"), "kind": kind},
        "text": said.text,
        "card": said.card,
        "private": bool(said.only),
        "edited": said.edited,
        "gone": False,
        "again": said.again,
        "can_report": viewer.inside and said.text is not None and kind != BOT and _customers_read(said),
    }


def _customers_read(said: Said) -> bool:
    return CHANNELS[said.channel].kind == "customer"


def channels_json(viewer: Persona, language: str) -> list[dict[str, Any]]:
    """The channels that this viewer reads."""
    seen = [place for place in CHANNELS.values() if viewer.id in place.members]
    return [
        {"id": place.id, "kind": place.kind, "name": place.name(language), "about": place.about(language)}
        for place in seen
    ]


def personas_json(language: str) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id, "name": one.name(language), "role": one.role, "inside": one.inside,
            "said": say(language, f"playground.role.{one.id}"),
        }
        for one in PERSONAS.values()
    ]  # fmt: skip


def day_words(at: datetime, language: str, zone: str) -> str:
    """11/23(月)"""
    local = at.astimezone(ZoneInfo(zone))
    weekday = say(language, f"playground.weekday.{local.weekday()}")
    return say(language, "playground.day", month=local.month, day=local.day, weekday=weekday)


def clock_json(at: datetime, language: str, zone: str, *, moving: bool) -> dict[str, Any]:
    shown = f"{day_words(at, language, zone)} {at.astimezone(ZoneInfo(zone)):%H:%M}"
    return {"t": "clock", "iso": at.isoformat(), "shown": shown, "moving": moving}
