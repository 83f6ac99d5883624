"""A button: what it does goes back to the core, what it says stands in the words."""

from adapters.wording.card import Button, Style
from adapters.wording.voice import Voice


def button(action: str, subject: str, voice: Voice, style: Style = Style.PLAIN, key: str = "", **fields: str) -> Button:
    """`action` on `subject` (ack, ping:7), labelled by its own word or that of `key`."""
    return Button(action, subject, voice.say(f"card.button.{key or action}", **fields), style)
