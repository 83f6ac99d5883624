"""What people do on the page, commands, buttons, forms, and what they alone are told; outsiders may nothing.

What an outsider sends reaches the core only to be refused and recorded, and one neutral sentence is all they see.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.chat import Door
from adapters.chat.buttons import pressed
from adapters.chat.starting import customers_of, verdict, whom
from adapters.chat.wanted import Detail, Second, Verdict, wanted
from adapters.commands import COMMAND, Asker
from adapters.playground import forms
from adapters.playground.board import Said
from adapters.playground.forms import Form
from adapters.playground.town import CHANNELS, Persona
from adapters.wording import Card, Tone, say
from bot.domain.events import ReportFiled
from bot.domain.model import Digest, ReportKind
from bot.domain.questions import DigestAsked, DigestShown
from bot.ports import Clock


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
                await self._door.either(deed, asker)
            return _outside(who)
        form = await self._form(action, subject, who)
        if form is not None:
            return form
        if deed is None:
            return Card(say(who.language, "slack.unknown_button"), Tone.NOTICE)
        return await self._door.either(deed, asker)

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
            customers, preset = await customers_of(self._door), await whom(self._door, start)
        except Exception as error:
            return self._door.trouble(error, who.language)
        return forms.report_form(who.language, self._zone, self._door.policy, customers, start, preset)

    async def digest(self, who: Who) -> Digest | None:
        """What the digest that this persona asked for shows; None where it cannot be read in time."""
        with contextlib.suppress(Exception):
            shown = await self._door.look(DigestAsked(who.persona.account))
            return shown.digest if isinstance(shown, DigestShown) else None
        return None

    async def submit(self, form: Form, values: Mapping[str, str], who: Who) -> Card | Errors:
        """A form: what was refused is said inside it, so that nothing typed is lost; else it becomes the answer."""
        missing = {one.key: say(who.language, "playground.required") for one in form.fields
                   if one.required and not values.get(one.key, one.value).strip()}  # fmt: skip
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
        try:
            match wanted(action, subject):
                case Verdict(incident, finding):
                    return forms.review_form(who.language, incident, finding)
                case Detail(report):
                    return forms.detail_form(who.language, self._door.policy, await customers_of(self._door), report)
                case Second() as second:
                    return await self._second(second, who)
        except Exception as error:
            return self._door.trouble(error, who.language)
        return None

    async def _second(self, form: Second, who: Who) -> Card | Form:
        """The verdict that stands now, above the answer to it; where none waits, what there is instead."""
        card, review = await verdict(self._door, self._asker(who), form.incident)
        if review is None:
            return card
        return forms.second_form(who.language, card, form.incident, review, form.agrees)

    def _asker(self, who: Who) -> Asker:
        place = CHANNELS.get(who.channel)
        where = place.address if place and place.kind != "direct" else ""
        return Asker(
            account=who.persona.account, language=who.language, zone=self._zone, now=self._clock(), place=where
        )


def _outside(who: Who) -> Card:
    return Card(say(who.language, "slack.outside"), Tone.CALM)
