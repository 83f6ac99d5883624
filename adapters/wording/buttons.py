"""A button: what it does goes back to the core, what it says stands in the words."""

from typing import Final

from adapters.wording.card import Button, Style
from adapters.wording.voice import Voice

OPEN: Final = "open"
"""Leads to where it was said: it goes to the platform, never back to the core."""


def button(action: str, subject: str, voice: Voice, style: Style = Style.PLAIN, key: str = "", **fields: str) -> Button:
    """`action` on `subject` (ack, ping:7), labelled by its own word or that of `key`."""
    return Button(action, subject, voice.say(f"card.button.{key or action}", **fields), style)
