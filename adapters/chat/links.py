"""Where something was said, as an address that a person can open."""

from collections.abc import Iterable
from dataclasses import replace

from adapters.wording import Card
from adapters.wording.buttons import OPEN
from adapters.wording.card import Button


def linked(card: Card, slack_home: str = "") -> Card:
    """The button that leads to the conversation with its address in place of its ids; without one it is left out.

    `slack_home`: the address of our Slack workspace, as auth.test says it.
    """
    found = (replace(b, subject=_address(b.subject, slack_home)) if b.action == OPEN else b for b in card.buttons)
    return replace(card, buttons=tuple(drawable(found)))


def drawable(buttons: Iterable[Button]) -> list[Button]:
    """Those that a platform can draw: all but what leads nowhere."""
    return [button for button in buttons if button.action != OPEN or button.subject.startswith("https://")]


def _address(source: str, slack_home: str) -> str:
    """Of `platform:workspace:channel:message`; "" where nobody could open it."""
    platform, workspace, channel, message = (*source.split(":", 3), "", "", "")[:4]
    match platform:
        case "slack" if slack_home.startswith("https://") and message:
            return f"{slack_home.rstrip('/')}/archives/{channel}/p{message.replace('.', '')}"
        case "discord" if message:
            return f"https://discord.com/channels/{workspace}/{channel}/{message}"
    return ""
