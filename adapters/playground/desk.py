"""What people do on the page, commands, buttons, forms, and what they alone are told; outsiders may nothing.

What an outsider sends reaches the core only to be refused and recorded, and one neutral sentence is all they see.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from adapters.chat import Door
from adapters.chat.buttons import number_of, pressed
from adapters.commands import COMMAND, Asker
from adapters.playground import forms
from adapters.playground.board import Said
from adapters.playground.forms import Form
from adapters.playground.town import CHANNELS, Persona
from adapters.wording import Card, Tone, answer_card, say
from bot.domain.events import Event, ReportFiled
from bot.domain.model import Customer, Finding, ReportKind, ReviewState
from bot.domain.notices import Denied
from bot.domain.questions import (
    CustomersAsked,
    CustomersShown,
    Question,
    ReviewAsked,
    ReviewShown,
    WhomAsked,
    WhomShown,
)
from bot.ports import Clock

FINDINGS: Final = frozenset(finding.value for finding in Finding)
WAITING: Final = (ReviewState.AWAITING_SECOND, ReviewState.PROVISIONAL)


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, in which language, and where (a channel's id; "" = nowhere in particular)."""

    persona: Persona
    language: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Errors:
    """A form was refused: the sentence at its field; everything typed stays."""

    at: Mapping[str, str]


class Desk:
    """Everything that people do; whatever is done or asked goes through the door."""

    def __init__(self, door: Door, clock: Clock, zone: str) -> None:
        self._door = door
        self._clock = clock
        self._zone = zone

    async def line(self, text: str, who: Who) -> Card | Form:
        """One line of `/kasuhara`, with or without that word in front."""
        asker = self._asker(who)
        words = text.strip()
        if words == COMMAND or words.startswith((f"{COMMAND} ", f"{COMMAND}\u3000")):
            words = words[len(COMMAND) :].strip()
        if not who.persona.inside:
            await self._door.line(words, asker)  # the core refuses it, and keeps that it was tried
            return _outside(who)
        said = await self._door.line(words, asker)
        if said.form is not None:
            return await self.report(said.form.filled, who)
        return said.card or Card("", Tone.CALM)

    async def press(self, action: str, subject: str, who: Who) -> Card | Form:
        """A button; the core decides by rows, not by what the button claims."""
        asker = self._asker(who)
        deed = pressed(action, subject, asker.account)
        if not who.persona.inside:
            if deed is not None:
                await self._card(deed, asker)
            return _outside(who)
        form = await self._form(action, subject, who)
        if form is not None:
            return form
        if deed is None:
            return Card(say(who.language, "slack.unknown_button"), Tone.NOTICE)
        return await self._card(deed, asker)

    async def about(self, said: Said, who: Who) -> Card | Form:
        """The report of a message, with its words, its place and itself as evidence."""
        place = CHANNELS[said.channel].address
        start = ReportFiled(actor="", place=place, message_id=said.id, quote=said.text or "")
        return await self.report(start, who)

    async def blank(self, kind: str, who: Who) -> Card | Form:
        """A report of nothing in particular; `kind`: report or call."""
        call = ReportKind.CALL if kind == "call" else ReportKind.REPORT
        return await self.report(ReportFiled(actor="", kind=call, place=self._asker(who).place), who)

    async def report(self, start: ReportFiled, who: Who) -> Card | Form:
        """With the customer preset whom the report would be about if nobody were named."""
        if not who.persona.inside:
            return _outside(who)
        try:
            customers = await self._customers()
            whom = await self._door.look(WhomAsked(start.place, start.message_id))
        except Exception as error:
            return self._door.trouble(error, who.language)
        preset = whom.customer_id if isinstance(whom, WhomShown) else None
        return forms.report_form(who.language, self._zone, self._door.policy, customers, start, preset)

    async def submit(self, form: Form, values: Mapping[str, str], who: Who) -> Card | Errors:
        """A form: what was refused is said inside it, so that nothing typed is lost; else it becomes the answer."""
        missing = {one.key: say(who.language, "playground.required") for one in form.fields
                   if one.required and not values.get(one.key, "").strip()}  # fmt: skip
        if missing:
            return Errors(missing)
        asker = self._asker(who)
        try:
            event = forms.event_of(form, values, asker.account, self._zone)
        except (ValueError, KeyError, OverflowError):
            return Errors({"": say(who.language, "slack.unknown_form")})
        told = await self._door.do(event, asker)
        if not told.done and who.persona.inside:
            lines = (line for section in told.card.sections for line in section.lines)
            return Errors(forms.errors_of(form, told.key, " ".join((told.card.title, *lines))))
        return told.card if who.persona.inside else _outside(who)

    async def _form(self, action: str, subject: str, who: Who) -> Card | Form | None:
        """The form that this button asks for; None for one that does something at once."""
        if action == forms.FORM:
            with contextlib.suppress(ValueError):
                return await self.report(forms.start_of(subject), who)
            return None
        id = number_of(subject, "report" if action == "detail" else "incident")
        if id is None:
            return None
        if action in FINDINGS:
            return forms.review_form(who.language, id, Finding(action))
        try:
            if action in ("agree", "disagree"):
                return await self._second(id, action == "agree", who)
            if action == "detail":
                return forms.detail_form(who.language, self._door.policy, await self._customers(), id)
        except Exception as error:
            return self._door.trouble(error, who.language)
        return None

    async def _second(self, incident: int, agrees: bool, who: Who) -> Card | Form:
        """The verdict that stands now, above the answer to it; where none waits, what there is instead."""
        shown = await self._door.look(ReviewAsked(who.persona.account, incident))
        if not isinstance(shown, ReviewShown | Denied):
            raise TypeError(shown)
        card = answer_card(shown, who.language, self._door.policy, zone=self._zone)
        last = shown.history[-1] if isinstance(shown, ReviewShown) and shown.history else None
        if last is None or last.state not in WAITING:
            return card
        return forms.second_form(who.language, card, incident, last.id, agrees)

    async def _customers(self) -> tuple[Customer, ...]:
        shown = await self._door.look(CustomersAsked())
        return shown.customers if isinstance(shown, CustomersShown) else ()

    async def _card(self, deed: Event | Question, asker: Asker) -> Card:
        if isinstance(deed, Question):
            return await self._door.ask(deed, asker)
        return (await self._door.do(deed, asker)).card

    def _asker(self, who: Who) -> Asker:
        place = CHANNELS.get(who.channel)
        where = place.address if place and place.kind != "direct" else ""
        return Asker(
            account=who.persona.account, language=who.language, zone=self._zone, now=self._clock(), place=where
        )


def _outside(who: Who) -> Card:
    return Card(say(who.language, "slack.outside"), Tone.CALM)
