"""What a form opens with: what the core knows at that moment of customers, places and verdicts."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from adapters.chat import Door
from adapters.chat.starting import customers_of, verdict, whom
from adapters.chat.wanted import Detail, Second, Verdict, Wanted
from adapters.commands import Asker
from adapters.slack import forms
from adapters.slack.views import View, card_modal
from adapters.wording.card import Button
from bot.domain.events import ReportFiled


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

    async def report(self, asker: Asker, start: ReportFiled) -> View:
        """With the customer preset whom the report would be about if nobody were named."""
        if not await self._door.knows(asker.account):
            return await self._refused(asker)
        customers, preset = await asyncio.gather(customers_of(self._door), whom(self._door, start))
        return forms.report_view(asker.language, self._door.policy, customers, start, preset)

    def wanted(self, asker: Asker, form: Wanted) -> Opening:
        """The form of a button."""
        match form:
            case Verdict(incident, finding):
                return Opening(forms.review_view(asker.language, incident, finding))
            case Detail(report):
                return Opening(make=partial(self._detail, asker, report))
            case Second():
                return Opening(make=partial(self._second, asker, form))

    async def _detail(self, asker: Asker, report: int) -> View:
        if not await self._door.knows(asker.account):
            return await self._refused(asker)
        return forms.detail_view(asker.language, self._door.policy, await customers_of(self._door), report)

    async def _second(self, asker: Asker, form: Second) -> View:
        """The verdict that stands now, above the answer to it; where none waits, what there is instead."""
        card, review = await verdict(self._door, asker, form.incident)
        if review is None:
            return card_modal(card, asker.language)
        return forms.second_view(asker.language, replace(card, buttons=()), form.incident, review, form.agrees)

    async def _refused(self, asker: Asker) -> View:
        return card_modal(await self._door.refused(asker), asker.language)
