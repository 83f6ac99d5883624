"""Views of Slack, modals and the home tab: their small parts, and cards drawn as views."""

import copy
from collections.abc import Sequence
from typing import Any, Final, cast

from adapters.chat.buttons import apart
from adapters.slack.blocks import BLANK
from adapters.slack.layout import messages_of
from adapters.slack.markup import fitting
from adapters.wording import Card, say
from adapters.wording.clean import clean

View = dict[str, Any]

TITLE: Final = 24
OPTION: Final = 75
INPUT: Final = 3_000
"""Characters of one input; a longer text stands in several."""
BLOCKS: Final = 95
"""Of the 100 that Slack takes."""


def modal(kind: str, language: str, title: str, blocks: Sequence[View], kept: str = "", submit: str = "") -> View:
    """`title` and `submit` are keys of words; without `submit` it can only be closed."""
    made: View = {
        "type": "modal", "callback_id": kind, "title": plain(fitting(say(language, title), TITLE)),
        "close": plain(say(language, "slack.close")), "private_metadata": kept, "blocks": list(blocks),
    }  # fmt: skip
    return {**made, "submit": plain(say(language, submit))} if submit else made


def card_modal(card: Card, language: str, title: str = "slack.answer") -> View:
    """A card that takes the place of a form."""
    return modal("answer", language, title, blocks_of((card,), language))


def blocks_of(cards: Sequence[Card], language: str, room: int = BLOCKS) -> list[View]:
    """Cards one below the other with their buttons; what has no room is said to be missing."""
    found: list[View] = []
    for place, card in enumerate(cards):
        found += [{"type": "divider"}] if place else []
        for number, page in enumerate(messages_of(card)):
            found += copy.deepcopy(page.blocks[1 if number else 0 :])
        for bar in page.attachments:
            found += copy.deepcopy(cast(list[View], bar["blocks"]))
    if len(found) > room:
        found = [*found[: room - 1], text(say(language, "slack.more"))]
    return _apart(found)


def _apart(blocks: list[View]) -> list[View]:
    """Every action once in the whole view."""
    buttons = [button for block in blocks if block["type"] == "actions" for button in block["elements"]]
    for button, id in zip(buttons, apart(button["action_id"] for button in buttons), strict=True):
        button["action_id"] = id
    return blocks


def plain(words: str) -> View:
    return {"type": "plain_text", "text": words, "emoji": False}


def text(words: str) -> View:
    return {"type": "section", "text": plain(words)}


def option(value: str, words: str) -> View:
    """One entry of a list; a name that has no room ends in "…"."""
    return {"text": plain(fitting(clean(words).strip() or BLANK, OPTION)), "value": value}


def field(key: str, language: str, label: str, element: View, *, optional: bool = True, hint: str = "") -> View:
    """One question of a form; block and element are both called `key`."""
    asked = {"type": "input", "block_id": key, "optional": optional, "label": plain(label),
             "element": {"action_id": key, **element}}  # fmt: skip
    return {**asked, "hint": plain(say(language, hint))} if hint else asked


def words(start: str = "") -> View:
    element: View = {"type": "plain_text_input", "multiline": True, "max_length": INPUT}
    return {**element, "initial_value": start} if start.strip() else element


def choice(options: Sequence[View], chosen: str = "") -> View:
    """A list of at most 100 entries, with the chosen one set if it is among them."""
    preset = next((one for one in options if one["value"] == chosen), None)
    element: View = {"type": "static_select", "options": list(options)}
    return {**element, "initial_option": preset} if preset else element
