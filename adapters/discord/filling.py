"""What a form opens with, and what it says when it comes back: customers, places, times and verdicts of the core."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Awaitable
from functools import partial
from typing import Final, TypeVar

from adapters.chat import Door
from adapters.chat.filled import Said
from adapters.chat.lookup import Rows
from adapters.chat.starting import customers_of, verdict, whom
from adapters.chat.wanted import Detail, Second, Verdict, Wanted
from adapters.commands import Asker
from adapters.commands.moments import past, said
from adapters.discord import forms
from adapters.discord.calls import Calls
from adapters.discord.client import Client
from adapters.discord.fields import NAMED
from adapters.wording import Card, Tone, say
from bot.domain.errors import DeliveryFailed
from bot.domain.events import ReportFiled

T = TypeVar("T")
SOON: Final = 0.8
"""Seconds that a form waits for what it could start with: it has to be the first answer (discord.md 3)."""
READING: Final = 0.7
"""Seconds for the words of a message that was reported: whoever sent the form is to hear of it within three."""
REMEMBERED: Final = 200


class Unread(Exception):
    """A field that cannot be understood; the card says which."""

    def __init__(self, card: Card) -> None:
        super().__init__()
        self.card = card


class Filling:
    """Makes forms for those whom a team lists; who that is, is asked before."""

    def __init__(self, client: Client, door: Door) -> None:
        self._client = client
        self._door = door
        self._calls = Calls()
        self._words: OrderedDict[str, str] = OrderedDict()
        self._typed: OrderedDict[str, Said] = OrderedDict()

    async def report(self, asker: Asker, start: ReportFiled) -> forms.Modal:
        """With the customer preset whom the report would be about if nobody were named, where that is known in time."""
        customers, preset = await asyncio.gather(soon(customers_of(self._door)), soon(whom(self._door, start)))
        typed = self._typed.get(self._about(asker, forms.REPORT, forms.kept_of(start)), {})
        return forms.report_form(asker.language, self._door.policy, customers, start, preset, typed)

    async def wanted(self, asker: Asker, form: Wanted) -> forms.Modal | Card:
        """The form of a button; where no verdict waits for a second opinion, what there is instead."""
        match form:
            case Verdict(incident, finding):
                typed = self._typed.get(self._about(asker, forms.REVIEW, f"{incident}/{finding.value}"), {})
                return forms.review_form(asker.language, incident, finding, typed)
            case Detail(report):
                typed = self._typed.get(self._about(asker, forms.DETAIL, str(report)), {})
                customers = await soon(customers_of(self._door))
                return forms.detail_form(asker.language, self._door.policy, customers, report, typed)
            case Second():
                return await self._second(asker, form)

    async def _second(self, asker: Asker, form: Second) -> forms.Modal | Card:
        shown = await soon(verdict(self._door, asker, form.incident))
        if shown is None:
            return Card(say(asker.language, "discord.too_late_again"), Tone.NOTICE)
        card, review = shown
        if review is None:
            return card
        kept = f"{form.incident}/{review}/{int(form.agrees)}"
        typed = self._typed.get(self._about(asker, forms.SECOND, kept), {})
        return forms.second_form(asker.language, card, form.incident, review, form.agrees, typed)

    async def read(self, id: str, filled: Said, asker: Asker) -> Said:
        """The fields as events take them: names become numbers, times moments, a message its words; Unread for what
        cannot be understood."""
        made = dict(filled)
        name, when = made.pop(NAMED, ""), made.pop(forms.WHEN, "")
        if name:
            made["customer"] = await self._named(name, asker)
        if when:
            made |= _moments(when, asker, call=id.startswith(f"{forms.REPORT}:c"))
        start = forms.start_of(id.partition(":")[2], asker.account) if id.startswith(f"{forms.REPORT}:") else None
        if start is not None and start.message_id:
            made["quote"] = await self._quoted(start, asker)
        return made

    def remember(self, message: str, words: str) -> None:
        """The words of a message on which a form was opened."""
        _kept(self._words, message, words)

    def refused(self, id: str, filled: Said, asker: Asker) -> None:
        """What was typed stands in the form when it is opened again."""
        _kept(self._typed, f"{asker.account} {id}", filled)

    def done(self, id: str, asker: Asker) -> None:
        """The form has done its work."""
        self._typed.pop(f"{asker.account} {id}", None)

    def _about(self, asker: Asker, kind: str, kept: str) -> str:
        return f"{asker.account} {kind}:{kept}"

    async def _named(self, name: str, asker: Asker) -> str:
        number = name.rpartition("#")[2].strip()
        rows = Rows(await customers_of(self._door), ())
        found = rows.customer(number if number.isdecimal() and "#" in name else name)
        if len(found) == 1:
            return str(found[0])
        key = "door.several_customer" if found else "door.none_customer"
        raise Unread(Card(say(asker.language, key, name=name, text=name), Tone.NOTICE))

    async def _quoted(self, start: ReportFiled, asker: Asker) -> str:
        """The words of the message; after a restart they are read again. It goes with the report by its id anyway."""
        if start.place != asker.place:  # an id that was tampered with must not read other channels to anybody
            return ""
        if start.message_id in self._words:
            return self._words.pop(start.message_id)
        channel = self._client.get_partial_messageable(int(start.place.rpartition(":")[2]))
        with contextlib.suppress(DeliveryFailed, TimeoutError):
            async with asyncio.timeout(READING):
                message = await self._calls(partial(channel.fetch_message, int(start.message_id)))
                return message.content
        return ""


async def soon(work: Awaitable[T]) -> T | None:
    """What is known in time; None where it is not."""
    try:
        async with asyncio.timeout(SOON):
            return await work
    except Exception:
        return None


def _kept(memory: "OrderedDict[str, T]", key: str, value: T) -> None:
    memory[key] = value
    memory.move_to_end(key)
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)


def _moments(when: str, asker: Asker, *, call: bool) -> dict[str, str]:
    """A time, or of a call a span, on the asker's clock."""
    moment = said(when.strip())
    span = past(moment, asker.zone, asker.now) if moment is not None else None
    if span is None:
        key = "commands.wrong.ahead" if moment else "commands.wrong.when"
        raise Unread(Card(say(asker.language, key, value=when, word=""), Tone.NOTICE))
    begin, end = (str(int(at.timestamp())) if at else "" for at in span)
    return {"call_from": begin, "call_to": end} if call else {"occurred": begin}
