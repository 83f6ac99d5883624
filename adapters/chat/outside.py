"""Whoever is not ours: what they try reaches the core only to be refused and recorded, and they see nothing of it."""

from adapters.chat.door import Door
from adapters.commands import Asker
from bot.domain.events import Event
from bot.domain.questions import Question


async def said(door: Door, text: str, asker: Asker, until: float, *, listed: bool | None) -> None:
    """They typed a line. `listed`: whether a team lists them all the same; unless the rows say that none does, the core
    is not asked, for it would let them."""
    if listed is False:
        await door.line(text, asker, until)


async def tried(door: Door, deed: Event | Question | None, asker: Asker, until: float, *, listed: bool | None) -> None:
    """They pressed a button or sent a form; None where that means nothing."""
    if listed is False and deed is not None:
        await door.either(deed, asker, until)
