"""Forms open by a trigger that lives three seconds, before anything is looked up (slack.md 22); the late is told."""

import asyncio
from functools import partial

from adapters.chat import Door
from adapters.slack import forms
from adapters.slack.callers import Who
from adapters.slack.filling import Opening
from adapters.slack.telling import Telling, too_late
from adapters.slack.views import View
from adapters.wording import Card


class Openings:
    """What is made after a form was opened is brought into it later."""

    def __init__(self, telling: Telling, door: Door) -> None:
        self._telling = telling
        self._door = door

    async def opens(
        self, trigger: str, opening: Opening, who: Who, until: float, *, inside: bool = False
    ) -> Card | None:
        """None if it stands open, or may still, on top of another one if `inside`; a card with another way where the
        trigger was too old."""
        view = opening.ready or forms.loading_view(who.language)
        asked = asyncio.ensure_future(self._telling.opens(trigger, view, inside=inside))
        try:
            await asyncio.wait({asked}, timeout=max(0.0, until - asyncio.get_running_loop().time()))
        except asyncio.CancelledError:
            asked.cancel()
            raise
        if asked.done():
            return self._opened(asked.result(), opening, who)
        self._telling.later(self._late(asked, opening, who))  # Slack wants its acknowledgement
        return None

    def _opened(self, opened: View | None, opening: Opening, who: Who) -> Card | None:
        if opened is None:
            return too_late(who.language, opening.again)
        if opening.make is not None:
            trouble = partial(self._door.trouble, language=who.language)
            self._telling.later(self._telling.fills(opened, who.language, opening.make, trouble))
        return None

    async def _late(self, asked: "asyncio.Future[View | None]", opening: Opening, who: Who) -> None:
        card = self._opened(await asked, opening, who)
        if card is not None:
            await self._telling.whisper(who.user, who.channel, card)
