"""What somebody typed into a channel: words to everybody there, a line for the bot, or that line misspelt."""

import difflib
from typing import Final

from adapters.commands import COMMAND
from adapters.commands.names import folded
from adapters.playground.town import Persona
from adapters.wording import Card, Section, Tone, say

NEAR: Final = 0.75
"""How alike a word has to be to be taken for a misspelt /kasuhara."""


def command(text: str, persona: Persona) -> str | None:
    """The line that is meant for the bot, None for words to the channel.

    As in any chat, what our own people begin with a slash, wide or narrow, never reaches the customer, also misspelt.
    """
    head = folded(text.split(maxsplit=1)[0])
    if head.startswith(COMMAND):
        return text
    return text.lstrip()[1:] if persona.inside and head.startswith("/") else None


def misspelt(text: str, persona: Persona, language: str) -> Card | None:
    """What one of our people meant who wrote nearly /kasuhara; nothing was done, and no customer has seen it."""
    first, *rest = text.split(maxsplit=1)
    head = folded(first)
    if not persona.inside or not head.startswith("/") or head.startswith(COMMAND):
        return None
    if difflib.SequenceMatcher(None, head, COMMAND).ratio() < NEAR:
        return None
    meant = " ".join((COMMAND, *rest)).replace("`", "'")
    lines = (say(language, "playground.misspelt.meant", meant=meant), say(language, "playground.misspelt.unseen"))
    return Card(say(language, "playground.misspelt.title", word=first), Tone.NOTICE, (Section(lines=lines),))
