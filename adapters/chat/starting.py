"""What a form starts with, asked through the door: customers, who a report would be about, the verdict that stands.

Errors are the door's own: TimeoutError, or the core's.
"""

from dataclasses import replace
from typing import Final

from adapters.chat.door import Door
from adapters.commands import Asker
from adapters.wording import Card, answer_card
from bot.domain.events import ReportFiled
from bot.domain.model import Customer, ReviewState
from bot.domain.notices import Denied
from bot.domain.questions import CustomersAsked, CustomersShown, ReviewAsked, ReviewShown, WhomAsked, WhomShown

WAITING: Final = (ReviewState.AWAITING_SECOND, ReviewState.PROVISIONAL)


async def customers_of(door: Door, until: float | None = None) -> tuple[Customer, ...]:
    """Everybody whom a form can name."""
    shown = await door.look(CustomersAsked(), until)
    return shown.customers if isinstance(shown, CustomersShown) else ()


async def whom(door: Door, start: ReportFiled) -> int | None:
    """The customer whom this report would be about if nobody were named."""
    shown = await door.look(WhomAsked(start.place, start.message_id))
    return shown.customer_id if isinstance(shown, WhomShown) else None


async def verdict(door: Door, asker: Asker, incident: int) -> tuple[Card, int | None]:
    """What there is to see of an incident's verdict, and its number where it waits for a second opinion.

    Without the card's own two answers then: the form asks for one of them."""
    shown = await door.look(ReviewAsked(asker.account, incident))
    if not isinstance(shown, ReviewShown | Denied):
        raise TypeError(shown)
    card = answer_card(shown, asker.language, door.policy, zone=asker.zone)
    last = shown.history[-1] if isinstance(shown, ReviewShown) and shown.history else None
    if last is None or last.state not in WAITING:
        return card, None
    return replace(card, buttons=()), last.id
