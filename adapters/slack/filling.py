"""What a form opens with: what the core knows at that moment of customers, places and verdicts."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

from adapters.chat import Door
from adapters.commands import Asker
from adapters.slack import forms
from adapters.slack.views import View, card_modal
from adapters.wording import Card, Tone, answer_card, say
from adapters.wording.card import Button
from bot.domain.events import ReportFiled
from bot.domain.model import Customer, ReviewState
from bot.domain.notices import Denied
from bot.domain.questions import CustomersAsked, CustomersShown, ReviewAsked, ReviewShown, WhomAsked, WhomShown

WAITING: Final = (ReviewState.AWAITING_SECOND, ReviewState.PROVISIONAL)


@dataclass(frozen=True, slots=True)
class Opening:
    """A form to open: `ready`, or made while a loading view stands; `again` is the button for another try."""

    ready: View | None = None
    make: Callable[[], Awaitable[View]] | None = None
    again: Button | None = None


class Filling:
    """Makes forms for those whom a team lists; anybody else gets a sentence. Errors of the door are raised."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def customers(self) -> tuple[Customer, ...]:
        shown = await self._door.look(CustomersAsked())
        return shown.customers if isinstance(shown, CustomersShown) else ()

    async def report(self, asker: Asker, start: ReportFiled) -> View:
        """With the customer preset whom the report would be about if nobody were named."""
        if not await self._door.knows(asker.account):
            return _outside(asker)
        customers, whom = await asyncio.gather(
            self.customers(), self._door.look(WhomAsked(start.place, start.message_id))
        )
        preset = whom.customer_id if isinstance(whom, WhomShown) else None
        return forms.report_view(asker.language, self._door.policy, customers, start, preset)

    async def detail(self, asker: Asker, report: int) -> View:
        if not await self._door.knows(asker.account):
            return _outside(asker)
        return forms.detail_view(asker.language, self._door.policy, await self.customers(), report)

    async def second(self, asker: Asker, incident: int, agrees: bool) -> View:
        """The verdict that stands now, above the answer to it; where none waits, what there is instead."""
        shown = await self._door.look(ReviewAsked(asker.account, incident))
        if not isinstance(shown, ReviewShown | Denied):
            raise TypeError(shown)
        card = answer_card(shown, asker.language, self._door.policy, zone=asker.zone)
        last = shown.history[-1] if isinstance(shown, ReviewShown) and shown.history else None
        if last is None or last.state not in WAITING:
            return card_modal(card, asker.language)
        return forms.second_view(asker.language, replace(card, buttons=()), incident, last.id, agrees)


def _outside(asker: Asker) -> View:
    return card_modal(Card(say(asker.language, "slack.outside"), Tone.CALM), asker.language)
